#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's own threads on the CPU of the vCPU, in a real domain: found, and gone after the printed
# command.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_libvirt
need_command jq
need_two_cpus
start_libvirt

domain_parts="<cputune>
    <vcpupin vcpu='0' cpuset='$guest_cpu'/><emulatorpin cpuset='$host_cpu'/>
  </cputune>"
domain_xml vfiobench-live-emulator 1 >"$scratch/domain.xml"
start_domain vfiobench-live-emulator "$scratch/domain.xml" || fail "$(cat "$scratch/virsh.out")"
wait_busy "$guest_pid" 0

audit --guest vfiobench-live-emulator
expect pin.emulator pass

echo "emulatorpin $guest_cpu"
virsh -q emulatorpin vfiobench-live-emulator "$guest_cpu" || fail "virsh emulatorpin"
audit --guest vfiobench-live-emulator
expect pin.emulator "problem advice" "CPUs? $guest_cpu\\b"

echo "the fix"
type_fix pin.emulator
case $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$guest_pid/status") in
"$guest_cpu") fail "the emulator is still on CPU $guest_cpu" ;;
esac
audit --guest vfiobench-live-emulator
expect pin.emulator pass
echo passed
