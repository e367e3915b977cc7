/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_vm.c - rows about the host's memory management. */
#include "analyze/catalogue_refs.h"

#define SYSCTL_VM "https://docs.kernel.org/admin-guide/sysctl/vm.html"
#define TUNED     "source: tuned, profiles virtual-host and realtime-virtual-host"

extern const struct tweak catalogue_vm[];

const struct tweak catalogue_vm[] = {
	{
		.id = "mem.ksm",
		.section = "",
		.title = "Same-page merging on the host",
		.claim = "",
		.today = "ksmd scans memory on any CPU; a write to a merged page costs a fault. Memory on "
			 "reserved huge pages is never merged. It pays where many like guests run.",
		.detect = "/sys/kernel/mm/ksm/run and pages_sharing; a trace of the run",
		.proof = "run time of ksmd on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo 2 | sudo tee /sys/kernel/mm/ksm/run",
			.persist = "sudo systemctl disable --now ksm ksmtuned (whichever is there)",
			.undo = "echo 1 | sudo tee /sys/kernel/mm/ksm/run",
			.risk = "Takes memory for all pages that were merged.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/mm/ksm.html", TUNED),
	},
	{
		.id = "mem.swap",
		.section = "",
		.title = "Swapped memory of the guest",
		.claim = "",
		.today = "A page of the guest that comes back from a disk costs it milliseconds. Reserved "
			 "huge pages and memory that VFIO holds cannot be swapped out.",
		.detect = "VmSwap of QEMU; a trace of the run",
		.proof = "pages swapped in, and major faults of QEMU, during the run",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_SYSCTL] = "vm.swappiness=10" },
			.risk = "The host drops its caches sooner. Reserved huge pages cure it for good "
				"(mem.backing-hugepages).",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTL_VM, TUNED),
	},
	{
		.id = "mem.compaction",
		.section = "",
		.title = "Compaction of memory while the guest runs",
		.claim = "",
		.today = "The kernel moves pages to make large blocks; its own page warns of latency. It "
			 "can be told not to do so ahead of need.",
		.detect = "compact_stall and compact_daemon_wake of /proc/vmstat during a run; "
			  "a trace of the run",
		.proof = "compaction events at the times of long wake-ups",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_SYSCTL] = "vm.compaction_proactiveness=0" },
			.risk = "Large blocks are rarer later on; reserve huge pages at boot.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTL_VM),
	},
	{
		.id = "mem.psi",
		.section = "",
		.title = "Shortage of memory on the host",
		.claim = "",
		.today = "The kernel says how much of the time tasks waited for memory, CPUs or disks.",
		.detect = "/proc/pressure",
		.proof = "the same during a run",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Leave the host more memory: fewer reserved pages, or a smaller guest.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://docs.kernel.org/accounting/psi.html"),
	},
	{
		.id = "vm.stat-interval",
		.section = "",
		.title = "Folding of memory counters",
		.claim = "",
		.today = "Every vm.stat_interval seconds each busy CPU folds its counters. CPUs without a "
			 "tick are mostly spared.",
		.detect = "vm.stat_interval; a trace of the run",
		.proof = "work item vmstat_update on the guest's CPUs in a trace",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_SYSCTL] = "vm.stat_interval=10",
			.risk = "Counters of memory that programs read are up to ten seconds old.",
		},
		.refs = REFS(SYSCTL_VM, "https://docs.kernel.org/admin-guide/kernel-per-CPU-kthreads.html"),
	},
	{
		.id = "vm.dirty",
		.section = "",
		.title = "Amount of data written back at once",
		.claim = "",
		.today = "The limits are shares of memory: on a large host gigabytes are collected and then "
			 "written in one burst of work items and interrupts.",
		.detect = "vm.dirty_background_ratio and _bytes, and the size of memory; "
			  "a trace of the run",
		.proof = "writeback and disk interrupts at the times of long wake-ups",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_SYSCTL] = "vm.dirty_background_bytes=268435456" },
			.undo = "sudo sysctl -w vm.dirty_background_ratio=10, and take the line out of "
				"/etc/sysctl.d/99-vfiobench.conf",
			.risk = "Copying to slow disks is throttled sooner.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTL_VM, TUNED),
	},
	{ .id = NULL },
};
