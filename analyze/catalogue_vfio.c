/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_vfio.c - rows about how VFIO gets its devices at boot. */
#include "analyze/catalogue_refs.h"

#define SECTION         "Important files modified or added"
#define KERNEL_VFIO     "https://docs.kernel.org/driver-api/vfio.html"
#define PCI_ABI         "source: Documentation/ABI/testing/sysfs-bus-pci"
#define PVE_PASSTHROUGH "https://github.com/proxmox/pve-docs/blob/master/qm-pci-passthrough.adoc"

extern const struct tweak catalogue_vfio[];

const struct tweak catalogue_vfio[] = {
	{
		.id = "vfio.driver-override",
		.section = SECTION,
		.title = "Driver that holds the guest's devices",
		.claim = "A script writes vfio-pci into driver_override of each function.",
		.today = "Right, and exact: it tells two identical cards apart, which ids cannot. What "
			 "counts is that no driver of the host touches the card first.",
		.detect = "driver and driver_override of each function the guest is given",
		.proof = "the guest starts twice in a row",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "The host loses these devices: another card or a network connection must "
				"be there to see it by. Without SSH, keep a boot entry that leaves the "
				"words out.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PCI_ABI, PVE_PASSTHROUGH),
	},
	{
		.id = "vfio.override-exec-bit",
		.section = SECTION,
		.title = "Permission to run the override script",
		.claim = "Without the permission to execute it the script does not work.",
		.today = "Right. The copy in the initramfs counts: rebuild it afterwards.",
		.detect = "mode of the program named by \"install vfio-pci\" in modprobe.d",
		.proof = "the device is bound to vfio-pci after a reboot",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "sudo chmod 755 {script}\n{initramfs}",
			.undo = "sudo chmod 644 {script}",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: modprobe.d(5)"),
	},
	{
		.id = "vfio.iommu-class-present",
		.section = SECTION,
		.title = "An IOMMU for the override script",
		.claim = "The script acts only when /sys/class/iommu is not empty.",
		.today = "A right test for an IOMMU that works: without one the script, and VFIO, do "
			 "nothing.",
		.detect = "/sys/class/iommu",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "Switch the IOMMU on: VT-d or AMD IOMMU in the firmware's setup, and on "
				   "Intel intel_iommu=on where the kernel does not do it by itself.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: Documentation/ABI/testing/sysfs-class-iommu", KERNEL_VFIO),
	},
	{
		.id = "vfio.initramfs-modules",
		.section = SECTION,
		.title = "VFIO modules in the initramfs",
		.claim = "Put vfio_pci, vfio, vfio_iommu_type1 and vfio_virqfd into the initramfs.",
		.today = "vfio_virqfd is a part of vfio since Linux 6.2; naming it makes the build of the "
			 "initramfs complain, or fail. The other three are right.",
		.detect = "modules that mkinitcpio, dracut or initramfs-tools is told to include",
		.proof = "the device is bound to vfio-pci after a reboot",
		.standing = STANDING_OUTDATED,
		.fix = {
			.persist = "sudo sed -i -E 's/[ ,]*vfio[-_]virqfd//' {config}\n{initramfs}",
			.undo = "Put vfio_virqfd back into {config}; {initramfs}",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://github.com/HikariKnight/quickpassthrough/issues/29",
			     "https://github.com/pavolelsig/passthrough_helper_fedora/issues/2"),
	},
	{
		.id = "vfio.initramfs-files",
		.section = SECTION,
		.title = "The override script in the initramfs",
		.claim = "Name the script in FILES of mkinitcpio.conf.",
		.today = "Right where vfio_pci is loaded in the initramfs: modprobe runs the script there, "
			 "and it must be there too.",
		.detect = "FILES of mkinitcpio.conf, install_items of dracut.conf",
		.proof = "lsinitcpio or lsinitrd lists the script",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "echo 'FILES+=('{script}')' | sudo tee -a {config}\n{initramfs}",
			.undo = "Take the line out of {config}; {initramfs}",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: mkinitcpio.conf(5), dracut.conf(5)"),
	},
	{
		.id = "vfio.modconf-hook",
		.section = SECTION,
		.title = "Options of modules in the initramfs",
		.claim = "HOOKS must contain modconf.",
		.today = "Right for mkinitcpio: modconf copies modprobe.d. The others copy it by "
			 "themselves. Its place matters less than that it is there.",
		.detect = "HOOKS of mkinitcpio.conf",
		.proof = "lsinitcpio lists the files of modprobe.d",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "echo HOOKS='('{hooks}')' | sudo tee -a {config}\n{initramfs}",
			.undo = "Take the last line out of {config}; {initramfs}",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: mkinitcpio.conf(5)"),
	},
	{
		.id = "vfio.install-hook",
		.section = SECTION,
		.title = "A program in place of loading vfio-pci",
		.claim = "\"install vfio-pci SCRIPT\" and, in the same file, \"options vfio-pci ids=\".",
		.today = "One of them is enough. The script is for identical cards; for others ids with a "
			 "softdep are the documented way. Both at once hide which one works.",
		.detect = "lines \"install vfio-pci\" in modprobe.d, and ids beside them",
		.proof = "the device is bound to vfio-pci after a reboot",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.persist = "Keep the ids and take the program away:\nsudo sed -i -E "
				   "'/^install +vfio[-_]pci/s/^/#/' {file}\n{initramfs}",
			.undo = "sudo sed -i -E 's/^#(install +vfio[-_]pci)/\\1/' {file}\n{initramfs}",
			.risk = "With two cards of the same ids the script is the one to keep.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PVE_PASSTHROUGH, "source: modprobe.d(5)"),
	},
	{
		.id = "vfio.pci-ids",
		.section = SECTION,
		.title = "Ids given to vfio-pci",
		.claim = "Name the ids of the card's functions: options vfio-pci ids=.",
		.today = "Right as long as no other device of the host has the same ids.",
		.detect = "ids= of vfio-pci against the devices of this host",
		.proof = "each function with these ids is bound to vfio-pci",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "A device whose id is taken out goes to its driver of the host at the next "
				"boot.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PCI_ABI, PVE_PASSTHROUGH),
	},
	{
		.id = "vfio.ids-cmdline",
		.section = SECTION,
		.title = "Ids in two places",
		.claim = "vfio-pci.ids= on the command line as well as in modprobe.d.",
		.today = "One place does: the command line, which works for a module and for a built-in "
			 "driver alike. Two lists drift apart.",
		.detect = "the command line against modprobe.d",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.fix = { .needs = NEEDS_REBOOT },
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "vfio.rd-driver-pre",
		.section = SECTION,
		.title = "VFIO first in dracut",
		.claim = "rd.driver.pre=vfio-pci loads VFIO before other drivers.",
		.today = "It is a word for dracut. The guide's own system makes its initramfs with "
			 "mkinitcpio, where MODULES= does it and this word has no effect.",
		.detect = "rd.driver.pre= on the command line, and what makes the initramfs",
		.proof = "none",
		.standing = STANDING_WRONG,
		.fix = { .needs = NEEDS_REBOOT },
		.refs = REFS("source: dracut.cmdline(7)"),
	},
	{
		.id = "initramfs.rebuild",
		.section = "Minor performance tweaks",
		.title = "Age of the initramfs",
		.claim = "Run mkinitcpio -P after such a change.",
		.today = "Right for Arch; others have update-initramfs -u or dracut --force.",
		.detect = "time of the image against modprobe.d and its configuration",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.persist = "{initramfs}",
			.undo = "",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: mkinitcpio(8), update-initramfs(8), dracut(8)"),
	},
	{
		.id = "fixtext.sudo-redirect",
		.section = "Minor performance tweaks",
		.title = "sudo echo into a file",
		.claim = "sudo echo LINE > /etc/FILE.",
		.today = "The shell of the user opens the file, not sudo: Permission denied, and nothing "
			 "is written. Right is: echo LINE | sudo tee FILE. All fixes here do it so.",
		.detect = "none",
		.proof = "measured: the file is not there afterwards",
		.standing = STANDING_WRONG,
		.unseen = "A file that was never written leaves no trace on the host.",
		.refs = REFS("measured: sudo echo into /etc as a user ends with Permission denied"),
	},
	{ .id = NULL },
};
