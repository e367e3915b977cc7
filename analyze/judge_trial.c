/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/judge_trial.h"

#include <math.h>
#include <string.h>

#include "analyze/judge_gate.h"
#include "analyze/stats_drift.h"
#include "analyze/stats_equivalence.h"
#include "analyze/stats_spread.h"

#define LOG_MAX      100  /* no two 64-bit values are that far apart */
#define PERMILLE_MAX 1e15 /* far beyond any sense, far below the end of int64_t */

static struct stats_arm arm_of(const struct judge_logs *logs)
{
	return (struct stats_arm){ logs->v, logs->n };
}

static int median_of(const struct judge_logs *logs, double *ret_median)
{
	auto_free double *v = malloc(logs->n * sizeof(*v));

	if (!v)
		return -ENOMEM;
	memcpy(v, logs->v, logs->n * sizeof(*v));
	*ret_median = stats_median(v, logs->n);
	return 0;
}

int64_t judge_permille(double log_ratio)
{
	const double permille = (exp(log_ratio) - 1) * 1000;

	return permille < PERMILLE_MAX ? llround(permille) : (int64_t)PERMILLE_MAX;
}

static uint64_t value_of(double log_value, uint64_t offset)
{
	const double value = round(exp(log_value) - (double)offset);

	if (!(value > 0))
		return 0;
	return value < 0x1.0p64 ? (uint64_t)value : UINT64_MAX;
}

/* Noise between sessions matters where repetitions of different ones meet. */
static int find_margin(const struct judge_metric *m, size_t n_family, struct judge_trial *t,
		       struct judgement *j)
{
	const size_t n_before = judge_n_sessions(&m->before);
	const size_t n_after = judge_n_sessions(&m->after);
	auto_logs struct judge_logs sessions = { 0 };
	struct stats_arm arm;
	double noise;
	int r;

	t->delta = log1p(m->margin_permille / 1000.0);
	if (j->unit == JUDGE_REPETITIONS && !m->is_one_session) {
		r = judge_session_logs(&m->calibration, m->offset, &sessions);
		if (r < 0)
			return r;
		arm = arm_of(&sessions);
		/* Of all that decides together, as Holm has it: any of them may have had a bad
		 * boot. */
		noise = stats_noise_floor(&arm, JUDGE_LEVEL / (double)(m->is_gated ? n_family : 1),
					  n_before ? n_before : 1, n_after ? n_after : 1);
		j->is_boot_inside = arm.n < 3;
		j->n_noise_sessions = arm.n;
		j->is_noise_margin = noise > t->delta;
		t->delta = fmax(t->delta, noise);
	}
	j->margin_permille = (uint64_t)judge_permille(t->delta);
	return 0;
}

static int find_shift(const struct judge_arms *arms, struct stats_null *null, struct judge_trial *t)
{
	const struct stats_arm before = arm_of(&arms->before), after = arm_of(&arms->after);
	const struct stats_arm difference = arm_of(&arms->difference);
	const bool is_paired = arms->unit == JUDGE_PAIRS;
	const struct stats_arm within[] = { is_paired ? difference : before, after };
	int r;

	r = is_paired ? stats_shift_pairs(null, &difference, &t->shift)
		      : stats_shift_sides(null, &before, &after, &t->shift);
	if (r < 0)
		return r;
	r = stats_spread(within, is_paired ? 1 : 2, &t->sd);
	return r == -ENODATA ? 0 : r;
}

static int test_sides(const struct judge_arms *arms, enum stats_care care, struct stats_null *null,
		      struct judge_trial *t)
{
	const struct stats_arm before = arm_of(&arms->before), after = arm_of(&arms->after);
	int r = stats_rank_sum(null, &before, &after, t->delta, care, &t->p_regressed);

	if (r == 0)
		r = stats_rank_sum(null, &after, &before, t->delta, care, &t->p_improved);
	if (r == 0)
		r = stats_equivalence_sides(null, &before, &after, t->delta_same, care, &t->p_same);
	return r;
}

static int test_pairs(const struct judge_arms *arms, struct judge_trial *t)
{
	const struct stats_arm difference = arm_of(&arms->difference);
	int r = stats_signed_rank(&difference, false, t->delta, &t->p_regressed);

	if (r == 0)
		r = stats_signed_rank(&difference, true, t->delta, &t->p_improved);
	if (r == 0)
		r = stats_equivalence_pairs(&difference, t->delta_same, &t->p_same);
	return r;
}

/* Of both sides, or of the differences: what moved both units of a pair is no drift there. */
static int find_drift(const struct judge_arms *arms, bool *ret_has_drifted)
{
	const struct judge_logs *first =
		arms->unit == JUDGE_PAIRS ? &arms->difference : &arms->before;
	const size_t n_more = arms->unit == JUDGE_PAIRS ? 0 : arms->after.n_series;
	auto_free struct stats_arm *series = calloc(first->n_series + n_more + 1, sizeof(*series));
	struct stats_drift drift;
	int r;

	if (!series)
		return -ENOMEM;
	memcpy(series, first->series, first->n_series * sizeof(*series));
	memcpy(series + first->n_series, arms->after.series, n_more * sizeof(*series));
	r = stats_drift(series, first->n_series + n_more, &drift);
	if (r == 0)
		*ret_has_drifted = stats_has_drifted(&drift);
	return r;
}

static void tell_change(const struct judge_metric *m, const struct judge_trial *t,
			struct judgement *j)
{
	j->has_change = true;
	j->before = value_of(t->before, m->offset);
	j->after = value_of(t->after, m->offset);
	j->change_permille = judge_permille(t->shift.estimate);
	j->has_low = isfinite(t->shift.low);
	j->has_high = isfinite(t->shift.high);
	j->low_permille = j->has_low ? judge_permille(t->shift.low) : 0;
	j->high_permille = j->has_high ? judge_permille(t->shift.high) : 0;
}

/* The ratio of two values that are floor apart, the larger being the larger side's. */
static double log_of_floor(const struct judge_metric *m, const struct judge_trial *t)
{
	const double share = (double)m->floor / exp(fmax(t->before, t->after));

	return share < 1 ? -log1p(-share) : LOG_MAX;
}

/*
 * Sessions with nothing changed differ by so much that to stay within it means nothing. Below the
 * floor it does: that no difference that matters is there can be shown all the same.
 */
static bool is_too_noisy(const struct judge_metric *m, size_t n_family, const struct judge_trial *t,
			 const struct judgement *j)
{
	const struct judge_gate gate = { .margin = t->delta,
					 .sd = t->sd,
					 .floor = log1p((double)m->floor / exp(t->before)),
					 .n_family = m->is_gated ? n_family : 1 };

	return j->is_noise_margin && t->delta_same <= t->delta && !judge_is_fit(&gate);
}

static bool has_units_enough(const struct judgement *j)
{
	return j->unit == JUDGE_SESSIONS ||
	       (j->n_before >= JUDGE_UNITS_MIN && j->n_after >= JUDGE_UNITS_MIN);
}

static int try_arms(const struct judge_metric *m, const struct judge_arms *arms, size_t n_family,
		    struct stats_null *null, struct judge_trial *t, struct judgement *j)
{
	int r;

	r = find_margin(m, n_family, t, j);
	if (r < 0 || j->n_before == 0 || j->n_after == 0)
		return r;
	r = median_of(&arms->before, &t->before);
	if (r == 0)
		r = median_of(&arms->after, &t->after);
	if (r == 0)
		r = find_shift(arms, null, t);
	if (r < 0)
		return r;
	tell_change(m, t, j);
	t->delta_same = fmax(t->delta, log_of_floor(m, t));
	t->is_too_noisy = is_too_noisy(m, n_family, t, j);
	if (!has_units_enough(j))
		return 0;
	t->is_testable = true;
	r = arms->unit == JUDGE_PAIRS
		    ? test_pairs(arms, t)
		    : test_sides(arms, m->is_gated ? STATS_ALONE : STATS_OF_MANY, null, t);
	if (r == 0 && arms->unit != JUDGE_SESSIONS)
		r = find_drift(arms, &j->has_drifted);
	return r;
}

int judge_try(const struct judge_metric *m, size_t n_family, struct stats_null *null,
	      struct judge_trial *ret_trial, struct judgement *ret_judgement)
{
	const struct judge_wish wish = { .before = m->before,
					 .after = m->after,
					 .offset = m->offset,
					 .is_paired = m->is_paired,
					 .n_family = n_family };
	auto_arms struct judge_arms arms = { 0 };
	int r = judge_arms_init(&wish, &arms);

	if (r < 0)
		return r;
	*ret_trial = (struct judge_trial){ .p_regressed = 1, .p_improved = 1, .p_same = 1 };
	*ret_judgement = (struct judgement){
		.unit = arms.unit,
		.n_before = m->is_paired ? arms.difference.n : arms.before.n,
		.n_after = m->is_paired ? arms.difference.n : arms.after.n,
		.is_exploratory = !m->is_gated,
	};
	return try_arms(m, &arms, n_family, null, ret_trial, ret_judgement);
}
