/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/judge_change.h"

#include <math.h>
#include <string.h>

#include "analyze/judge_trial.h"
#include "analyze/pairs.h"
#include "analyze/stats_multiple.h"
#include "analyze/stats_size.h"

#define LEVEL_EXPLORATORY 0.10

static uint32_t ppm_of(double p)
{
	/* Less a little: 0.05 is 50000, whatever its last bits. */
	const double ppm = ceil(p * 1e6 - 1e-6);

	return ppm < 1 ? 1 : (uint32_t)ppm;
}

static bool is_gated_row(const struct judge_metric *m, const struct judge_trial *t, bool is_gated)
{
	return t->is_testable && m->is_gated == is_gated;
}

/* One direction of one family; p and q are scratch for n values. */
static int adjust(const struct judge_metric *metrics, struct judge_trial *trials, size_t n,
		  bool is_gated, bool is_regressed, double *scratch)
{
	size_t n_family = 0, at = 0;
	int r;

	for (size_t i = 0; i < n; i++) {
		if (is_gated_row(&metrics[i], &trials[i], is_gated))
			scratch[n_family++] =
				is_regressed ? trials[i].p_regressed : trials[i].p_improved;
	}
	r = is_gated ? stats_holm(scratch, n_family, scratch)
		     : stats_benjamini_hochberg(scratch, n_family, scratch);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		if (!is_gated_row(&metrics[i], &trials[i], is_gated))
			continue;
		*(is_regressed ? &trials[i].q_regressed : &trials[i].q_improved) = scratch[at++];
	}
	return 0;
}

static int adjust_all(const struct judge_metric *metrics, struct judge_trial *trials, size_t n)
{
	auto_free double *scratch = calloc(n + 1, sizeof(*scratch));
	int r = scratch ? 0 : -ENOMEM;

	for (unsigned turn = 0; turn < 4 && r == 0; turn++)
		r = adjust(metrics, trials, n, turn & 1, turn & 2, scratch);
	return r;
}

/* One of 120 outcomes times six is 0.05, however it was rounded. */
static bool is_at_most(double p, double level)
{
	return p <= level * (1 + 1e-9);
}

static bool is_large(const struct judge_metric *m, const struct judge_trial *t)
{
	return fabs(exp(t->after) - exp(t->before)) >= (double)m->floor * (1 - 1e-9);
}

static void decide(const struct judge_metric *m, const struct judge_trial *t, struct judgement *j)
{
	const double level = m->is_gated ? JUDGE_LEVEL : LEVEL_EXPLORATORY;
	const bool is_worse = is_at_most(t->q_regressed, level);
	const bool is_better = is_at_most(t->q_improved, level);

	if (!t->is_testable)
		j->reason = JUDGE_TOO_FEW;
	else if (j->has_drifted)
		j->reason = JUDGE_DRIFT;
	else if ((is_worse || is_better) && is_large(m, t))
		j->verdict = is_worse ? JUDGE_REGRESSED : JUDGE_IMPROVED;
	else if (t->is_too_noisy)
		j->reason = JUDGE_NOISY;
	else if (is_at_most(t->p_same, JUDGE_LEVEL))
		j->verdict = JUDGE_NO_CHANGE;
	else
		j->reason = is_worse || is_better ? JUDGE_SMALL : JUDGE_SPREAD;
}

/*
 * Units that show no change if there is none, and a change of twice the margin if there is; beyond
 * the margin and yet small, its distance from the floor decides.
 */
static size_t units_needed(const struct judge_trial *t, const struct stats_plan *change,
			   const struct judgement *j)
{
	/* Both one-sided tests must succeed: each fails in half of the cases that may fail. */
	const struct stats_plan same = { t->sd, JUDGE_LEVEL, 1 - (1 - JUDGE_POWER) / 2,
					 change->is_paired };
	const double seen = fabs(t->shift.estimate);
	const size_t n_now = j->n_before < j->n_after ? j->n_before : j->n_after;
	const bool is_small = j->reason == JUDGE_SMALL;
	size_t n = is_small ? stats_units_needed(&same, fabs(t->delta_same - seen))
			    : stats_units_needed(change, fmax(t->delta, seen - t->delta));

	if (n > 0 && !is_small && seen <= 2 * t->delta) {
		const size_t n_same = stats_units_needed(&same, t->delta_same);

		n = n_same ? u64_max(n, n_same) : 0;
	}
	if (n == 0)
		return 0;
	if (j->unit != JUDGE_SESSIONS)
		n = u64_max(n, JUDGE_UNITS_MIN);
	n = u64_max(n, n_now + 1);
	return n <= (j->unit == JUDGE_PAIRS ? (size_t)PAIRS_MAX : STATS_SIZE_MAX) ? n : 0;
}

static void tell_units(const struct judge_metric *m, const struct judge_trial *t, size_t n_family,
		       struct judgement *j)
{
	const struct stats_plan plan = { t->sd,
					 m->is_gated ? JUDGE_LEVEL / (double)n_family : JUDGE_LEVEL,
					 JUDGE_POWER, m->is_paired };
	double visible;

	if (!j->has_change)
		return;
	visible =
		t->is_testable ? stats_visible_distance(&plan, j->n_before, j->n_after) : INFINITY;
	if (isfinite(visible))
		j->visible_permille = (uint64_t)judge_permille(t->delta + visible);
	if (j->verdict == JUDGE_INCONCLUSIVE && j->reason != JUDGE_DRIFT &&
	    j->reason != JUDGE_NOISY)
		j->n_units_needed = units_needed(t, &plan, j);
}

/* Gated metrics that have a unit on both sides. */
static size_t count_family(const struct judge_metric *metrics, size_t n)
{
	size_t n_family = 0;

	for (size_t i = 0; i < n; i++)
		n_family += metrics[i].is_gated && judge_n_sessions(&metrics[i].before) > 0 &&
			    judge_n_sessions(&metrics[i].after) > 0;
	return n_family ? n_family : 1;
}

int judge_changes(const struct judge_metric *metrics, size_t n, struct judgement *ret_judgements)
{
	const size_t n_family = count_family(metrics, n);
	auto_free struct judge_trial *trials = calloc(n + 1, sizeof(*trials));
	auto_free struct judgement *judgements = calloc(n + 1, sizeof(*judgements));
	auto_null struct stats_null null = { 0 };
	int r = trials && judgements ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && r == 0; i++)
		r = judge_try(&metrics[i], n_family, &null, &trials[i], &judgements[i]);
	if (r == 0)
		r = adjust_all(metrics, trials, n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		const struct judge_trial *t = &trials[i];
		struct judgement *j = &judgements[i];

		decide(&metrics[i], t, j);
		tell_units(&metrics[i], t, n_family, j);
		j->p_regressed_ppm = ppm_of(t->is_testable ? t->q_regressed : 1);
		j->p_improved_ppm = ppm_of(t->is_testable ? t->q_improved : 1);
		j->p_same_ppm = ppm_of(t->p_same);
	}
	if (n > 0)
		memcpy(ret_judgements, judgements, n * sizeof(*judgements));
	return 0;
}

const char *judge_verdict_name(enum judge_verdict verdict)
{
	static const char *const names[] = {
		[JUDGE_INCONCLUSIVE] = "inconclusive",
		[JUDGE_NO_CHANGE] = "no-change",
		[JUDGE_IMPROVED] = "improved",
		[JUDGE_REGRESSED] = "regressed",
		[JUDGE_NOT_COMPARABLE] = "not-comparable",
	};

	return names[verdict];
}
