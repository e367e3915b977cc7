/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_text.h - texts of single files of /sys/bus/pci/devices/ADDRESS.
 * Source: Documentation/ABI/testing/sysfs-bus-pci and sysfs-bus-pci-devices-aer_stats;
 * drivers/pci/pci-sysfs.c, drivers/pci/probe.c (pci_speed_string()).
 */
#ifndef PROBES_PARSE_PCI_TEXT_H
#define PROBES_PARSE_PCI_TEXT_H

#include "core/text.h"

/*
 * current_link_speed, max_link_speed: "8.0 GT/s PCIe", of old kernels "8 GT/s", in MT/s.
 * 0; -ENODATA: the kernel says "Unknown"; -EBADMSG: none of these.
 */
int pci_text_speed(struct text t, uint64_t *ret_mts) MUST_CHECK;

struct pci_resource {
	uint64_t start, end, flags; /* as in the file; IORESOURCE_* of include/linux/ioport.h */
};

#define PCI_RESOURCE_MEMORY 0x200u

/* resource: a line of three hexadecimal numbers; the first six lines are the BARs. -EBADMSG. */
int pci_text_resource(struct text line, struct pci_resource *ret_resource) MUST_CHECK;

/* aer_dev_correctable: the number behind TOTAL_ERR_COR. -EBADMSG: there is none. */
int pci_text_correctable(struct text t, uint64_t *ret_n) MUST_CHECK;

/* Last part of a path, the target of a link: "../../../bus/pci/drivers/nvme" is "nvme". */
struct text pci_text_base(struct text path);

#endif
