/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_pcie.c - rows about the links of passed-through devices. */
#include "analyze/catalogue_refs.h"

#define PCI_ABI "source: Documentation/ABI/testing/sysfs-bus-pci"

extern const struct tweak catalogue_pcie[];

const struct tweak catalogue_pcie[] = {
	{
		.id = "pcie.link",
		.section = "",
		.title = "Width and speed of the guest's links",
		.claim = "",
		.today = "A card may sit in a long slot with few lanes, on a bad riser, or behind a port "
			 "that the firmware has split. The width stays; the speed falls to 2.5 GT/s when "
			 "the device is idle, so that one look at it says nothing.",
		.detect = "link of each function against what it and all bridges above it can do",
		.proof = "speed of the link while the device works",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Shut the machine down and seat the card again, without a riser if there "
				   "is one; try another slot; look for bifurcation (x8/x8) and the speed of "
				   "the slot in the firmware's setup. Then:\nsudo lspci -vv -s {dev} | grep "
				   "LnkSta:",
			.undo = "",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PCI_ABI, "https://github.com/xaskasdf/ntransformer/pull/5",
			     "https://github.com/nokyan/resources/issues/512",
			     "https://looking-glass.io/docs/B7-rc1/requirements"),
	},
	{
		.id = "pcie.aspm",
		.section = "",
		.title = "Power saving of the guest's links",
		.claim = "",
		.today = "Waking a link from L1 takes some microseconds, from its substates (L1.1, L1.2) "
			 "tens of them and sometimes more than a hundred.",
		.detect = "states that are switched on for the link, policy of pcie_aspm",
		.proof = "two runs, one with policy performance",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for d in {devs}; do\n\tfor s in l1_1_aspm l1_2_aspm; do\n\t\techo 0 | sudo "
			       "tee /sys/bus/pci/devices/$d/link/$s\n\tdone\ndone",
			.change = { [CHANGE_BOOT] = "pcie_aspm.policy=performance" },
			.undo = "for d in {devs}; do\n\tfor s in l1_1_aspm l1_2_aspm; do\n\t\techo 1 | "
				"sudo tee /sys/bus/pci/devices/$d/link/$s\n\tdone\ndone",
			.risk = "The host uses more power and runs warmer, all devices with the policy. "
				"pcie_aspm=force is another word, and may lock the machine up.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(PCI_ABI, KERNEL_PARAMETERS),
	},
	{
		.id = "pcie.rebar",
		.section = "",
		.title = "Size of the window into the card's memory",
		.claim = "",
		.today = "With a window as large as its memory a driver writes to the card directly. It is "
			 "set before vfio-pci takes the card; some AMD cards then fail with code 43 in "
			 "the guest.",
		.detect = "resizable BARs: their size and the largest they offer",
		.proof = "frame times of a program that streams textures",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "With the guest shut down:\necho {dev} | sudo tee "
			       "/sys/bus/pci/devices/{dev}/driver/unbind\necho {bit} | sudo tee "
			       "/sys/bus/pci/devices/{dev}/resource{bar}_resize\necho {dev} | sudo tee "
			       "/sys/bus/pci/drivers/vfio-pci/bind",
			.persist = "Above 4G Decoding and Re-Size BAR in the firmware's setup",
			.undo = "Shut the machine down and start it again: the size is not kept.",
			.risk = "Some guests do not start with it, or fail with code 43.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(PCI_ABI,
			     "https://gist.github.com/dohq/583f3a35e57d23657e5c3ee43d4e414f"),
	},
	{
		.id = "pcie.errors",
		.section = "",
		.title = "Errors on the guest's links",
		.claim = "",
		.today = "Each corrected error is a packet that was sent again. A few since boot are "
			 "nothing; many, or any that could not be corrected, point to a bad contact or a "
			 "riser.",
		.detect = "aer_dev_correctable of the function and the port above it, the kernel's log",
		.proof = "the count before and after a run",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Shut the machine down and seat the card again, without a riser if there "
				   "is one; if errors stay, set the slot one generation slower in the "
				   "firmware's setup. Count again with\ncat "
				   "/sys/bus/pci/devices/{dev}/aer_dev_correctable",
			.undo = "",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://docs.kernel.org/PCI/pcieaer-howto.html"),
	},
	{
		.id = "pcie.mps",
		.section = "",
		.title = "Packet size on the guest's links",
		.claim = "",
		.today = "The firmware sets the largest packet, and some leave it at 128 bytes where all "
			 "devices on the way can do 256. That costs throughput.",
		.detect = "MaxPayload that is set against what the function and the bridges above can do",
		.proof = "transfer rate of the device",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_BOOT] = "pci=pcie_bus_perf" },
			.risk = "It sets packet sizes of all devices; a board that lies about what it can "
				"do may hang at boot.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{ .id = NULL },
};
