#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tracer makes of guests that come and go, CPUs that go, no tracefs, and its own end: all it
# says is right, what it cannot know it says, and nothing of it stays.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"
. "$VFIOBENCH_SOURCE/tests/lib/trace.sh"

need_tracing
need_command python3
need_qemu
start=$undo

is()
{
	[ "$(value "$scratch/document" "$1")" = true ] || fail "not so: $1: $(value "$scratch/document" \
		'.data | del(.vcpus[]? | .worst, .series, .outages, .culprits)')"
}

echo "-- the guest ends in the middle"
start_busy_guest --duration 2s
start_probe 4s
end_probe
expect_rung tracefs
expect_gap 'the guest ended within'
is '.data.window_ns < 3000000000'
is '[.data.vcpus[].states | .running_ns + .preempted_ns + .host_irq_ns] | add > 500000000'
expect_closure
undo_to "$start"

echo "-- it begins in the middle"
# The id of a shell that becomes the guest.
sh -c 'sleep 1; exec "$@"' - "$VFIOBENCH_BUILD/vfiobench-microguest" --cpus "$guest_cpu" \
	--spin 1s --halt 0us >"$scratch/guest" 2>&1 9>&- &
guest_pid=$!
later "end_process $guest_pid"
start_probe 3s
end_probe
expect_rung tracefs
is '[.data.vcpus[] | select(.name == "CPU 0/KVM")] | length == 1'
is '.data.vcpus[0].window_ns < 2500000000 and .data.vcpus[0].window_ns > 1000000000'
expect_closure
undo_to "$start"

echo "-- a vCPU comes in the middle"
start_firmware spin "$guest_cpu" -smp 1,maxcpus=2
start_probe 3s
sleep 1
python3 - "$scratch/qmp" <<'END' || fail "no second vCPU: $(cat "$scratch/vfiobench-live-spin.log")"
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(10)
s.connect(sys.argv[1])
f = s.makefile("rw")
def ask(command, **arguments):
    f.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    f.flush()
    for line in f:
        answer = json.loads(line)
        if "error" in answer:
            sys.exit(str(answer["error"]))
        if "return" in answer:
            return answer["return"]
ask("qmp_capabilities")
free = [c for c in ask("query-hotpluggable-cpus") if "qom-path" not in c][0]
ask("device_add", driver=free["type"], **free["props"])
END
end_probe
expect_rung tracefs
is '[.data.vcpus[].vcpu] == [0, 1]'
is '.data.vcpus[0].window_ns > 2900000000 and .data.vcpus[1].window_ns < 2500000000'
expect_closure
undo_to "$start"

start_busy_guest
for signal in INT TERM HUP QUIT USR1 USR2 ALRM VTALRM XCPU PROF PWR; do
	echo "-- SIG$signal"
	start_probe 30s
	sleep 0.3
	kill -s $signal "$probe_pid"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e "$instances/vfiobench.$probe_pid" ] || break
		sleep 0.1
	done
	[ ! -e "$instances/vfiobench.$probe_pid" ] || fail "the instance is there after a second"
	end_probe
	expect_gap interrupted
	is '.data.window_ns < 10000000000'
	expect_closure
done

echo "-- SIGKILL"
# Anybody else's run sweeps as well.
for _ in 1 2 3 4 5; do
	start_probe 30s
	kill -s KILL "$probe_pid"
	wait_for 5 is_gone "$probe_pid" || fail "it lives"
	wait "$probe_pid" 2>/dev/null
	left=$instances/vfiobench.$probe_pid
	[ ! -d "$left" ] || break
done
[ -d "$left" ] || fail "nothing is left that could be swept"
later "[ ! -d $left ] || rmdir $left"
start_probe 500ms
[ ! -e "$left" ] || fail "the next run leaves it"
end_probe
expect_rung tracefs

echo "-- no tracefs"
mkdir "$scratch/empty"
# shellcheck disable=SC2016 # for the inner shell
start_probe 1s unshare -m sh -c 'for at in /sys/kernel/tracing /sys/kernel/debug; do
	mount --bind "$0" $at || exit 99; done; exec "$@"' "$scratch/empty"
end_probe
expect_rung schedstat
expect_gap 'no events, only the scheduler'
is '[.data.vcpus[].states.running_ns] | add > 100000000'
is '[.data.vcpus[] | .closure_ppm // 0] | max <= 1000'

echo "-- other time here than the kernel's"
if unshare -T --monotonic 5000 --boottime 5000 true 2>"$scratch/why"; then
	start_probe 2s unshare -T --monotonic 5000 --boottime 5000
	end_probe
	expect_rung tracefs
	is '.data.n_clamped == 0 and .data.vcpus[0].states.running_ns > 200000000'
	is '(.data.start_unix_ns / 1000000000 - now | fabs) < 60'
	expect_closure
else
	echo "left out: $(cat "$scratch/why")"
fi

echo "-- the CPU goes"
online=/sys/devices/system/cpu/cpu$guest_cpu/online

# Those that are there now and refuse to be moved: they would stay where they flee to.
fixed_lines()
{
	for folder in /proc/irq/[0-9]*; do
		[ "$(cat "$folder/effective_affinity_list")" = "$guest_cpu" ] || continue
		cat "$folder/smp_affinity_list" >"$scratch/value"
		{ cat "$scratch/value" >"$folder/smp_affinity_list"; } 2>/dev/null || echo "${folder##*/}"
	done
}

fixed=$(fixed_lines)
if [ ! -w $online ]; then
	echo "left out: CPU $guest_cpu cannot be taken offline"
elif [ "$fixed" ]; then
	echo "left out: interrupts that cannot be moved would not come back:" $fixed
else
	# The kernel takes it from these, and gives it back to none.
	for path in /sys/fs/cgroup/cpuset/*/cpuset.cpus /proc/irq/[0-9]*/smp_affinity_list; do
		[ -e "$path" ] || continue
		cat "$path" >"$scratch/value"
		{ cat "$scratch/value" >"$path"; } 2>/dev/null && remember "$path"
	done
	remember $online
	start_probe 3s
	sleep 1
	set_value $online 0
	end_probe
	set_value $online 1
	expect_rung tracefs
	expect_gap 'offline'
	expect_closure
	is '.data.vcpus[0].states.unknown_ns > 1000000000'
fi
undo_to "$start"
echo passed
