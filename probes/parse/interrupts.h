/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupts.h - the text of /proc/interrupts, line by line.
 *
 * The header names the online CPUs only. A line is "LABEL: counts rest": for numbered lines the
 * rest is chip, hardware number and trigger, and handlers; for lettered ones what they count. What
 * kernels print, by age and machine:
 *
 *	IR-PCI-MSI-edge      xhci_hcd			x86 to 4.0: no hardware number
 *	IR-PCI-MSI 524288-edge      nvme0q0		x86 4.1 to 6.1
 *	IR-PCI-MSIX-0000:03:00.0    3-edge      nvme0q3	x86 since 6.2
 *	IO-APIC  16-fasteoi   ehci_hcd:usb5, ahci	a shared line
 *	GICv3  27 Level     arch_timer			arm64
 *	xen-dyn    -event     xenbus			no hardware number
 *	Hyper-V PCIe MSI 4096-edge      mlx5_async	blanks in the name of the chip
 *
 * Source: kernel/irq/proc.c show_interrupts(), arch/x86/kernel/irq.c arch_show_interrupts().
 */
#ifndef PROBES_PARSE_INTERRUPTS_H
#define PROBES_PARSE_INTERRUPTS_H

#include "core/cpus.h"
#include "core/text.h"
#include "probes/parse/pci_address.h"

struct interrupts {
	struct text rest;
	size_t n_cpus;
	unsigned *cpus;   /* CPU of each column */
	uint64_t *counts; /* of the line read last */
	size_t n_odd;     /* lines skipped because they are none of this file */
};

/* Views into the text given to interrupts_init(). */
struct interrupts_line {
	struct text label;
	bool is_numbered;
	uint64_t irq;           /* numbered lines */
	struct text chip;       /* numbered lines: "IR-PCI-MSI" */
	struct text hwirq;      /* "524288-edge", "27 Level", "edge"; empty: not printed */
	struct text actions;    /* handlers, empty when there are none; lettered: what they count */
	const uint64_t *counts; /* n_cpus numbers until the next line is read; NULL: not per CPU */
	bool has_total;         /* false: the line is cut off */
	uint64_t total;
};

/*
 * Reads the header. 0: release it; -EBADMSG: there is none; -ENOMEM. The text stays the caller's
 * and must outlive it.
 */
int interrupts_init(struct interrupts *it, struct text t) MUST_CHECK;
void interrupts_release(struct interrupts *it);
#define auto_interrupts auto_cleanup(interrupts_release)
bool interrupts_next(struct interrupts *it, struct interrupts_line *ret_line);

/*
 * PCI function behind a numbered line, as far as the line tells: from its chip, from a handler such
 * as "vfio-msi[0](0000:07:00.0)", or from the hardware number of an x86 or ITS message interrupt.
 */
bool interrupts_device(const struct interrupts_line *line, struct pci_address *ret_address);

#endif
