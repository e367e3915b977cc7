/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_drift.h"

#include <math.h>

#include "analyze/stats_random.h"

/*
 * Of 1999 draws fewer than 19 as extreme are p < 0.01. 20 among them are not, and more draws would
 * not make it so: a machine that drifts costs no more than this.
 */
enum { N_DRAWS = 1999, N_HITS_ENOUGH = 20, N_UNITS_MIN = 3 };

#define ROUNDING 1e-9

struct statistics {
	double trend, lag;
};

/* Ranks about their mean, of length sqrt(n - 1), in the order of v. All 0 when nothing differs. */
static int standard_ranks(const struct stats_arm *series, double *ret_rank)
{
	const size_t n = series->n;
	auto_free struct stats_ranked *r = calloc(n, sizeof(*r));
	double square = 0;

	if (!r)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		r[i] = (struct stats_ranked){ .v = series->v[i], .at = (uint32_t)i };
	stats_midranks(r, n);
	for (size_t i = 0; i < n; i++) {
		const double rank = (double)r[i].rank2 - (double)(n + 1);

		ret_rank[r[i].at] = rank;
		square += rank * rank;
	}
	for (size_t i = 0; i < n && square > 0; i++)
		ret_rank[i] *= sqrt((double)(n - 1) / square);
	return 0;
}

/* rank has length sqrt(n - 1): trend is rho * sqrt(n - 1), lag is r1 * sqrt(n - 1). */
static void add_series(struct statistics *sum, const double *rank, size_t n)
{
	const double middle = (double)(n - 1) / 2;
	const double length = sqrt((double)n * ((double)n * (double)n - 1) / 12);
	double trend = 0, lag = 0;

	for (size_t i = 0; i < n; i++)
		trend += rank[i] * ((double)i - middle);
	for (size_t i = 0; i + 1 < n; i++)
		lag += rank[i] * rank[i + 1];
	sum->trend += trend / length;
	sum->lag += lag / sqrt((double)(n - 1));
}

static struct statistics add_all(const struct stats_arm *series, size_t n_series,
				 const double *rank)
{
	struct statistics sum = { 0 };

	for (size_t s = 0; s < n_series; s++) {
		if (series[s].n >= N_UNITS_MIN)
			add_series(&sum, rank, series[s].n);
		rank += series[s].n;
	}
	return sum;
}

static double p_of(unsigned n_hits, unsigned n_draws)
{
	return n_draws < N_DRAWS ? (double)n_hits / n_draws : (n_hits + 1.0) / (n_draws + 1.0);
}

static struct stats_drift permute(const struct stats_arm *series, size_t n_series, double *rank)
{
	const struct statistics seen = add_all(series, n_series, rank);
	unsigned n_trend = 0, n_lag = 0, n_draws = 0;
	struct stats_random random;

	stats_random_seed(&random, 1);
	while (n_draws < N_DRAWS && (n_trend < N_HITS_ENOUGH || n_lag < N_HITS_ENOUGH)) {
		struct statistics drawn;
		double *at = rank;

		for (size_t s = 0; s < n_series; s++) {
			stats_random_shuffle(&random, at, series[s].n);
			at += series[s].n;
		}
		drawn = add_all(series, n_series, rank);
		n_trend += fabs(drawn.trend) >= fabs(seen.trend) - ROUNDING;
		n_lag += drawn.lag >= seen.lag - ROUNDING;
		n_draws++;
	}
	return (struct stats_drift){ p_of(n_trend, n_draws), p_of(n_lag, n_draws) };
}

int stats_drift(const struct stats_arm *series, size_t n_series, struct stats_drift *ret_drift)
{
	auto_free double *rank = NULL;
	size_t n = 0, at = 0;
	int r;

	for (size_t s = 0; s < n_series; s++)
		n += series[s].n;
	*ret_drift = (struct stats_drift){ 1, 1 };
	if (n == 0)
		return 0;
	rank = calloc(n, sizeof(*rank));
	if (!rank)
		return -ENOMEM;
	for (size_t s = 0; s < n_series; s++) {
		r = series[s].n ? standard_ranks(&series[s], rank + at) : 0;
		if (r < 0)
			return r;
		at += series[s].n;
	}
	*ret_drift = permute(series, n_series, rank);
	return 0;
}

bool stats_has_drifted(const struct stats_drift *drift)
{
	return drift->p_trend < STATS_DRIFT_LEVEL || drift->p_lag < STATS_DRIFT_LEVEL;
}
