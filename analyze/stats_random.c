/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_random.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void stats_random_seed(struct stats_random *r, uint64_t seed)
{
	for (size_t i = 0; i < ARRAY_SIZE(r->state); i++)
		r->state[i] = splitmix(&seed);
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
