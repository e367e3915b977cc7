/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_noise.c - rows about what interrupts and slows the guest's CPUs. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_noise[];

const struct tweak catalogue_noise[] = {
	{
		.id = "softirq.net-block",
		.section = "",
		.title = "Softirqs of network and disks on the guest's CPUs",
		.claim = "",
		.today = "They run where the interrupt of the device arrives, or where packet steering sends "
			 "them.",
		.detect = "/proc/softirqs over the run; a trace of the run",
		.proof = "softirqs per second on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for f in /sys/class/net/*/queues/rx-*/rps_cpus; do echo {HM} | sudo tee \"$f\"; "
			       "done",
			.persist = "Move the interrupts of the devices first: see irq.host-on-g.",
			.undo = "for f in /sys/class/net/*/queues/rx-*/rps_cpus; do echo 0 | sudo tee \"$f\"; "
				"done",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(PER_CPU_KTHREADS,
			     "https://docs.kernel.org/networking/scaling.html"),
	},
	{
		.id = "ipi.sources",
		.section = "",
		.title = "Interrupts from other CPUs",
		.claim = "",
		.today = "Unmapping memory that QEMU shares, loading modules, switching tracers and some "
			 "system calls (membarrier) interrupt every CPU that could have to know.",
		.detect = "lines TLB and CAL of /proc/interrupts over the run; a trace of the run",
		.proof = "the callers in a trace",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Look for who does it: with a trace of ipi:ipi_send_cpumask, or by stopping "
				   "programs one by one. Tracers count too.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(NO_HZ),
	},
	{
		.id = "timer.migration",
		.section = "",
		.title = "Timers that others set",
		.claim = "",
		.today = "A timer fires on the CPU it was set on, or on a busy one where idle CPUs hand "
			 "theirs on. Timers set before isolation stay.",
		.detect = "kernel.timer_migration; a trace of the run",
		.proof = "timers that fire on the guest's CPUs in a trace, by function",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_SYSCTL] = "kernel.timer_migration=0",
			.risk = "Idle CPUs of the host are woken by their own timers: a little more power.",
		},
		.refs = REFS(PER_CPU_KTHREADS),
	},
	{
		.id = "smi.count",
		.section = "",
		.title = "System management interrupts",
		.claim = "",
		.today = "The firmware can stop all CPUs for its own purposes, for microseconds to "
			 "milliseconds; no operating system sees it but by the missing time.",
		.detect = "the CPU's counter of them (perf, msr/smi) over the run, or gaps of several "
			  "spinning CPUs that began together and have no cause in a trace",
		.proof = "the same",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "In the firmware: switch off USB legacy support, and look for power "
				   "and fan control of its own; update it.",
			.risk = "Without USB legacy support keyboards may not work in the firmware's "
				"menus and the boot loader.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://mpolednik.github.io/2016/09/19/real-time-host-in-ovirt/"),
	},
	{
		.id = "kvm.halt-poll",
		.section = "",
		.title = "Polling when a vCPU halts",
		.claim = "",
		.today = "KVM polls a while before it lets a halted vCPU sleep: wake-ups get faster and the "
			 "core stays busy. Whether that pays is a ratio, not a matter of the CPU's maker.",
		.detect = "kvm.halt_poll_ns, and KVM's counters over the run",
		.proof = "share of polls that met a wake-up",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo 0 | sudo tee /sys/module/kvm/parameters/halt_poll_ns",
			.change = { [CHANGE_MODPROBE] = "options kvm halt_poll_ns=0" },
			.undo = "echo 200000 | sudo tee /sys/module/kvm/parameters/halt_poll_ns",
			.risk = "Wake-ups of the guest take some microseconds longer: measure both.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/virt/kvm/halt-polling.html"),
	},
	{
		.id = "freq.turbo-thermal",
		.section = "",
		.title = "Throttling of hot cores",
		.claim = "",
		.today = "A core that gets too hot is slowed down by the hardware, at any setting.",
		.detect = "thermal_throttle counts over the run",
		.proof = "the same",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Better cooling, or a lower power limit in the firmware.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: arch/x86/kernel/cpu/mce/therm_throt.c"),
	},
	{
		.id = "freq.epp-epb",
		.section = "",
		.title = "Energy bias of the guest's CPUs",
		.claim = "",
		.today = "Besides the governor a CPU has a bias between performance (0) and saving power "
			 "(15); siblings share it.",
		.detect = "energy_perf_bias of each CPU",
		.proof = "wake-up latency with both values",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for f in /sys/devices/system/cpu/cpu*/power/energy_perf_bias; do echo 0 | sudo "
			       "tee \"$f\"; done",
			.undo = "for f in /sys/devices/system/cpu/cpu*/power/energy_perf_bias; do echo 6 | sudo "
				"tee \"$f\"; done",
			.risk = "More heat.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/pm/intel_epb.html"),
	},
	{
		.id = "freq.conflict",
		.section = "",
		.title = "Programs that manage power",
		.claim = "",
		.today = "Two of them undo each other's settings, and yours.",
		.detect = "running programs",
		.proof = "a governor that changes during the run",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Keep one of them and stop the others for good: sudo systemctl disable --now "
				   "NAME",
			.undo = "sudo systemctl enable --now NAME",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://github.com/AdnanHodzic/auto-cpufreq/issues/295"),
	},
	{
		.id = "idle.dma-latency-held",
		.section = "",
		.title = "Programs that keep CPUs from sleeping",
		.claim = "",
		.today = "A program that holds /dev/cpu_dma_latency open limits the idle states of all CPUs. "
			 "A limit for the guest's CPUs alone (pm_qos_resume_latency_us) is better.",
		.detect = "who holds the device open, and its value",
		.proof = "idle states in use, clock speed of busy cores",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "End that program, or configure it; for the guest's CPUs see idle.cstates.",
			.undo = "start it again",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/pm/cpuidle.html"),
	},
	{
		.id = "sched.autogroup",
		.section = "",
		.title = "Grouping of desktop tasks",
		.claim = "",
		.today = "Tasks of one terminal share one turn of the scheduler. Guests of libvirt and "
			 "Proxmox are in groups of their own.",
		.detect = "kernel.sched_autogroup_enabled",
		.proof = "run delay of the vCPUs with both settings",
		.standing = STANDING_BEYOND,
		.unseen = "It is no question where vCPUs have CPUs of their own; elsewhere only a run with "
			  "each setting tells.",
		.refs = REFS("https://man7.org/linux/man-pages/man7/sched.7.html"),
	},
	{
		.id = "host.compositor",
		.section = "",
		.title = "Load of the host's desktop",
		.claim = "",
		.today = "What the host's own programs do on its CPUs slows emulator and disk threads.",
		.detect = "programs of the desktop among what held up the vCPUs, or the threads that "
			  "were to wake them, in a trace",
		.proof = "run delay of the emulator and its threads",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Keep the desktop off the CPUs of the guest and of QEMU's threads: "
				   "systemctl set-property user.slice AllowedCPUs=… (see isol.dynamic), "
				   "or give QEMU's threads CPUs of their own (pin.emulator, "
				   "pin.iothread).",
			.risk = "The desktop has fewer CPUs.",
		},
		.refs = REFS("https://docs.kernel.org/scheduler/sched-stats.html"),
	},
	{ .id = NULL },
};
