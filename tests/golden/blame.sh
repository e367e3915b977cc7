#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ten milliseconds of a guest in the four forms that recordings have: what is found in the first, and
# what is told differently by the others, is what tests/golden/blame.expected says. Then published traces, where there are any: states add up
# to the window, culprits are sorted.
# VFIOBENCH_UPDATE_GOLDEN=1 writes what is found now: look at the difference before you commit.
set -u
: "${VFIOBENCH_SOURCE:?}" "${VFIOBENCH_BUILD:?}"
expected=$VFIOBENCH_SOURCE/tests/golden/blame.expected
shared=${VFIOBENCH_SHARED:-$VFIOBENCH_SOURCE/../shared}/cases/ktraces
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# What of the document is the recording's, a value a line.
look()
{
	"$VFIOBENCH_BUILD/vfiobench" blame --json "$1" >"$scratch/json" 2>"$scratch/err"
}

# States of every vCPU add up to its window, also step by step; culprits are sorted.
sums='.probes.trace.data | [.vcpus[]? |
	(([.states[]] | add) == .window_ns),
	(([.series[].states[]] | add) == .window_ns),
	((.culprits | map(.total_ns)) == (.culprits | map(.total_ns) | sort | reverse))] +
	[((.culprits // [] | map(.total_ns)) == (.culprits // [] | map(.total_ns) | sort | reverse))] | all'

check()
{
	jq -e "$sums" "$scratch/json" >"$scratch/said" || wrong "$1: states do not add up, or culprits are not sorted"
}

one_per_line='.probes.trace.data | del(.vcpus[].series, .vcpus[].outages, .vcpus[].step_ns) | . as $all
	| paths(type != "object" and type != "array") as $p
	| ($p | map(tostring) | join(" ")) + " = " + ($all | getpath($p) | tostring)'
for trace in "$VFIOBENCH_SOURCE"/tests/trace/preempted.*; do
	name=${trace##*/}
	look "$trace" || { wrong "$name: $(cat "$scratch/err")"; continue; }
	check "$name"
	jq -r "$one_per_line" "$scratch/json" >"$scratch/$name"
	if [ "$name" = preempted.dat ]; then
		cat "$scratch/$name"
	else
		echo "$name:"
		diff "$scratch/preempted.dat" "$scratch/$name" | grep '^[<>]'
	fi
done >"$scratch/found"
if [ "${VFIOBENCH_UPDATE_GOLDEN:-}" ]; then
	cp "$scratch/found" "$expected"
elif ! diff "$expected" "$scratch/found"; then
	wrong "^ < expected, > found"
fi

n=0
for trace in "$shared"/*.txt "$shared"/dat/*.dat; do
	[ -r "$trace" ] || continue
	look "$trace"
	case $? in
	0) check "$trace" ;;
	2) [ "$(wc -l <"$scratch/err")" -eq 1 ] || wrong "$trace: not one line: $(cat "$scratch/err")" ;;
	*) wrong "$trace: exit status not 0 or 2: $(cat "$scratch/err")" ;;
	esac
	n=$((n + 1))
done
echo "4 forms of one recording, $n published traces"
exit $bad
