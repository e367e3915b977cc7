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

/* Inline: a rank test draws them by the million. */
static inline uint64_t stats_random_rotate(uint64_t x, unsigned n_bits)
{
	return x << n_bits | x >> (64 - n_bits);
}

/* Any seed will do, 0 too. */
void stats_random_seed(struct stats_random *r, uint64_t seed);
static inline uint64_t stats_random_next(struct stats_random *r)
{
	uint64_t *s = r->state;
	const uint64_t result = stats_random_rotate(s[1] * 5, 7) * 9;
	const uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = stats_random_rotate(s[3], 45);
	return result;
}

/* 0 … n - 1, each as likely as the other (Lemire 2019); n at least 1. */
static inline uint32_t stats_random_below(struct stats_random *r, uint32_t n)
{
	uint64_t product = (stats_random_next(r) >> 32) * n;

	/* The first few low words come once too often: draw again. */
	if ((uint32_t)product < n) {
		const uint32_t n_unfair = -n % n;

		while ((uint32_t)product < n_unfair)
			product = (stats_random_next(r) >> 32) * n;
	}
	return (uint32_t)(product >> 32);
}

/* Every order as likely as the other (Fisher & Yates); n below 2^32. */
void stats_random_shuffle(struct stats_random *r, double *v, size_t n);

#endif
