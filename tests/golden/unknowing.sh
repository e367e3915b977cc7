#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is not known is no finding. Of a tree with nothing in it no rule says problem or advice; of the
# captured hosts none names CPUs that the host does not have.
set -u
: "${VFIOBENCH_BUILD:?}"

command -v jq >/dev/null 2>&1 || { echo 'needs jq'; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# audit TREE OPTION...: its findings in $work/findings
audit()
{
	tree=$1
	shift
	"$VFIOBENCH_BUILD/vfiobench" audit --all --json --sysroot "$tree" "$@" >"$work/findings" 2>"$work/messages" || {
		echo "$tree $*: exit status $?: $(cat "$work/messages")"
		bad=1
	}
}

# is_quiet WHAT: no problem, no advice, and every rule has spoken
is_quiet()
{
	jq -r '.findings[] | select(.verdict == "problem" or .verdict == "advice") |
		"\(.verdict) \(.id): \(.summary)"' "$work/findings" >"$work/loud"
	[ ! -s "$work/loud" ] || { echo "$1 says:"; cat "$work/loud"; bad=1; }
	[ "$(jq '.findings | length' "$work/findings")" -gt 100 ] || { echo "$1: hardly a rule has spoken"; bad=1; }
}

mkdir -p "$work/empty" "$work/bare/proc" "$work/bare/sys" "$work/blank/proc" "$work/blank/sys" "$work/blank/etc"
# Files that are there and say nothing.
for file in cmdline cpuinfo interrupts meminfo mounts version config.gz; do
	: >"$work/blank/proc/$file"
done
for name in empty bare blank; do
	audit "$work/$name"
	is_quiet "$name"
	# A user may name CPUs of a host that tells nothing of itself: refused, or nothing found.
	"$VFIOBENCH_BUILD/vfiobench" audit --all --json --sysroot "$work/$name" --cpus 1 \
		>"$work/findings" 2>/dev/null && is_quiet "$name --cpus 1"
done
# The check itself can fail: a host that is known to be a guest is told so.
mkdir -p "$work/guest/proc"
printf 'processor\t: 0\nflags\t\t: hypervisor\n' >"$work/guest/proc/cpuinfo"
mkdir -p "$work/guest/sys/kernel/mm/ksm"
echo 1 >"$work/guest/sys/kernel/mm/ksm/run"
audit "$work/guest"
jq -e 'any(.findings[]; .verdict == "advice")' "$work/findings" >/dev/null || {
	echo 'nothing is said of a host where something is known'
	bad=1
}
echo 'trees that say nothing: done'
[ $bad = 0 ] || exit 1

. "${VFIOBENCH_SOURCE:?}/tests/lib/captures.sh"

# alien ONLINE: what names other CPUs
alien()
{
	jq -r --arg online "$1" -f "$VFIOBENCH_SOURCE/tests/golden/alien.jq" "$work/findings"
}

# half LIST: the higher half of it
half()
{
	jq -nr --arg list "$1" '[$list | split(",")[] | split("-") | map(tonumber) | range(.[0]; .[-1] + 1)] |
		.[(length / 2 | floor):] | map(tostring) | join(",")'
}

# look ONLINE OPTION...: at the tree
look()
{
	online=$1
	shift
	audit "${tree_path:?}" "$@"
	alien "$online" >"$work/alien"
	[ ! -s "$work/alien" ] || { echo "$tree_path $*: online is $online, yet"; cat "$work/alien"; bad=1; }
	# Against a host of one CPU that nobody has, each list is wrong: so many were looked at.
	n_lists=$((n_lists + $(alien 99999 | wc -l)))
}

n_hosts=0 n_lists=0
for tree_path in "$trees"/*/; do
	tree_path=${tree_path%/}
	online=$(cat "$tree_path/sys/devices/system/cpu/online" 2>/dev/null)
	n_hosts=$((n_hosts + 1))
	if [ "$online" ]; then
		look "$online"
		look "$online" --cpus "$(half "$online")"
	else
		# Nothing else tells it for sure.
		audit "$tree_path"
	fi
done
echo "$n_hosts hosts, $n_lists lists of CPUs"
[ $n_hosts -gt 0 ] && [ $n_lists -gt 50 ] && [ $bad = 0 ]
