/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_cpu.c - rows about isolation, frequency, idle states and real-time scheduling. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_cpu[];

const struct tweak catalogue_cpu[] = {
	{
		.id = "cpu.isolcpus",
		.section = "Isolating the CPUs",
		.title = "Isolation of the guest's CPUs from the scheduler",
		.claim = "Isolate the pinned CPUs with isolcpus=LIST on the kernel command line.",
		.today = "It works, but is deprecated in favour of cpusets, cannot be undone until "
			 "the next boot, and the bare list leaves managed interrupts on these CPUs. "
			 "It also switches load balancing off: every vCPU then needs a CPU of its "
			 "own.",
		.detect = "/sys/devices/system/cpu/isolated against the guest's CPUs",
		.proof = "foreign context switches and run delay of the vCPU threads",
		.standing = STANDING_OUTDATED,
		.fix = {
			.change = { [CHANGE_BOOT] = "isolcpus=managed_irq,domain,{G}" },
			.risk = "Without load balancing a vCPU that may run on several CPUs stays on "
				"one of them: pin each vCPU to one CPU first.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS,
			     "https://docs.kernel.org/admin-guide/cgroup-v2.html",
			     "https://access.redhat.com/solutions/2884991"),
	},
	{
		.id = "cpu.nohz-full",
		.section = "Isolating the CPUs",
		.title = "Timer tick on the guest's CPUs",
		.claim = "Stop the tick there with nohz_full=LIST on the kernel command line.",
		.today = "Right, where the kernel is built with it. It needs exactly one runnable "
			 "thread per CPU, leaves about one tick per second, and makes entering and "
			 "leaving the kernel slightly dearer.",
		.detect = "/sys/devices/system/cpu/nohz_full; absent when it is not built in; "
			  "a trace of the run",
		.proof = "local timer interrupts per second on the guest's CPUs against CONFIG_HZ",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = { [CHANGE_BOOT] = "nohz_full={G}" },
			.risk = "Guests that exit often can lose: every exit costs more.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(NO_HZ, KERNEL_PARAMETERS),
	},
	{
		.id = "isol.list-mismatch",
		.section = "Isolating the CPUs",
		.title = "Agreement of pins and isolation lists",
		.claim = "One place of the guide isolates 1-4,7-10, another 0-3,6-9.",
		.today = "Two lists that differ leave vCPUs on CPUs that the host still uses, and "
			 "isolated CPUs that nobody uses. One list everywhere.",
		.detect = "isolated, nohz_full, rcu_nocbs and the pins of the vCPUs, as sets",
		.proof = "interrupts and context switches on guest CPUs that are not isolated",
		.standing = STANDING_WRONG,
		.fix = {
			.change = { [CHANGE_BOOT] = "isolcpus=managed_irq,domain,{G} nohz_full={G} rcu_nocbs={G}" },
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "isol.cpu0",
		.section = "Isolating the CPUs",
		.title = "Use of the boot CPU",
		.claim = "The second list of the guide holds CPU 0.",
		.today = "The boot CPU keeps time for all others: the kernel takes it out of "
			 "nohz_full by force, and its interrupts stay.",
		.detect = "CPU 0 in the guest's CPUs, in nohz_full= or in isolcpus=",
		.proof = "timer interrupts on CPU 0 against those on other guest CPUs",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "Choose cores for the guest without CPU 0 and its sibling, and use "
				   "that list for pins, isolcpus= and nohz_full=.",
			.undo = "put the former lists back and reboot",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS, NO_HZ),
	},
	{
		.id = "freq.governor",
		.section = "",
		.title = "Speed of the guest's cores",
		.claim = "",
		.today = "A governor that follows load sees a vCPU that halts often as idle and "
			 "clocks down between bursts. With active intel_pstate or amd-pstate, "
			 "powersave is not slow by itself: the energy preference decides.",
		.detect = "scaling_driver, scaling_governor and energy_performance_preference",
		.proof = "wake-up latency with both governors, one run each",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for c in {cpus}; do echo performance | sudo tee "
			       "/sys/devices/system/cpu/cpu$c/cpufreq/{file}; done",
			.persist = "a governor service of the distribution (power-profiles-daemon: "
				   "powerprofilesctl set performance; tuned: tuned-adm profile "
				   "latency-performance)",
			.undo = "for c in {cpus}; do echo {old} | sudo tee "
				"/sys/devices/system/cpu/cpu$c/cpufreq/{file}; done",
			.risk = "More heat and power while idle.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/pm/intel_pstate.html",
			     "https://docs.kernel.org/admin-guide/pm/amd-pstate.html"),
	},
	{
		.id = "idle.cstates",
		.section = "",
		.title = "Depth of sleep of the guest's cores",
		.claim = "",
		.today = "Leaving a deep idle state takes up to hundreds of microseconds, which a "
			 "halted vCPU pays at every wake-up. A limit on the guest's CPUs alone "
			 "leaves the others their turbo.",
		.detect = "cpuidle states of the guest's CPUs: exit latency, disabled or not; "
			  "a trace of the run",
		.proof = "wake-up latency against the exit latency of the states",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for c in {cpus}; do echo {limit} | sudo tee "
			       "/sys/devices/system/cpu/cpu$c/power/pm_qos_resume_latency_us; done",
			.persist = "the same lines in a boot service or in the start hook of the guest",
			.undo = "for c in {cpus}; do echo 0 | sudo tee "
				"/sys/devices/system/cpu/cpu$c/power/pm_qos_resume_latency_us; done",
			.risk = "More heat; less turbo for the other cores.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/pm/cpuidle.html"),
	},
	{
		.id = "sched.rt-throttle",
		.section = "",
		.title = "Throttling of real-time vCPUs",
		.claim = "",
		.today = "vCPU threads of a real-time policy may use 950 ms of each second by "
			 "default; a busy one then loses 50 ms at a stretch.",
		.detect = "scheduling policy of the vCPU threads, kernel.sched_rt_runtime_us; "
			  "a trace of the run",
		.proof = "gaps of 50 ms each second in the run of the vCPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "sudo sysctl -w kernel.sched_rt_runtime_us=-1",
			.persist = "/etc/sysctl.d/60-vfiobench.conf: kernel.sched_rt_runtime_us = -1",
			.undo = "sudo sysctl -w kernel.sched_rt_runtime_us={old}",
			.risk = "A real-time thread that never sleeps then hangs its CPU: only with "
				"vCPUs on isolated CPUs. Ordinary scheduling of the vCPUs is safer.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/scheduler/sched-rt-group.html"),
	},
	{ .id = NULL },
};
