#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The queue interrupt of a disk on a guest CPU: the kernel placed it and lets nobody move it. It is
# named as such, not as one to be moved; on the other CPUs it is no matter.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq taskset
need_two_cpus

disks=$(mktemp -d "$VFIOBENCH_BUILD/live.XXXXXX") || exit 1
later "rm -rf '$disks'"
dd if=/dev/zero of="$disks/file" bs=1M count=16 conv=fsync 2>/dev/null || fail "cannot write there"

read_disk()
{
	dd if="$disks/file" of=/dev/null bs=4k iflag=direct 2>"$scratch/dd"
}
read_disk || skip "the file system of the build cannot do O_DIRECT"

counts()
{
	awk '/^ *[0-9]+:/ { n = 0; for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i; print $1 + 0, n }' \
		/proc/interrupts
}

# Managed and busy while we read: the IRQ that counted most.
counts >"$scratch/counts"
read_disk
irq=$(counts | awk 'NR == FNR { old[$1] = $2; next } $2 - old[$1] > 500 { print $2 - old[$1], $1 }' \
	"$scratch/counts" - | sort -rn | while read -r _ n; do
	list=$(cat "/proc/irq/$n/smp_affinity_list")
	{ echo "$list" >"/proc/irq/$n/smp_affinity_list"; } 2>/dev/null || { echo "$n"; break; }
done)
[ "$irq" ] || skip "no disk here whose queue interrupt is managed"
where=$(cat "/proc/irq/$irq/effective_affinity_list")
other=$host_cpu
[ "$where" != "$other" ] || other=$guest_cpu

while [ ! -e "$scratch/enough" ] && read_disk; do :; done 9>&- &
later "touch '$scratch/enough'; wait $!"

echo "IRQ $irq is on CPU $where, which is the guest's"
measure --guest none --cpus "$where"
expect irq.managed advice "(IRQ|managed|cannot).*[0-9]"
finding irq.managed '.summary, .evidence[]' | grep -E "IRQ $irq\b" || fail "IRQ $irq is not named"
finding irq.managed '.summary, .evidence[]' | grep -E '[0-9]/s' || fail "no rate"
! finding irq.host-on-g '.evidence[], .fix.now' | grep -wE "IRQ $irq|irq/$irq" ||
	fail "IRQ $irq is said to be movable"

echo "CPU $other is the guest's"
measure --guest none --cpus "$other"
expect irq.managed "pass not-applicable"
! finding irq.managed '.summary, .evidence[]' | grep -E "IRQ $irq\b" || fail "IRQ $irq is named"
echo passed
