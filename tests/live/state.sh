#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The probes clock, kernel, hugepages and aio on this machine say what sysctl, uname and sysfs say; pages
# that are reserved and a disk with native AIO show up, and are gone after.
set -u
: "${VFIOBENCH_BUILD:?}"
pool=/sys/kernel/mm/hugepages/hugepages-2048kB
pages_before=
pid=
scratch=$(mktemp -d) || exit 1

restore()
{
	if [ "$pid" ]; then
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	fi
	[ ! "$pages_before" ] || echo "$pages_before" >$pool/nr_hugepages
	rm -rf "$scratch"
}
trap restore EXIT
trap 'exit 1' HUP INT TERM

[ "$(id -u)" -eq 0 ] || { echo 'only root may reserve pages and read the maps of others'; exit 77; }
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# The document of a probe, one value a line, in $scratch/doc.
look() # PROBE
{
	"$VFIOBENCH_BUILD/vfiobench-probe-$1" >"$scratch/raw" || wrong "$1: exit status not 0"
	"$VFIOBENCH_BUILD/tests/print_document" <"$scratch/raw" >"$scratch/doc" || wrong "$1: no document"
}

value() # KEY: of its first place in the document
{
	sed -n "s/^ *\"$1\": \"\{0,1\}\(.*[^\",]\)\"\{0,1\},\{0,1\}\$/\1/p" "$scratch/doc" | head -n 1
}

same() # KEY WANT
{
	[ "$(value "$1")" = "$2" ] || wrong "$1 is '$(value "$1")', not '$2'"
}

# Value of a named setting: the line behind its name.
setting() # NAME FILE
{
	[ -r "$2" ] || return 0
	grep -A 1 "\"name\": \"$1\"" "$scratch/doc" | grep -qF "\"value\": \"$(head -n 1 "$2")\"" ||
		wrong "$1 is not $(head -n 1 "$2")"
}

look clock
same arch "$(uname -m)"
same current "$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
tsc=$(dmesg | sed -n 's/.*tsc: \(Detected\|Refined TSC clocksource calibration:\) \([0-9]*\)\.\([0-9]*\) MHz.*/\2\3/p' | tail -n 1)
[ ! "$tsc" ] || same tsc_khz "$tsc"

look kernel
same release "$(uname -r)"
# The document has a version of its own.
grep -qF "\"version\": \"$(uname -v)\"" "$scratch/doc" || wrong "version is not $(uname -v)"
same rt_runtime_us "$(cat /proc/sys/kernel/sched_rt_runtime_us)"
same rt_period_us "$(cat /proc/sys/kernel/sched_rt_period_us)"
setting vm.swappiness /proc/sys/vm/swappiness
setting kernel.watchdog_cpumask /proc/sys/kernel/watchdog_cpumask
setting kvm.halt_poll_ns /sys/module/kvm/parameters/halt_poll_ns
if [ -r /proc/config.gz ]; then
	same config_path /proc/config.gz
	same hz "$(gzip -dc /proc/config.gz | sed -n 's/^CONFIG_HZ=//p')"
fi

# free_pages: of 2 MiB, as the probe says
free_pages()
{
	grep -A 3 '"page_kib": 2048' "$scratch/doc" | sed -n 's/.*"n_free": \([0-9]*\).*/\1/p' | head -n 1
}

look hugepages
same mem_total_kib "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)"
same thp_enabled "$(sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/mm/transparent_hugepage/enabled)"
if [ -w $pool/nr_hugepages ]; then
	pages_before=$(cat $pool/nr_hugepages)
	free_before=$(free_pages)
	echo $((pages_before + 3)) >$pool/nr_hugepages
	look hugepages
	[ "$(free_pages)" = $((free_before + 3)) ] || wrong "three more free pages are not seen: $(free_pages)"
	echo "$pages_before" >$pool/nr_hugepages
	look hugepages
	[ "$(free_pages)" = "$free_before" ] || wrong "pages that are gone are still seen: $(free_pages)"
fi

look aio
same max_nr "$(cat /proc/sys/fs/aio-max-nr)"
if ! command -v qemu-system-x86_64 >/dev/null; then
	echo 'no qemu-system-x86_64: holders of AIO contexts not looked at'
	exit $bad
fi
grep -q '"name": "aio-test-guest"' "$scratch/doc" && wrong 'the guest is there before it is started'
truncate -s 1M "$scratch/disk"
# On a memory file system O_DIRECT may be refused; then there is nothing to look at.
qemu-system-x86_64 -accel tcg -S -display none -nodefaults -m 16 -name guest=aio-test-guest \
	-drive "file=$scratch/disk,format=raw,cache=none,aio=native,if=virtio" >"$scratch/qemu" 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '\[aio\]' "/proc/$pid/maps" 2>/dev/null && break
	if ! kill -0 "$pid" 2>/dev/null; then
		cat "$scratch/qemu"
		grep -q O_DIRECT "$scratch/qemu" || wrong 'QEMU has ended'
		exit $bad
	fi
	sleep 0.3
done
look aio
same nr "$(cat /proc/sys/fs/aio-nr)"
grep -B 1 -A 1 '"name": "aio-test-guest"' "$scratch/doc" >"$scratch/holder"
grep -q "\"pid\": $pid," "$scratch/holder" || wrong "the guest with process $pid is not seen"
grep -q '"n_contexts": 1$' "$scratch/holder" || wrong "its one context is not seen: $(cat "$scratch/holder")"
kill "$pid"
wait "$pid" 2>/dev/null
pid=
look aio
grep -q '"name": "aio-test-guest"' "$scratch/doc" && wrong 'a guest that has ended is still seen'
exit $bad
