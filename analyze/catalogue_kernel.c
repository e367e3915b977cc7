/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_kernel.c - rows about the host's kernel: build, start, watchdogs. */
#include "analyze/catalogue_refs.h"

#define MINOR "Minor performance tweaks"

extern const struct tweak catalogue_kernel[];

const struct tweak catalogue_kernel[] = {
	{
		.id = "kernel.flavour",
		.section = MINOR,
		.title = "Kernel made for low latency",
		.claim = "Try a kernel made for low latency: xanmod or zen.",
		.today = "Unproven either way: such kernels change the tick, the scheduler and preemption "
			 "at once. Measured on the same host, one run each, it is a number.",
		.detect = "uname -r and -v",
		.proof = "wake-up latency at the high percentiles with both kernels",
		.standing = STANDING_INCOMPLETE,
		.unseen = "One host runs one kernel at a time: only a run with each of two tells.",
		.refs = REFS("https://xanmod.org/"),
	},
	{
		.id = "kernel.rt",
		.section = MINOR,
		.title = "Real-time kernel",
		.claim = "Experiment with real-time kernels.",
		.today = "It bounds the longest wake-ups and costs throughput; some graphics drivers "
			 "refuse it. libvirt's page on real time asks for one.",
		.detect = "CONFIG_PREEMPT_RT",
		.proof = "longest wake-ups with both kernels",
		.standing = STANDING_INCOMPLETE,
		.unseen = "One host runs one kernel at a time: only a run with each of two tells.",
		.refs = REFS("https://libvirt.org/kbase/kvm-realtime.html"),
	},
	{
		.id = "kernel.preempt",
		.section = "",
		.title = "Preemption model of the kernel",
		.claim = "",
		.today = "With 'none' and 'voluntary' a system call on a CPU delays what wants to run there "
			 "until it comes to a point of rest. Many kernels can be switched at boot.",
		.detect = "/sys/kernel/debug/sched/preempt",
		.proof = "longest wake-ups with both models",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo full | sudo tee /sys/kernel/debug/sched/preempt",
			.change = { [CHANGE_BOOT] = "preempt=full" },
			.undo = "echo voluntary | sudo tee /sys/kernel/debug/sched/preempt, and take the "
				"argument away",
			.risk = "Some throughput. Needs a kernel with CONFIG_PREEMPT_DYNAMIC.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "kernel.hz-config",
		.section = "",
		.title = "Build options that isolation needs",
		.claim = "",
		.today = "nohz_full=, rcu_nocbs= and isolcpus= are ignored by a kernel that was built "
			 "without them.",
		.detect = "/proc/config.gz or /boot/config-*, against the command line",
		.proof = "/sys/devices/system/cpu/nohz_full and isolated",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "Or use a kernel that is built with them: those of most distributions are.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://docs.kernel.org/timers/no_hz.html"),
	},
	{
		.id = "kernel.debug-cost",
		.section = "",
		.title = "Debugging of the kernel that costs time",
		.claim = "",
		.today = "Lock and memory checkers make each path of the kernel several times slower; a "
			 "tracer that was left on costs with every event.",
		.detect = "build options; current_tracer and set_event of tracefs",
		.proof = "wake-up latency with and without",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo nop | sudo tee /sys/kernel/tracing/current_tracer\n"
			       "echo | sudo tee /sys/kernel/tracing/set_event",
			.persist = "Use a kernel that is built without these options.",
			.undo = "switch the tracer on again",
			.risk = "Somebody may be tracing on purpose.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/trace/ftrace.html"),
	},
	{
		.id = "wdt.lockup",
		.section = "",
		.title = "Lockup detectors on the guest's CPUs",
		.claim = "",
		.today = "They are what wakes a CPU every few seconds, and what the guide meant with "
			 "iTCO_wdt. They can be kept to the host's CPUs; nohz_full= does so.",
		.detect = "kernel.watchdog and kernel.watchdog_cpumask; a trace of the run",
		.proof = "the watchdog's timer on the guest's CPUs in a trace",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_SYSCTL] = "kernel.watchdog_cpumask={H}" },
			.risk = "A lockup of the guest's CPUs is not noticed any more.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/lockup-watchdogs.html",
			     "https://docs.kernel.org/admin-guide/sysctl/kernel.html"),
	},
	{
		.id = "boot.update-loader",
		.section = "Isolating the CPUs",
		.title = "Arguments that wait for a reboot",
		.claim = "Update the boot loader and reboot.",
		.today = "Right: an argument that is only in a file does nothing.",
		.detect = "the arguments in the boot loader's files against /proc/cmdline",
		.proof = "the two agree after a reboot",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "Let the boot loader read its files again (update-grub, grub-mkconfig, "
				   "proxmox-boot-tool refresh), then reboot.",
			.undo = "none needed",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{ .id = NULL },
};
