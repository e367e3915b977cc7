/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_ring.h - gaps on their way from a measuring thread to the one that joins them.
 *
 * One writer, one reader, neither ever waits. A ring that is full takes nothing: the writer counts
 * that, and goes on.
 */
#ifndef PROBES_GAP_RING_H
#define PROBES_GAP_RING_H

#include <stdatomic.h>

#include "core/base.h"

enum { GAP_RING_SIZE = 1 << 14 }; /* a power of two */

struct gap_span {
	uint64_t tsc;   /* when it began */
	uint64_t ticks; /* how long */
};

struct gap_ring { /* zeroed: empty. What each side writes has cache lines of its own */
	_Alignas(128) atomic_uint_least64_t n_put;
	uint64_t n_taken_seen; /* the writer's last look at n_taken */
	_Alignas(128) atomic_uint_least64_t n_taken;
	_Alignas(128) struct gap_span at[GAP_RING_SIZE];
};

/* false: it is full. */
static inline bool gap_ring_put(struct gap_ring *r, struct gap_span span)
{
	const uint64_t n = atomic_load_explicit(&r->n_put, memory_order_relaxed);

	if (n - r->n_taken_seen == GAP_RING_SIZE) {
		r->n_taken_seen = atomic_load_explicit(&r->n_taken, memory_order_acquire);
		if (n - r->n_taken_seen == GAP_RING_SIZE)
			return false;
	}
	r->at[n % GAP_RING_SIZE] = span;
	atomic_store_explicit(&r->n_put, n + 1, memory_order_release);
	return true;
}

/* false: it is empty. */
static inline bool gap_ring_take(struct gap_ring *r, struct gap_span *ret_span)
{
	const uint64_t n = atomic_load_explicit(&r->n_taken, memory_order_relaxed);

	if (n == atomic_load_explicit(&r->n_put, memory_order_acquire))
		return false;
	*ret_span = r->at[n % GAP_RING_SIZE];
	atomic_store_explicit(&r->n_taken, n + 1, memory_order_release);
	return true;
}

#endif
