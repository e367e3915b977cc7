/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq_parts.h - the parts of the irq probe. Each fills its members of *f and notes gaps; all return
 * 0 or -ENOMEM.
 */
#ifndef PROBES_IRQ_PARTS_H
#define PROBES_IRQ_PARTS_H

#include "facts/irq.h"
#include "probes/probe.h"

/* cpus and lines, from /proc/interrupts. */
int irq_read_lines(struct probe_env *env, struct irq_facts *f) MUST_CHECK;
/* affinity, effective and is_movable of each numbered line, from /proc/irq. */
int irq_read_affinity(struct probe_env *env, struct irq_facts *f) MUST_CHECK;
/* device of numbered lines that did not name it themselves, from /sys/bus/pci/devices. */
int irq_find_devices(struct probe_env *env, struct irq_facts *f) MUST_CHECK;
/* Whether irqbalance runs, and its settings. */
int irq_read_irqbalance(struct probe_env *env, struct irq_facts *f) MUST_CHECK;

#endif
