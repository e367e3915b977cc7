/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq.h - every line of /proc/interrupts with where it may and does go. */
#ifndef FACTS_IRQ_H
#define FACTS_IRQ_H

#include "facts/schema.h"

struct irq_line {
	struct fact_str label;       /* "131", "LOC": first column */
	struct fact_u64 irq;         /* known for numbered lines */
	struct fact_str chip;        /* "IR-PCI-MSI", "PCI-MSIX-0000:00:02.0" */
	struct fact_str hwirq;       /* "524288-edge", when the kernel prints it */
	struct fact_str actions;     /* "nvme0q3"; for lettered lines what they count */
	struct fact_str device;      /* PCI address "0000:01:00.0" */
	struct fact_pairs counts;    /* [cpu, interrupts since boot] without zeros */
	struct fact_u64 n_total;     /* also for lines without CPU columns (ERR, MIS) */
	struct fact_cpus affinity;   /* smp_affinity_list: where it may go */
	struct fact_cpus effective;  /* effective_affinity_list: where it does go */
	struct fact_bool is_movable; /* false: the kernel refuses a new affinity (managed) */
};

struct irq_facts {
	struct fact_cpus cpus;  /* columns of /proc/interrupts */
	struct fact_list lines; /* struct irq_line */
	struct fact_cpus default_affinity;
	struct fact_bool is_irqbalance_running;
	struct fact_cpus irqbalance_banned; /* IRQBALANCE_BANNED_CPULIST or _CPUS in its settings */
	struct fact_bool has_irqbalance_oneshot;
};

extern const struct schema irq_schema, irq_line_schema;

#endif
