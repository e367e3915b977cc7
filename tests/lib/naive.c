/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/naive.h"

#include <math.h>

bool naive_rank_sum(const struct hist *a, const struct hist *b)
{
	const double n = (double)a->n, m = (double)b->n;
	double u = 0, below = 0, ties = 0;

	for (unsigned i = 0; i < HIST_N_BUCKETS; i++) {
		const double in_a = (double)a->count[i], in_b = (double)b->count[i];
		const double in_both = in_a + in_b;

		u += in_b * (below + in_a / 2);
		below += in_a;
		ties += in_both * in_both * in_both - in_both;
	}
	ties /= (n + m) * (n + m - 1);
	return fabs(u - n * m / 2) / sqrt(n * m / 12 * (n + m + 1 - ties)) > 1.96;
}

bool naive_distance(const struct hist *a, const struct hist *b)
{
	const double n = (double)a->n, m = (double)b->n;
	double below_a = 0, below_b = 0, distance = 0;

	for (unsigned i = 0; i < HIST_N_BUCKETS; i++) {
		below_a += (double)a->count[i];
		below_b += (double)b->count[i];
		distance = fmax(distance, fabs(below_a / n - below_b / m));
	}
	return distance > 1.358 * sqrt((n + m) / (n * m));
}

bool naive_interval(const struct hist *a, const struct hist *b)
{
	const double q = 0.99, z = 1.96;
	const uint32_t reach = (uint32_t)(1e6 * z * sqrt(q * (1 - q) / (double)a->n));

	return hist_quantile_ns(a, 990000 + reach) < hist_quantile_ns(b, 990000 - reach) ||
	       hist_quantile_ns(b, 990000 + reach) < hist_quantile_ns(a, 990000 - reach);
}

bool naive_ratio(const struct hist *a, const struct hist *b)
{
	return (double)hist_quantile_ns(b, 999000) > 1.1 * (double)hist_quantile_ns(a, 999000);
}
