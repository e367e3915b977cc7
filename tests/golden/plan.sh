#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Plans for many a guest of others: each XML that libvirt's schema takes gives a guest.xml that it
# takes too, scripts that a shell takes, and nothing of the guest that could not work.
set -u

source=${VFIOBENCH_SOURCE:?}
cases=${VFIOBENCH_SHARED:-$source/../shared}/cases
program=${VFIOBENCH_BUILD:?}/vfiobench
schema=/usr/share/libvirt/schemas/domain.rng
if [ ! -d "$cases/xml" ]; then
	echo "skipped: no XML in $cases (set VFIOBENCH_SHARED to the folder above cases)"
	exit 77
fi
for name in xmllint jq; do
	command -v $name >/dev/null 2>&1 || { echo "needs $name"; exit 77; }
done
[ -r $schema ] || { echo "needs libvirt's schemas"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sh "$source/tests/lib/unpack_host.sh" "$source/tests/hosts/guide-8700k.host" "$work/host" || exit 1

for xml in "$cases"/xml/*.xml "$cases"/xml-libvirt/*.xml; do
	name=${xml##*/} name=${name%.xml}
	dir=$work/plans/$name
	mkdir -p "$dir"
	cp "$xml" "$dir/given.xml"
	timeout 20 "$program" audit --json --sysroot "$work/host" --domain-xml "$xml" -o "$dir/result" \
		>"$dir/findings" 2>"$dir/err" || { echo "$name: audit: $(cat "$dir/err")"; continue; }
	timeout 20 "$program" plan -q "$dir/result" -o "$dir/plan" 2>"$dir/err" || {
		echo "$name: plan: $(cat "$dir/err")"
		continue
	}
	[ ! -f "$dir/plan/guest.xml" ] || cp "$dir/plan/guest.xml" "$dir/planned.xml"
	for script in "$dir"/plan/*.sh; do
		[ ! -f "$script" ] || sh -n "$script" || echo "$name: ${script##*/}"
	done
done >"$work/failed" 2>&1

# valid FILE: names of the folders whose file the schema takes; it is read once
valid()
{
	find "$work/plans" -name "$1" -exec xmllint --noout --nonet --relaxng $schema {} + 2>&1 |
		sed -n "s,^$work/plans/\([^/]*\)/$1 validates\$,\1,p" | sort
}

valid given.xml >"$work/valid"
valid planned.xml >"$work/valid-plans"
while read -r name; do
	[ -f "$work/plans/$name/planned.xml" ] || echo "$name: no guest.xml"
done <"$work/valid" >>"$work/failed"
comm -23 "$work/valid" "$work/valid-plans" | sed 's/$/: the schema takes what was given, but not guest.xml/' \
	>>"$work/failed"

# The planned guest would start.
n=0
for xml in "$work"/plans/*/planned.xml; do
	dir=${xml%/*}
	timeout 20 "$program" audit --json --sysroot "$work/host" --domain-xml "$xml" -o "$dir/again" \
		>"$dir/findings-again" 2>"$dir/err" || echo "${dir##*/}: audit of the plan: $(cat "$dir/err")"
	jq -r --arg name "${dir##*/}" '.findings[] | select(.verdict == "problem") |
		"\($name) \(.id)"' "$dir/findings-again"
	n=$((n + 1))
done >"$work/problems"
# What waits for the next boot, and for a mount, is told.
while read -r name id; do
	case $id in
	hugepages.count | hugepages.mount)
		grep -qF "### $id" "$work/plans/$name/plan/README.md" || echo "$name: $id is not told"
		;;
	*) echo "$name: $id is still a problem in the plan" ;;
	esac
done <"$work/problems" >>"$work/failed"

cat "$work/failed"
echo "$n plans, $(wc -l <"$work/valid") of XML that the schema takes"
[ "$n" -gt 100 ] && [ ! -s "$work/failed" ]
