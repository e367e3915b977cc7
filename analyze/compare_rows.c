/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/compare_rows.h"

#include <string.h>

#include "analyze/compare_index.h"

struct compare_sides {
	struct compare_indexes before, after, calibration;
};

static int fill_side(struct arena *a, const struct compare_indexes *x, const char *id,
		     struct judge_side *ret_side, uint64_t *offset)
{
	struct judge_session *sessions = arena_calloc(a, x->n, sizeof(*sessions));

	if (!sessions)
		return -ENOMEM;
	for (size_t i = 0; i < x->n; i++) {
		const struct record_metric *m = compare_index_find(&x->v[i], id);
		uint64_t *values;

		if (!m || !m->values.n)
			continue;
		values = arena_calloc(a, m->values.n, sizeof(*values));
		if (!values)
			return -ENOMEM;
		for (size_t k = 0; k < m->values.n; k++)
			values[k] = m->values.v[k].value;
		sessions[i] = (struct judge_session){ values, m->values.n };
		*offset = u64_max(*offset, m->offset.known ? m->offset.v : 0);
	}
	*ret_side = (struct judge_side){ sessions, x->n };
	return 0;
}

int compare_pairs(struct arena *a, const struct fact_pairs *before, const struct fact_pairs *after,
		  struct judge_side *ret_before, struct judge_side *ret_after)
{
	const size_t most = before->n;
	uint64_t *values = arena_calloc(a, 2 * most, sizeof(*values));
	struct judge_session *sessions = arena_calloc(a, 2, sizeof(*sessions));
	size_t n = 0, k = 0;

	if (!values || !sessions)
		return -ENOMEM;
	for (size_t i = 0; i < most; i++) {
		const struct fact_pair *p = &before->v[i];

		while (k < after->n && after->v[k].key < p->key)
			k++;
		if (k == after->n || after->v[k].key != p->key)
			continue;
		values[n] = p->value;
		values[most + n++] = after->v[k].value;
	}
	sessions[0] = (struct judge_session){ values, n };
	sessions[1] = (struct judge_session){ values + most, n };
	*ret_before = (struct judge_side){ sessions, 1 };
	*ret_after = (struct judge_side){ sessions + 1, 1 };
	return 0;
}

static const char *why_missing(const struct compare_indexes *x, const char *id)
{
	const struct record_metric *m = x->n ? compare_index_find(&x->v[x->n - 1], id) : NULL;

	return m && m->why.known ? m->why.v : "not measured";
}

static int say_missing(struct comparer *w, const struct compare_sides *s, struct compare_row *row)
{
	const bool is_before = judge_n_sessions(&row->judged.before) > 0;
	const bool is_after = judge_n_sessions(&row->judged.after) > 0;
	const char *before = why_missing(&s->before, row->id);
	const char *after = why_missing(&s->after, row->id);

	if (is_before && is_after)
		return 0;
	if (!is_before && !is_after)
		row->why_not =
			strcmp(before, after)
				? arena_printf(w->arena, "before: %s; after: %s", before, after)
				: before;
	else
		row->why_not = arena_printf(w->arena, "%s: %s", is_after ? "before" : "after",
					    is_after ? before : after);
	return row->why_not ? 0 : -ENOMEM;
}

static int fill_row(struct comparer *w, const struct compare_sides *s, struct compare_row *row)
{
	struct judge_metric *j = &row->judged;
	int r;

	j->floor = row->metric->floor;
	j->margin_permille =
		w->wish->margin_permille ? w->wish->margin_permille : row->metric->margin_permille;
	j->is_gated = row->metric->is_gated;
	j->is_paired = w->wish->is_paired;
	j->is_one_session = w->wish->is_one_session;
	r = fill_side(w->arena, &s->before, row->id, &j->before, &j->offset);
	if (r == 0)
		r = fill_side(w->arena, &s->after, row->id, &j->after, &j->offset);
	if (r == 0)
		r = fill_side(w->arena, &s->calibration, row->id, &j->calibration, &j->offset);
	if (r == 0)
		r = say_missing(w, s, row);
	if (r < 0 || row->why_not || !j->is_paired)
		return r;
	/* Both are there, or it would say why not. */
	r = compare_pairs(w->arena, &compare_index_find(&s->before.v[0], row->id)->values,
			  &compare_index_find(&s->after.v[0], row->id)->values, &j->before,
			  &j->after);
	if (r == 0 && !j->before.sessions[0].n)
		row->why_not = "no repetition was measured on both sides";
	return r;
}

static int add_row(struct comparer *w, const struct compare_sides *s, const char *id,
		   const struct metric *m, struct compare_rows *rows)
{
	struct compare_row row = { .id = id, .metric = m };
	int r;

	if (rows->n >= COMPARE_METRICS_MAX) {
		rows->n_left_out++;
		return 0;
	}
	r = fill_row(w, s, &row);
	/* One that only explains, and cannot, is no row. */
	if (r == 0 && (m->is_gated || !row.why_not))
		rows->v[rows->n++] = row;
	return r;
}

static int index_sides(struct comparer *w, struct compare_sides *s)
{
	int r = compare_index_side(w->arena, &w->wish->before, &s->before);

	if (r == 0)
		r = compare_index_side(w->arena, &w->wish->after, &s->after);
	return r < 0 ? r : compare_index_side(w->arena, &w->calibration, &s->calibration);
}

int compare_make_rows(struct comparer *w, struct compare_rows *rows)
{
	struct compare_sides s = { 0 };
	struct compare_ids ids;
	int r = index_sides(w, &s);

	*rows = (struct compare_rows){ .v = arena_calloc(w->arena, COMPARE_METRICS_MAX,
							 sizeof(*rows->v)) };
	if (r == 0)
		r = compare_index_ids(w->arena, &s.before, &s.after, &ids);
	if (r < 0 || !rows->v)
		return -ENOMEM;
	for (const struct metric *m = metrics; m->id && r == 0; m++) {
		if (m->is_gated)
			r = add_row(w, &s, m->id, m, rows);
	}
	for (size_t i = 0; i < ids.n && r == 0; i++) {
		const struct metric *m = metric_find(ids.v[i]);

		if (m && !m->is_gated)
			r = add_row(w, &s, ids.v[i], m, rows);
	}
	return r;
}
