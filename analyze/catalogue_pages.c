/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_pages.c - rows about sizes of huge pages and the cost of transparent ones. */
#include "analyze/catalogue_refs.h"

#define HUGETLB       "https://docs.kernel.org/admin-guide/mm/hugetlbpage.html"
#define THP           "https://docs.kernel.org/admin-guide/mm/transhuge.html"
#define DOMAIN_FORMAT "https://libvirt.org/formatdomain.html#memory-backing"
#define DYNAMIC_PAGES "https://github.com/PassthroughPOST/VFIO-Tools"
#define SECTION       "Static Hugepages"

extern const struct tweak catalogue_pages[];

const struct tweak catalogue_pages[] = {
	{
		.id = "hugepages.default-size",
		.section = SECTION,
		.title = "Default size of huge pages",
		.claim = "Set default_hugepagesz=1G.",
		.today = "Right, and not needed where the guest names the size. Programs that ask for "
			 "huge pages without a size then get those of 1 GiB as well.",
		.detect = "default_hugepagesz= against Hugepagesize in /proc/meminfo, and the size the "
			  "guest names",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "A CPU without pdpe1gb has no pages of 1 GiB.",
			.change = { [CHANGE_BOOT] = "default_hugepagesz={size}" },
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(HUGETLB, DOMAIN_FORMAT),
	},
	{
		.id = "hugepages.size",
		.section = SECTION,
		.title = "Size of the pages reserved at boot",
		.claim = "Set hugepagesz=1G.",
		.today = "Right, as a pair: it says of what size the hugepages= behind it are.",
		.detect = "hugepagesz= and hugepages= on the kernel command line",
		.proof = "nr_hugepages of that size",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "kernel command line: {size} hugepages=N, one right behind the other; N "
				   "is the guest's memory divided by the size",
			.undo = "take hugepages= out again",
			.risk = "Reserved pages are lost to everything else.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(HUGETLB),
	},
	{
		.id = "hugepages.static-1g",
		.section = SECTION,
		.title = "Guest memory on static pages of 1 GiB",
		.claim = "Static huge pages of 1 GiB improve performance.",
		.today = "Right in direction. How much depends on the work: next to transparent huge "
			 "pages some found nothing, others a lot.",
		.detect = "page size the guest asks for, and of the running guest's memory in smaps; "
			  "loads at random places in the built-in guest",
		.proof = "KernelPageSize of guest memory; latency of random access on pages of each "
			 "size",
		.standing = STANDING_INCOMPLETE,
		.fix = { .needs = NEEDS_GUEST_RESTART },
		.refs = REFS(HUGETLB, DOMAIN_FORMAT, DYNAMIC_PAGES),
	},
	{
		.id = "hugepages.2m-fallback",
		.section = SECTION,
		.title = "Number of pages of 2 MiB",
		.claim = "Where the CPU has no pages of 1 GiB use those of 2 MiB, and calculate how "
			 "many.",
		.today = "Right; the guide gives no number. It is the guest's memory in MiB divided by "
			 "2, and no page more.",
		.detect = "memory of the guest, and the page size it asks for",
		.proof = "free pages before and after the guest starts",
		.standing = STANDING_INCOMPLETE,
		.refs = REFS(HUGETLB),
	},
	{
		.id = "thp.cost-claim",
		.section = SECTION,
		.title = "Waiting for memory to be compacted",
		.claim = "Transparent huge pages hinder performance, as they are made while programs "
			 "run.",
		.today = "Half right: what stalls is direct compaction, that is defrag=always, not the "
			 "pages as such.",
		.detect = "compact_stall in /proc/vmstat while the guest runs; a trace of the run",
		.proof = "compactions on the guest's CPUs at the time of a spike",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "echo defer+madvise | sudo tee "
			       "/sys/kernel/mm/transparent_hugepage/defrag",
			.persist = "echo 'w /sys/kernel/mm/transparent_hugepage/defrag - - - - "
				   "defer+madvise' | sudo tee "
				   "/etc/tmpfiles.d/vfiobench-thp-defrag.conf",
			.undo = "echo {old} | sudo tee /sys/kernel/mm/transparent_hugepage/defrag\n"
				"sudo rm /etc/tmpfiles.d/vfiobench-thp-defrag.conf",
			.risk = "Fewer programs get large pages at once.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(THP, "https://pingcap.com/blog/why-we-disable-linux-thp-feature-for-databases"),
	},
	{ .id = NULL },
};
