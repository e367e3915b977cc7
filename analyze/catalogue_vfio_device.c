/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_vfio_device.c - rows about passed-through devices while they work. */
#include "analyze/catalogue_refs.h"

#define KERNEL_VFIO "https://docs.kernel.org/driver-api/vfio.html"
#define PCI_ABI     "source: Documentation/ABI/testing/sysfs-bus-pci"

extern const struct tweak catalogue_vfio_device[];

const struct tweak catalogue_vfio_device[] = {
	{
		.id = "vfio.group",
		.section = "",
		.title = "IOMMU groups of the guest's devices",
		.claim = "",
		.today = "VFIO gives a guest whole groups only: every other function of the group must be "
			 "without a driver, or have one of VFIO. Bridges do not count.",
		.detect = "drivers of all functions of each group",
		.proof = "the guest starts",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for d in {devs}; do\n\techo vfio-pci | sudo tee "
			       "/sys/bus/pci/devices/$d/driver_override\n\techo $d | sudo tee "
			       "/sys/bus/pci/devices/$d/driver/unbind\n\techo $d | sudo tee "
			       "/sys/bus/pci/drivers_probe\ndone",
			.persist = "Put the card into a slot whose group it has for itself, best one at a "
				   "root port of the CPU; or give the other functions away too:\nfor d in "
				   "{devs}; do sudo driverctl set-override $d vfio-pci; done",
			.undo = "for d in {devs}; do sudo driverctl unset-override $d; done",
			.risk = "The host loses what is taken away: never the disk or the network card it "
				"lives on.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(KERNEL_VFIO,
			     "https://github.com/proxmox/pve-docs/blob/master/"
			     "qm-pci-passthrough.adoc"),
	},
	{
		.id = "vfio.reset",
		.section = "",
		.title = "Ways to reset the guest's devices",
		.claim = "",
		.today = "Before each start VFIO resets a device: by itself (flr), with its bus, or by a "
			 "way of its own. One that only sleeps and wakes (pm), or has no way at all, may "
			 "work for the first start only.",
		.detect = "reset_method of each function, lines of the kernel about failed resets",
		.proof = "the guest starts twice in a row",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Pass the whole slot through, so that its bus can be reset. For AMD cards "
				   "that do not come back: the vendor-reset module, then\necho device_specific "
				   "| sudo tee /sys/bus/pci/devices/{dev}/reset_method",
			.undo = "echo default | sudo tee /sys/bus/pci/devices/{dev}/reset_method",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(PCI_ABI),
	},
	{
		.id = "vfio.d3",
		.section = "",
		.title = "Sleep of devices that wait for a guest",
		.claim = "",
		.today = "VFIO lets a device without a guest fall asleep (D3), since 5.19 without power "
			 "where the board can. Good for the bill; some devices do not wake.",
		.detect = "power state, runtime_status and d3cold_allowed, disable_idle_d3, the log",
		.proof = "time until the guest has the device",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo 0 | sudo tee /sys/bus/pci/devices/{dev}/d3cold_allowed",
			.change = { [CHANGE_MODPROBE] = "options vfio-pci disable_idle_d3=1" },
			.undo = "echo 1 | sudo tee /sys/bus/pci/devices/{dev}/d3cold_allowed\ntake the "
				"line out of /etc/modprobe.d/zz-vfiobench.conf",
			.risk = "Devices without a guest use more power.",
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS(PCI_ABI, "source: drivers/vfio/pci/vfio_pci_core.c"),
	},
	{
		.id = "vfio.nointxmask",
		.section = "",
		.title = "Masking of interrupt lines",
		.claim = "",
		.today = "nointxmask=1 is for devices whose line cannot be masked; every device then needs "
			 "a line of its own, and a shared one keeps the guest from starting.",
		.detect = "parameter nointxmask of vfio-pci, lines of the kernel about flags of lines",
		.proof = "the guest starts",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_MODPROBE] = "options vfio-pci nointxmask=0" },
			.risk = "A device that cannot mask its line may flood the host: let its guest use "
				"messages (MSI).",
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS("source: drivers/vfio/pci/vfio_pci_core.c, vfio_pci_intrs.c"),
	},
	{
		.id = "vfio.iommufd",
		.section = "",
		.title = "Interface to VFIO",
		.claim = "",
		.today = "QEMU since 8.2 can use iommufd in place of the older container of VFIO. The "
			 "older one works as well; interrupts and DMA take the same way.",
		.detect = "driver of the host devices in the configuration, /dev/iommu",
		.proof = "none",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "sudo modprobe iommufd",
			.persist = "echo iommufd | sudo tee /etc/modules-load.d/iommufd.conf",
			.undo = "sudo rm /etc/modules-load.d/iommufd.conf",
			.risk = "Needs Linux 6.6 with IOMMUFD and VFIO_DEVICE_CDEV; without, take iommufd "
				"out of the guest's configuration.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/userspace-api/iommufd.html"),
	},
	{
		.id = "vfio.dma-entry-limit",
		.section = "",
		.title = "Entries for DMA mappings",
		.claim = "",
		.today = "VFIO allows 65535 mappings in a guest. Guests with much hot-plugged memory, "
			 "balloons or a virtual IOMMU use them up, and mapping fails.",
		.detect = "lines of the kernel about vfio_dma_do_map, dma_entry_limit",
		.proof = "the line does not come again",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo {limit} | sudo tee "
			       "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit",
			.change = { [CHANGE_MODPROBE] = "options vfio_iommu_type1 dma_entry_limit={limit}" },
			.undo = "echo {old_limit} | sudo tee "
				"/sys/module/vfio_iommu_type1/parameters/dma_entry_limit\ntake the line "
				"out of /etc/modprobe.d/zz-vfiobench.conf",
			.risk = "Each entry costs the host some memory.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("source: drivers/vfio/vfio_iommu_type1.c"),
	},
	{ .id = NULL },
};
