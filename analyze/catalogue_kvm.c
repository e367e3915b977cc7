/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_kvm.c - rows about parameters of KVM and mitigations. */
#include "analyze/catalogue_refs.h"

#define SECTION "Important files modified or added"
#define TUNED   "source: tuned, profile realtime-virtual-host"

extern const struct tweak catalogue_kvm[];

const struct tweak catalogue_kvm[] = {
	{
		.id = "kvm.ignore-msrs",
		.section = SECTION,
		.title = "Registers that KVM does not have",
		.claim = "Ignore accesses to unknown registers with ignore_msrs=1, which cures bug checks "
			 "of Windows guests.",
		.today = "KVM of today knows more registers and the guest is told with an exception of "
			 "those it does not. Ignoring them hides real faults: only for a guest that stops "
			 "without it.",
		.detect = "kvm.ignore_msrs, and unhandled accesses in the kernel's log",
		.proof = "the log line of the access that the guest stopped at",
		.standing = STANDING_OUTDATED,
		.fix = {
			.now = "echo N | sudo tee /sys/module/kvm/parameters/ignore_msrs",
			.change = { [CHANGE_MODPROBE] = "options kvm ignore_msrs=0" },
			.undo = "echo Y | sudo tee /sys/module/kvm/parameters/ignore_msrs, and take the "
				"line out of modprobe.d",
			.risk = "A guest that needs it stops with a bug check: start it once and look.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "kvm.report-ignored-msrs",
		.section = SECTION,
		.title = "Reports of ignored registers",
		.claim = "Keep the log clean with report_ignored_msrs=0.",
		.today = "Convenient, but it takes away the only evidence of whether ignoring is needed.",
		.detect = "kvm.report_ignored_msrs while kvm.ignore_msrs is on",
		.proof = "lines of the log",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "echo Y | sudo tee /sys/module/kvm/parameters/report_ignored_msrs",
			.change = { [CHANGE_MODPROBE] = "options kvm report_ignored_msrs=1" },
			.undo = "echo N | sudo tee /sys/module/kvm/parameters/report_ignored_msrs",
			.risk = "The log fills up where a guest reads such a register often: switch it off "
				"again once it is known.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "kvm.nx-huge-pages",
		.section = SECTION,
		.title = "Splitting of huge pages that the guest executes",
		.claim = "Force the countermeasure with kvm.nx_huge_pages=force.",
		.today = "It splits what 1 GiB pages were reserved for into 4 KiB pages. KVM decides by "
			 "itself where the CPU needs it, against a guest that wants to hang the host; a "
			 "guest that is trusted needs none.",
		.detect = "kvm.nx_huge_pages against vulnerabilities/itlb_multihit",
		.proof = "nx_lpage_splits and pages_1g, pages_2m, pages_4k of KVM while the guest runs",
		.standing = STANDING_WRONG,
		.is_trade_off = true,
		.fix = {
			.now = "echo auto | sudo tee /sys/module/kvm/parameters/nx_huge_pages",
			.change = { [CHANGE_BOOT] = "-kvm.nx_huge_pages",
				    [CHANGE_MODPROBE] = "options kvm nx_huge_pages=auto" },
			.undo = "echo force | sudo tee /sys/module/kvm/parameters/nx_huge_pages",
			.risk = "For it: a guest that is not trusted cannot hang a CPU that has the fault. "
				"Against it: memory latency of the guest. auto is the kernel's own choice.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/hw-vuln/multihit.html",
			     KERNEL_PARAMETERS),
	},
	{
		.id = "kvm.pause-loop",
		.section = "",
		.title = "Exits of spinning vCPUs",
		.claim = "",
		.today = "A vCPU that spins leaves the guest so that another may run. With one vCPU for "
			 "each CPU there is no other.",
		.detect = "kvm_intel.ple_gap, kvm_amd.pause_filter_count; a trace of the run",
		.proof = "exits for PAUSE while the guest runs",
		.standing = STANDING_BEYOND,
		.refs = REFS(TUNED),
	},
	{
		.id = "kvm.clock-sync",
		.section = "",
		.title = "Periodic setting of the guest's clock",
		.claim = "",
		.today = "KVM makes all vCPUs take the host's time anew every 300 s. Only a real-time guest "
			 "minds.",
		.detect = "kvm.kvmclock_periodic_sync, and whether vCPUs have a real-time policy",
		.proof = "work item kvmclock_sync_fn in a trace",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_MODPROBE] = "options kvm kvmclock_periodic_sync=0" },
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS(TUNED),
	},
	{
		.id = "kvm.lapic-advance",
		.section = "",
		.title = "Advance of the guest's timer interrupts",
		.claim = "",
		.today = "KVM fires the guest's timer a little early by what it has learnt of its own delay.",
		.detect = "lapic_timer_advance, and lapic_timer_advance_ns of each vCPU in debugfs",
		.proof = "timer latency as the guest sees it",
		.standing = STANDING_BEYOND,
		.unseen = "It tunes itself: there is no value that could be right or wrong.",
		.refs = REFS("source: arch/x86/kvm/lapic.c"),
	},
	{
		.id = "kvm.min-timer",
		.section = "",
		.title = "Shortest timer of the guest",
		.claim = "",
		.today = "KVM makes periodic guest timers that are shorter than this longer. Windows sets "
			 "0.5 ms for multimedia.",
		.detect = "kvm.min_timer_period_us",
		.proof = "period of a timer as the guest sees it",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_MODPROBE] = "options kvm min_timer_period_us=200" },
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS("source: arch/x86/kvm/x86.c"),
	},
	{
		.id = "kvm.dirty-log",
		.section = "",
		.title = "Logging of dirty pages",
		.claim = "",
		.today = "While a guest is copied (migration, some backups) KVM tracks its writes by 4 KiB "
			 "pages and splits the large ones.",
		.detect = "exits because the log of written pages is full, in a trace (Intel's CPUs)",
		.proof = "pages_1g, pages_2m and pages_4k before and during",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh domjobinfo {guest}",
			.persist = "Let the migration, backup or snapshot come to its end, or end it "
				   "(virsh domjobabort {guest}); schedule backups for hours when the "
				   "guest is not in use.",
		},
		.refs = REFS("source: arch/x86/kvm/mmu/mmu.c"),
	},
	{
		.id = "mitig.state",
		.section = "",
		.title = "Weaknesses of the CPU and what is done about them",
		.claim = "",
		.today = "Most mitigations cost some of each system call or exit. Switching them off for a "
			 "guest that runs strangers' code gives the host away.",
		.detect = "/sys/devices/system/cpu/vulnerabilities",
		.proof = "cost of an exit with and without",
		.standing = STANDING_BEYOND,
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "mitig.l1d-flush",
		.section = "",
		.title = "Flush of the L1 cache on each entry",
		.claim = "",
		.today = "The default flushes only where it has to. 'always' does it on each entry.",
		.detect = "kvm_intel.vmentry_l1d_flush against vulnerabilities/l1tf",
		.proof = "l1d_flush of KVM per second, exit round trip",
		.standing = STANDING_BEYOND,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_MODPROBE] = "options kvm_intel vmentry_l1d_flush=cond" },
			.risk = "For it: nothing, on a CPU that l1tf does not affect. Against it: each entry "
				"starts with an empty cache.",
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/hw-vuln/l1tf.html"),
	},
	{
		.id = "split-lock",
		.section = "",
		.title = "Split locks of the guest",
		.claim = "",
		.today = "A locked access across two cache lines stops all CPUs for a moment; some games and "
			 "anti-cheat drivers do thousands. The kernel then slows the vCPU down by "
			 "milliseconds each time, which the guest sees as latency.",
		.detect = "lines of the kernel's log that name a vCPU",
		.proof = "gaps of a vCPU at the times of these lines",
		.standing = STANDING_BEYOND,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_SYSCTL] = "kernel.split_lock_mitigate=0" },
			.risk = "For the default: a program that does this on purpose cannot slow the whole "
				"host down. Against it: the guest is slowed down instead. Where the sysctl "
				"does not help: split_lock_detect=off on the kernel command line.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/sysctl/kernel.html",
			     "https://docs.kernel.org/arch/x86/buslock.html",
			     "https://github.com/kernelwernel/VMAware/pull/505",
			     "https://github.com/lf-edge/eve/pull/3611"),
	},
	{ .id = NULL },
};
