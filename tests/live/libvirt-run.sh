#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A run beside a real domain: its pins are the guest's CPUs, and the wake-ups were measured there
# while its vCPU was busy.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_libvirt
need_command jq
need_two_cpus
start_libvirt

domain_parts="<cputune>
    <vcpupin vcpu='0' cpuset='$guest_cpu'/><emulatorpin cpuset='$host_cpu'/>
  </cputune>"
domain_xml vfiobench-live-run 1 >"$scratch/domain.xml"
start_domain vfiobench-live-run "$scratch/domain.xml" || fail "$(cat "$scratch/virsh.out")"
wait_busy "$guest_pid" 0

run_tool run --profile quick --reps 2 --rep-duration 1s --guest vfiobench-live-run \
	-o "$scratch/result" >"$scratch/out" 2>"$scratch/err" ||
	fail "exit status $?: $(cat "$scratch/err")"
result=$scratch/result/result.json
[ -s "$scratch/result/report.html" ] || fail "no report.html"

# is FILTER VALUE
is()
{
	[ "$(value "$result" "$1")" = "$2" ] || fail "$1 is $(value "$result" "$1") instead of $2"
}
is .guest.kind qemu
is .guest.pid "$guest_pid"
is .guest.name vfiobench-live-run
is .guest.n_vcpus 1
is .cpus.guest "$guest_cpu"
is .cpus.measured "$guest_cpu"
is .cpus.source guest
is .probes.domain.data.source libvirt
is '.probes.wake.status' ok
is '[.probes.wake.data.units[].cpu] | unique | map(tostring) | join(",")' "$guest_cpu"
is '.probes.wake.data.units | length' 2
is '[.probes.wake.data.units[].hist.n] | min > 100' true
# Busy: it ran, or wanted to while somebody else had the CPU.
is '.probes.activity.data | .window_ns as $window |
	[.threads[] | select(.role == "vcpu") | .run_ns + .delay_ns] | add > $window / 2' true
is '[.probes.activity.data.threads[] | select(.role == "vcpu").seen_on[][0]] | unique |
	map(tostring) | join(",")' "$guest_cpu"

# An audit of all this is done in half a second, unless others keep the machine busy all the time.
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	before_ns=$(date +%s%N)
	audit --guest vfiobench-live-run
	took_ms=$((($(date +%s%N) - before_ns) / 1000000))
	echo "audit: $took_ms ms"
	[ $took_ms -ge 500 ] || break
done
[ $took_ms -lt 500 ] || fail "no audit in less than 500 ms in $try tries"

judge "$scratch/result"
expect pin.vcpupin pass
expect pin.emulator pass
echo passed
