/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_iommu.c - rows about the IOMMU: whether it works, how strict it is, what it remaps. */
#include "analyze/catalogue_refs.h"

#define SECTION     "Important files modified or added"
#define KERNEL_VFIO "https://docs.kernel.org/driver-api/vfio.html"
#define VFIO_SOURCE "source: drivers/vfio/vfio_iommu_type1.c"
#define GROUP_ABI   "source: Documentation/ABI/testing/sysfs-kernel-iommu_groups"

extern const struct tweak catalogue_iommu[];

const struct tweak catalogue_iommu[] = {
	{
		.id = "iommu.unsafe-interrupts",
		.section = SECTION,
		.title = "Interrupts without remapping",
		.claim = "Do not enable unsafe interrupts: \"disabling\" them is for CPUs whose IOMMU "
			 "cannot remap interrupts.",
		.today = "The advice is right, its words are turned around: such CPUs need unsafe "
			 "interrupts to be enabled (allow_unsafe_interrupts=1). It is a question of "
			 "security alone, never one of latency.",
		.detect = "parameter allow_unsafe_interrupts of vfio_iommu_type1 and iommufd, the "
			  "command line, modprobe.d",
		.proof = "none: it is about security",
		.standing = STANDING_WRONG,
		.fix = {
			.now = "echo N | sudo tee {unsafe_parameter}",
			.change = { [CHANGE_BOOT] = "-vfio_iommu_type1.allow_unsafe_interrupts" },
			.undo = "echo Y | sudo tee {unsafe_parameter}",
			.risk = "On a host that cannot remap interrupts, guests with passed-through "
				"devices do not start any more.",
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS(VFIO_SOURCE, KERNEL_VFIO),
	},
	{
		.id = "iommu.acs-override",
		.section = SECTION,
		.title = "Override of access control (ACS patch)",
		.claim = "The ACS patch undoes the protection of the IOMMU.",
		.today = "It makes groups look smaller than the hardware can keep them apart: devices of "
			 "the guest and of the host may then read and write each other's memory. The "
			 "patch is not in mainline; for hardware that has ACS there is pci=config_acs= "
			 "since 6.12.",
		.detect = "pcie_acs_override= on the command line, and the kernel's line about it",
		.proof = "none: it is about security",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = { [CHANGE_BOOT] = "-pcie_acs_override" },
			.risk = "Groups grow back to what the hardware keeps apart: a device may then share "
				"its group with others and cannot be passed through alone. Another slot, "
				"best one at a root port of the CPU, is the way out.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_VFIO, KERNEL_PARAMETERS),
	},
	{
		.id = "iommu.interrupt-remapping",
		.section = SECTION,
		.title = "Remapping of interrupts",
		.claim = "A CPU whose IOMMU cannot remap interrupts should be replaced.",
		.today = "Right: without it a device of a guest can forge interrupts of the host, and VFIO "
			 "refuses. It is also what posted interrupts are built on.",
		.detect = "chips named IR- in /proc/interrupts, the kernel's log",
		.proof = "posted interrupts: PIN and PIW in /proc/interrupts move",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "In the firmware's setup switch on VT-d or AMD IOMMU, and x2APIC.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(VFIO_SOURCE, KERNEL_PARAMETERS),
	},
	{
		.id = "iommu.dmesg-advice",
		.section = SECTION,
		.title = "What the kernel says of unsafe interrupts",
		.claim = "Look into dmesg whether it tells you to use unsafe interrupts.",
		.today = "Right: VFIO writes \"No interrupt remapping support. Use the module param "
			 "allow_unsafe_interrupts\" when it refuses a device.",
		.detect = "the kernel's log",
		.proof = "the guest starts",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "In the firmware's setup switch on VT-d or AMD IOMMU, and x2APIC; take "
				   "intremap=off and noapic off the kernel command line.",
			.risk = "The other way, allow_unsafe_interrupts=1, lets the guest forge interrupts "
				"of the host.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(VFIO_SOURCE),
	},
	{
		.id = "iommu.intr-remap-fault",
		.section = "",
		.title = "Faults of the IOMMU",
		.claim = "",
		.today = "The kernel logs each interrupt and each access to memory that the IOMMU refused. "
			 "A refused interrupt of a device is one that its guest never sees.",
		.detect = "lines DMAR: [INTR-REMAP], DMAR: [DMA …] and AMD-Vi: Event logged",
		.proof = "the same lines during a run",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Update the firmware; reset the device by shutting the guest down and "
				   "starting it again; look at the lines with\nsudo dmesg | grep -E "
				   "'INTR-REMAP|DMAR:|AMD-Vi: Event'",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("source: drivers/iommu/intel/dmar.c, drivers/iommu/amd/iommu.c"),
	},
	{
		.id = "iommu.enabled",
		.section = SECTION,
		.title = "A working IOMMU",
		.claim = "Switch the IOMMU on with intel_iommu=on.",
		.today = "What counts is that the kernel has IOMMU groups. Most kernels since 6.8 switch "
			 "VT-d on by themselves, Debian's since 12 except for the integrated GPU; for AMD "
			 "the firmware's setup is all there is, amd_iommu=on is no value.",
		.detect = "/sys/kernel/iommu_groups, /sys/class/iommu, ACPI tables DMAR and IVRS",
		.proof = "a guest with a passed-through device starts",
		.standing = STANDING_OUTDATED,
		.fix = { .needs = NEEDS_REBOOT },
		.refs = REFS(KERNEL_PARAMETERS, KERNEL_VFIO,
			     "https://github.com/mondoohq/cnspec/issues/3835"),
	},
	{
		.id = "iommu.passthrough-mode",
		.section = SECTION,
		.title = "Translation of the host's own devices",
		.claim = "Leave the host's own devices untranslated with iommu=pt.",
		.today = "Right for speed: the host's disks and network cards save the mapping of each "
			 "buffer. The documentation's words are \"maximum performance but zero "
			 "protection\"; passed-through devices are translated either way.",
		.detect = "type of the IOMMU groups of the host's devices",
		.proof = "cost of the host's disk and network I/O with both settings",
		.standing = STANDING_RIGHT,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_BOOT] = "iommu=pt" },
			.risk = "For it: each transfer of the host is cheaper. Against it: a broken or "
				"hostile device of the host may write to any memory.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(GROUP_ABI, KERNEL_PARAMETERS),
	},
	{
		.id = "iommu.superpages",
		.section = "",
		.title = "Large pages in the IOMMU",
		.claim = "",
		.today = "With huge pages behind the guest the IOMMU maps its memory in pieces of 2 MiB or "
			 "1 GiB and misses its cache less. Some old advice switches that off.",
		.detect = "sp_off, nohugepages and disable_hugepages on the command line and in VFIO",
		.proof = "transfer rate of a passed-through device",
		.standing = STANDING_BEYOND,
		.fix = { .needs = NEEDS_REBOOT },
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "iommu.strict",
		.section = "",
		.title = "When mappings of the host are taken back",
		.claim = "",
		.today = "Strict invalidates after each transfer of a host device, lazy in batches. Only "
			 "translated devices of the host feel it; the memory of a guest is mapped once.",
		.detect = "the kernel's line about its invalidation policy, type of the groups",
		.proof = "cost of the host's disk and network I/O with both settings",
		.standing = STANDING_BEYOND,
		.is_trade_off = true,
		.fix = {
			.risk = "For it: cheaper transfers of the host. Against it: a device keeps access to "
				"a buffer for some milliseconds after it was given back.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{ .id = NULL },
};
