#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two that measure at once: both are told of the other and keep it in their results, nobody waits; and
# one that was killed disturbs nobody.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq
tool_limit=60

# measure NAME DURATION
measure()
{
	run_tool run --guest none --reps 1 --rep-duration "$2" -o "$scratch/$1" >"$scratch/$1.out" 2>"$scratch/$1.err"
}

told() { jq -r '.run | "\(.is_disturbed // false) \(.warnings // [] | map(select(test("another vfiobench"))) | length)"' "$scratch/$1/result.json"; }

measure first 8s &
first=$!
later "end_process $first"
sleep 2
measure second 500ms || fail "the second did not measure: $(cat "$scratch/second.err")"
wait "$first" || fail "the first did not measure: $(cat "$scratch/first.err")"
for name in first second; do
	[ "$(told $name)" = 'true 1' ] || fail "$name: $(told $name)"
done
grep -q '^vfiobench: another vfiobench (pid [0-9]*) measures: numbers of both are disturbed$' "$scratch/second.err" ||
	fail "the second: $(cat "$scratch/second.err")"
grep -q '^vfiobench: another vfiobench (pid [0-9]*) began to measure meanwhile: ' "$scratch/first.err" ||
	fail "the first: $(cat "$scratch/first.err")"

measure killed 8s &
killed=$!
later "end_process $killed"
sleep 2
holder=$(tail -n 1 /run/vfiobench.lock)
[ "$(tr '\0' ' ' <"/proc/$holder/cmdline" | grep -c "$scratch/killed")" -eq 1 ] || fail "the lock is of $holder"
kill -KILL "$holder"
wait "$killed"
measure alone 500ms || fail "the last did not measure: $(cat "$scratch/alone.err")"
[ "$(told alone)" = 'false 0' ] || fail "alone: $(told alone)"
