/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * durations.h - how long something took, each time: a small histogram of a fixed size.
 *
 * The buckets of core/hist.h, as long as few of them are used; when the room is full, neighbours
 * are merged and the resolution halves. A kilobyte instead of 34: there is one per culprit and
 * vCPU.
 */
#ifndef PROBES_TRACE_DURATIONS_H
#define PROBES_TRACE_DURATIONS_H

#include "core/hist.h"

enum { DURATIONS_SLOTS = 128 };

struct durations { /* zeroed: empty */
	uint64_t n, total_ns, min_ns, max_ns;
	unsigned shift;  /* a bucket is 2^shift buckets of hist.h */
	unsigned n_used; /* slots */
	struct {
		uint32_t bucket; /* + 1; 0: free */
		uint32_t count;
	} slot[DURATIONS_SLOTS];
};

void durations_add(struct durations *d, uint64_t ns);
/*
 * Adds them to a histogram, each at the middle of its bucket, n, sum, minimum and maximum exactly.
 */
void durations_to_hist(const struct durations *d, struct hist *into);

#endif
