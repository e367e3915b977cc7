#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cpu probe on trees made here: a hybrid machine, trees that try to lead the topology library
# out of them, and an environment that is meant for other programs.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-cpu
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

put() # PATH TEXT, below $tree
{
	mkdir -p "$tree/${1%/*}"
	printf '%s\n' "$2" >"$tree/$1"
}

cpu() # NUMBER CORE_ID CORE_MASK L2_MASK
{
	dir=sys/devices/system/cpu/cpu$1
	put "$dir/topology/core_cpus" "$3"
	put "$dir/topology/thread_siblings" "$3"
	put "$dir/topology/package_cpus" ff
	put "$dir/topology/core_siblings" ff
	put "$dir/topology/core_id" "$2"
	put "$dir/topology/physical_package_id" 0
	put "$dir/cache/index0/level" 2
	put "$dir/cache/index0/type" Unified
	put "$dir/cache/index0/size" 2048K
	put "$dir/cache/index0/shared_cpu_map" "$4"
	put "$dir/cache/index1/level" 3
	put "$dir/cache/index1/type" Unified
	put "$dir/cache/index1/size" 16384K
	put "$dir/cache/index1/shared_cpu_map" ff
}

# Two big cores with two threads each and four small ones.
hybrid() # TREE
{
	tree=$work/$1
	cpu 0 0 03 03; cpu 1 0 03 03; cpu 2 4 0c 0c; cpu 3 4 0c 0c
	cpu 4 8 10 f0; cpu 5 9 20 f0; cpu 6 10 40 f0; cpu 7 11 80 f0
	put sys/devices/system/cpu/online 0-7
	put sys/devices/system/cpu/present 0-7
	put sys/devices/system/cpu/isolated 2-3
	put sys/devices/system/cpu/nohz_full '   (null)'
	put proc/cpuinfo 'vendor_id	: GenuineIntel
cpu family	: 6
model name	: A hybrid
flags		: fpu vmx pdpe1gb'
	put var/log/dmesg '[    0.000000] rcu: 	Offload RCU callbacks from CPUs: 2-3.'
}

run() # TREE: the document in $work/document
{
	"$probe" --sysroot "$work/$1" >"$work/document" 2>"$work/messages" || {
		echo "$1: exit status $?"
		bad=1
	}
	[ ! -s "$work/messages" ] || { echo "$1: messages:"; cat "$work/messages"; bad=1; }
}

says() # TREE TEXT...
{
	name=$1
	shift
	for text; do
		grep -qF -- "$text" "$work/document" || { echo "$name: no '$text' in:"; cat "$work/document"; bad=1; }
	done
}

kinds='"p_cores":"0-3","e_cores":"4-7","isolated":"2-3","nohz_full":"","has_nohz_full":true,"rcu_offloaded":"2-3"'
cores='"n_packages":1,"n_cores":6,"n_threads":8,"is_smt_active":true,"cores":[{"package":0,"cpus":"0-1","l3":0,"kind":"P"},{"package":0,"cpus":"2-3","l3":0,"kind":"P"},{"package":0,"cpus":"4","l3":0,"kind":"E"},'
hybrid hybrid
run hybrid # by the shape of the caches
says hybrid '"vendor":"GenuineIntel"' '"is_virtual":false' "$cores" "$kinds" '"l3s":[{"cpus":"0-7","size_kib":16384}]'

hybrid named
put sys/devices/cpu_core/cpus 0-3
put sys/devices/cpu_atom/cpus 4-6
put sys/devices/cpu_lowpower/cpus 7
put sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_map ff
run named # by the kernel, whatever the caches look like
says named "$cores" "$kinds"

hybrid offline
put sys/devices/system/cpu/online 0-2,4-7
put sys/devices/system/cpu/cpu3/online 0
rm -r "$work/offline/sys/devices/system/cpu/cpu3/topology" "$work/offline/sys/devices/system/cpu/cpu3/cache"
run offline # too little to tell the kinds apart, and one thread less
says offline '"n_cores":6,"n_threads":7,"is_smt_active":true' '{"package":0,"cpus":"2","l3":0}'
! grep -q 'p_cores' "$work/document" || { echo 'offline: kinds were made up'; bad=1; }

# None of these may show a core: it would be one of this machine, or the end of its memory.
for trick in cpu cpu1 topology parent cpuinfo number list nobody; do
	hybrid "$trick"
	top=$work/$trick/sys/devices/system
	case $trick in
	cpu) rm -r "$top/cpu"; ln -s /sys/devices/system/cpu "$top/cpu" ;;
	cpu1) rm -r "$top/cpu/cpu1"; ln -s /sys/devices/system/cpu/cpu1 "$top/cpu/cpu1" ;;
	topology) rm -r "$top/cpu/cpu1/topology"; ln -s ../../../../../../../../../../../../sys/devices/system/cpu/cpu0/topology "$top/cpu/cpu1/topology" ;;
	parent) rm -r "$work/$trick/sys"; ln -s /sys "$work/$trick/sys" ;;
	cpuinfo) rm "$work/$trick/proc/cpuinfo"; ln -s /proc/cpuinfo "$work/$trick/proc/cpuinfo" ;;
	number) mkdir "$top/cpu/cpu4000000000" ;;
	nobody) put sys/devices/system/cpu/online '' ;;
	list) put sys/devices/system/cpu/possible 0-4000000000 ;;
	esac
	run "$trick"
	says "$trick" '"status":"partial"' '{"field":"cpu.cores"'
	! grep -q '"n_cores":' "$work/document" || { echo "$trick: cores were counted"; cat "$work/document"; bad=1; }
done

# Orders of the user to hwloc's own tools are not for us.
run hybrid
cp "$work/document" "$work/plain"
HWLOC_FSROOT=/ HWLOC_THISSYSTEM=1 HWLOC_COMPONENTS=x86 HWLOC_SYNTHETIC='core:64 pu:4' \
	HWLOC_XMLFILE=/nonexistent "$probe" --sysroot "$work/hybrid" | cmp - "$work/plain" || bad=1
exit $bad
