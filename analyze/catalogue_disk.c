/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_disk.c - rows about what the disks of the guest hang on. */
#include "analyze/catalogue_refs.h"

#define DOMAIN_FORMAT "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms"
#define IOTHREADS     "https://libvirt.org/formatdomain.html#iothreads-allocation"
#define PVE_DISKS     "https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_hard_disk"
#define SECTION       "virtio-scsi (and Virtio drivers)"

#define NEEDS_DRIVER                                                                        \
	"The guest needs the driver before its system disk moves (viostor for virtio-blk, " \
	"vioscsi for virtio-scsi), or Windows stops with INACCESSIBLE_BOOT_DEVICE: add a "  \
	"small second disk of the new kind, start once, then move."

extern const struct tweak catalogue_disk[];

const struct tweak catalogue_disk[] = {
	{
		.id = "disk.emulated-bus",
		.section = "Installation",
		.title = "Emulated controllers below disks",
		.claim = "Install on SATA first and change the disk to virtio later.",
		.today = "Right as a step of the installation; a disk that stays on SATA, IDE or USB "
			 "pays for every access to a register of the controller.",
		.detect = "bus of each disk in the guest's configuration; a trace of the run",
		.proof = "exits for MMIO and port I/O per request; run time of the emulator thread",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = NEEDS_DRIVER,
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --scsihw virtio-scsi-single\n"
						   "then detach the disk and attach it again as "
						   "scsi0 with iothread=1; name it in the boot order",
				[CHANGE_QEMU] = "-device virtio-blk-pci,drive=DRIVE in place of "
						"ide-hd or of a -drive without if=none",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "disk.detach-media",
		.section = "Installation",
		.title = "Installation media left in the drive",
		.claim = "Detach the installation media once the guest is installed.",
		.today = "Right, a small thing: the guest polls the drive for a change of media.",
		.detect = "removable disks with a medium",
		.proof = "wake-ups of QEMU's main loop",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "Not while the guest is being installed, or loads drivers from it.",
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --ide2 none,media=cdrom",
				[CHANGE_QEMU] = "leave out the -drive with the .iso",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "disk.virtio-scsi",
		.section = SECTION,
		.title = "Model of the SCSI controller",
		.claim = "Create a controller of model virtio-scsi for the disks.",
		.today = "Right; for one raw disk virtio-blk with an iothread is at least as good. "
			 "What costs is an emulated controller (lsilogic and the like).",
		.detect = "model of the controller that a SCSI disk hangs on",
		.proof = "exits per request",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = NEEDS_DRIVER,
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --scsihw virtio-scsi-single",
				[CHANGE_QEMU] = "-device virtio-scsi-pci,id=scsi0 in place of the "
						"emulated controller",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, PVE_DISKS),
	},
	{
		.id = "disk.scsi-queues",
		.section = SECTION,
		.title = "Queues of the virtio-scsi controller",
		.claim = "Set queues to at most the number of vCPUs; the author takes one less.",
		.today = "The limit is right, \"one less\" is folklore: libvirt names the number of "
			 "vCPUs as best, and QEMU 5.2 and later take it when nothing is told.",
		.detect = "queues of the controller against the vCPUs",
		.proof = "interrupts per queue in the guest",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --scsihw virtio-scsi-single",
				[CHANGE_QEMU] = "leave num_queues= of virtio-scsi-pci out",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://libvirt.org/formatdomain.html#controllers"),
	},
	{
		.id = "disk.iothread",
		.section = SECTION,
		.title = "Iothreads for disks",
		.claim = "Give the virtio-scsi controller <driver iothread=\"1\"/>.",
		.today = "Right but incomplete: without <iothreads>1</iothreads> libvirt refuses the "
			 "guest, and an iothread that nobody pins runs on the guest's CPUs.",
		.detect = "iothread= of disks and controllers, and how many iothreads there are",
		.proof = "threads named \"IO iothreadN\", their CPU and how long they wait for it",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.risk = "Pin the iothread to CPUs of the host (<iothreadpin>), or it may run "
				"on those of the guest.",
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --scsihw virtio-scsi-single\n"
						   "and iothread=1 in the options of each disk",
				[CHANGE_QEMU] = "-object iothread,id=iothread1 and iothread=iothread1 in "
						"-device virtio-blk-pci or virtio-scsi-pci",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(IOTHREADS, "measured: libvirt 9.0: controller iothread '1' not defined in "
				"iothreadid"),
	},
	{
		.id = "disk.queues-thrash",
		.section = SECTION,
		.title = "More queues of a disk than vCPUs",
		.claim = "More queues than the hardware can handle lock the host up and make it thrash.",
		.today = "A queue beyond the vCPUs has nobody to use it and takes an interrupt vector "
			 "and memory all the same; that it locks up has not been seen.",
		.detect = "queues of virtio-blk disks against the vCPUs",
		.proof = "interrupts per queue in the guest",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = {
				[CHANGE_PROXMOX] = "take queues= out of the options of the disk",
				[CHANGE_QEMU] = "leave num-queues= of virtio-blk-pci out",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{ .id = NULL },
};
