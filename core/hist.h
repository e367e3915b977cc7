/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hist.h - log-linear histogram of nanoseconds: fixed size, fixed relative error, mergeable.
 *
 * 7 sub-bits: below 256 ns every value has a bucket of its own; above, each power of two has 128
 * buckets, so a bucket is at most 1/128 = 0.78 % of its value wide. Values from 2^41 ns (36 min)
 * on count in the last bucket; n, min, max and sum are exact.
 *   index(v) = v < 256 ? v : ((e - 7) << 7) + (v >> (e - 7)),  e = floor(log2 v)
 * This is the layout of fio's and HdrHistogram's log-linear buckets. Merging is adding.
 *
 * struct hist is for recording (34 kB, no allocation in hist_add); struct hist_bins is the sparse
 * form for keeping, decoding and documents.
 */
#ifndef CORE_HIST_H
#define CORE_HIST_H

#include "core/arena.h"
#include "core/base.h"

#define HIST_SUB_BITS  7u
#define HIST_MAX_BITS  41u
#define HIST_N_BUCKETS ((HIST_MAX_BITS - HIST_SUB_BITS + 1u) << HIST_SUB_BITS) /* 4480 */

struct hist {
	uint64_t n, min_ns, max_ns, sum_ns; /* min_ns is UINT64_MAX while n is 0 */
	uint64_t count[HIST_N_BUCKETS];
};

struct hist_bin {
	uint32_t index;
	uint64_t count;
};

struct hist_bins {
	uint64_t n, min_ns, max_ns, sum_ns; /* all 0 when n is 0 */
	size_t n_bins;
	const struct hist_bin *bins; /* rising index, no zero counts */
};

void hist_init(struct hist *h);
unsigned hist_index(uint64_t value_ns);
/* Smallest value of a bucket; hist_floor_ns(index + 1) is the first value beyond it. */
uint64_t hist_floor_ns(unsigned index);
/* No allocation, no system call, no branch on data beyond the bucket: safe in a measuring loop. */
void hist_add(struct hist *h, uint64_t value_ns);
/*
 * Coordinated omission: a wait that took latency_ns where one was due every period_ns hid
 * latency/period further waits. Records latency, latency - period, latency - 2 period, … > 0
 * (HdrHistogram's recordValueWithExpectedInterval). Use on a second histogram, never on the raw
 * one. At most 1e6 values are added for one latency.
 */
void hist_add_corrected(struct hist *h, uint64_t latency_ns, uint64_t period_ns);
void hist_merge(struct hist *into, const struct hist *from);
/* The counts add up to n, indices rise and are in range, min is not above max. */
bool hist_bins_are_sound(const struct hist_bins *b);
/* -EINVAL when they are not sound. */
int hist_merge_bins(struct hist *into, const struct hist_bins *from) MUST_CHECK;
/* The sparse form, in the arena; NULL: no memory. */
const struct hist_bins *hist_to_bins(const struct hist *h, struct arena *a);

/*
 * Quantile q = ppm / 1e6: nearest rank, linear inside the bucket, clamped to [min, max].
 * Meaningless when n is 0 (returns 0): ask hist_can_show first.
 */
uint64_t hist_quantile_ns(const struct hist *h, uint32_t ppm);
/* A quantile rests on n * (1 - q) events: fewer than 10 is not shown. */
bool hist_can_show(const struct hist *h, uint32_t ppm);
/* How many values lie in buckets above the one of limit_ns (exact to the bucket width). */
uint64_t hist_n_above(const struct hist *h, uint64_t limit_ns);

#endif
