#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a container that numbers processes by itself a trace would take each thread for another: the
# scheduler's counters are used instead, and it is said how to start it.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
skip()
{
	echo "skipped: $1"
	exit 77
}
[ "$(id -u)" -eq 0 ] || skip 'needs root'
[ -w /dev/kvm ] || skip 'no /dev/kvm'
[ -d /sys/kernel/tracing/instances ] || skip 'tracefs is not mounted'
command -v jq >/dev/null || skip 'jq is not installed'
[ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] || skip 'in a container already'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

run() # NAME COMMAND…: measures by COMMAND
{
	name=$1
	shift
	timeout 60 "$@" "$program" run --guest=builtin --reps=1 --rep-duration=1s -q -o "$work/$name" >"$work/out" 2>&1 ||
		{ cat "$work/out"; exit 1; }
}
expect() # NAME FILTER WANTED
{
	found=$(jq -r "$2" "$work/$1/result.json")
	[ "$found" = "$3" ] || { echo "$1: $2: $found, not $3"; bad=1; }
}

run host env
expect host .probes.trace.data.rung tracefs

unshare --pid --mount --fork --mount-proc true 2>/dev/null || skip 'no namespaces here'
run container unshare --pid --mount --fork --mount-proc
expect container .probes.trace.data.rung schedstat
for probe in trace gap; do
	expect container "[.probes.$probe.gaps[] | select(.field == \"$probe.rung\" and (.error | contains(\"--pid=host\")))] | length" 1
done
# A thread that ran has run.
expect container '[.probes.trace.data.vcpus[].states | .running_ns + .waiting_ns > 0] | all' true
exit $bad
