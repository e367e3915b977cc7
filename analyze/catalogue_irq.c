/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_irq.c - rows about device interrupts, which the guide leaves as a task. */
#include "analyze/catalogue_refs.h"

#define IRQ_AFFINITY "https://docs.kernel.org/core-api/irq/irq-affinity.html"

extern const struct tweak catalogue_irq[];

const struct tweak catalogue_irq[] = {
	{
		.id = "irq.host-on-g",
		.section = "",
		.title = "Interrupts of host devices on the guest's CPUs",
		.claim = "",
		.today = "Each interrupt of a disk, network card or USB controller of the host that "
			 "arrives on a vCPU's CPU throws the guest out and runs a handler in its "
			 "time. Isolation alone does not move interrupts that are there already.",
		.detect = "/proc/irq/N/effective_affinity_list of numbered interrupts that are not "
			  "vfio's; a trace of the run",
		.proof = "interrupts per second on the guest's CPUs while it runs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo {H} | sudo tee /proc/irq/N/smp_affinity_list, for each",
			.change = { [CHANGE_BOOT] = "irqaffinity={H}" },
			.undo = "echo OLD-LIST | sudo tee /proc/irq/N/smp_affinity_list, for each",
			.risk = "Lost when the driver or the host starts again, and irqbalance may "
				"move them back. A write that fails with an input/output error or "
				"'not permitted' is a managed interrupt: see irq.managed.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(IRQ_AFFINITY, KERNEL_PARAMETERS),
	},
	{
		.id = "irq.managed",
		.section = "",
		.title = "Interrupts on the guest's CPUs that cannot be moved",
		.claim = "",
		.today = "Disks and network cards with a queue for each CPU have managed interrupts: "
			 "the kernel spreads them and refuses another affinity. They fire on a "
			 "guest's CPU when something on that CPU uses the device.",
		.detect = "whether the kernel accepts a new affinity; effective affinity; "
			  "a trace of the run",
		.proof = "interrupts per second on the guest's CPUs while it runs",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_BOOT] = "isolcpus=managed_irq,domain,{G}" },
			.risk = "Best effort: only a queue that has a CPU of the host too is kept off; "
				"else the device needs fewer queues (ethtool -L, "
				"virtio_blk.num_request_queues=1). "
				"Isolated CPUs are not balanced: pin each vCPU to one CPU first.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS,
			     "measured: of nineteen device interrupts the managed queue of a virtio "
			     "disk refused another affinity, the others took it"),
	},
	{
		.id = "irq.irqbalance",
		.section = "",
		.title = "irqbalance and the guest's CPUs",
		.claim = "",
		.today = "irqbalance moves interrupts every ten seconds. It keeps off isolated and "
			 "tickless CPUs by itself, but does not know CPUs that are set apart by "
			 "cgroups, and a list in its settings replaces that knowledge.",
		.detect = "the running process, IRQBALANCE_BANNED_CPULIST and _CPUS, isolated and "
			  "tickless CPUs",
		.proof = "interrupts that come back to the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo IRQBALANCE_BANNED_CPULIST={ban} | sudo tee -a "
			       "/etc/default/irqbalance\n"
			       "sudo systemctl restart irqbalance",
			.persist = "The same file; on Fedora, openSUSE and RHEL it is "
				   "/etc/sysconfig/irqbalance, on Arch /etc/irqbalance.env.",
			.undo = "take the line out again and restart irqbalance",
			.risk = "IRQBALANCE_BANNED_CPULIST needs irqbalance 1.8; older ones take a hex "
				"mask in IRQBALANCE_BANNED_CPUS.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://manpages.debian.org/bookworm/irqbalance/irqbalance.1.en.html",
			     "https://github.com/Irqbalance/irqbalance/pull/90",
			     "https://github.com/Irqbalance/irqbalance/issues/297"),
	},
	{
		.id = "irq.vfio-placement",
		.section = "",
		.title = "CPUs that take the passed-through device's interrupts",
		.claim = "",
		.today = "Without posted interrupts the host takes the interrupt of a passed-through "
			 "device and hands it to the guest. It should arrive on the vCPU's CPU or on "
			 "one quiet CPU of the host, not on whichever is next. With posted "
			 "interrupts the counters stay at 0 while the device is busy.",
		.detect = "lines of /proc/interrupts named vfio-…, and PIN and PIW",
		.proof = "on how many CPUs each of them arrived, and how busy these were",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo CPU | sudo tee /proc/irq/N/smp_affinity_list, for each",
			.persist = "In a hook that runs after the guest has started: the guest's "
				   "driver makes these interrupts anew.",
			.undo = "echo OLD-LIST | sudo tee /proc/irq/N/smp_affinity_list, for each",
			.risk = "Lost whenever the guest's driver sets its interrupts up again, and "
				"irqbalance may move them.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(IRQ_AFFINITY, "https://blogs.oracle.com/linux/post/amd-avic"),
	},
	{ .id = NULL },
};
