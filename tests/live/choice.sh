#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which guest, which CPUs: two guests, one that is not there, a CPU that is not there.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_qemu
need_command jq
need_two_cpus

# one_line REGEX OPTION...: status 2, one line that says why, and no folder left
one_line()
{
	regex=$1
	shift
	run_tool run -q -o "$scratch/refused" "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	[ $status -eq 2 ] || fail "run $*: exit status $status instead of 2"
	[ ! -s "$scratch/out" ] || fail "run $*: writes $(cat "$scratch/out")"
	[ ! -e "$scratch/refused" ] || fail "run $*: leaves its folder"
	sed 's/^/said: /' "$scratch/err"
	grep -qE "$regex" "$scratch/err" || fail "run $*: does not say /$regex/"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "run $*: not one line"
}

echo "none runs"
one_line 'vfiobench-live-none: no (QEMU|such) guest' --guest vfiobench-live-none
one_line 'CPU 4000 is not online; online are [0-9]' --cpus "$host_cpu,4000"
one_line 'no (QEMU|such) guest' --guest $$

echo "two run"
start_qemu vfiobench-live-one -S || fail "$(cat "$scratch/vfiobench-live-one.out")"
one=$guest_pid
start_qemu vfiobench-live-two || fail "$(cat "$scratch/vfiobench-live-two.out")"
two=$guest_pid
one_line 'guests run: name one with --guest PID or --guest NAME: '
for guest in "$one (vfiobench-live-one)" "$two (vfiobench-live-two)"; do
	grep -qF "$guest" "$scratch/err" || fail "$guest is not listed"
done
one_line "no such guest; running are: .*$one \(vfiobench-live-one\)" --guest vfiobench-live-three

echo "the settings of one of them"
run_tool audit -q >"$scratch/out" 2>"$scratch/err"
status=$?
[ $status -eq 2 ] || fail "audit: exit status $status instead of 2"
audit --guest vfiobench-live-one
expect hugepages.count not-applicable "does not ask for huge pages"

echo "one of them by name, by process id"
wait_busy "$two" 0
tid=$(vcpu_tid "$two" 0)
taskset -pc "$guest_cpu" "$tid" >/dev/null || fail "taskset"
for name in vfiobench-live-two "$two"; do
	measure --guest "$name" --reps 1
	chosen=$(value "$scratch/result/result.json" '"\(.guest.kind) \(.guest.pid) \(.cpus.guest)"')
	[ "$chosen" = "qemu $two $guest_cpu" ] || fail "--guest $name: measured $chosen"
done
echo passed
