#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The trace probe beside the built-in guest: each nanosecond is somewhere, the scheduler's own
# counters agree, what was lost has a name, and nothing stays behind on any way out.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"
need_root
need_kvm
need_command jq
need_two_cpus
instances=/sys/kernel/tracing/instances
[ -d "$instances" ] || skip "tracefs is not mounted"

probe=$VFIOBENCH_BUILD/vfiobench-probe-trace
doc=$scratch/doc

start_guest()
{
	"$VFIOBENCH_BUILD/vfiobench-microguest" --cpus "$guest_cpu" >"$scratch/guest" 9>&- &
	guest=$!
	later "end_process $guest"
	wait_for 20 grep -qs ready "$scratch/guest" || fail "the built-in guest does not start"
	wait_busy "$guest" 0
}

# start_probe OPTION...: in the background
start_probe()
{
	"$probe" --cpus "$guest_cpu" --guest-pid "$guest" "$@" >"$doc" 9>&- &
	probe_pid=$!
	later "end_process $probe_pid"
}

is()
{
	jq -e "$1" "$doc" >/dev/null || {
		jq -c 'del(.data.vcpus[]?.worst, .data.vcpus[]?.series, .data.vcpus[]?.outages)' "$doc"
		fail "not so: $1"
	}
}

# Every state of every vCPU, and all that its CPU did, add up.
check_sums()
{
	is '.data.vcpus | length == 1'
	is '.data.vcpus | all(([.states[]] | add) == .window_ns and .closure_ppm <= 1000)'
	is '.data | .cpus as $c | .window_ns as $w | $c | all(
		(.vcpu_ns + .task_ns + .irq_ns + .softirq_ns + .idle_ns + .lost_ns + .unknown_ns) == $w)'
}

no_instance()
{
	[ ! -e "$instances/vfiobench.$1" ]
}

echo "what the document says, beside the scheduler's own counters"
start_guest
start_probe --rep-duration 1s --reps 2 --keep-trace "$scratch/kept.dat"
wait "$probe_pid" || fail "exit status $?"
is '.data.rung == "tracefs"'
is '.data.window_ns > 1900000000 and .data.window_ns < 2500000000'
is '.data.lost_events == 0'
is '.data.n_events > 500 and .data.setup_ns > 0 and .data.buffer_kib > 0'
check_sums
is '.data.vcpus[0] | .vcpu == 0 and .name == "CPU 0/KVM" and .cpus == "'"$guest_cpu"'"'
is '.data.vcpus[0].worst | length > 0 and all(.parts | length > 0 and length <= 4)'
is '.data.vcpus[0].worst | all(([.parts[].total_ns] | add) <= .duration_ns)'
is '.data.vcpus[0].worst | all(.name == .parts[0].name and .class == .parts[0].class)'
is '.data.threads | map(.role) | index("emulator") != null'
# What is unknown may be either.
is '.data.vcpus[0] | .states as $s |
	(($s.running_ns // 0) + ($s.guest_ns // 0) + ($s.exit_ns // 0) + ($s.qemu_ns // 0) +
	 ($s.residue_ns // 0) + $s.host_irq_ns + $s.softirq_ns) as $run |
	($s.preempted_ns + $s.waiting_ns) as $delay |
	(.sched_run_ns + .sched_delay_ns - $run - $delay | fabs) <=
	.window_ns / 1000 + 10000 * .n_sched_slices + $s.unknown_ns'
if [ ! -d /sys/module/kvm_intel ] && [ ! -d /sys/module/kvm_amd ]; then
	is '[.data.missing[].event] | index("kvm_entry") != null'
	is '.data.vcpus[0].states | .running_ns > 100000000 and (has("guest_ns") | not)'
fi

lost='[.exit_ns, .host_irq_ns, .softirq_ns, .preempted_ns, .waiting_ns, .qemu_ns, .stopped_ns,
	.residue_ns, .blocked_ns] | map(. // 0) | add'
is '.data | .rep_duration_ns == 1000000000 and .vcpus[0].units[0].rep == 0'
is ".data.vcpus[0] | .units | length == 2 and all(.lost_ns <= .known_ns and .own_ns <= .lost_ns)"
is ".data.vcpus[0] | ([.units[].lost_ns] | add) == (.states | $lost)"
is '.data.vcpus[0] | ([.units[].known_ns] | add) + .states.lost_ns + .states.unknown_ns == .window_ns'
is '.data.vcpus[0] | ([.units[].outages.n] | add) as $n | $n > 0 and $n <= .outages.n'
named='map(select(.via == null and .name != "other" and .name != "not recorded")) |
	map(.total_ns) | add // 0'
is ".data.vcpus[0] | (.states | $lost) as \$lost | (.culprits | $named) >= 0.98 * \$lost"
jq -r ".data.vcpus[0] | (.states | $lost) as \$lost | (.culprits | $named) as \$named |
	\"lost \\(\$lost / 1000000 | round) ms, of it with a name \\(\$named * 10000 / \$lost | round / 100) %; \" +
	\"not known \\(.states.unknown_ns / 1000000 | round) ms of \\(.window_ns / 1000000 | round)\"" "$doc"
no_instance "$probe_pid" || fail "its tracing instance is still there"

echo "what it kept says the same"
# Other guests may have run there too.
ours=".data.vcpus[] | select(.tid == $(vcpu_tid "$guest" 0)) | .states |
	{preempted_ns, waiting_ns, host_irq_ns, softirq_ns}"
jq -c "$ours" "$doc" >"$scratch/live"
"$probe" --recording "$scratch/kept.dat" >"$doc" || fail "exit status $?"
is '.data.rung == "recording" and .data.format == "trace.dat"'
is '.data | has("rep_duration_ns") or (.vcpus | any(has("units"))) | not'
jq -c "$ours" "$doc" >"$scratch/kept"
# But for what lies between its last event and the end of the window.
jq -se '.[0] as $a | .[1] as $b | [$a | keys[]] | all($a[.] - $b[.] | fabs < 20000000)' \
	"$scratch/live" "$scratch/kept" >/dev/null || fail "$(cat "$scratch/live" "$scratch/kept")"
no_spool()
{
	[ ! "$(find /var/tmp -maxdepth 1 -name 'vfiobench-spool.*')" ]
}
no_spool || fail "pages were left in /var/tmp"

echo "asked to end, it says what it has"
for signal in TERM INT HUP; do
	start_probe --rep-duration 60s
	wait_for 10 test -d "$instances/vfiobench.$probe_pid" || fail "it makes no tracing instance"
	sleep 0.7
	kill "-$signal" "$probe_pid"
	wait "$probe_pid" || fail "exit status $? on SIG$signal"
	is '.status == "partial" and .reason == "interrupted" and .data.window_ns < 10000000000'
	check_sums
	no_instance "$probe_pid" || fail "its tracing instance is still there"
done

echo "what a killed one leaves the next one removes"
start_probe --rep-duration 60s --keep-trace "$scratch/none.dat"
wait_for 10 test -d "$instances/vfiobench.$probe_pid" || fail "it makes no tracing instance"
killed=$probe_pid
later "rmdir '$instances/vfiobench.$killed' 2>/dev/null || :"
sleep 0.3
kill -KILL "$killed"
wait "$killed" 2>/dev/null
[ -e "$instances/vfiobench.$killed" ] || fail "there is nothing to remove"
start_probe --rep-duration 300ms --keep-trace "$scratch/some.dat"
wait "$probe_pid" || fail "exit status $?"
no_instance "$killed" || fail "the instance of the killed one is still there"
no_spool || fail "pages of the killed one are still there"
[ ! -e "$scratch/none.dat" ] || fail "half a file was written"

echo "without rights the scheduler's counters are left"
if setpriv --reuid 65534 --regid 65534 --clear-groups "$probe" --cpus "$guest_cpu" --guest-pid "$guest" \
	--rep-duration 1s >"$doc" 2>"$scratch/err"; then
	is '.status == "partial" and .data.rung == "schedstat"'
	is '[.gaps[] | select(.field == "trace.rung")] | length == 1'
	is '.data.vcpus | length == 1 and all(([.states[]] | add) == .window_ns)'
	is '.data.vcpus[0].states | .running_ns > 50000000 and .waiting_ns >= 0'
	is '.data.missing | length > 2'
else
	echo "not tried: another user cannot run $probe"
fi

echo "a guest that is killed in the middle"
start_probe --rep-duration 60s
wait_for 10 test -d "$instances/vfiobench.$probe_pid" || fail "it makes no tracing instance"
sleep 1
kill -KILL "$guest"
wait "$guest" 2>/dev/null
wait "$probe_pid" || fail "exit status $?"
is '.status == "partial" and (.reason | startswith("the guest ended within "))'
is '.data.vcpus | length == 1 and all(([.states[]] | add) == .window_ns)'
is '.data.vcpus[0].window_ns <= .data.window_ns and .data.vcpus[0].window_ns > 500000000'
no_instance "$probe_pid" || fail "its tracing instance is still there"

echo "no guest"
"$probe" --cpus "$guest_cpu" --guest-pid "$guest" --rep-duration 1s >"$doc" || fail "exit status $?"
is '.status == "failed" and (.reason | contains("is not there"))'
"$probe" --cpus "$guest_cpu" --rep-duration 1s >"$doc" || fail "exit status $?"
is '.status == "skipped"'
echo "ok"
