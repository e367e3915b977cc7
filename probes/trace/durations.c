/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/durations.h"

#include <string.h>

/* Beyond 3/4 probing gets long. */
#define USED_MAX (DURATIONS_SLOTS / 4 * 3)

static void slot_add(struct durations *d, uint32_t bucket, uint32_t count)
{
	uint32_t i = bucket * 2654435761u >> 25;

	_Static_assert(DURATIONS_SLOTS == 1 << (32 - 25), "the shift above");
	while (d->slot[i].bucket && d->slot[i].bucket != bucket + 1)
		i = (i + 1) % DURATIONS_SLOTS;
	d->n_used += !d->slot[i].bucket;
	d->slot[i].bucket = bucket + 1;
	/* 2^32 of one size: the histogram stands still, n goes on. */
	d->slot[i].count =
		count > UINT32_MAX - d->slot[i].count ? UINT32_MAX : d->slot[i].count + count;
}

static void make_coarser(struct durations *d)
{
	const struct durations old = *d;

	d->shift++;
	d->n_used = 0;
	memset(d->slot, 0, sizeof(d->slot));
	for (size_t i = 0; i < DURATIONS_SLOTS; i++) {
		if (old.slot[i].bucket)
			slot_add(d, (old.slot[i].bucket - 1) >> 1, old.slot[i].count);
	}
}

void durations_add(struct durations *d, uint64_t ns)
{
	if (!d->n || ns < d->min_ns)
		d->min_ns = ns;
	if (ns > d->max_ns)
		d->max_ns = ns;
	d->n++;
	d->total_ns += ns;
	slot_add(d, hist_index(ns) >> d->shift, 1);
	while (d->n_used > USED_MAX)
		make_coarser(d);
}

void durations_to_hist(const struct durations *d, struct hist *into)
{
	if (!d->n)
		return;
	for (size_t i = 0; i < DURATIONS_SLOTS; i++) {
		const uint32_t first = (d->slot[i].bucket - 1) << d->shift;
		uint32_t middle = first + (1u << d->shift) / 2;

		if (!d->slot[i].bucket)
			continue;
		middle = middle < HIST_N_BUCKETS ? middle : HIST_N_BUCKETS - 1;
		into->count[middle] += d->slot[i].count;
		into->n += d->slot[i].count;
	}
	into->sum_ns += d->total_ns;
	into->min_ns = u64_min(into->min_ns, d->min_ns);
	into->max_ns = u64_max(into->max_ns, d->max_ns);
}
