/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tsc_rate.h - how fast the TSC runs beside CLOCK_MONOTONIC_RAW, and how well that is known.
 *
 * A pair holds both clocks at one moment. They cannot be read in one instant, so RAW is read
 * between two reads of the TSC, many times, and the try with the smallest bracket is kept: the
 * moment is its middle, and wrong by half of it at most.
 *
 * With clocksource "tsc" both come from the same crystal: the rate is then the one the kernel has
 * calibrated, and drift shows steps and resets only. With any other clocksource they are
 * independent.
 */
#ifndef PROBES_TSC_RATE_H
#define PROBES_TSC_RATE_H

#include "core/base.h"

struct tsc_pair {
	uint64_t tsc; /* ticks, middle of the bracket */
	uint64_t raw_ns;
	uint64_t bracket; /* ticks */
};

/* Both clocks, so that tests can hand in their own. */
struct tsc_clocks {
	void *self;
	uint64_t (*tsc)(void *self);
	uint64_t (*raw_ns)(void *self);
};

struct tsc_clocks tsc_clocks_real(void);
/* The best of n_tries (> 0). */
struct tsc_pair tsc_pair_take(const struct tsc_clocks *clocks, unsigned n_tries);

struct tsc_rate {
	uint64_t hz;        /* ticks per second of RAW */
	uint64_t error_ppb; /* both brackets over the window, at least 1 */
	uint64_t window_ns; /* RAW, from a to b */
};

/* -ERANGE: a clock did not move forward from a to b, or the rate does not fit. */
int tsc_rate_between(const struct tsc_pair *a, const struct tsc_pair *b,
		     struct tsc_rate *ret_rate) MUST_CHECK;
/* Rate from b to c against the rate from a to b, in parts per 1e9; -ERANGE as above. */
int tsc_drift_ppb(const struct tsc_pair *a, const struct tsc_pair *b, const struct tsc_pair *c,
		  int64_t *ret_ppb) MUST_CHECK;
/* Ticks as nanoseconds; 0 when hz is 0. */
uint64_t tsc_ticks_to_ns(uint64_t ticks, uint64_t hz);
/* The other way round. */
uint64_t tsc_ns_to_ticks(uint64_t ns, uint64_t hz);

#endif
