#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# This machine as a bundle, with a guest that runs: judged elsewhere it has the findings that it has
# here, and every fact that the probes find here is found in it.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq
need_qemu
start_qemu vfiobench-live-capture || fail "QEMU: $(cat "$scratch/vfiobench-live-capture.out")"
TMPDIR=$scratch/tmp
export TMPDIR
mkdir "$TMPDIR"

# Which facts there are, not how much: counters run on, and processes come and go.
facts()
{
	jq -c '.probes[] | .probe as $probe | [$probe, .status], (.gaps[] | [$probe, .field, .path, .error]),
		(.data | paths(scalars) | map(select(type == "string")) | [$probe] + .)' "$1" | sort -u
}

verdicts()
{
	jq -r '.findings[] | .id + " " + .verdict' "$1" | sort
}

# Also what others do on this machine changes: then once more.
compare()
{
	rm -f "$scratch/host.txt" "$scratch/here.result" "$scratch/there.result"
	run_tool audit --json --guest "$guest_pid" -o "$scratch/here.result" >"$scratch/here" 2>"$scratch/err" ||
		fail "audit: $(cat "$scratch/err")"
	run_tool capture "$@" --guest "$guest_pid" "$scratch/host.txt" >"$scratch/out" 2>"$scratch/said" ||
		fail "capture: $(cat "$scratch/said")"
	run_tool audit --json --guest "$guest_pid" --sysroot "$scratch/host.txt" -o "$scratch/there.result" \
		>"$scratch/there" 2>"$scratch/err" || fail "audit of the bundle: $(cat "$scratch/err")"
	verdicts "$scratch/here" >"$scratch/here.verdicts"
	facts "$scratch/here.result" >"$scratch/here.facts"
	verdicts "$scratch/there" | diff "$scratch/here.verdicts" - >"$scratch/diff" &&
		facts "$scratch/there.result" | diff "$scratch/here.facts" - >>"$scratch/diff" &&
		[ ! -s "$scratch/said" ]
}

is_same() # OPTION...: three times at most
{
	for attempt in 1 2 3; do
		compare "$@" && return
		sleep 1
	done
	cat "$scratch/said"
	fail "capture $*: the bundle tells something else, $attempt times: $(head -n 40 "$scratch/diff")"
}

is_same --raw
grep -q 'same [0-9]* findings' "$scratch/out" || fail "it says: $(cat "$scratch/out")"
[ "$(wc -l <"$scratch/here.verdicts")" -gt 200 ] || fail 'hardly any findings'
grep -q '"qemu"' "$scratch/here.result" || fail 'the guest was not seen'
grep -q '^args /proc/[0-9]*/cmdline' "$scratch/host.txt" || fail 'no arguments of the guest'

# Names are replaced in texts, so that only verdicts are to be the same.
for attempt in 1 2 3; do
	compare || true
	verdicts "$scratch/there" | diff "$scratch/here.verdicts" - >"$scratch/diff" && break
	[ $attempt -lt 3 ] || fail "without its names: $(cat "$scratch/diff")"
done
grep -n vfiobench-live-capture "$scratch/host.txt" && fail "the name of the guest is in it"
size=$(wc -c <"$scratch/host.txt")
[ "$size" -lt 2000000 ] || fail "$size bytes"

# Who asks for an end gets one, and nothing is left behind.
has_tree()
{
	[ -n "$(ls -A "$TMPDIR")" ]
}

ends_with() # STATUS SIGNAL ARGUMENT...: three times at most, as it may be done before
{
	status=$1 signal=$2
	shift 2
	for attempt in 1 2 3; do
		"$tool" "$@" <"$scratch/host.txt" >"$scratch/out" 2>&1 9>&- &
		pid=$!
		wait_for 10 has_tree || fail "$*: no tree: $(cat "$scratch/out")"
		kill -s "$signal" $pid 2>/dev/null
		ended=0
		wait $pid || ended=$?
		! has_tree || fail "$*: left behind: $(ls -A "$TMPDIR")"
		[ $ended -ne "$status" ] || return 0
	done
	fail "$*: status $ended after SIG$signal, attempt $attempt: $(cat "$scratch/out")"
}
# sh has those it starts in the background ignore SIGINT.
ends_with 143 TERM audit --sysroot -
ends_with 129 HUP audit --sysroot -
ends_with 143 TERM capture --raw "$scratch/again.txt"
ends_with 143 TERM capture --raw --sysroot - "$scratch/again.txt"
echo "$size bytes, $(grep -cv '^#\|^	' "$scratch/host.txt") entries"
