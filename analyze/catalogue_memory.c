/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_memory.c - rows about huge pages and what backs guest memory. */
#include "analyze/catalogue_refs.h"

#define HUGETLB       "https://docs.kernel.org/admin-guide/mm/hugetlbpage.html"
#define THP           "https://docs.kernel.org/admin-guide/mm/transhuge.html"
#define DOMAIN_FORMAT "https://libvirt.org/formatdomain.html#memory-backing"
#define SECTION       "Static Hugepages"

extern const struct tweak catalogue_memory[];

const struct tweak catalogue_memory[] = {
	{
		.id = "hugepages.count",
		.section = SECTION,
		.title = "Huge pages reserved for the guest",
		.claim = "Reserve the pages at boot with hugepagesz=1G hugepages=14.",
		.today = "Right. Pages can also be reserved per NUMA node and, for 2 MiB pages and "
			 "some luck, at run time.",
		.detect = "nr_hugepages, free_hugepages and resv_hugepages against the guest's memory",
		.proof = "free pages before and after the guest starts",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "echo {want} | sudo tee "
			       "/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.change = { [CHANGE_BOOT] = "hugepagesz={size} hugepages={want}" },
			.undo = "echo {old} | sudo tee "
				"/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.risk = "Reserved pages are lost to everything else. The kernel adds what it can "
				"find without an error: read the file again to see how many there are.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(HUGETLB),
	},
	{
		.id = "hugepages.headroom",
		.section = SECTION,
		.title = "Huge pages reserved but never used",
		.claim = "Reserve some more pages than the guest has memory, or it fails to start.",
		.today = "Wrong: a guest takes exactly its memory divided by the page size. Where it "
			 "fails, pages lie on another node, or somebody else holds them.",
		.detect = "free pages once the guest runs, or beyond what it asks for",
		.proof = "free pages before and after the guest starts",
		.standing = STANDING_WRONG,
		.fix = {
			.now = "echo {want} | sudo tee "
			       "/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.change = { [CHANGE_BOOT] = "hugepagesz={size} hugepages={want}" },
			.undo = "echo {old} | sudo tee "
				"/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.risk = "Another guest may be meant to have them.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(HUGETLB, "measured: 8 MiB on 2 MiB pages took 4 pages"),
	},
	{
		.id = "hugepages.fragmentation",
		.section = SECTION,
		.title = "Free memory in blocks large enough for huge pages",
		.claim = "Allocating huge pages at boot fragments memory least.",
		.today = "Right: after some days of uptime free memory may no longer hold enough "
			 "contiguous blocks.",
		.detect = "/proc/buddyinfo against the pages that are still missing",
		.proof = "pages really added after writing nr_hugepages",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "echo 3 | sudo tee /proc/sys/vm/drop_caches\n"
			       "echo 1 | sudo tee /proc/sys/vm/compact_memory",
			.change = { [CHANGE_BOOT] = "hugepagesz={size} hugepages={want}" },
			.risk = "Dropping caches and compacting stalls the host for a moment: before the "
				"guest starts, not while it runs.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(HUGETLB, "https://docs.kernel.org/admin-guide/sysctl/vm.html"),
	},
	{
		.id = "hugepages.mount",
		.section = SECTION,
		.title = "Mount of hugetlbfs with the guest's page size",
		.claim = "Mount hugetlbfs from fstab to be sure that huge pages are allocated.",
		.today = "Wrong reason: mounting allocates nothing, and systemd mounts the default "
			 "size by itself. libvirt needs a mount of each page size that a guest uses.",
		.detect = "hugetlbfs in /proc/mounts and its pagesize",
		.proof = "libvirt starts the guest",
		.standing = STANDING_WRONG,
		.fix = {
			.now = "sudo mkdir -p /dev/hugepages-{kb}kB\n"
			       "sudo mount -t hugetlbfs -o pagesize={size} hugetlbfs "
			       "/dev/hugepages-{kb}kB\n"
			       "sudo systemctl try-restart libvirtd virtqemud",
			.persist = "echo 'hugetlbfs /dev/hugepages-{kb}kB hugetlbfs pagesize={size} 0 0' "
				   "| sudo tee -a /etc/fstab",
			.undo = "sudo umount /dev/hugepages-{kb}kB",
			.risk = "libvirt looks for mounts when it starts; restarting it leaves guests "
				"running.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(HUGETLB, DOMAIN_FORMAT),
	},
	{
		.id = "hugepages.pdpe1gb",
		.section = SECTION,
		.title = "Support of the CPU for pages of 1 GiB",
		.claim = "Check for pdpe1gb in /proc/cpuinfo; without it use 2 MiB pages.",
		.today = "Right.",
		.detect = "CPU flag pdpe1gb, and whether 1 GiB pages are asked for",
		.proof = "a page of 1 GiB can be reserved",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "Use pages of 2 MiB: hugepagesz=2M hugepages={want}, and "
				   "<page size='2' unit='M'/> in the guest's XML.",
			.undo = "put the former values back",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(HUGETLB),
	},
	{
		.id = "numa.hugepages-node",
		.section = "",
		.title = "Huge pages on the guest's NUMA node",
		.claim = "",
		.today = "Pages reserved without a node are spread over all of them; a guest bound to "
			 "one node then finds too few there.",
		.detect = "free_hugepages per node against the guest's memory and its nodes",
		.proof = "a guest with strict binding starts",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo {want} | sudo tee /sys/devices/system/node/node{node}/hugepages/"
			       "hugepages-{kb}kB/nr_hugepages",
			.change = { [CHANGE_BOOT] = "hugepagesz={size} hugepages={node}:{want}" },
			.undo = "echo {old} | sudo tee /sys/devices/system/node/node{node}/hugepages/"
				"hugepages-{kb}kB/nr_hugepages",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(HUGETLB, "https://docs.kernel.org/admin-guide/kernel-parameters.html"),
	},
	{
		.id = "mem.backing-hugepages",
		.section = SECTION,
		.title = "Guest memory on huge pages",
		.claim = "Add <memoryBacking><hugepages/> to the guest's XML.",
		.today = "Right. It replaces the second level of page walks by one of larger pages; "
			 "transparent huge pages come close where the guest's memory is mostly on "
			 "them.",
		.detect = "what the configuration asks for, and the page size of the running guest's "
			  "memory in smaps",
		.proof = "KernelPageSize of guest memory; random-access latency",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "echo {want} | sudo tee "
			       "/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.change = {
				[CHANGE_XML] = "memoryBacking/hugepages/page@size={kb}@unit=KiB",
				[CHANGE_PROXMOX] = "qm set {vmid} --numa 1 --hugepages {page_mib}",
				[CHANGE_QEMU] = "-object memory-backend-memfd,id=ram0,size={mib}M,"
						"hugetlb=on,hugetlbsize={size},prealloc=on "
						"-machine memory-backend=ram0",
				[CHANGE_BOOT] = "hugepagesz={size} hugepages={want}",
			},
			.undo = "take the huge pages out of the configuration again\n"
				"echo {old} | sudo tee "
				"/sys/kernel/mm/hugepages/hugepages-{kb}kB/nr_hugepages",
			.risk = "Memory reserved for the guest is lost to everything else; at run time "
				"the kernel may find fewer pages than asked for.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, HUGETLB),
	},
	{
		.id = "thp.never",
		.section = SECTION,
		.title = "Transparent huge pages for guest memory",
		.claim = "Switch transparent huge pages off: transparent_hugepage=never.",
		.today = "The source of that advice is about databases. For a guest that is not on "
			 "reserved huge pages it takes the only large pages it has; what stalls is "
			 "direct compaction, that is defrag=always.",
		.detect = "transparent_hugepage/enabled and defrag, and the guest's smaps",
		.proof = "AnonHugePages of the guest; compact_stall while it runs",
		.standing = STANDING_WRONG,
		.fix = {
			.now = "echo {mode} | sudo tee /sys/kernel/mm/transparent_hugepage/{file}",
			.change = { [CHANGE_BOOT] = "transparent_hugepage=madvise" },
			.undo = "echo {old} | sudo tee /sys/kernel/mm/transparent_hugepage/{file}",
			.risk = "Memory the guest has already is changed only slowly; restart the guest.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(THP, "measured: QEMU asks for them itself (madvise)"),
	},
	{ .id = NULL },
};
