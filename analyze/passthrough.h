/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthrough.h - questions about the PCI functions of the host and those that guests get. */
#ifndef ANALYZE_PASSTHROUGH_H
#define ANALYZE_PASSTHROUGH_H

#include "analyze/rule.h"

#define PCI_BASE_DISPLAY 0x03
#define PCI_BASE_SOUND   0x04 /* "multimedia": sound and video */
#define PCI_SUB_SOUND    0x0401
#define PCI_SUB_HDA      0x0403
#define PCI_SUB_NVME     0x0108
#define PCI_SUB_USB      0x0c03
#define PCI_SUB_BRIDGE   0x0604

/* --- for 'applies' --- */

/*
 * A PCI function is passed through, bound to a driver of VFIO, told of by VFIO in the kernel's log,
 * or kept for it by words of the kernel command line or modprobe.d. False with the reason said,
 * also when nothing of it is known.
 */
bool passthrough_is_wanted(const struct host *h, struct finding *out);
/* A function of this host is passed through, or bound to a driver of VFIO; what it is, is known. */
bool passthrough_has_functions(const struct host *h, struct finding *out);

/* --- plain questions --- */

/* "0x030000" -> 0x0300; 0 when it is not known. */
unsigned pci_subclass(const struct pci_function *f);
/* NULL: not among the functions that were read. */
const struct pci_function *pci_find(const struct host *h, const char *address);
/* Bound to vfio-pci or to one of the drivers that are made of it ("mlx5_vfio_pci"). */
bool pci_is_held(const struct pci_function *f);
/* Among the functions that the guest's configuration names. */
bool pci_is_of_guest(const struct host *h, const struct pci_function *f);
/* Either of these. */
bool pci_is_passed(const struct host *h, const struct pci_function *f);
/* The passed ones by address; begin with *i = 0. NULL: no more. */
const struct pci_function *pci_next_passed(const struct host *h, size_t *i);
/* The domain device behind a function; NULL: the configuration does not name it. */
const struct domain_hostdev *pci_hostdev(const struct host *h, const char *address);
/* Without the number of the function: "0000:01:00." */
bool pci_is_same_slot(const struct pci_function *a, const struct pci_function *b);
/* "0000:01:00.0 (NVIDIA Corporation GP104)"; the address alone when the name is not known. */
const char *pci_words(struct finding *out, const struct pci_function *f);

/* A guest with passed-through devices runs: its configuration, or interrupts of VFIO, show it. */
bool passthrough_runs(const struct host *h);

#endif
