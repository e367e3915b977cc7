#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each noise of blame.table is made on a guest's CPU: the tracer finds it by name, and as much of it
# as its maker says it made.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"
. "$VFIOBENCH_SOURCE/tests/lib/trace.sh"

need_tracing
need_command pgrep findmnt
table=${1:-$VFIOBENCH_SOURCE/tests/live/blame.table}
noise=$VFIOBENCH_BUILD/tests/noise
started=$(date +%s)
max_tries=3 window=3s noise_ms=2000 counters_ms=30000

# A failure ends a try of a row, not the test.
is_in_row='' is_bad=''
fail()
{
	echo "failed: $*"
	is_bad=yes
	[ "$is_in_row" ] || exit 1
}

# why_not REASON...: for the needs of a row
why_not()
{
	echo "$*" >"$scratch/why"
	return 1
}

# line_of PATTERN: sets irq and line, of /proc/interrupts
line_of()
{
	irq=$(sed -n "s/^ *\([0-9]*\):.*[[:space:]]$1\$/\1/p" /proc/interrupts | head -n 1)
	# shellcheck disable=SC2034 # The table uses it.
	line=$(sed -n "s/^ *$irq:.*[[:space:]]\($1\)\$/\1/p" /proc/interrupts)
	[ "$irq" ]
}

# That of the disk where our files are.
disk_line()
{
	disk=$(findmnt -no SOURCE -T "$scratch") disk=${disk##*/}
	device=$(readlink "/sys/block/$disk/device") device=${device##*/}
	[ "$device" ] && line_of "$device-req[^[:space:]]*"
}

# It often refuses to be moved: the guest comes to it.
if disk_line && [ "$(cat "/proc/irq/$irq/effective_affinity_list")" = "$host_cpu" ]; then
	echo "IRQ $irq, $line, is on CPU $host_cpu: the guest, too"
	swap=$host_cpu host_cpu=$guest_cpu guest_cpu=$swap
fi

#
# Guests, one at a time, whose only vCPU is on the guest's CPU.
#

guest='' guest_mark=''

end_guest()
{
	[ ! "$guest" ] || undo_to "$guest_mark"
	guest=''
}

use_guest()
{
	[ "$guest" != "$1" ] || ! is_alive "$guest_pid" || return 0
	end_guest
	guest_mark=$undo guest=$1
	case $1 in
	busy) start_busy_guest ;;
	*)
		(need_qemu) >"$scratch/why" || return 1
		need_qemu
		start_firmware "$1" "$guest_cpu"
		;;
	esac
}

#
# Needs of rows.
#

is_there()
{
	[ "$(cat "/proc/irq/$irq/effective_affinity_list")" = "$guest_cpu" ]
}

rng_there()
{
	dd if=/dev/hwrng of=/dev/null bs=64 count=4 2>/dev/null
	is_there
}

rng_interrupt()
{
	device=$(basename /sys/bus/virtio/drivers/virtio_rng/virtio*)
	line_of "$device-input[^[:space:]]*" && [ -r /dev/hwrng ] ||
		why_not "no virtio-rng, whose interrupts we can make" || return 1
	remember "/proc/irq/$irq/smp_affinity_list"
	set_value "/proc/irq/$irq/smp_affinity_list" "$guest_cpu"
	wait_for 5 rng_there || why_not "IRQ $irq does not come to CPU $guest_cpu"
}

disk_interrupt()
{
	disk_line || why_not "no interrupt of $scratch's disk is known" || return 1
	is_there || why_not "IRQ $irq is on another CPU" || return 1
	[ -s "$scratch/disk" ] || dd if=/dev/zero of="$scratch/disk" bs=1M count=64 conv=fsync 2>/dev/null
}

# thread_here NAME: a kernel thread comes to the guest's CPU; sets tid
thread_here()
{
	tid=$(pgrep -x "$1") || why_not "there is no $1" || return 1
	later "taskset -pc '$(taskset -pc "$tid" | sed 's/.*: //')' $tid"
	taskset -pc "$guest_cpu" "$tid" >/dev/null || why_not "$1 cannot be moved"
}

write()
{
	remember "$1"
	set_value "$1" "$2"
}

ksmd()
{
	ksm=/sys/kernel/mm/ksm
	thread_here ksmd || return 1
	write $ksm/run 1
	write $ksm/sleep_millisecs 0
	write $ksm/pages_to_scan 1000
	[ ! -e $ksm/smart_scan ] || write $ksm/smart_scan 0
}

khugepaged()
{
	thp=/sys/kernel/mm/transparent_hugepage
	thread_here khugepaged || return 1
	write $thp/khugepaged/scan_sleep_millisecs 0
	write $thp/khugepaged/pages_to_scan 65536
}

quota()
{
	group=/sys/fs/cgroup/cpu/vfiobench-live-$$
	[ -w /sys/fs/cgroup/cpu/cpu.cfs_quota_us ] || why_not "no quotas of cgroups of version 1" || return 1
	later "rmdir $group"
	mkdir "$group" || why_not "no control group for us" || return 1
	later "echo $guest_pid >/sys/fs/cgroup/cpu/cgroup.procs"
	echo "$guest_pid" >"$group/cgroup.procs" || fail "it does not move"
}

emulator()
{
	later "taskset -pc $host_cpu $guest_pid"
	taskset -pc "$guest_cpu" "$guest_pid" >/dev/null
}

#
# The rows.
#

# filled WORDS: with the values of our variables in it
filled()
{
	eval "printf '%s\\n' \"$(printf '%s' "$1" | sed 's/["`\\]/\\&/g; s/\$\([~;|]\|$\)/\\$\1/g')\""
}

# record ACCOUNTS MAKER: our noise in the middle of a window; leaves a document and accounts of it
record()
{
	: >"$scratch/amount"
	# shellcheck disable=SC2086 # words
	"$noise" counters "$guest_cpu" "$host_cpu" $counters_ms $1 >"$scratch/counters" 9>&- &
	counters_pid=$!
	later "end_process $counters_pid"
	start_probe "$window"
	if [ "$2" ]; then
		# shellcheck disable=SC2086
		set -- $2
		kind=$1
		shift
		"$noise" "$kind" "$guest_cpu" "$host_cpu" "$noise_ms" "$@" >"$scratch/amount" 9>&- ||
			fail "noise $kind: exit status $?"
	fi
	end_probe
	end_process "$counters_pid"
}

# accounts EXPECTED: the counters in it
accounts()
{
	echo "$1" | tr ';' '\n' | sed -n 's/.*~\([a-z]*:.*\)/\1/p' | tr '\n' ' '
}

# judge_noise NAME EXPECTED ROW: lines of the table at the end; "bad" before what is wrong
judge_noise()
{
	jq -r --arg name "$1" --arg expected "$2" --arg row "$3" --slurpfile quiet "$scratch/quiet" \
		--rawfile amount "$scratch/amount" --rawfile counters "$scratch/counters" \
		-f "$VFIOBENCH_SOURCE/tests/lib/blame.jq" "$scratch/document"
}

# try_row NAME NOISE EXPECTED ROW
try_row()
{
	is_bad=''
	record "$(accounts "$3")" "$2"
	[ ! "$is_bad" ] || return 1
	judge_noise "$1" "$3" "$4" >"$scratch/lines" || fail "no judgement"
	cat "$scratch/lines"
	! grep '^bad' "$scratch/lines" >/dev/null || is_bad=yes
	expect_rung tracefs
	expect_closure
	[ ! "$is_bad" ]
}

run_row()
{
	for try in $(seq $max_tries); do
		[ "$try" = 1 ] || echo "again"
		try_row "$@" && break
	done
	[ ! "$is_bad" ] || jq -c '.gaps, (.data.vcpus[].states), (.data.culprits[:8][])' "$scratch/document"
	cat "$scratch/lines" >>"$scratch/results"
}

grep -v -e '^#' -e '^$' "$table" >"$scratch/rows"
: >"$scratch/results"
: >"$scratch/quiet"
n_rows=0 n_skipped=0 n_failed=0
while IFS='|' read -r title kind needs maker expected row <&3; do
	n_rows=$((n_rows + 1))
	echo "-- $title"
	is_in_row=yes is_bad=''
	use_guest "$kind" || { echo "skipped: $(cat "$scratch/why")"; n_skipped=$((n_skipped + 1)); continue; }
	mark=$undo
	if [ ! -s "$scratch/quiet" ]; then
		record '' ''
		cp "$scratch/document" "$scratch/quiet"
	fi
	if eval "${needs:-true}"; then
		run_row "$title" "$(filled "$maker")" "$(filled "$expected")" "$row"
	else
		echo "skipped: $(cat "$scratch/why")"
		echo "$title	-	-	-	-	-	skipped: $(cat "$scratch/why")" >>"$scratch/results"
		n_skipped=$((n_skipped + 1))
	fi
	undo_to "$mark"
	changed_files >"$scratch/left"
	[ ! -s "$scratch/left" ] || fail "not put back: $(cat "$scratch/left")"
	[ ! "$is_bad" ] || n_failed=$((n_failed + 1))
done 3<"$scratch/rows"
is_in_row=''
end_guest

printf 'noise\tclass\tname\tinjected\tfound\tratio\ttop\n' | cat - "$scratch/results" | column -ts '	'
echo "$n_rows rows, $n_skipped skipped, $n_failed failed, $(($(date +%s) - started)) s"
[ $n_rows -gt 0 ] && [ $n_failed = 0 ] || fail "see above"
echo passed
