/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_guestmisc.c - rows about nesting, TPM, performance counters and hints of a guest. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_guestmisc[];

const struct tweak catalogue_guestmisc[] = {
	{
		.id = "kvm.nested",
		.section = "Important files modified or added",
		.title = "Guests in the guest",
		.claim = "Load kvm_intel with nested=1, for Windows Sandbox and Application Guard.",
		.today = "Right, and the default today. What is missing: with Memory Integrity or VBS "
			 "on, Windows itself runs nested, and each of its exits costs a round trip "
			 "more.",
		.detect = "nested of kvm_intel or kvm_amd, vmx and svm of the guest's CPU",
		.proof = "nested_run of KVM: entries into a guest of the guest",
		.standing = STANDING_INCOMPLETE,
		.is_trade_off = true,
		.fix = {
			.persist = "In the guest: Memory Integrity (Core isolation) and VBS off; or take "
				   "nesting away from it:\n{edit}",
			.undo = "Switch Memory Integrity on again; take the line out again.",
			.risk = "For it: lower latency. Against it: Windows loses the wall between its "
				"kernel and its secrets, and WSL 2, Sandbox and Hyper-V need nesting.",
			.change = {
				[CHANGE_XML] = "cpu/feature[name={feature}]@policy=disable",
				[CHANGE_QEMU] = "-cpu …,{feature}=off (the other words stay)",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/kernel-parameters.html",
			     "https://docs.kernel.org/virt/kvm/x86/nested-vmx.html"),
	},
	{
		.id = "tpm.vtpm",
		.section = "Bitlocker",
		.title = "Virtual TPM",
		.claim = "Give the guest a TPM 2.0 of swtpm.",
		.today = "Right; Windows 11 wants one. It needs the program swtpm on the host and is "
			 "no question of latency. The alias of the XML shown is not kept.",
		.detect = "<tpm> or -tpmdev, and swtpm on the host",
		.proof = "the guest starts",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "Install swtpm and its tools: sudo apt install swtpm swtpm-tools "
				   "(Fedora: sudo dnf install swtpm swtpm-tools; Arch: sudo pacman -S "
				   "swtpm)",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("measured: libvirt 9.0 without swtpm, \"TPM version '2.0' is not "
			     "supported\"",
			     DOMAIN_XML),
	},
	{
		.id = "xml.pmu",
		.section = "",
		.title = "Performance counters of the guest",
		.claim = "",
		.today = "A virtual PMU costs a real-time guest exits and writes of registers at each "
			 "entry; other guests feel it only while they profile.",
		.detect = "<pmu> or pmu= of -cpu; real-time scheduling of the vCPUs",
		.proof = "exits on PMU registers",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = {
				[CHANGE_XML] = "features/pmu@state=off",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: add "
						   "-global host-x86_64-cpu.pmu=off",
				[CHANGE_QEMU] = "-cpu …,pmu=off (the other words stay)",
			},
			.risk = "No profiling with hardware counters in the guest.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://libvirt.org/kbase/kvm-realtime.html"),
	},
	{
		.id = "xml.kvm-hints",
		.section = "",
		.title = "Hint that the CPUs are the guest's alone",
		.claim = "",
		.today = "A Linux guest that knows its vCPUs are never taken away spins on locks as on "
			 "bare metal and skips detours through the host. Windows does not ask.",
		.detect = "<hint-dedicated> or kvm-hint-dedicated; pins and isolation of the CPUs",
		.proof = "none: it is the guest's own choice of locks",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = {
				[CHANGE_XML] = "features/kvm/hint-dedicated@state={state}",
				[CHANGE_QEMU] = "-cpu …,kvm-hint-dedicated={state} (the other words "
						"stay)",
			},
			.risk = "Only while no other task ever runs on these CPUs: else the guest spins "
				"on locks whose holder was taken off its CPU.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "https://docs.kernel.org/virt/kvm/x86/cpuid.html"),
	},
	{ .id = NULL },
};
