/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_shift.h"

#include <math.h>

/* d: as many as the statistic has values above 0; their order is lost. */
static struct stats_shift invert(const struct stats_null *null, double *d)
{
	const size_t n = null->top;
	struct stats_shift s = { .low = -INFINITY, .high = INFINITY };
	size_t n_out = 0; /* k + 1: as many are beyond a bound, itself included */

	while (n_out < n && null->cdf[n_out] <= STATS_TAIL)
		n_out++;
	s.estimate = stats_select_middle(d, n);
	if (n_out > 0) {
		s.low = stats_select(d, n, n_out - 1);
		s.high = stats_select(d, n, n - n_out);
	}
	return s;
}

int stats_shift_sides(struct stats_null *null, const struct stats_arm *before,
		      const struct stats_arm *after, struct stats_shift *ret_shift)
{
	auto_free double *d = NULL;
	size_t n = 0;
	int r = stats_null_rank_sum(null, before->n, after->n);

	if (r < 0)
		return r;
	d = calloc(null->top, sizeof(*d));
	if (!d)
		return -ENOMEM;
	for (size_t i = 0; i < before->n; i++) {
		for (size_t j = 0; j < after->n; j++)
			d[n++] = after->v[j] - before->v[i];
	}
	*ret_shift = invert(null, d);
	return 0;
}

int stats_shift_pairs(struct stats_null *null, const struct stats_arm *differences,
		      struct stats_shift *ret_shift)
{
	const double *v = differences->v;
	auto_free double *d = NULL;
	size_t n = 0;
	int r = stats_null_signed_rank(null, differences->n);

	if (r < 0)
		return r;
	d = calloc(null->top, sizeof(*d));
	if (!d)
		return -ENOMEM;
	for (size_t i = 0; i < differences->n; i++) {
		for (size_t j = i; j < differences->n; j++)
			d[n++] = (v[i] + v[j]) / 2;
	}
	*ret_shift = invert(null, d);
	return 0;
}
