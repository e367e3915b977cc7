/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_merge.h - which of many CPUs has the earliest event: a heap of their next times.
 *
 * What a CPU gives stays in the order of that CPU, also where its clock steps back.
 */
#ifndef PROBES_TRACE_LIVE_MERGE_H
#define PROBES_TRACE_LIVE_MERGE_H

#include "core/base.h"

struct live_merge {
	struct live_turn {
		uint64_t t_ns;
		size_t index;
	} * v;
	size_t n, max;
};

int live_merge_init(struct live_merge *m, size_t max) MUST_CHECK;
void live_merge_release(struct live_merge *m);
/* index is not in it, and below max. */
void live_merge_add(struct live_merge *m, size_t index, uint64_t t_ns);
/* The earliest, of two of the same time that of the lower index; NULL: empty. */
const struct live_turn *live_merge_first(const struct live_merge *m);
/* The earliest has another time now, or leaves. */
void live_merge_renew_first(struct live_merge *m, uint64_t t_ns);
void live_merge_drop_first(struct live_merge *m);

#endif
