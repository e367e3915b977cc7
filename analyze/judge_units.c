/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/judge_units.h"

#include <math.h>
#include <string.h>

#include "analyze/stats_null.h"

enum { ALARM_OUTCOMES = 20 }; /* 1 / 0.05 */

static double log_of(uint64_t value, uint64_t offset)
{
	return log(fmax((double)value + (double)offset, 1));
}

/* Medians of n_blocks runs of neighbours, in place; v is in order of time before and after. */
static void condense(double *v, size_t n, size_t n_blocks)
{
	for (size_t b = 0; b < n_blocks; b++) {
		/* n is a number of values in memory: the products do not wrap. */
		const size_t first = n * b / n_blocks, end = n * (b + 1) / n_blocks;

		v[b] = stats_median(v + first, end - first);
	}
}

static size_t n_values(const struct judge_side *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		n += side->sessions[i].n;
	return n;
}

size_t judge_n_sessions(const struct judge_side *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		n += side->sessions[i].n > 0;
	return n;
}

void judge_logs_release(struct judge_logs *logs)
{
	free(logs->v);
	free(logs->series);
	memset(logs, 0, sizeof(*logs));
}

void judge_arms_release(struct judge_arms *arms)
{
	judge_logs_release(&arms->before);
	judge_logs_release(&arms->after);
	judge_logs_release(&arms->difference);
}

static int reserve(struct judge_logs *logs, size_t n_values_max, size_t n_series_max)
{
	*logs = (struct judge_logs){ .v = calloc(n_values_max + 1, sizeof(*logs->v)),
				     .series = calloc(n_series_max + 1, sizeof(*logs->series)) };
	if (logs->v && logs->series)
		return 0;
	judge_logs_release(logs);
	return -ENOMEM;
}

/* How many units a session may keep of its values. */
static size_t share(size_t n, size_t n_all)
{
	size_t kept;

	if (n_all <= STATS_UNITS_MAX)
		return n;
	kept = (size_t)((double)n / (double)n_all * STATS_UNITS_MAX);
	return kept ? kept : 1;
}

static int repetition_logs(const struct judge_side *side, uint64_t offset,
			   struct judge_logs *ret_logs)
{
	const size_t n_all = n_values(side);
	int r = reserve(ret_logs, n_all, side->n);

	if (r < 0)
		return r;
	for (size_t s = 0; s < side->n; s++) {
		const struct judge_session *session = &side->sessions[s];
		double *v = ret_logs->v + ret_logs->n;
		const size_t n = session->n ? share(session->n, n_all) : 0;

		if (n == 0)
			continue;
		for (size_t i = 0; i < session->n; i++)
			v[i] = log_of(session->values[i], offset);
		condense(v, session->n, n);
		ret_logs->series[ret_logs->n_series++] = (struct stats_arm){ v, n };
		ret_logs->n += n;
	}
	if (ret_logs->n > STATS_UNITS_MAX) {
		/* Hundreds of sessions, one unit of each: nothing is left that could drift. */
		condense(ret_logs->v, ret_logs->n, STATS_UNITS_MAX);
		ret_logs->n = STATS_UNITS_MAX;
		ret_logs->n_series = 0;
	}
	return 0;
}

int judge_session_logs(const struct judge_side *side, uint64_t offset, struct judge_logs *ret_logs)
{
	int r = reserve(ret_logs, n_values(side) + side->n, 0);

	if (r < 0)
		return r;
	for (size_t s = 0; s < side->n; s++) {
		const struct judge_session *session = &side->sessions[s];
		double *v = ret_logs->v + ret_logs->n;

		for (size_t i = 0; i < session->n; i++)
			v[i] = log_of(session->values[i], offset);
		if (session->n == 0)
			continue;
		condense(v, session->n, 1);
		ret_logs->n++;
	}
	if (ret_logs->n > STATS_UNITS_MAX) {
		condense(ret_logs->v, ret_logs->n, STATS_UNITS_MAX);
		ret_logs->n = STATS_UNITS_MAX;
	}
	return 0;
}

static int both_logs(const struct judge_wish *wish, enum judge_unit unit, struct judge_arms *arms)
{
	int (*logs)(const struct judge_side *, uint64_t, struct judge_logs *) =
		unit == JUDGE_SESSIONS ? judge_session_logs : repetition_logs;
	int r = logs(&wish->before, wish->offset, &arms->before);

	if (r < 0)
		return r;
	arms->unit = unit;
	return logs(&wish->after, wish->offset, &arms->after);
}

static bool has_enough_sessions(const struct judge_wish *wish)
{
	const size_t n_before = judge_n_sessions(&wish->before);
	const size_t n_after = judge_n_sessions(&wish->after);

	/* stats_choose() gives 1 for an empty side. */
	return stats_choose(n_before + n_after, n_after) >= ALARM_OUTCOMES * (double)wish->n_family;
}

static int pair_logs(const struct judge_wish *wish, struct judge_arms *arms)
{
	struct judge_logs *d = &arms->difference;
	size_t n;
	int r;

	if (wish->before.n != 1 || wish->after.n != 1 ||
	    wish->before.sessions->n != wish->after.sessions->n)
		return -EINVAL;
	n = wish->before.sessions->n;
	r = both_logs(wish, JUDGE_PAIRS, arms);
	if (r == 0)
		r = reserve(d, n, 1);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		d->v[i] = log_of(wish->after.sessions->values[i], wish->offset) -
			  log_of(wish->before.sessions->values[i], wish->offset);
	d->n = n < STATS_UNITS_MAX ? n : STATS_UNITS_MAX;
	condense(d->v, n, d->n);
	d->series[d->n_series++] = (struct stats_arm){ d->v, d->n };
	return 0;
}

int judge_arms_init(const struct judge_wish *wish, struct judge_arms *ret_arms)
{
	int r;

	memset(ret_arms, 0, sizeof(*ret_arms));
	if (wish->is_paired)
		r = pair_logs(wish, ret_arms);
	else
		r = both_logs(wish, has_enough_sessions(wish) ? JUDGE_SESSIONS : JUDGE_REPETITIONS,
			      ret_arms);
	if (r < 0)
		judge_arms_release(ret_arms);
	return r;
}
