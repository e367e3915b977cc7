/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqs.h - device interrupts and the CPUs they reach, as the rules of the domain "irq" see them. */
#ifndef ANALYZE_IRQS_H
#define ANALYZE_IRQS_H

#include "analyze/rule.h"

struct irq_hit { /* a device interrupt that reaches CPUs of a set */
	uint64_t irq;
	const char *actions;         /* "" when it has none */
	const struct irq_line *line; /* where it may go; NULL: not among the lines of the state */
	uint64_t n_since_boot;       /* on the set; 0 when only the run saw it */
	uint64_t rate_permille;      /* per second on the set, times 1000; 0 when not measured */
	struct cpus cpus;            /* of the set: where it fired in the run, else where it goes */
};

enum irq_kind {
	IRQ_MOVABLE,   /* of the host, and nothing says that it cannot be moved */
	IRQ_IMMOVABLE, /* of the host, and the kernel refuses to move it */
	IRQ_VFIO,      /* of a device passed through, and of nothing else */
};

/* The run counted interrupts. */
bool irqs_are_measured(const struct host *h);
/* "vfio-msix[0](0000:01:00.0)" and the like; a line shared with a driver of the host is not one. */
bool irq_is_vfio(const struct fact_str *actions);
/*
 * The interrupts of a kind that fired on the set in the run; without one, those that go there and
 * fired there since boot (the timer of the boot and the cascade left out). By rate, then number. In
 * the arena of the finding; *ret_n is 0 without memory too (then the engine drops the finding).
 */
const struct irq_hit *irqs_on(const struct host *h, enum irq_kind kind, const struct cpus *set,
			      struct finding *out, size_t *ret_n);
/* "IRQ 38 virtio2-input.0". */
const char *irq_name(struct finding *out, const struct irq_hit *hit);
/* "412/s", "0.3/s", "5/min". */
const char *irq_rate(struct finding *out, uint64_t rate_permille);
/*
 * "echo LIST | sudo tee /proc/irq/N/smp_affinity_list" for each; list NULL: its affinity of now,
 * for undo, where it is known.
 */
const char *irq_moves(const struct irq_hit *hits, size_t n, const char *list, struct finding *out);

/* Judges of rules_irq_vfio.c; what they judge stands in the catalogue. */
enum verdict irq_judge_irqbalance(const struct host *h, struct finding *out);
enum verdict irq_judge_vfio(const struct host *h, struct finding *out);

#endif
