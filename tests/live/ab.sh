#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A setting switched in turns, for real: what matters is found and put back; a failure and a signal
# leave it off; where nothing is switched nothing is found.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command jq taskset
need_two_cpus
tool_limit=100

# A setting that matters to nobody, and something on the guest's CPU that does.
file=/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs
[ -w "$file" ] || skip "$file cannot be written"
remember "$file"
found=$(cat "$file")
other=$((found + 1))
# Where there is a device that is busy when it is read, its interrupt too.
device=$(basename /sys/bus/virtio/drivers/virtio_rng/virtio*)
irq=$(sed -n "s/^ *\([0-9]*\):.*[[:space:]]$device-[^[:space:]]*input.*/\1/p" /proc/interrupts)
affinity=/dev/null
if [ "$irq" ] && [ -r /dev/hwrng ]; then
	affinity=/proc/irq/$irq/smp_affinity_list
	remember "$affinity"
	taskset -c "$host_cpu" dd if=/dev/hwrng of=/dev/null bs=64 2>"$scratch/dd" 9>&- &
	later "end_process $!"
fi
cat >"$scratch/on.sh" <<END
set -e
echo $other >$file
echo $guest_cpu >$affinity
"$VFIOBENCH_BUILD/tests/noise" burner $guest_cpu $host_cpu 600000 >/dev/null 2>&1 9>&- &
echo \$! >"$scratch/burner"
echo on >>"$scratch/turns"
END
cat >"$scratch/off.sh" <<END
set -e
echo $found >$file
echo $host_cpu >$affinity
[ ! -e "$scratch/burner" ] || kill "\$(cat "$scratch/burner")"
rm -f "$scratch/burner"
echo off >>"$scratch/turns"
END
later "sh '$scratch/off.sh'"

# ab ARG...: seven short pairs
ab()
{
	run_tool ab --guest builtin --cpus "$guest_cpu" --pairs 7 --rep-duration 1s --settle 100ms "$@" \
		>"$scratch/out" 2>"$scratch/err"
}

is_off()
{
	[ "$(cat "$file")" = "$found" ] || fail "$1: the setting is $(cat "$file"), not $found"
	[ ! -e "$scratch/burner" ] || fail "$1: the burner was not ended"
	[ "$(tail -n 1 "$scratch/turns")" = off ] || fail "$1: not off at the end"
	pgrep -f "^$VFIOBENCH_BUILD/vfiobench-microguest" && fail "$1: the guest still runs"
	return 0
}

echo "a change that matters"
ab --on "sh $scratch/on.sh" --off "sh $scratch/off.sh" --json || fail "exit status $?: $(cat "$scratch/err")"
is_off "to the end"
valid "$scratch/out"
# Off first, then each only where the other was: A BB AA(B) …
[ "$(tr '\n' ' ' <"$scratch/turns")" = "off on off on off on off on off on off " ] ||
	fail "the order: $(tr '\n' ' ' <"$scratch/turns")"
value "$scratch/out" '.metrics[] | select(.is_gated) | "\(.id) \(.verdict) \(.change_permille)"'
[ "$(value "$scratch/out" .verdict)" = regressed ] || fail "not found: $(cat "$scratch/out")"
[ "$affinity" = /dev/null ] ||
	[ "$(value "$scratch/out" '.metrics[] | select(.id == "irq.g_rate") | .verdict')" = regressed ] ||
	fail "interrupts on the guest's CPU are not what regressed"
[ "$(value "$scratch/out" '[.metrics[] | select(.is_gated and .verdict == "improved")] | length')" = 0 ] ||
	fail "something improved"
value "$scratch/out" '.differences[] | "\(.key): \(.before), \(.after)"'
[ "$(value "$scratch/out" '.differences[] | select(.key == "mm.khugepaged_scan_ms") | "\(.before) \(.after)"')" \
	= "$found $other" ] || fail "what differed is not told"

echo "a command that fails"
rm "$scratch/turns"
ab --on "sh $scratch/on.sh; echo reason >&2; exit 3" --off "sh $scratch/off.sh" -q
status=$?
[ $status -eq 2 ] || fail "exit status $status"
[ ! -s "$scratch/out" ] || fail "something on stdout: $(cat "$scratch/out")"
[ "$(wc -l <"$scratch/err")" -eq 1 ] && grep 'exit status 3: reason' "$scratch/err" || fail "$(cat "$scratch/err")"
is_off "after a failure"

echo "a signal in the middle"
rm "$scratch/turns"
"$tool" ab --guest builtin --cpus "$guest_cpu" --pairs 7 --rep-duration 1s --settle 100ms \
	--on "sh $scratch/on.sh" --off "sh $scratch/off.sh" >"$scratch/out" 2>"$scratch/err" 9>&- &
running=$!
later "end_process $running"
second_is_on()
{
	[ "$(grep -c on "$scratch/turns" 2>/dev/null)" = 2 ]
}
wait_for 40 second_is_on || fail "does not come to the second on: $(cat "$scratch/err")"
kill -INT $running
wait $running
status=$?
[ $status -eq 130 ] || fail "exit status $status: $(cat "$scratch/err")"
is_off "after a signal"
grep 'partial: [1-6] of 7 pairs, ended by SIGINT' "$scratch/out" || fail "not told: $(cat "$scratch/out")"

echo "nothing is switched"
# By chance it may find something, one time in a hundred; not twice in a row.
ab --null --json
status=$?
if [ $status -eq 1 ]; then
	ab --null --json
	status=$?
fi
[ $status -eq 0 ] || fail "exit status $status: $(cat "$scratch/out" "$scratch/err")"
value "$scratch/out" '.verdict, .reason'
grep -q 'nothing was switched' "$scratch/out" || fail "not told"
[ "$(value "$scratch/out" '.differences | length')" = 0 ] || fail "settings differ: $(cat "$scratch/out")"
echo passed
