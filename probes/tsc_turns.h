/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tsc_turns.h - do two CPUs agree on the TSC? They read it in turn, each after the other.
 *
 * A cache line holds whose turn it is and the value read last. Who has the turn reads its own TSC:
 * that was later, so it must not be smaller. As check_tsc_warp() of the kernel
 * (arch/x86/kernel/tsc_sync.c), but with strict turns in place of a lock: every read is compared
 * with one of the other CPU. What it can see are offsets larger than the way of a cache line from
 * CPU to CPU, some 100 ns.
 */
#ifndef PROBES_TSC_TURNS_H
#define PROBES_TSC_TURNS_H

#include <stdatomic.h>

#include "core/timebase.h"

#define TSC_TURNS_OVER 2u

struct tsc_side {                                                 /* written by one CPU */
	_Alignas(128) uint64_t n_turns, n_backward, max_backward; /* ticks */
};

struct tsc_turns {
	_Alignas(128) atomic_uint turn; /* 0 or 1: which side may read; TSC_TURNS_OVER: none */
	uint64_t last;
	atomic_uint n_arrived;
	_Alignas(128) struct tsc_side sides[2];
	const struct timebase *time;
	/*
	 * Both sides stop when duration_ns is over and enough_turns were taken, and after limit_ns
	 * in any case: a CPU that a hypervisor or another task has taken away must not make the
	 * other one wait. Below 64 turns per side only limit_ns holds.
	 */
	uint64_t duration_ns, enough_turns, limit_ns;
	uint64_t (*read)(void *self, unsigned side);
	void *self;
};

/*
 * One side, 0 or 1, each called by a thread of its own, pinned to its CPU; then sides[side] is
 * complete. All members that hold results are zero before.
 */
void tsc_turns_run(struct tsc_turns *t, unsigned side);

#endif
