/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge_trial.h - one metric of a comparison: all that does not depend on the other metrics. */
#ifndef ANALYZE_JUDGE_TRIAL_H
#define ANALYZE_JUDGE_TRIAL_H

#include "analyze/judge_change.h"
#include "analyze/stats_shift.h"

#define JUDGE_LEVEL 0.05 /* of a family of tests */
#define JUDGE_POWER 0.8  /* of plans: four of five */

struct judge_trial {              /* in logarithms */
	bool is_testable;         /* units enough; else the p are 1 */
	bool is_too_noisy;        /* the noise floor is beyond what is fit to decide */
	double before, after;     /* medians of the logarithms */
	double delta, delta_same; /* margin of a change; of no change: with the floor */
	double p_regressed, p_improved, p_same;
	double q_regressed, q_improved; /* adjusted, by the caller */
	struct stats_shift shift;
	double sd;
};

/* Takes permille that no integer holds to the largest that makes sense. */
int64_t judge_permille(double log_ratio);
/*
 * Fills what the units of one metric tell, and of the judgement all but verdict, reason, p and
 * what more units would do. n_family: gated metrics, at least 1. 0, -EINVAL, -ENOMEM as
 * judge_changes().
 */
int judge_try(const struct judge_metric *m, size_t n_family, struct stats_null *null,
	      struct judge_trial *ret_trial, struct judgement *ret_judgement) MUST_CHECK;

#endif
