/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_null.h"

#include <math.h>
#include <string.h>

void stats_null_release(struct stats_null *null)
{
	free(null->cdf);
	memset(null, 0, sizeof(*null));
}

static int start(struct stats_null *null, size_t n, size_t m, size_t top)
{
	double *f = calloc(top + 1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	stats_null_release(null);
	*null = (struct stats_null){ .n = n, .m = m, .top = top, .cdf = f };
	return 0;
}

/*
 * From [m+i-1 choose i-1] to [m+i choose i], as probabilities. Only the lower half is computed,
 * where coefficients rise and no difference of large numbers leaves a small one; the upper half
 * mirrors it.
 */
static void add_factor(double *f, size_t m, size_t i)
{
	const size_t top = m * i, half = top / 2;
	const double scale = (double)i / (double)(m + i);

	for (size_t k = half; k >= m + i; k--)
		f[k] -= f[k - m - i];
	for (size_t k = i; k <= half; k++)
		f[k] += f[k - i];
	for (size_t k = 0; k <= half; k++)
		f[k] *= scale;
	for (size_t k = 0; k <= half; k++)
		f[top - k] = f[k];
}

/* From probabilities, symmetric about top / 2; what rounding took from their sum is given back. */
static void accumulate(double *f, size_t top)
{
	const size_t half = top / 2;
	const double middle = top % 2 ? 0 : f[half];
	double sum;

	for (size_t k = 1; k <= half; k++)
		f[k] += f[k - 1];
	sum = 2 * f[half] - middle;
	for (size_t k = 0; k <= half; k++)
		f[k] /= sum;
	for (size_t k = half + 1; k < top; k++)
		f[k] = 1 - f[top - k - 1];
	f[top] = 1;
}

int stats_null_rank_sum(struct stats_null *null, size_t n, size_t m)
{
	const size_t few = n < m ? n : m, many = n < m ? m : n;
	int r;

	if (few == 0)
		return -EINVAL;
	if (many > STATS_UNITS_MAX)
		return -E2BIG;
	if (null->cdf && null->n == few && null->m == many)
		return 0;
	r = start(null, few, many, few * many);
	if (r < 0)
		return r;
	null->cdf[0] = 1;
	for (size_t i = 1; i <= few; i++)
		add_factor(null->cdf, many, i);
	accumulate(null->cdf, null->top);
	return 0;
}

int stats_null_signed_rank(struct stats_null *null, size_t n)
{
	int r;

	if (n == 0)
		return -EINVAL;
	if (n > STATS_UNITS_MAX)
		return -E2BIG;
	if (null->cdf && null->n == n && null->m == 0)
		return 0;
	r = start(null, n, 0, n * (n + 1) / 2);
	if (r < 0)
		return r;
	null->cdf[0] = 1;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = i * (i + 1) / 2 + 1; k-- > 0;)
			null->cdf[k] = (null->cdf[k] + (k >= i ? null->cdf[k - i] : 0)) / 2;
	}
	accumulate(null->cdf, null->top);
	return 0;
}

double stats_choose(size_t n, size_t k)
{
	double c = 1;

	if (k > n)
		return 0;
	k = k < n - k ? k : n - k;
	/* Each product is a binomial coefficient times i: exact as long as it fits. */
	for (size_t i = 1; i <= k && isfinite(c); i++)
		c = c * (double)(n - k + i) / (double)i;
	return c;
}
