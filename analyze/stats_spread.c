/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_spread.h"

#include <math.h>

#define SHAMOS 1.0483

/* Student's t, 95 % point, for 2 … 19 degrees of freedom. */
static const double t95[] = { 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812,
			      1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.740, 1.734, 1.729 };

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
	*ret_sd = SHAMOS * stats_median(distance, n);
	return 0;
}

double stats_noise_floor(const struct stats_arm *sessions)
{
	const size_t n = sessions->n;
	double mean = 0, square = 0;
	size_t row;

	if (n < 3)
		return 0;
	for (size_t i = 0; i < n; i++)
		mean += sessions->v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (sessions->v[i] - mean) * (sessions->v[i] - mean);
	row = n - 3 < ARRAY_SIZE(t95) ? n - 3 : ARRAY_SIZE(t95) - 1;
	return t95[row] * sqrt(2 * square / (double)(n - 1));
}
