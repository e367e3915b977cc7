/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_spread.h"

#include <math.h>

#define SHAMOS 1.0483

int stats_spread(const struct stats_arm *arms, size_t n_arms, double *ret_sd)
{
	auto_free double *distance = NULL;
	size_t n = 0, at = 0;

	for (size_t a = 0; a < n_arms; a++)
		n += arms[a].n > 1 ? arms[a].n * (arms[a].n - 1) / 2 : 0;
	if (n == 0)
		return -ENODATA;
	distance = calloc(n, sizeof(*distance));
	if (!distance)
		return -ENOMEM;
	for (size_t a = 0; a < n_arms; a++) {
		for (size_t i = 0; i < arms[a].n; i++) {
			for (size_t j = i + 1; j < arms[a].n; j++)
				distance[at++] = fabs(arms[a].v[j] - arms[a].v[i]);
		}
	}
	*ret_sd = SHAMOS * stats_select_middle(distance, n);
	return 0;
}

/* P(|T| <= t): Abramowitz & Stegun, Handbook of mathematical functions, 26.7.3 and 26.7.4. */
static double t_within(double t, size_t df)
{
	const double angle = atan(t / sqrt((double)df)), c = cos(angle), s = sin(angle);
	double term = df % 2 ? c : 1, sum = 0;

	for (size_t i = df % 2 + 2; i <= df; i += 2) {
		sum += term;
		term *= (double)(i - 1) / (double)i * c * c;
	}
	return df % 2 ? 2 / M_PI * (angle + s * sum) : s * sum;
}

double stats_t_quantile(double p, size_t df)
{
	double low = 0, high = 1e9;

	/* From 1e9 to below the last bits of any quantile. */
	for (unsigned i = 0; i < 100; i++) {
		const double middle = (low + high) / 2;

		if ((1 + t_within(middle, df)) / 2 < p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

double stats_noise_floor(const struct stats_arm *sessions, double level, size_t n_before,
			 size_t n_after)
{
	const size_t n = sessions->n;
	double mean = 0, square = 0, sd;

	if (n < 3)
		return 0;
	for (size_t i = 0; i < n; i++)
		mean += sessions->v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (sessions->v[i] - mean) * (sessions->v[i] - mean);
	sd = sqrt(square / (double)(n - 1));
	return stats_t_quantile(1 - level, n - 1) * sd *
	       sqrt(1 / (double)n_before + 1 / (double)n_after);
}
