/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_hyperv.c - rows about the enlightenments that the guide lists. */
#include "analyze/catalogue_refs.h"

#define SECTION       "Hyper-V enlightenments, APIC, SMM, IOAPIC driver, and vmport"
#define CONFIGURATION "the enlightenments of the configuration: <hyperv>, hv-… of -cpu"

extern const struct tweak catalogue_hyperv[];

const struct tweak catalogue_hyperv[] = {
	{
		.id = "hv.relaxed",
		.section = SECTION,
		.title = "Watchdogs of Windows in a guest",
		.claim = "Switch the enlightenment relaxed on.",
		.today = "Right. Windows then switches off watchdogs that would take a vCPU which "
			"had to wait for a hung one.",
		.detect = CONFIGURATION,
		.proof = "none on the host",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.vapic",
		.section = SECTION,
		.title = "Exit-less end of interrupt for Windows",
		.claim = "Switch the enlightenment vapic on.",
		.today = "Right. Windows ends interrupts by a write to memory instead of an exit; "
			"evmcs needs it too.",
		.detect = CONFIGURATION "; a trace of the run",
		.proof = "KVM events of ends of interrupts and APIC writes, per interrupt",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.spinlocks",
		.section = SECTION,
		.title = "Spins of Windows before it tells the host",
		.claim = "Switch the enlightenment spinlocks on, with 8191 retries.",
		.today = "Outdated as a rule for all: where vCPUs share CPUs 4095 is named, where "
			"each has its own the default, never to tell. Waiting for a lock whose "
			"holder runs is shorter than an exit.",
		.detect = "spinlocks and its retries in the configuration; pins of the vCPUs",
		.proof = "hypercalls that notify of a long wait; directed yields of KVM",
		.standing = STANDING_OUTDATED,
		.fix = {
			.risk = "Where vCPUs share CPUs with each other or with work of the host, "
				"a vCPU then spins while the holder of the lock waits.",
			.change = {
				[CHANGE_XML] = "-features/hyperv/spinlocks",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: -cpu "
					"with the whole value that Proxmox makes (qm showcmd "
					"{vmid}), without hv_spinlocks",
				[CHANGE_QEMU] = "the value of -cpu without hv-spinlocks",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, DOMAIN_XML),
	},
	{
		.id = "hv.vpindex",
		.section = SECTION,
		.title = "Numbers of the vCPUs for Hyper-V",
		.claim = "Switch the enlightenment vpindex on.",
		.today = "Right. synic, stimer, tlbflush and ipi need it: QEMU refuses them "
			"without.",
		.detect = CONFIGURATION,
		.proof = "none on the host",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.runtime",
		.section = SECTION,
		.title = "Run time of vCPUs that Windows can see",
		.claim = "Switch the enlightenment runtime on.",
		.today = "Right. Windows learns how much time the host took from a vCPU, and does "
			"not charge it to a thread.",
		.detect = CONFIGURATION,
		.proof = "none on the host",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.synic",
		.section = SECTION,
		.title = "Synthetic interrupt controller",
		.claim = "Switch the enlightenment synic on.",
		.today = "Incomplete. Synthetic timers need it, but by itself it makes KVM give "
			"up APICv or AVIC for the guest: where the host has one of them, avic "
			"belongs beside it.",
		.detect = "synic and avic in the configuration; enable_apicv of kvm_intel, avic "
			"of kvm_amd",
		.proof = "events of KVM about inhibited APICv; posted interrupts in "
			"/proc/interrupts",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.risk = "avic on a host without APICv or AVIC makes interrupts slower, "
				"not faster.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, "https://vulnerabilityhistory.org/commits/5c919412fe61c35947816fdbd5f7bd09fe0dd073"),
	},
	{
		.id = "hv.stimer",
		.section = SECTION,
		.title = "Synthetic timers",
		.claim = "Switch the enlightenment stimer on.",
		.today = "Right, and the one that matters most: without it Windows uses HPET or "
			"RTC. It needs vpindex, synic and hypervclock, which the guide takes "
			"away where it hides the machine; QEMU refuses that pair.",
		.detect = "stimer, what it needs, and the timer hypervclock in the configuration; "
			  "a trace of the run",
		.proof = "events of KVM about synthetic timers; accesses to RTC and HPET that are "
			"gone",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, "measured: arguments that libvirt 9.0 makes of the pair"),
	},
	{
		.id = "hv.reset",
		.section = SECTION,
		.title = "Reset through Hyper-V",
		.claim = "Switch the enlightenment reset on.",
		.today = "Not needed: Windows need not use it, and Hyper-V of today does not have "
			"it. It costs nothing.",
		.detect = CONFIGURATION,
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.vendor-id",
		.section = SECTION,
		.title = "Name of the hypervisor",
		.claim = "Set the vendor id to a word of twelve letters.",
		.today = "Harmless and without effect on speed. It holds twelve characters at "
			"most, and only NVIDIA drivers before 465 asked for it.",
		.detect = CONFIGURATION,
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.fix = {
			.change = {
				[CHANGE_XML] = "-features/hyperv/vendor_id",
				[CHANGE_QEMU] = "the value of -cpu without hv-vendor-id",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, DOMAIN_XML),
	},
	{
		.id = "hv.frequencies",
		.section = SECTION,
		.title = "Rates of TSC and APIC for Windows",
		.claim = "Switch the enlightenment frequencies on.",
		.today = "Right. Windows is told the rates instead of measuring them at boot.",
		.detect = CONFIGURATION,
		.proof = "none on the host",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.reenlightenment",
		.section = SECTION,
		.title = "Notes about a changed TSC after migration",
		.claim = "Switch the enlightenment reenlightenment on.",
		.today = "Needed only by a Hyper-V inside the guest, and only when the guest is "
			"migrated to a host with another TSC rate.",
		.detect = CONFIGURATION,
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hv.tlbflush",
		.section = SECTION,
		.title = "TLB flushes by hypercall",
		.claim = "Switch the enlightenment tlbflush on.",
		.today = "Right. KVM flushes for vCPUs that do not run when they run again, "
			"instead of waking them for it.",
		.detect = CONFIGURATION,
		.proof = "events of KVM about Hyper-V flushes, against exits for interrupts "
			"between vCPUs",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "On CPUs of before 2010 some Windows versions stop with a blue "
				"screen.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "clock.hypervclock",
		.section = "System and VM internal clock",
		.title = "Clock of Hyper-V",
		.claim = "Have the timer hypervclock present.",
		.today = "Right. Windows reads the time from a page of memory, without an exit; "
			"synthetic timers need it.",
		.detect = "the timer hypervclock in the configuration, hv-time in the arguments; "
			  "a trace of the run",
		.proof = "exits for accesses to the clock of Hyper-V, about none",
		.standing = STANDING_RIGHT,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{ .id = NULL },
};
