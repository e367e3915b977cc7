#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `vfiobench tweaks --json` has each row once; every {name} in a fix is one that is filled; and the
# rows are those of the catalogue that the rules were written from, where that is at hand.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
study=${VFIOBENCH_SHARED:-$source/../shared}/reference/catalogue.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

command -v jq >/dev/null 2>&1 || { echo "needs jq"; exit 77; }
"$program" tweaks --json >"$work/tweaks.json" || exit 1
jq -r '.tweaks[].id' "$work/tweaks.json" >"$work/ids" || exit 1
sort "$work/ids" >"$work/have"
uniq -d "$work/have" >"$work/twice"
[ ! -s "$work/twice" ] || { echo "twice:"; cat "$work/twice"; bad=1; }
while read -r id; do
	"$program" tweaks "$id" >/dev/null || { echo "$id: cannot be explained"; bad=1; }
done <"$work/ids"

# Filled by the engine, or by a rule.
{
	printf '%s\n' G H HM ALL guest vmid
	sed -nE 's/.*"([A-Za-z_-]+)".*/\1/p' "$source"/analyze/*.c
	# Several on one line.
	grep -hoE '"[A-Za-z_-]+"' "$source"/analyze/*.c | tr -d '"'
} | sort -u >"$work/filled"
jq -r '.tweaks[] | .id as $id | (.now, .persist, .undo, .risk, .xml, .proxmox, .qemu, .boot, .sysctl, .modprobe)
	| select(. != null) | gsub("\\{\\{"; "") | match("\\{([A-Za-z_-]+)\\}"; "g") | "\(.captures[0].string) \($id)"' \
	"$work/tweaks.json" | sort -u >"$work/names" || exit 1
[ "$(wc -l <"$work/names")" -gt 20 ] || { echo "no names were found in the fixes"; bad=1; }
join -v 1 "$work/names" "$work/filled" >"$work/unfilled"
[ ! -s "$work/unfilled" ] || { echo "names that nothing fills:"; cat "$work/unfilled"; bad=1; }
[ $bad = 0 ] || exit 1

if [ ! -r "$study" ]; then
	echo "skipped: no catalogue at $study to compare with"
	exit 77
fi
# The rows of its tables of checks.
awk '/^## / { is_checks = /^## [127]\./ }
	is_checks && /^\| `/ { split($0, part, "`"); print part[2] }' "$study" | sort >"$work/wanted"
comm -23 "$work/wanted" "$work/have" >"$work/missing"
[ -s "$work/wanted" ] || { echo "no rows in $study"; exit 1; }
[ ! -s "$work/missing" ] || { echo "missing:"; cat "$work/missing"; exit 1; }
echo "$(wc -l <"$work/have") rows"
