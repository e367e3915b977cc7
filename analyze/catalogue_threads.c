/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_threads.c - rows about kinds of cores, vhost workers, names and places of threads. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_threads[];

const struct tweak catalogue_threads[] = {
	{
		.id = "pin.hybrid",
		.section = "",
		.title = "Kinds of cores under the guest",
		.claim = "",
		.today = "On a hybrid CPU a guest over both kinds has vCPUs of two speeds and does "
			 "not know which; a game waits for the slow ones.",
		.detect = "cpu_core and cpu_atom of the kernel against the pins",
		.proof = "the same loop timed on a P core and on an E core",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPU, for each vCPU",
			.change[CHANGE_XML] = "cputune/vcpupin[vcpu=VCPU]@cpuset=CPU",
			.undo = "virsh vcpupin {guest} VCPU OLD-LIST, for each vCPU",
			.risk = "Isolation and interrupts have to follow the new CPUs.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://github.com/fabriziosalmi/proxmox-lxc-autoscale/issues/75",
			     "source: kernel, Documentation/ABI/testing/sysfs-devices-system-cpu"),
	},
	{
		.id = "pin.vhost",
		.section = "",
		.title = "CPUs of the vhost workers",
		.claim = "",
		.today = "The kernel's worker of a virtio network card belongs to the emulator "
			 "threads and moves with emulatorpin; without it packets stop a vCPU.",
		.detect = "affinity of threads named vhost-PID; a trace of the run",
		.proof = "their run time on the vCPUs' CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh emulatorpin {guest} {H}",
			.change[CHANGE_XML] = "cputune/emulatorpin@cpuset={H}",
			.undo = "virsh emulatorpin {guest} {old}",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://access.redhat.com/documentation/ru-ru/"
			     "red_hat_openstack_platform/13/html/"
			     "ovs-dpdk_end_to_end_troubleshooting_guide/"
			     "using_virsh_emulatorpin_in_virtual_environments_with_nfv",
			     DOMAIN_XML),
	},
	{
		.id = "pin.identify",
		.section = "",
		.title = "Names of the vCPU threads",
		.claim = "",
		.today = "QEMU calls all its threads alike unless it is told to name them; then only "
			 "KVM's debugfs tells which of them is which vCPU. libvirt and Proxmox tell it.",
		.detect = "names of the threads, else /sys/kernel/debug/kvm/*/vcpu*/pid",
		.proof = "none: it is what other rules stand on",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = {
				[CHANGE_QEMU] = "-name {guest},debug-threads=on",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: "
						   "add -name {guest},debug-threads=on",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: a QEMU without debug-threads shows its program's name for "
			     "each thread",
			     "https://www.qemu.org/docs/master/system/invocation.html"),
	},
	{
		.id = "pin.live-differs",
		.section = "",
		.title = "Pins of the running guest and of its configuration",
		.claim = "",
		.today = "Hooks, tools and hands move threads after the start; the pins in the XML "
			 "are then not those in force.",
		.detect = "affinity of the vCPU threads against <vcpupin>",
		.proof = "where the threads were seen in this run",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPUS --live",
			.persist = "Look for what moves them: hooks in /etc/libvirt/hooks, cset, "
				   "taskset in a start script.",
			.undo = "virsh vcpupin {guest} VCPU FORMER-CPUS --live",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "pin.impact-claim",
		.section = "CPU Pinning, Interrupts, Affinity, Governors, Topology, Isolating, and "
			   "Priorities",
		.title = "What pinning brings",
		.claim = "Interrupts and pinning are decisive: almost always below 800 us of DPC "
			 "latency afterwards.",
		.today = "Plausible, and no number that a host can check: what a tool in the guest "
			 "shows is seen there only.",
		.detect = "none",
		.proof = "run delay of the vCPU threads and the late wake-ups of a run, before and "
			 "after (vfiobench compare)",
		.standing = STANDING_RIGHT,
		.unseen = "A number from a tool inside the guest cannot be seen from the host; each "
			  "run reports the delay of the vCPUs, and compare shows what changed.",
		.refs = REFS("source: judgement"),
	},
	{
		.id = "todo.guide",
		.section = "Interrupts, Governors, and Affinity coming soon. I need sleep.",
		.title = "What the guide has still to say",
		.claim = "Interrupts, governors, systemd and the memory balloon are to follow.",
		.today = "They are rows of their own here: irq.*, cpu.governor, isol.dynamic, "
			 "mem.balloon.",
		.detect = "none",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.unseen = "A list of plans holds nothing to judge; the rows beyond the guide cover "
			  "what it names.",
		.refs = REFS("source: the guide"),
	},
	{ .id = NULL },
};
