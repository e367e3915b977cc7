/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_machine.c - rows about the machine of the guest and its drivers. */
#include "analyze/catalogue_refs.h"

#define SECTION    "Hyper-V enlightenments, APIC, SMM, IOAPIC driver, and vmport"
#define NVIDIA_465 "https://linuxiac.com/nvidia-gpu-passthrough-to-windows-vm-from-linux-host"

extern const struct tweak catalogue_machine[];

const struct tweak catalogue_machine[] = {
	{
		.id = "machine.vmport",
		.section = SECTION,
		.title = "VMware port",
		.claim = "Switch vmport off.",
		.today = "Right, and of little weight: a port for tools of VMware that QEMU adds "
			"to each PC.",
		.detect = "vmport in the configuration; absent: on; a trace of the run",
		.proof = "accesses to port 0x5658",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "features/vmport@state=off",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: "
					"-machine vmport=off",
				[CHANGE_QEMU] = "-machine …,vmport=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "machine.smm",
		.section = SECTION,
		.title = "System management mode of the guest",
		.claim = "Switch smm on.",
		.today = "Needed by firmware with secure boot and by nothing else.",
		.detect = "smm and the firmware in the configuration",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.risk = "Firmware built to require SMM does not start without: then put "
				"it back.",
			.change = {
				[CHANGE_XML] = "features/smm@state=off",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: "
					"-machine smm=off",
				[CHANGE_QEMU] = "-machine …,smm=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "machine.ioapic-kvm",
		.section = SECTION,
		.title = "Place of the I/O APIC",
		.claim = "Set the I/O APIC driver to kvm.",
		.today = "It is the default of KVM guests. The other one, in QEMU, is for guests "
			"with an IOMMU that remaps interrupts or with more than 255 vCPUs.",
		.detect = "ioapic in the configuration, kernel-irqchip in the arguments",
		.proof = "exits to QEMU for ends of interrupts",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "A guest with an IOMMU that remaps interrupts does not start with "
				"it.",
			.change = {
				[CHANGE_XML] = "features/ioapic@driver=kvm",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, line args: "
					"-machine kernel-irqchip=on",
				[CHANGE_QEMU] = "-machine …,kernel-irqchip=on",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "cpu.apic-eoi",
		.section = SECTION,
		.title = "KVM's end of interrupt",
		.claim = "AMD hosts might need eoi of the APIC on.",
		.today = "A feature that Linux guests use, on by default; Windows has vapic of "
			"Hyper-V. As printed in the guide the element is not closed.",
		.detect = "eoi of apic in the configuration, kvm-pv-eoi in the arguments",
		.proof = "exits for ends of interrupts",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_XML] = "features/apic@eoi=on",
				[CHANGE_QEMU] = "the value of -cpu without kvm-pv-eoi=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "measured: virt-xml-validate on the lines of the guide"),
	},
	{
		.id = "guest.virtio-drivers",
		.section = "virtio-scsi (and Virtio drivers)",
		.title = "Drivers of virtio in Windows",
		.claim = "Install the guest tools of virtio-win.",
		.today = "Right: Windows has no drivers of its own for virtio.",
		.detect = "not on the host",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "Which drivers Windows has is known in the guest only.",
		.refs = REFS("https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/"),
	},
	{
		.id = "guest.secureboot-whql",
		.section = "virtio-scsi (and Virtio drivers)",
		.title = "Signatures of virtio drivers",
		.claim = "With secure boot, Windows refuses the drivers that Fedora builds.",
		.today = "A matter of the guest; whether the builds of today carry a signature "
			"that Windows takes was not verified.",
		.detect = "not on the host",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "Whether Windows takes a driver is known in the guest only.",
		.refs = REFS("https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/"),
	},
	{
		.id = "nvidia.vendor-id",
		.section = "NVIDIA Drivers",
		.title = "Vendor id for NVIDIA drivers",
		.claim = "Drivers before 465 need another vendor id, or they end in error 43.",
		.today = "Outdated: drivers since 465 (2021) support passing a GeForce through.",
		.detect = "vendor_id in the configuration; vendor of the card",
		.proof = "none on the host",
		.standing = STANDING_OUTDATED,
		.fix = {
			.change = {
				[CHANGE_XML] = "-features/hyperv/vendor_id",
				[CHANGE_QEMU] = "the value of -cpu without hv-vendor-id",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(NVIDIA_465),
	},
	{
		.id = "nvidia.465",
		.section = "NVIDIA Drivers",
		.title = "NVIDIA driver 465",
		.claim = "The error is gone since driver 465.",
		.today = "Right.",
		.detect = "not on the host",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "Which driver Windows runs is known in the guest only.",
		.refs = REFS(NVIDIA_465),
	},
	{
		.id = "nvidia.hidden-history",
		.section = "NVIDIA Drivers",
		.title = "When NVIDIA stopped to look for KVM",
		.claim = "Hiding KVM is not needed since driver 393, or so.",
		.today = "Moot since 465; the guide itself does not know the number.",
		.detect = "not on the host",
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.unseen = "A piece of history, no setting of today.",
		.refs = REFS(NVIDIA_465),
	},
	{ .id = NULL },
};
