/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_random.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, unsigned n_bits)
{
	return x << n_bits | x >> (64 - n_bits);
}

void stats_random_seed(struct stats_random *r, uint64_t seed)
{
	for (size_t i = 0; i < ARRAY_SIZE(r->state); i++)
		r->state[i] = splitmix(&seed);
}

uint64_t stats_random_next(struct stats_random *r)
{
	uint64_t *s = r->state;
	const uint64_t result = rotate(s[1] * 5, 7) * 9;
	const uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint32_t stats_random_below(struct stats_random *r, uint32_t n)
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

double stats_random_unit(struct stats_random *r)
{
	return (double)(stats_random_next(r) >> 11) * 0x1.0p-53;
}

void stats_random_shuffle(struct stats_random *r, double *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		const size_t j = stats_random_below(r, (uint32_t)i);
		const double swap = v[j];

		v[j] = v[i - 1];
		v[i - 1] = swap;
	}
}
