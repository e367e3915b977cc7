#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An interrupt of a busy device on a guest CPU: found with its rate, and gone after the printed
# command. The device is the random number generator of a virtual machine: busy when read.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq taskset
need_two_cpus

device=$(basename /sys/bus/virtio/drivers/virtio_rng/virtio*)
irq=$(sed -n "s/^ *\([0-9]*\):.*[[:space:]]$device-[^[:space:]]*input.*/\1/p" /proc/interrupts)
[ "$irq" ] && [ -r /dev/hwrng ] || skip "no device here whose interrupts we can make: no virtio-rng"

# move IRQ CPU: false when it refuses
move()
{
	{ echo "$2" >"/proc/irq/$1/smp_affinity_list"; } 2>/dev/null
}

is_elsewhere()
{
	case ,$(cat "/proc/irq/$irq/effective_affinity_list"), in
	*,"$guest_cpu",*) return 1 ;;
	esac
}

echo "all that can be moved is on CPU $host_cpu"
for folder in /proc/irq/[0-9]*; do
	n=${folder##*/}
	# A managed one refuses even what it has.
	move "$n" "$(cat "$folder/smp_affinity_list")" || continue
	remember "$folder/smp_affinity_list"
	move "$n" "$host_cpu" || fail "IRQ $n does not move"
done

taskset -c "$host_cpu" dd if=/dev/hwrng of=/dev/null bs=64 2>"$scratch/dd" 9>&- &
later "end_process $!"

# Again where needed: an interrupt moves when it fires the next time, here and there after seconds.
measure_until irq.host-on-g pass --guest none --cpus "$guest_cpu"
expect irq.host-on-g pass

echo "IRQ $irq ($device) on CPU $guest_cpu"
move "$irq" "$guest_cpu" || fail "IRQ $irq does not move"
measure --guest none --cpus "$guest_cpu"
expect irq.host-on-g problem '[0-9]/s'
[ "$(finding irq.host-on-g .confidence)" = measured ] || fail "not measured"
finding irq.host-on-g '.evidence[]' | grep -E "IRQ $irq .*$device.*[0-9]/s.*CPU $guest_cpu" ||
	fail "the evidence does not name IRQ $irq: $(finding irq.host-on-g '.evidence[]')"

echo "the fix"
type_fix irq.host-on-g
wait_for 10 is_elsewhere || fail "IRQ $irq is still on CPU $guest_cpu"
measure_until irq.host-on-g pass --guest none --cpus "$guest_cpu"
expect irq.host-on-g pass
echo passed
