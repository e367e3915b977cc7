#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each setting of settings.table: made bad, found, mended as printed, found no more, and put back.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq taskset chrt sysctl
need_two_cpus
started=$(date +%s)
: >"$scratch/moved"
table=${1:-$VFIOBENCH_SOURCE/tests/live/settings.table}

# A failure ends a row, not the test.
is_in_row='' is_bad=''
fail()
{
	echo "failed: $*"
	is_bad=yes
	[ "$is_in_row" ] || exit 1
}

# why not REASON...: for the needs of a row
why_not()
{
	echo "$*" >"$scratch/why"
	return 1
}

write()
{
	remember "$1"
	set_value "$1" "$2"
}

# writable FILE: takes what it has
writable()
{
	[ -e "$1" ] || why_not "there is no $1" || return 1
	old=$(sed 's/.*\[\(.*\)\].*/\1/' "$1" 2>&1)
	{ echo "$old" >"$1"; } 2>/dev/null || why_not "$1 cannot be written"
}

param()
{
	writable "/sys/module/${1%/*}/parameters/${1#*/}"
}

# shellcheck disable=SC2034 # The table uses them.
host_mask=$(printf %x $((1 << host_cpu))) guest_mask=$(printf %x $((1 << guest_cpu)))
# shellcheck disable=SC2034
last_cpu=$(($(getconf _NPROCESSORS_ONLN) - 1))
# shellcheck disable=SC2034
cpu_power=/sys/devices/system/cpu/cpu$guest_cpu/power
clock=/sys/devices/system/clocksource/clocksource0
thp=/sys/kernel/mm/transparent_hugepage
kvm=/sys/module/kvm/parameters

#
# Huge pages and slots of asynchronous I/O, of guests that are not started.
#

pool=/sys/kernel/mm/hugepages/hugepages-2048kB
pool_1g=/sys/kernel/mm/hugepages/hugepages-1048576kB
node_pool=/sys/devices/system/node/node0/hugepages/hugepages-2048kB
qemu=/usr/bin/qemu-system-x86_64 rom=/usr/share/seabios/bios.bin
guest_2m=$scratch/2m.xml guest_1g=$scratch/1g.xml guest_aio=$scratch/aio.xml

huge_pages="<memoryBacking><hugepages><page size='2' unit='M'/></hugepages></memoryBacking>"
domain_parts=$huge_pages
domain_xml vfiobench-live-2m 1 >"$guest_2m"
sed "s/<memory unit='MiB'>64/<memory unit='MiB'>1024/; s/size='2' unit='M'/size='1' unit='G'/" \
	"$guest_2m" >"$guest_1g"
domain_parts='<iothreads>1</iothreads>'
domain_devices="<disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none' io='native' iothread='1'/>
      <source file='$scratch/disk'/><target dev='vda' bus='virtio'/>
    </disk>"
domain_xml vfiobench-live-aio 1 >"$guest_aio"

pages_2m()
{
	[ -d $node_pool ] || why_not "no huge pages of 2 MiB on node 0" || return 1
	[ "$(cat $pool/nr_hugepages)" -eq "$(cat $pool/free_hugepages)" ] ||
		why_not "somebody uses the huge pages of 2 MiB" || return 1
	# As they are now, and the node last: what a row writes to one changes the other.
	remember $node_pool/nr_hugepages
	remember $pool/nr_hugepages
	write $pool/nr_hugepages 0
}

overcommit_pages()
{
	write $pool/nr_hugepages 0
	write $pool/nr_overcommit_hugepages 64
}

pages_1g()
{
	[ -d $pool_1g ] || why_not "no huge pages of 1 GiB" || return 1
	[ "$(cat $pool_1g/nr_hugepages)" -eq 0 ] || why_not "pages of 1 GiB are reserved" || return 1
	write $pool_1g/nr_hugepages 1
	[ "$(cat $pool_1g/nr_hugepages)" -eq 1 ] || why_not "the kernel finds no page of 1 GiB"
}

no_mount_1g()
{
	[ -d $pool_1g ] || why_not "no huge pages of 1 GiB" || return 1
	! grep -q ' hugetlbfs .*pagesize=1024M' /proc/mounts || why_not "it is mounted" || return 1
	folder=/dev/hugepages-1048576kB
	[ ! -e $folder ] || why_not "$folder is there" || return 1
	later "! mountpoint -q $folder || umount $folder; [ ! -d $folder ] || rmdir $folder"
	# Where no systemd runs there is no libvirtd of its to tell.
	[ -d /run/systemd/system ] || printf '#!/bin/sh\n' >"$scratch/shims/systemctl"
	[ -d /run/systemd/system ] || chmod 755 "$scratch/shims/systemctl"
}

#
# Interrupts, kernel threads and work items.
#

# may_go IRQ CPU: false when it refuses
may_go()
{
	{ echo "$2" >"/proc/irq/$1/smp_affinity_list"; } 2>/dev/null
}

irq=''
rng_interrupt()
{
	device=$(basename /sys/bus/virtio/drivers/virtio_rng/virtio*)
	irq=$(sed -n "s/^ *\([0-9]*\):.*[[:space:]]$device-[^[:space:]]*input.*/\1/p" /proc/interrupts)
	[ "$irq" ] && [ -r /dev/hwrng ] || why_not "no virtio-rng, whose interrupts we can make"
}

counts_there()
{
	dd if=/dev/hwrng of=/dev/null bs=64 count=4 2>/dev/null
	[ "$(cat "/proc/irq/$irq/effective_affinity_list")" = "$guest_cpu" ]
}

# All others on the host's CPU.
interrupt_on_guest()
{
	for folder in /proc/irq/[0-9]*; do
		may_go "${folder##*/}" "$(cat "$folder/smp_affinity_list")" || continue
		remember "$folder/smp_affinity_list"
		may_go "${folder##*/}" "$host_cpu" || fail "IRQ ${folder##*/} does not move"
	done
	may_go "$irq" "$guest_cpu" || fail "IRQ $irq does not move"
	wait_for 10 counts_there || fail "IRQ $irq does not fire on CPU $guest_cpu"
}

managed_interrupt()
{
	for folder in /proc/irq/[0-9]*; do
		managed_cpu=$(cat "$folder/effective_affinity_list")
		[ "$managed_cpu" ] && grep -q "^ *${folder##*/}:.*-" /proc/interrupts || continue
		may_go "${folder##*/}" "$(cat "$folder/smp_affinity_list")" || return 0
	done
	why_not "all interrupts here can be moved"
}

workqueue=/sys/devices/virtual/workqueue
workqueues()
{
	[ -e $workqueue/writeback/cpumask ] || why_not "no $workqueue/writeback/cpumask" || return 1
	write $workqueue/cpumask "$host_mask"
	write $workqueue/writeback/cpumask "$host_mask"
}

work_on_guest()
{
	mask=$(printf %x $((1 << host_cpu | 1 << guest_cpu)))
	case $1 in
	cpumask) set_value $workqueue/cpumask "$mask" ;;
	writeback) set_value $workqueue/writeback/cpumask "$mask" ;;
	esac
}

# kernel_affinity: "PID CPUS" of each kernel thread
kernel_affinity()
{
	cat /proc/[0-9]*/status 2>/dev/null | awk '/^Pid:/ { pid = $2 } /^Kthread:/ { is = $2 }
		/^Cpus_allowed_list:/ { if (is) print pid, $2; is = 0 }'
}

# moved_threads: "PID OLD NEW" of each that is not where it was
moved_threads()
{
	kernel_affinity | awk 'NR == FNR { old[$1] = $2; next }
		$1 in old && old[$1] != $2 { print $1, old[$1], $2 }' "$scratch/kthreads" -
}

threads_back()
{
	moved_threads | while read -r tid cpus _; do
		taskset -pc "$cpus" "$tid"
	done
	moved_threads >"$scratch/moved"
	[ ! -s "$scratch/moved" ]
}

kernel_threads()
{
	kernel_affinity >"$scratch/kthreads"
	[ -s "$scratch/kthreads" ] || why_not "this kernel does not tell its threads" || return 1
	thread=$(cat /proc/[0-9]*/status 2>/dev/null | awk '/^Name:/ { is = $2 == "kdevtmpfs" } /^Pid:/ && is { print $2 }')
	[ "$thread" ] || why_not "no kdevtmpfs to move" || return 1
	later threads_back
}

thread_on_guest()
{
	taskset -pc "$host_cpu,$guest_cpu" "$thread" >"$scratch/taskset" || fail "it does not move"
}

cpusets()
{
	[ -w /sys/fs/cgroup/cpuset/cpuset.sched_load_balance ] || why_not "no cpusets of the first kind"
}

without_balance()
{
	find /sys/fs/cgroup/cpuset -name cpuset.sched_load_balance >"$scratch/cpusets"
	while read -r path; do
		write "$path" 0
	done <"$scratch/cpusets"
}

watchdog()
{
	writable /proc/sys/kernel/watchdog_cpumask || return 1
	remember /proc/sys/kernel/watchdog_cpumask
	write /proc/sys/kernel/watchdog 1
}

#
# The rest of the host.
#

other_clock()
{
	other_clock=$(tr ' ' '\n' <$clock/available_clocksource | grep -vx tsc | head -n 1)
	grep -qw tsc $clock/available_clocksource || why_not "the kernel offers no TSC" || return 1
	[ "$other_clock" ] || why_not "the kernel offers only the TSC"
}

tracing()
{
	[ -w /sys/kernel/tracing/set_event ] || why_not "tracefs is not mounted" || return 1
	[ ! -s /sys/kernel/tracing/set_event ] && ! grep . /sys/kernel/tracing/set_event >/dev/null ||
		why_not "somebody traces" || return 1
	remember /sys/kernel/tracing/current_tracer
}

memory_32g()
{
	[ "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)" -ge $((30 * 1024 * 1024)) ] ||
		why_not "less than 32 GiB of memory, where it is no finding" || return 1
	write /proc/sys/vm/dirty_background_bytes 0
}

dma_latency()
{
	[ -w /dev/cpu_dma_latency ] || why_not "no /dev/cpu_dma_latency"
}

hold_dma_latency()
{
	# shellcheck disable=SC2016 # for the other shell
	sh -c 'printf "\0\0\0\0" >&3; exec sleep 60' 3>/dev/cpu_dma_latency 9>&- &
	later "end_process $!"
	wait_for 5 grep -qsx sleep "/proc/$!/comm" || fail "the holder does not start"
}

idle_state()
{
	for idle_state in /sys/devices/system/cpu/cpu"$guest_cpu"/cpuidle/state*; do :; done
	writable "$idle_state/disable"
}

silent_msrs()
{
	write $kvm/ignore_msrs 1
	write $kvm/report_ignored_msrs 0
}

#
# A guest.
#

guest_on_small_pages()
{
	[ -d $thp ] || why_not "no transparent huge pages" || return 1
	(need_qemu) >"$scratch/why" || return 1
	need_qemu
	remember $thp/enabled
	remember $thp/defrag
	set_value $thp/enabled never
	start_qemu vfiobench-live-small -S -mem-prealloc || fail "$(cat "$scratch/vfiobench-live-small.out")"
}

thp_always()
{
	write $thp/enabled always
	write $thp/defrag always
}

real_time_guest()
{
	guest_on_small_pages || return 1
	chrt -f -p 1 "$(vcpu_tid "$guest_pid" 0)" || why_not "no real-time policy for us"
}

#
# The rows.
#

# filled WORDS: with the values of our variables in it
filled()
{
	eval "printf '%s\\n' \"$(printf '%s' "$1" | sed 's/["`\\]/\\&/g')\""
}

fact_value()
{
	"$VFIOBENCH_BUILD/vfiobench-probe-$1" 9>&- >"$scratch/document" 2>&1
	case $2 in
	sysctl\ *) jq -r --arg name "${2#* }" '.data.sysctls[] | select(.name == $name).value' "$scratch/document" ;;
	*) jq -r ".data$2" "$scratch/document" ;;
	esac
}

# judge_row KIND BAD LOOK WHAT VALUE SAYS AFTER
judge_row()
{
	eval "$2"
	if [ "$1" = fact ]; then
		is=$(fact_value "$3" "$4")
		[ "$is" = "$5" ] || fail "$3 says '$is' instead of '$5'"
		echo "$4 is $is; no finding: $7"
		return
	fi
	# shellcheck disable=SC2086 # words
	audit $3
	expect "$4" "$5" "$6"
	if [ "$1" = fix ]; then
		[ "$is_bad" ] || type_fix "$4"
	else
		undo_to "$mark"
	fi
	[ ! "$is_bad" ] && [ "$7" ] || return 0
	# shellcheck disable=SC2086
	audit $3
	expect "$4" "$7"
}

mkdir -p "$scratch/shims"
grep -v -e '^#' -e '^$' "$table" >"$scratch/rows"
n_rows=0 n_skipped=0 n_failed=0
while IFS='|' read -r kind name needs bad look what value says after <&3; do
	n_rows=$((n_rows + 1))
	echo "-- $name"
	mark=$undo is_in_row=yes is_bad=''
	case $kind$after in fix | fact) fail "the row is not whole" ;; esac
	if eval "$needs"; then
		judge_row "$kind" "$bad" "$(filled "$look")" "$what" "$(filled "$value")" \
			"$(filled "$says")" "$after"
	else
		echo "skipped: $(cat "$scratch/why")"
		n_skipped=$((n_skipped + 1))
	fi
	undo_to "$mark"
	changed_files >"$scratch/left"
	[ ! -s "$scratch/left" ] || fail "not put back: $(cat "$scratch/left")"
	[ ! "$is_bad" ] || n_failed=$((n_failed + 1))
done 3<"$scratch/rows"
is_in_row=''

[ ! -s "$scratch/moved" ] || fail "kernel threads are not where they were: $(cat "$scratch/moved")"
echo "$n_rows rows, $n_skipped skipped, $n_failed failed, $(($(date +%s) - started)) s"
[ $n_rows -gt 0 ] && [ $n_failed = 0 ] || fail "see above"
echo passed
