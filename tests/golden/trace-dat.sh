#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A trace.dat that we have written (tests/trace/preempted.dat, by tests/golden/write_trace.c) is one for trace-cmd too:
# as many events, from the same first to the same last moment. What trace-cmd makes of it, version 7 of the
# format, packed and not, is the same for us.
set -u
dat=${VFIOBENCH_SOURCE:?}/tests/trace/preempted.dat
program=${VFIOBENCH_BUILD:?}/vfiobench
command -v trace-cmd >/dev/null || { echo "skipped: trace-cmd is not installed"; exit 77; }

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

trace-cmd report -i "$dat" >"$scratch/theirs" 2>"$scratch/err" || wrong "trace-cmd report: $(cat "$scratch/err")"
times=$(sed -n 's/.*\] *\([0-9]*\.[0-9]*\): .*/\1/p' "$scratch/theirs")
n=$(echo "$times" | wc -l)
[ "$n" -eq 26 ] || wrong "trace-cmd sees $n events, not 26"
[ "$(echo "$times" | head -1)" = 100.000000 ] || wrong "trace-cmd sees another first event: $(head -2 "$scratch/theirs")"
[ "$(echo "$times" | tail -1)" = 100.010000 ] || wrong "trace-cmd sees another last event: $(tail -1 "$scratch/theirs")"

document() { "$program" blame --json "$1" | grep -v -e '_unix_ns"' -e '"duration_ns"'; }

document "$dat" >"$scratch/ours"
for packed in none any; do
	trace-cmd convert -i "$dat" -o "$scratch/7.dat" --file-version 7 --compression "$packed" >"$scratch/said" 2>&1 || {
		echo "trace-cmd writes no version 7 here: $(tail -1 "$scratch/said")"
		continue
	}
	document "$scratch/7.dat" >"$scratch/7"
	diff "$scratch/ours" "$scratch/7" || wrong "^ < of version 6, > of version 7, compression $packed"
done
exit $bad
