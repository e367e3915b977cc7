/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_msi.c - rows about how passed-through devices signal their interrupts. */
#include "analyze/catalogue_refs.h"

#define SECTION     "Message signal-based interrupts"
#define VFIO_SOURCE "source: drivers/vfio/pci/vfio_pci_intrs.c"
#define MSI_WINDOWS                                                                                 \
	"In a Windows guest, in PowerShell as administrator, for these devices only:\n{msi_keys}\n" \
	"then restart the guest."
#define MSI_UNDO                                                                          \
	"The same with MSISupported 0. A guest that does not start: its last known good " \
	"configuration."

extern const struct tweak catalogue_msi[];

const struct tweak catalogue_msi[] = {
	{
		.id = "msi.enabled",
		.section = SECTION,
		.title = "Messages in place of interrupt lines",
		.claim = "Let the guest use MSI for every device that can do it; the effect is "
			 "tremendous.",
		.today = "Right. An interrupt line has to be masked by the host, handed to QEMU and "
			 "unmasked for each interrupt; a message goes to the vCPU. Most drivers choose "
			 "messages by themselves; sound of graphics cards is the usual exception.",
		.detect = "vfio-intx, vfio-msi and vfio-msix in /proc/interrupts, and the capabilities; "
			  "a trace of the run",
		.proof = "interrupts a second on vfio-intx lines",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = MSI_WINDOWS,
			.undo = MSI_UNDO,
			.risk = "For a device without the capability Windows may not start any more: the "
				"list holds those only that have it.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(VFIO_SOURCE, "https://docs.kernel.org/PCI/msi-howto.html"),
	},
	{
		.id = "msi.unsupported-danger",
		.section = SECTION,
		.title = "Devices that have no messages",
		.claim = "Never enable MSI for devices that do not support it.",
		.today = "Right, and the host can tell which do: the capability is in the configuration "
			 "space of each function.",
		.detect = "capabilities MSI and MSI-X of each passed-through function",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.fix = { .needs = NEEDS_NOTHING },
		.refs = REFS("https://docs.kernel.org/PCI/msi-howto.html"),
	},
	{
		.id = "msi.audio-claim",
		.section = SECTION,
		.title = "Messages for passed-through sound",
		.claim = "With MSI, latency and quality of sound are a lot better.",
		.today = "Plausible: sound interrupts at a steady rate, and each one over a line costs two "
			 "exits. The gain is to be measured, it is not the same on each host.",
		.detect = "as messages in place of interrupt lines, for sound functions",
		.proof = "rate of the line, and two runs with and without",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.persist = MSI_WINDOWS,
			.undo = MSI_UNDO,
			.risk = "A few old sound chips lose interrupts with messages: the sound then "
				"stutters or stops.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(VFIO_SOURCE),
	},
	{
		.id = "irq.posted",
		.section = "",
		.title = "Interrupts delivered without the host",
		.claim = "",
		.today = "With posted interrupts (VT-d) or AVIC the IOMMU hands a message to the vCPU that "
			 "runs, and the host does not notice. Where it works, vfio lines of "
			 "/proc/interrupts stand still while the device works.",
		.detect = "PIN and PIW in /proc/interrupts, parameters of kvm, intremap=",
		.proof = "PIN and PIW move during a run",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "Nested guests and some enlightenments switch it off again.",
			.needs = NEEDS_MODULE_RELOAD,
		},
		.refs = REFS("https://www.qemu.org/docs/master/system/i386/hyperv.html",
			     "https://blogs.oracle.com/linux/post/amd-avic"),
	},
	{
		.id = "irq.shared-intx",
		.section = "",
		.title = "Interrupt lines shared with the host",
		.claim = "",
		.today = "On a line that a passed-through device shares with one of the host, each "
			 "interrupt runs the handlers of both; one that nobody claims gets the line "
			 "switched off for both.",
		.detect = "lines of /proc/interrupts with vfio-intx and another name",
		.proof = "interrupts a second on that line; \"nobody cared\" in the kernel's log",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Let the guest use messages (MSI) for this device, or move the card to "
				   "another slot.\n{msi_keys}",
			.undo = "",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(VFIO_SOURCE),
	},
	{ .id = NULL },
};
