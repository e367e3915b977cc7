/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_hyperv_more.c - rows about enlightenments beyond the guide, and hiding their clock. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_hyperv_more[];

const struct tweak catalogue_hyperv_more[] = {
	{
		.id = "xml.hv-ipi",
		.section = "",
		.title = "Interrupts between vCPUs by hypercall",
		.claim = "",
		.today = "One hypercall interrupts many vCPUs, where the APIC takes an exit for "
			"each. Since libvirt 4.10 and QEMU 3.1. Hardware that sends them itself "
			"(AVIC, IPI virtualization) does not need it.",
		.detect = "ipi in the configuration; number of vCPUs; avic, enable_ipiv of KVM",
		.proof = "hypercalls that send interrupts against writes of the APIC",
		.standing = STANDING_BEYOND,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, DOMAIN_XML),
	},
	{
		.id = "xml.hv-evmcs",
		.section = "",
		.title = "Enlightened VMCS for a nested Hyper-V",
		.claim = "",
		.today = "Only for a Hyper-V inside the guest (VBS, WSL), and only on Intel. Some "
			"of its features, posted interrupts among them, are off then: measure "
			"both ways.",
		.detect = "evmcs in the configuration; vendor of the CPU",
		.proof = "exits of the nested guest per second",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = {
				[CHANGE_XML] = "-features/hyperv/evmcs",
				[CHANGE_PROXMOX] = "qm set {vmid} --cpu host",
				[CHANGE_QEMU] = "the value of -cpu without hv-evmcs",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "xml.hv-stimer-direct",
		.section = "",
		.title = "Direct mode of synthetic timers",
		.claim = "",
		.today = "A Hyper-V inside the guest can use synthetic timers in direct mode "
			"only. Since libvirt 5.7 and QEMU 4.1.",
		.detect = "direct of stimer in the configuration; whether the guest may nest",
		.proof = "events of KVM about synthetic timers that interrupt directly",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "Some setups with a nested Hyper-V did not boot with it: keep the "
				"former configuration.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, DOMAIN_XML),
	},
	{
		.id = "xml.hv-avic",
		.section = "",
		.title = "SynIC beside APICv or AVIC",
		.claim = "",
		.today = "Lets Windows use the SynIC while hardware delivers the interrupts. "
			"Since libvirt 8.10 and QEMU 6.2. On hosts without APICv or AVIC it "
			"makes interrupts slower.",
		.detect = "avic in the configuration; enable_apicv of kvm_intel, avic of kvm_amd",
		.proof = "posted interrupts in /proc/interrupts",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = {
				[CHANGE_XML] = "-features/hyperv/avic",
				[CHANGE_QEMU] = "the value of -cpu without hv-avic",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, DOMAIN_XML),
	},
	{
		.id = "xml.hv-newer",
		.section = "",
		.title = "Enlightenments of libvirt 10.7 and later",
		.claim = "",
		.today = "xmm_input passes arguments of hypercalls in registers; emsr_bitmap and "
			"direct TLB flushes serve a nested Hyper-V, extended ones large ranges. "
			"libvirt has the first two since 10.7, the TLB modes since 11.0; QEMU "
			"all since 7.1.",
		.detect = "the configuration; versions of libvirt and QEMU",
		.proof = "events of KVM about hypercalls",
		.standing = STANDING_BEYOND,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, "https://www.mail-archive.com/devel@lists.libvirt.org/msg05330.html"),
	},
	{
		.id = "xml.hv-passthrough",
		.section = "",
		.title = "All enlightenments of the host at once",
		.claim = "",
		.today = "A mode for development: what the guest has then depends on QEMU and "
			"kernel, and it cannot be migrated. A list of its own is as fast.",
		.detect = "mode of <hyperv>, hv-passthrough in the arguments",
		.proof = "none",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "Windows sees other hardware once more; it may ask for "
				"activation.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "xml.hv-nonarch",
		.section = "",
		.title = "A promise that nobody shares a core",
		.claim = "",
		.today = "Tells Windows that only the threads its topology shows share a core, so "
			"that it can leave out defences. True only with pinned vCPUs and a "
			"topology that matches.",
		.detect = "no-nonarch-coresharing in the arguments; pins of the vCPUs",
		.proof = "none",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "With the promise and without pins, Windows is open to attacks "
				"across threads of a core.",
			.change = {
				[CHANGE_QEMU] = "in the value of -cpu: hv-no-nonarch-coresharing=auto",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "guest.vbs",
		.section = "",
		.title = "Virtualization-based security of Windows",
		.claim = "",
		.today = "Memory Integrity makes Windows a guest of its own Hyper-V: each of its "
			"exits is handled twice. Seen in the guest only; the host can tell that "
			"it cannot be.",
		.detect = "nested of kvm_intel or kvm_amd; vmx and svm among the features of the "
			"guest CPU",
		.proof = "exits of the nested guest per second",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "in Windows: Settings, Device security, Core isolation: Memory "
				"integrity off",
			.risk = "It is a defence of Windows against attacks on its kernel: "
				"without it they get further.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV),
	},
	{
		.id = "hide.timers",
		.section = "Reducing VM presence",
		.title = "Hidden clock of Hyper-V",
		.claim = "Hide kvmclock and hypervclock; that may cost a little speed.",
		.today = "It costs the clock that is read without an exit, and QEMU refuses "
			"synthetic timers without it: the pair of the guide does not start.",
		.detect = "the timer hypervclock with present=no; stimer",
		.proof = "accesses to the ACPI timer and MSRs of clocks per second",
		.standing = STANDING_WRONG,
		.fix = {
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_HYPERV, "measured: arguments that libvirt 9.0 makes of the pair"),
	},
	{ .id = NULL },
};
