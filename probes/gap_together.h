/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_together.h - gaps that nothing explains and that begin on several CPUs at once.
 *
 * An SMI stops all CPUs of the machine together, and so does a hypervisor that takes a whole
 * virtual machine off: what begins on two or more CPUs within some us was one of these.
 */
#ifndef PROBES_GAP_TOGETHER_H
#define PROBES_GAP_TOGETHER_H

#include "core/base.h"

#define GAP_TOGETHER_NS (5 * NS_PER_US)

struct gap_together;

struct gap_together *gap_together_new(void);    /* NULL: no memory */
void gap_together_free(struct gap_together *t); /* NULL is fine */
/* Of each CPU in the order of time; at most 65536 are kept. */
void gap_together_add(struct gap_together *t, unsigned cpu, uint64_t from_ns, uint64_t ns);
/* Those beyond. */
uint64_t gap_together_dropped(const struct gap_together *t);
/* How often it was so, and the sum of the longest gap of each time. */
void gap_together_count(struct gap_together *t, uint64_t *ret_n, uint64_t *ret_ns);

#endif
