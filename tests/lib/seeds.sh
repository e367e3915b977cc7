#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# seeds.sh DIR: puts the texts of all hosts (tests/hosts) that parsers read, and those of
# tests/fuzz/seeds and the traces of tests/trace, into DIR, each once: what fuzzers begin with.
set -u
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

cp "${VFIOBENCH_SOURCE:?}"/tests/fuzz/seeds/* "$VFIOBENCH_SOURCE"/tests/trace/preempted.* "$1" || exit 1
for bundle in "${VFIOBENCH_SOURCE:?}"/tests/hosts/*.host; do
	host=${bundle##*/}
	host=${host%.host}
	sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$bundle" "$work/$host" || exit 1
	for file in proc/cmdline proc/cpuinfo proc/interrupts proc/meminfo proc/mounts proc/version proc/vmstat \
		proc/buddyinfo dmesg lspci.hex proc/net/route etc/os-release etc/default/irqbalance etc/default/grub etc/mkinitcpio.conf \
		etc/modprobe.d/*.conf etc/libvirt/qemu.conf sys/devices/system/cpu/isolated \
		sys/kernel/mm/transparent_hugepage/enabled boot/config-* etc/libvirt/qemu/*.xml \
		proc/[0-9]*/cmdline proc/[0-9]*/maps proc/[0-9]*/smaps proc/[0-9]*/stat proc/[0-9]*/status proc/swaps \
		proc/pressure/* proc/[0-9]*/limits proc/[0-9]*/numa_maps sys/kernel/debug/sched/preempt; do
		for path in "$work/$host"/$file; do
			[ -f "$path" ] || continue
			name=$(echo "$host-${path#"$work/$host/"}" | tr / _)
			cp "$path" "$1/$name" || exit 1
		done
	done
	"${VFIOBENCH_BUILD:?}/vfiobench" audit --json --sysroot "$work/$host" -o "$1/$host-result.json" \
		>/dev/null || exit 1
done
