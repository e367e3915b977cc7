/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge_units.h - from the values of two sides to what a rank test may compare.
 *
 * A unit is what could have come out differently: a session (one result, one boot) where both sides
 * have enough of them, else a repetition; a pair of repetitions, one before and one after, where
 * they were interleaved. Its value is ln(value + offset), so that a change is a ratio.
 */
#ifndef ANALYZE_JUDGE_UNITS_H
#define ANALYZE_JUDGE_UNITS_H

#include "analyze/stats_midrank.h"

enum judge_unit { JUDGE_REPETITIONS, JUDGE_SESSIONS, JUDGE_PAIRS };

/* One value per repetition in the metric's own unit (ns, events per minute …), in order of time. */
struct judge_session {
	const uint64_t *values;
	size_t n; /* 0: the session does not count */
};

struct judge_side { /* in order of time */
	const struct judge_session *sessions;
	size_t n;
};

struct judge_logs { /* at most STATS_UNITS_MAX values */
	double *v;
	size_t n;
	struct stats_arm
		*series; /* the values of each session; none where sessions are the units */
	size_t n_series;
};

struct judge_arms {
	enum judge_unit unit;
	struct judge_logs before, after;
	struct judge_logs difference; /* after - before; pairs only */
};

struct judge_wish {
	struct judge_side before, after;
	uint64_t offset; /* added to each value; what is 0 then counts as 1 */
	bool is_paired;
	size_t n_family; /* gated metrics judged together, at least 1 */
};

/* Sessions with a value. */
size_t judge_n_sessions(const struct judge_side *side);
/*
 * The median of each session: for calibration. 0 or -ENOMEM; logs is released also on failure.
 */
int judge_session_logs(const struct judge_side *side, uint64_t offset,
		       struct judge_logs *ret_logs) MUST_CHECK;
/*
 * Sessions are the units when C(K + m, m) >= 20 n_family: then the exact test can alarm at 5 %
 * after Holm. More than STATS_UNITS_MAX units are taken together, medians of neighbours in time.
 * 0, -EINVAL (paired, but not one session per side with equally many values), -ENOMEM.
 */
int judge_arms_init(const struct judge_wish *wish, struct judge_arms *ret_arms) MUST_CHECK;
void judge_arms_release(struct judge_arms *arms);
void judge_logs_release(struct judge_logs *logs);

#define auto_arms auto_cleanup(judge_arms_release)
#define auto_logs auto_cleanup(judge_logs_release)

#endif
