/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * msi.h - interrupts of passed-through functions as /proc/interrupts names them:
 * "vfio-intx(0000:01:00.1)", "vfio-msi[0](0000:01:00.0)", "vfio-msix[3](0000:02:00.0)", as in
 * drivers/vfio/pci/vfio_pci_intrs.c.
 */
#ifndef ANALYZE_MSI_H
#define ANALYZE_MSI_H

#include "analyze/passthrough.h"

struct msi_signals {                 /* of one function */
	const struct irq_line *intx; /* NULL: it has no line */
	bool is_shared;              /* with a driver of the host: its counts say nothing */
	bool has_messages;           /* MSI or MSI-X is in use */
	uint64_t n_since_boot;       /* interrupts on the line */
	uint64_t rate_permille;      /* on the line, a second times 1000; 0 when not measured */
};

/* Names on a line that are none of VFIO. */
bool msi_is_line_shared(const struct irq_line *line);
struct msi_signals msi_signals(const struct host *h, const char *address);
/* Interrupts a second on a line in the run, times 1000; 0 when not measured. */
uint64_t msi_rate(const struct host *h, const struct irq_line *line);
/* Number or name of a line, "?" without. */
const char *msi_label(const struct irq_line *line);
/* For 'applies': a guest with a function of this host runs. */
bool msi_is_in_use(const struct host *h, struct finding *out);
/* Whether the capabilities of a function could be read. */
bool msi_is_known(const struct pci_function *f);
bool msi_is_possible(const struct pci_function *f);
/*
 * The lines before and one more: PowerShell that lets Windows use messages for the function. ""
 * where its ids are not known. Key: https://learn.microsoft.com/windows-hardware/drivers/kernel/
 * enabling-message-signaled-interrupts-in-the-registry
 */
const char *msi_add_key(struct finding *out, const char *lines, const struct pci_function *f);

#endif
