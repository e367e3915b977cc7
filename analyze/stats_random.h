/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_random.h - random numbers that are the same on each machine and each day.
 *
 * xoshiro256** (Blackman & Vigna, Scrambled linear pseudorandom number generators, 2021), its state
 * filled by splitmix64 (Steele, Lea & Flood 2014). Not for secrets.
 */
#ifndef ANALYZE_STATS_RANDOM_H
#define ANALYZE_STATS_RANDOM_H

#include "core/base.h"

struct stats_random {
	uint64_t state[4];
};

/* Any seed will do, 0 too. */
void stats_random_seed(struct stats_random *r, uint64_t seed);
uint64_t stats_random_next(struct stats_random *r);
/* 0 … n - 1, each as likely as the other (Lemire 2019); n at least 1. */
uint32_t stats_random_below(struct stats_random *r, uint32_t n);
/* 0 <= x < 1 in steps of 2^-53. */
double stats_random_unit(struct stats_random *r);
/* Every order as likely as the other (Fisher & Yates); n below 2^32. */
void stats_random_shuffle(struct stats_random *r, double *v, size_t n);

#endif
