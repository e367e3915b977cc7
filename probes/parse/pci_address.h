/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_address.h - a PCI function's address, "0000:01:00.0": domain, bus, device, function in hex.
 * Source: Documentation/PCI/sysfs-pci.rst; domains above ffff exist (VMD: "10000:e1:00.0").
 */
#ifndef PROBES_PARSE_PCI_ADDRESS_H
#define PROBES_PARSE_PCI_ADDRESS_H

#include "core/text.h"

struct pci_address {
	uint32_t domain;
	uint8_t bus, device, function;
};

/*
 * Whole text is an address; "01:00.0" is of domain 0, and digits may be missing ("1:0.0"), as QEMU
 * and lspci take it. 0 or -EINVAL.
 */
int pci_address_parse(struct text t, struct pci_address *ret_address) MUST_CHECK;
/* First address in sysfs form (with domain, all digits) in a text such as "ahci[0000:00:17.0]". */
bool pci_address_find(struct text t, struct pci_address *ret_address);
/* In sysfs form. */
#define PCI_ADDRESS_SIZE 17u
void pci_address_format(const struct pci_address *address, char buf[static PCI_ADDRESS_SIZE]);

#endif
