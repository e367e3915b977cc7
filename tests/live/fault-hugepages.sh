#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fewer huge pages reserved than the domain asks for: libvirt cannot start it, we say how many are
# missing, and after the printed command it starts and its memory is made of them.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_libvirt
need_command jq

pool=/sys/kernel/mm/hugepages/hugepages-2048kB
[ -d $pool ] || skip "no huge pages of 2 MiB here"
[ "$(cat $pool/nr_hugepages)" -eq "$(cat $pool/free_hugepages)" ] ||
	skip "somebody uses the huge pages of 2 MiB"

# 64 MiB of memory
n_wanted=32
remember $pool/nr_hugepages
set_value $pool/nr_hugepages $n_wanted
[ "$(cat $pool/nr_hugepages)" -eq $n_wanted ] || skip "the kernel finds no $n_wanted huge pages"
grep -q ' hugetlbfs .*pagesize=2M' /proc/mounts || {
	mkdir "$scratch/huge"
	mount -t hugetlbfs -o pagesize=2M hugetlbfs "$scratch/huge" || fail "cannot mount hugetlbfs"
	later "umount '$scratch/huge'"
}
start_libvirt

domain_parts="<memoryBacking><hugepages><page size='2' unit='M'/></hugepages></memoryBacking>"
domain_xml vfiobench-live-huge 1 >"$scratch/domain.xml"

echo "enough: nothing to say"
audit --domain-xml "$scratch/domain.xml"
expect hugepages.count pass

echo "too few"
set_value $pool/nr_hugepages 8
! start_domain vfiobench-live-huge "$scratch/domain.xml" || fail "the domain started with 8 pages"
cat "$scratch/virsh.out"
audit --domain-xml "$scratch/domain.xml"
expect hugepages.count problem "\\b$n_wanted\\b.*\\b8\\b|\\b8\\b.*\\b$n_wanted\\b"

echo "the fix"
type_fix hugepages.count
audit --domain-xml "$scratch/domain.xml"
expect hugepages.count pass
start_domain vfiobench-live-huge "$scratch/domain.xml" || fail "$(cat "$scratch/virsh.out")"
grep -A 20 'huge' "/proc/$guest_pid/smaps" | grep -q '^KernelPageSize: *2048 kB' ||
	fail "the memory of the domain is not made of huge pages"
audit --guest "$guest_pid"
expect hugepages.count "pass not-applicable"
echo passed
