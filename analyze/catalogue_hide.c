/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_hide.c - rows about hiding the virtual machine, and what that costs. */
#include "analyze/catalogue_refs.h"

#define SECTION "Reducing VM presence"

extern const struct tweak catalogue_hide[];

const struct tweak catalogue_hide[] = {
	{
		.id = "hide.disclaimer",
		.section = SECTION,
		.title = "Limits of hiding",
		.claim = "A virtual machine is easy to detect; do not use one in exams and "
			"tournaments.",
		.today = "Right. What hiding costs in latency is told here, how to hide is not.",
		.detect = "not looked for",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "Whether a guest is recognised is no question of latency.",
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "hide.remove-devices",
		.section = SECTION,
		.title = "Emulated devices beside a passed-through card",
		.claim = "Remove SPICE, serial ports and what is not used.",
		.today = "Right for latency too: an emulated display, a USB tablet and USB "
			"redirection wake the main loop of QEMU.",
		.detect = "displays, input devices and USB redirections in the configuration; "
			"class of the devices passed through",
		.proof = "wake-ups of the main loop of QEMU per second",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "The window of the guest stays black: have a screen on the "
				"passed-through card, and keyboard and mouse by evdev or USB, "
				"first.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://libvirt.org/kbase/kvm-realtime.html"),
	},
	{
		.id = "hide.smbios",
		.section = SECTION,
		.title = "SMBIOS of the host in the guest",
		.claim = "Let the guest have the SMBIOS of the host.",
		.today = "Works where the host has one, and gives serial numbers of the host to "
			"the guest.",
		.detect = "smbios mode in the configuration; SMBIOS tables of the host",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "os/smbios@mode=emulate",
				[CHANGE_QEMU] = "no -smbios with values of the host",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "measured: libvirt 9.0 on a host without SMBIOS"),
	},
	{
		.id = "hide.kvm-hidden",
		.section = SECTION,
		.title = "Hidden KVM",
		.claim = "Hide the KVM leaf.",
		.today = "Windows with enlightenments does not look for KVM. Linux in the guest "
			"loses its clock and cheap ends of interrupts. As printed in the guide "
			"the element is not closed.",
		.detect = "hidden of kvm in the configuration, kvm=off in the arguments",
		.proof = "clocksource of the guest; exits for ends of interrupts",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_XML] = "features/kvm/hidden@state=off",
				[CHANGE_PROXMOX] = "qm set {vmid} --cpu host",
				[CHANGE_QEMU] = "the value of -cpu without kvm=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "measured: virt-xml-validate on the lines of the guide"),
	},
	{
		.id = "hide.hypervisor-bit",
		.section = SECTION,
		.title = "CPU bit of hypervisors",
		.claim = "Take the CPU feature hypervisor away.",
		.today = "It undoes the whole list of enlightenments: Windows looks for them only "
			"where the bit is set.",
		.detect = "hypervisor among the features of the guest CPU",
		.proof = "hypercalls of Hyper-V, none; exits for time and interrupts instead",
		.standing = STANDING_WRONG,
		.fix = {
			.risk = "Programs that refuse to run in a virtual machine see it again.",
			.change = {
				[CHANGE_XML] = "cpu/feature[name=hypervisor]@policy=require",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf: no -hypervisor in "
					"the lines cpu and args",
				[CHANGE_QEMU] = "the value of -cpu without -hypervisor and "
					"hypervisor=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://www.qemu.org/docs/master/system/i386/hyperv.html"),
	},
	{ .id = NULL },
};
