/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_rank.h"

#include <math.h>

#include "analyze/stats_random.h"

enum { N_STEPS_MAX = 4000000, N_HITS_NEVER = UINT16_MAX };

/*
 * One of many: 1 / 6000 is what the smallest p of 600 must be at 10 % (Benjamini & Hochberg), and a
 * p of which 20 draws are hits is known well enough.
 */
static const struct effort {
	unsigned n_draws, n_hits_enough;
} efforts[] = { [STATS_ALONE] = { 20000, N_HITS_NEVER }, [STATS_OF_MANY] = { 5999, 20 } };

/* The smaller side of a pooled sample, whose sum of doubled ranks is the statistic. */
struct tied {
	const struct stats_ranked *all; /* sorted */
	size_t n_all, n_few;
	uint64_t sum2;
	bool is_upper; /* the tail is at and above sum2, else at and below */
};

static bool is_in_tail(const struct tied *t, uint64_t sum2)
{
	return t->is_upper ? sum2 >= t->sum2 : sum2 <= t->sum2;
}

static uint64_t largest_sum2(const struct tied *t)
{
	uint64_t sum2 = 0;

	for (size_t i = t->n_all - t->n_few; i < t->n_all; i++)
		sum2 += t->all[i].rank2;
	return sum2;
}

/* n[j][s]: choices of j units whose doubled ranks add up to s. */
static int count_choices(const struct tied *t, size_t top, double *ret_p)
{
	const size_t width = top + 1;
	auto_free double *n = calloc((t->n_few + 1) * width, sizeof(*n));
	double in_tail = 0, in_all = 0;

	if (!n)
		return -ENOMEM;
	n[0] = 1;
	for (size_t i = 0; i < t->n_all; i++) {
		const size_t rank2 = t->all[i].rank2;

		for (size_t j = i < t->n_few ? i + 1 : t->n_few; j > 0; j--) {
			double *with = n + j * width;
			const double *without = with - width;

			for (size_t s = rank2; s <= top; s++)
				with[s] += without[s - rank2];
		}
	}
	for (size_t s = 0; s <= top; s++) {
		in_all += n[t->n_few * width + s];
		in_tail += is_in_tail(t, s) ? n[t->n_few * width + s] : 0;
	}
	*ret_p = fmin(in_tail / in_all, 1);
	return 0;
}

static int draw_choices(const struct tied *t, const struct effort *effort, double *ret_p)
{
	auto_free uint32_t *rank2 = calloc(t->n_all, sizeof(*rank2));
	struct stats_random random;
	unsigned n_hits = 0, n_draws = 0;

	if (!rank2)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_all; i++)
		rank2[i] = t->all[i].rank2;
	stats_random_seed(&random, 1);
	while (n_draws < effort->n_draws && n_hits < effort->n_hits_enough) {
		uint64_t sum2 = 0;

		/* The first few of a shuffle; whatever order the last draw left is as good. */
		for (size_t i = 0; i < t->n_few; i++) {
			const size_t j = i + stats_random_below(&random, (uint32_t)(t->n_all - i));
			const uint32_t chosen = rank2[j];

			rank2[j] = rank2[i];
			rank2[i] = chosen;
			sum2 += chosen;
		}
		n_hits += is_in_tail(t, sum2);
		n_draws++;
	}
	*ret_p = n_draws < effort->n_draws ? (double)n_hits / n_draws
					   : (n_hits + 1.0) / (n_draws + 1.0);
	return 0;
}

static int tied_tail(const struct tied *t, enum stats_care care, double *ret_p)
{
	const uint64_t top = largest_sum2(t);

	if (t->n_all * (t->n_few + 1) * (top + 1) <= N_STEPS_MAX)
		return count_choices(t, top, ret_p);
	return draw_choices(t, &efforts[care], ret_p);
}

int stats_rank_sum(struct stats_null *null, const struct stats_arm *low,
		   const struct stats_arm *high, double shift, enum stats_care care, double *ret_p)
{
	const size_t n_low = low->n, n_high = high->n;
	auto_free struct stats_ranked *all = NULL;
	uint64_t sum2[2] = { 0, 0 }; /* of low, of high */
	bool has_ties, is_high;
	int r = stats_null_rank_sum(null, n_low, n_high);

	if (r < 0)
		return r;
	all = calloc(n_low + n_high, sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < n_low; i++)
		all[i] = (struct stats_ranked){ .v = low->v[i], .at = 0 };
	for (size_t i = 0; i < n_high; i++)
		all[n_low + i] = (struct stats_ranked){ .v = high->v[i] - shift, .at = 1 };
	has_ties = stats_midranks(all, n_low + n_high);
	for (size_t i = 0; i < n_low + n_high; i++)
		sum2[all[i].at] += all[i].rank2;
	if (!has_ties) {
		/* P(U >= u) = P(U <= n m - u), and n m - u is what low has over high. */
		*ret_p = null->cdf[sum2[0] / 2 - n_low * (n_low + 1) / 2];
		return 0;
	}
	is_high = n_high <= n_low;
	return tied_tail(&(struct tied){ .all = all,
					 .n_all = n_low + n_high,
					 .n_few = is_high ? n_high : n_low,
					 .sum2 = sum2[is_high],
					 .is_upper = is_high },
			 care, ret_p);
}

/* P(sum of the doubled ranks that draw a plus >= sum2), each with probability one half. */
static int sign_tail(const struct stats_ranked *r, size_t n, uint64_t sum2, double *ret_p)
{
	const size_t width = n * (n + 1) + 1;
	auto_free double *f = calloc(width, sizeof(*f));
	size_t top = 0;
	double p = 0;

	if (!f)
		return -ENOMEM;
	f[0] = 1;
	for (size_t i = 0; i < n; i++) {
		const size_t rank2 = r[i].rank2;

		if (r[i].v <= STATS_TIE)
			continue;
		top += rank2;
		for (size_t s = top + 1; s-- > 0;)
			f[s] = (f[s] + (s >= rank2 ? f[s - rank2] : 0)) / 2;
	}
	for (size_t s = top + 1; s-- > sum2;)
		p += f[s];
	*ret_p = fmin(p, 1);
	return 0;
}

int stats_signed_rank(const struct stats_arm *differences, bool is_below, double shift,
		      double *ret_p)
{
	const size_t n = differences->n;
	auto_free struct stats_ranked *r = NULL;
	uint64_t sum2 = 0;

	if (n == 0)
		return -EINVAL;
	if (n > STATS_UNITS_MAX)
		return -E2BIG;
	r = calloc(n, sizeof(*r));
	if (!r)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const double d = is_below ? -differences->v[i] : differences->v[i];

		r[i] = (struct stats_ranked){ .v = fabs(d - shift), .at = d > shift };
	}
	stats_midranks(r, n);
	for (size_t i = 0; i < n; i++)
		sum2 += r[i].at && r[i].v > STATS_TIE ? r[i].rank2 : 0;
	return sign_tail(r, n, sum2, ret_p);
}
