/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_curve.c - timer wake-ups of both sides by percentile, for figures: they decide nothing.
 */
#include <math.h>

#include "analyze/compare_parts.h"
#include "analyze/judge_trial.h"
#include "analyze/stats_shift.h"

enum { QUANTILES_MAX = 64 }; /* of a record, whatever it holds */

static const struct record_quantile *find(const struct record_facts *record, uint64_t ppm)
{
	const struct record_quantile *q = record->wake_curve.v;

	for (size_t i = 0; i < record->wake_curve.n && i < QUANTILES_MAX; i++) {
		if (q[i].quantile_ppm.known && q[i].quantile_ppm.v == ppm && q[i].values_ns.n)
			return &q[i];
	}
	return NULL;
}

/* A side reaches as far as all its sessions do: else its median would leap where one ends. */
static int fill_side(struct arena *a, const struct compare_side *side, uint64_t ppm,
		     struct judge_side *ret_side)
{
	struct judge_session *sessions = arena_calloc(a, side->n, sizeof(*sessions));

	if (!sessions)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		const struct record_quantile *q = find(side->records[i], ppm);
		uint64_t *values = q ? arena_calloc(a, q->values_ns.n, sizeof(*values)) : NULL;

		if (!q)
			return -ENODATA;
		if (!values)
			return -ENOMEM;
		for (size_t k = 0; k < q->values_ns.n; k++)
			values[k] = q->values_ns.v[k].value;
		sessions[i] = (struct judge_session){ values, q->values_ns.n };
	}
	*ret_side = (struct judge_side){ sessions, side->n };
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Least, median and most of the repetitions of all sessions. */
static int put_band(const struct judge_side *side, struct fact_u64 *low, struct fact_u64 *median,
		    struct fact_u64 *high)
{
	auto_free uint64_t *v = NULL;
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		n += side->sessions[i].n;
	v = calloc(n, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < side->n; i++) {
		for (size_t k = 0; k < side->sessions[i].n; k++)
			v[n++] = side->sessions[i].values[k];
	}
	qsort(v, n, sizeof(*v), by_value);
	fact_set_u64(low, v[0]);
	fact_set_u64(median, v[(n - 1) / 2] + (v[n / 2] - v[(n - 1) / 2]) / 2);
	fact_set_u64(high, v[n - 1]);
	return 0;
}

/* As judge_changes() does, so that the change at p99.9 is that of wake.p99.9. */
static int put_change(struct stats_null *null, const struct judge_wish *wish,
		      struct comparison_quantile *out)
{
	auto_arms struct judge_arms arms = { 0 };
	struct stats_shift shift;
	int r = judge_arms_init(wish, &arms);

	if (r < 0)
		return r;
	if (arms.unit == JUDGE_PAIRS) {
		const struct stats_arm pairs = { arms.difference.v, arms.difference.n };

		r = stats_shift_pairs(null, &pairs, &shift);
	} else {
		const struct stats_arm before = { arms.before.v, arms.before.n };
		const struct stats_arm after = { arms.after.v, arms.after.n };

		r = stats_shift_sides(null, &before, &after, &shift);
	}
	if (r < 0)
		return r == -EINVAL ? 0 : r; /* a side without a unit */
	fact_set_i64(&out->change_permille, judge_permille(shift.estimate));
	if (isfinite(shift.low))
		fact_set_i64(&out->ci95_low_permille, judge_permille(shift.low));
	if (isfinite(shift.high))
		fact_set_i64(&out->ci95_high_permille, judge_permille(shift.high));
	return 0;
}

/* Gated metrics that are judged together: with how many decides what the units are. */
static size_t count_family(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < c->metrics.n; i++)
		n += m[i].is_gated.v && m[i].n_before.v && m[i].n_after.v;
	return n ? n : 1;
}

struct curve {
	struct comparer *w;
	struct stats_null *null;
	size_t n_family;
};

static int pair_up(const struct curve *c, uint64_t ppm, struct judge_wish *wish)
{
	const struct record_quantile *before = find(c->w->wish->before.records[0], ppm);
	const struct record_quantile *after = find(c->w->wish->after.records[0], ppm);

	wish->is_paired = true;
	return compare_pairs(c->w->arena, &before->values_ns, &after->values_ns, &wish->before,
			     &wish->after);
}

static int add_point(const struct curve *c, uint64_t ppm)
{
	struct judge_wish wish = { .n_family = c->n_family };
	const int before = fill_side(c->w->arena, &c->w->wish->before, ppm, &wish.before);
	const int after = fill_side(c->w->arena, &c->w->wish->after, ppm, &wish.after);
	struct comparison_quantile *out;
	int r = 0;

	if (before == -ENOMEM || after == -ENOMEM)
		return -ENOMEM;
	if (before < 0 && after < 0)
		return 0;
	out = fact_add_item(&c->w->c->wake_curve, c->w->arena, sizeof(*out));
	if (!out)
		return -ENOMEM;
	fact_set_u64(&out->quantile_ppm, ppm);
	if (before == 0)
		r = put_band(&wish.before, &out->before_low_ns, &out->before_ns,
			     &out->before_high_ns);
	if (r == 0 && after == 0)
		r = put_band(&wish.after, &out->after_low_ns, &out->after_ns, &out->after_high_ns);
	if (r < 0 || before < 0 || after < 0)
		return r;
	if (c->w->wish->is_paired)
		r = pair_up(c, ppm, &wish);
	if (r < 0 || !wish.before.sessions[0].n)
		return r; /* no repetition was measured on both sides */
	return put_change(c->null, &wish, out);
}

/* Adds quantiles of a record to those there are, each once. */
static size_t add_ppms(const struct record_facts *record, uint64_t *ppms, size_t n)
{
	const struct record_quantile *q = record->wake_curve.v;

	for (size_t i = 0; i < record->wake_curve.n && i < QUANTILES_MAX; i++) {
		size_t k = 0;

		while (k < n && ppms[k] != q[i].quantile_ppm.v)
			k++;
		if (k == n && n < QUANTILES_MAX && q[i].quantile_ppm.known &&
		    q[i].quantile_ppm.v < 1000000)
			ppms[n++] = q[i].quantile_ppm.v;
	}
	return n;
}

int compare_curve(struct comparer *w)
{
	auto_null struct stats_null null = { 0 };
	const struct curve c = { w, &null, count_family(w->c) };
	uint64_t ppms[QUANTILES_MAX];
	size_t n;
	int r = 0;

	w->c->wake_curve.known = true;
	if (w->c->blocking.n)
		return 0;
	n = add_ppms(compare_newest(&w->wish->before), ppms, 0);
	n = add_ppms(compare_newest(&w->wish->after), ppms, n);
	qsort(ppms, n, sizeof(*ppms), by_value);
	for (size_t i = 0; i < n && r == 0; i++)
		r = add_point(&c, ppms[i]);
	return r;
}
