#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# program.sh - what the program itself costs: time of an audit beside a peer, time to the first output
# of a run, and wake-ups of the supervisor while it measures. Prints numbers; judges nothing.
# Exit status 1: a run that did not come to its end, whose numbers would mean nothing.
#
# usage: program.sh [BUILD] ; needs root for the run. Peers where installed: virt-host-validate, lscpu.
set -u

build=${1:-${VFIOBENCH_BUILD:-build}}
program=$build/vfiobench
pairs=10
scratch=$(mktemp -d) || exit 1
pid=
finish()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$scratch"
}
trap finish EXIT

now_us()
{
	echo $(($(date +%s%N) / 1000))
}

# time_us COMMAND...: microseconds of one run, its output dropped
time_us()
{
	started=$(now_us)
	"$@" >/dev/null 2>&1
	echo $(($(now_us) - started))
}

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

echo "audit beside a peer, $pairs interleaved pairs, medians"
for peer in "virt-host-validate qemu" "lscpu"; do
	command -v "${peer%% *}" >/dev/null || { echo "  ${peer%% *} is not installed"; continue; }
	: >"$scratch/ours"
	: >"$scratch/peer"
	i=0
	while [ $i -lt $pairs ]; do
		time_us "$program" audit >>"$scratch/ours"
		# shellcheck disable=SC2086 # a command and its argument
		time_us $peer >>"$scratch/peer"
		i=$((i + 1))
	done
	ours=$(median "$scratch/ours")
	theirs=$(median "$scratch/peer")
	echo "  vfiobench audit $ours us, $peer $theirs us, ratio $(awk "BEGIN { printf \"%.2f\", $ours / $theirs }")"
done

echo "first output of a run"
started=$(now_us)
mkfifo "$scratch/err"
# Always the built-in guest: others that happen to run would change the run, or end it at once.
"$program" run --guest builtin --reps 5 --rep-duration 2s -o "$scratch/run" >/dev/null 2>"$scratch/err" &
pid=$!
exec 3<"$scratch/err"
read -r line <&3
echo "  after $(($(now_us) - started)) us: $line"
cat <&3 >/dev/null &
reader=$!

# Voluntary switches of all of the supervisor's threads, over five seconds in the middle of measuring.
switches()
{
	awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid"/task/*/status
}
sleep 5
if ! { before=$(switches) && sleep 5 && after=$(switches); }; then
	echo "the run ended before it was measured"
	exit 1
fi
echo "supervisor wake-ups while measuring"
echo "  $((after - before)) in 5 s, $(awk "BEGIN { printf \"%.1f\", ($after - $before) / 5 }") per second (bound: 4)"
wait "$pid"
status=$?
pid=
wait "$reader"
[ $status -eq 0 ] || echo "the run ended with $status"
[ $status -eq 0 ]
