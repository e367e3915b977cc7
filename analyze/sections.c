/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sections.c - headings of the guide; documented in analyze/catalogue.h. */
#include "analyze/catalogue.h"

const char *const guide_sections[] = {
	"Hardware",
	"Software",
	"Preinstallation/Setup",
	"Guest Audio and keyboard+mouse",
	"Important files modified or added",
	"Static Hugepages",
	"Installation",
	"Networking",
	"Hyper-V enlightenments, APIC, SMM, IOAPIC driver, and vmport",
	"Passthrough host CPU cache and enable CPU features",
	"virtio-scsi (and Virtio drivers)",
	"NVIDIA Drivers",
	"System and VM internal clock",
	"Message signal-based interrupts",
	"Bitlocker",
	"Reducing VM presence",
	"Minor performance tweaks",
	"CPU Pinning, Interrupts, Affinity, Governors, Topology, Isolating, and Priorities",
	"Topology",
	"Isolating the CPUs",
	"Interrupts, Governors, and Affinity coming soon. I need sleep.",
	NULL,
};
