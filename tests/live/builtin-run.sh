#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A run with no guest but our own: verdict, documents, nothing left behind; and one ended by Ctrl-C.
# shellcheck disable=SC2086 # options
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command jq
need_two_cpus

# By itself where no other guest runs.
which=
if run_tool audit --json 2>/dev/null | grep -q . &&
	! grep -lE '^CPU [0-9]+/KVM$' /proc/[0-9]*/task/*/comm 2>/dev/null | grep -q .; then
	echo "our own guest is chosen by itself"
else
	echo "our own guest is asked for: another one runs"
	which='--guest builtin'
fi

mkdir "$scratch/documents"
# check_document FILE [N]: whole numbers, no null, each probe with a document by its schema, but for N
# that the run did not come to
check_document()
{
	jq -e '.format == "vfiobench-result" and .version == 1' "$1" >/dev/null ||
		fail "$1 is no result"
	jq -e '[.. | numbers | select(. != floor)] + [.. | nulls] == []' "$1" >/dev/null ||
		fail "$1 has a fraction or a null"
	valid "$1"
	for probe in $(jq -r '.probes | keys[]' "$1"); do
		jq ".probes.$probe" "$1" >"$scratch/documents/$probe"
	done
	"$VFIOBENCH_BUILD/tests/check_document" "$scratch"/documents/* || fail "$1 has a document that is none"
	programs=$(find "$VFIOBENCH_BUILD" -maxdepth 1 -name 'vfiobench-probe-*' | wc -l)
	[ "$(jq '.probes | length' "$1")" -eq $((programs - ${2:-0})) ] || fail "$1: $(jq -c '.probes | keys' "$1")"
}

# holds_latency: somebody has /dev/cpu_dma_latency open
holds_latency()
{
	find /proc/[0-9]*/fd -lname /dev/cpu_dma_latency 2>/dev/null | grep -q .
}
! holds_latency || skip "another program holds /dev/cpu_dma_latency"

# is FILTER VALUE
is()
{
	[ "$(value "$result" "$1")" = "$2" ] || fail "$1 is $(value "$result" "$1") instead of $2"
}

echo "a run to its end"
result=$scratch/whole/result.json
run_tool run --profile quick $which -o "$scratch/whole" >"$scratch/out" 2>"$scratch/err" ||
	fail "exit status $?: $(cat "$scratch/err")"
head -n 1 "$scratch/out" | grep -E '^Measured while the built-in guest ran.*(problem|advice)' ||
	fail "no verdict: $(head -n 3 "$scratch/out")"
check_document "$result"
is .guest.kind builtin
is '.run.is_partial // false' false
# Partial is what this kernel or firmware does not tell. Our guest has no configuration to read.
is '[.probes[] | select(.status == "failed" or .status == "skipped") | .probe] | join(" ")' ""
is '.probes.domain.data | has("name")' false
is '.probes.wake.data | (.units | length) == .n_reps * ([.units[].cpu] | unique | length)' true
is '.probes.trace.data.rung' tracefs
is '[.probes.trace.data.vcpus[].closure_ppm] | max <= 1000' true
is '.probes | [.gap, .wake_bare] | map(.data.units | length > 0) | all' true
is '.probes.exits.data.metrics | length > 0' true
is '[.probes.activity.data.threads[] | select(.role == "vcpu").run_ns] | min > 0' true
[ "$(value "$result" '[.probes.wake.data.units[].cpu] | unique | length')" -ge 1 ] || fail "no unit"
grep -q '</html>' "$scratch/whole/report.html" || fail "report.html is not whole"
[ "$(find "$scratch/whole" -type f | wc -l)" -eq 2 ] || fail "more files than two: $(ls "$scratch/whole")"
judge "$scratch/whole"
valid "$scratch/findings.json"
[ "$(jq '.findings | length' "$scratch/findings.json")" -ge 20 ] || fail "few findings"
! holds_latency || fail "/dev/cpu_dma_latency is still held"

echo "nothing on the guest's CPU"
result=$scratch/passive/result.json
run_tool run --passive --guest builtin --cpus "$guest_cpu" --reps 1 --rep-duration 1s -o "$scratch/passive" \
	>"$scratch/out" 2>"$scratch/err" || fail "exit status $?: $(cat "$scratch/err")"
is '.probes | [.wake, .wake_bare, .gap, .exits] | all(. == null)' true
is "[.probes.tsc.data.costs[].cpu] | length > 0 and all(. != $guest_cpu)" true
is '.probes.trace.data.rung' tracefs
is '[.probes.trace.data.culprits[].name | select(startswith("vfiobench-wake"))] | length' 0

echo "Ctrl-C in the middle, while idle states are held off"
result=$scratch/part/result.json
# As a terminal does: to the whole group of processes. The shell would have ours ignore it.
timeout --preserve-status -s INT -k 20 12 "$tool" run --profile quick $which --no-cstates \
	-o "$scratch/part" >"$scratch/out" 2>"$scratch/err" 9>&- &
waiter=$!
wait_for 9 holds_latency || fail "nobody holds /dev/cpu_dma_latency"
wait $waiter
status=$?
[ $status -eq 130 ] || fail "exit status $status instead of 130: $(cat "$scratch/err")"
# What the guest sees from inside is measured last.
check_document "$result" 1
is .run.is_partial true
value "$result" .run.reason | grep -q SIGINT || fail "the reason is $(value "$result" .run.reason)"
is '.probes.wake.status' partial
is '.probes.wake.data.units | length > 0' true
grep -q '</html>' "$scratch/part/report.html" || fail "report.html is not whole"
grep -qiE 'partial|ended by' "$scratch/out" || fail "nobody is told: $(cat "$scratch/out")"
grep -q '^Verdict: partial, ended by SIGINT; ' "$scratch/out" || fail "the verdict: $(tail -n 9 "$scratch/out")"
grep -q "^Next:    measure again: vfiobench run --profile quick .*/part'*\$" "$scratch/out" ||
	fail "what is next: $(tail -n 9 "$scratch/out")"
! grep -q 'vfiobench compare' "$scratch/out" || fail "a part is to be compared: $(tail -n 9 "$scratch/out")"
judge "$scratch/part"
! holds_latency || fail "/dev/cpu_dma_latency is still held"

echo "a trace that is kept"
run_tool run --profile quick --reps 1 --rep-duration 1s $which --keep-trace -o "$scratch/kept" \
	>"$scratch/out" 2>"$scratch/err" || fail "exit status $?: $(cat "$scratch/err")"
run_tool blame --json "$scratch/kept/trace.dat" >"$scratch/blamed" 2>"$scratch/err" ||
	fail "blame: exit status $?: $(cat "$scratch/err")"
live=$(value "$scratch/kept/result.json" .probes.trace.data.n_events)
read_back=$(value "$scratch/blamed" .probes.trace.data.n_events)
echo "$live events live, $read_back in trace.dat"
[ "$live" -gt 0 ] && [ "$live" -eq "$read_back" ] || fail "trace.dat has not what was seen live"

echo "told to end by another process"
"$tool" run --profile quick $which -o "$scratch/term" >"$scratch/out" 2>"$scratch/err" 9>&- &
waiter=$!
sleep 4
kill -TERM $waiter
wait $waiter
status=$?
[ $status -eq 143 ] || fail "exit status $status instead of 143: $(cat "$scratch/err")"
result=$scratch/term/result.json
is .run.is_partial true
echo passed
