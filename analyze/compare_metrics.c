/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_metrics.c - the metrics of both sides by id, judged. */
#include <inttypes.h>
#include <string.h>

#include "analyze/compare_parts.h"

/* What a stranger's record may hold; more is not looked at. */
#define RECORD_METRICS_MAX 4096

struct row { /* of one id, on both sides */
	const char *id;
	const struct metric *metric;
	struct judge_metric judged;
	const char *why_not; /* not comparable; NULL: it is */
};

static int by_id(const void *a, const void *b)
{
	return strcmp((*(const struct record_metric *const *)a)->id.v,
		      (*(const struct record_metric *const *)b)->id.v);
}

struct index { /* metrics of one record by id */
	const struct record_metric **v;
	size_t n;
};

static int index_record(struct arena *a, const struct record_facts *r, struct index *ret_index)
{
	const struct record_metric *m = r->metrics.v;
	const size_t n = r->metrics.n < RECORD_METRICS_MAX ? r->metrics.n : RECORD_METRICS_MAX;

	*ret_index = (struct index){ arena_calloc(a, n, sizeof(*ret_index->v)), 0 };
	if (!ret_index->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (m[i].id.known)
			ret_index->v[ret_index->n++] = &m[i];
	}
	if (ret_index->n)
		qsort(ret_index->v, ret_index->n, sizeof(*ret_index->v), by_id);
	return 0;
}

static const struct record_metric *index_find(const struct index *x, const char *id)
{
	const struct record_metric key = { .id = { true, id } }, *wanted = &key;
	const struct record_metric **found =
		x->n ? bsearch(&wanted, x->v, x->n, sizeof(*x->v), by_id) : NULL;

	return found ? *found : NULL;
}

struct indexes { /* of one side */
	struct index *v;
	size_t n;
};

static int index_side(struct arena *a, const struct compare_side *side, struct indexes *ret_side)
{
	*ret_side = (struct indexes){ arena_calloc(a, side->n, sizeof(*ret_side->v)), side->n };
	if (!ret_side->v)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		int r = index_record(a, side->records[i], &ret_side->v[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int fill_side(struct arena *a, const struct indexes *x, const char *id,
		     struct judge_side *ret_side, uint64_t *offset)
{
	struct judge_session *sessions = arena_calloc(a, x->n, sizeof(*sessions));

	if (!sessions)
		return -ENOMEM;
	for (size_t i = 0; i < x->n; i++) {
		const struct record_metric *m = index_find(&x->v[i], id);
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

struct sides {
	struct indexes before, after, calibration;
};

static const char *why_missing(const struct indexes *x, const char *id)
{
	const struct record_metric *m = x->n ? index_find(&x->v[x->n - 1], id) : NULL;

	return m && m->why.known ? m->why.v : "not measured";
}

static int say_missing(struct comparer *w, const struct sides *s, struct row *row)
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

static int fill_row(struct comparer *w, const struct sides *s, struct row *row)
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
	r = compare_pairs(w->arena, &index_find(&s->before.v[0], row->id)->values,
			  &index_find(&s->after.v[0], row->id)->values, &j->before, &j->after);
	if (r == 0 && !j->before.sessions[0].n)
		row->why_not = "no repetition was measured on both sides";
	return r;
}

struct ids {
	const char **v;
	size_t n;
};

/* CPU 10 behind CPU 9. */
static int by_name(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_ids(const struct indexes *x, struct ids *ids)
{
	for (size_t i = 0; i < x->n; i++) {
		for (size_t k = 0; k < x->v[i].n; k++)
			ids->v[ids->n++] = x->v[i].v[k]->id.v;
	}
}

/* Ids of both sides, each once, by name. */
static int all_ids(struct arena *a, const struct sides *s, struct ids *ret_ids)
{
	const struct indexes *const both[] = { &s->before, &s->after };
	struct ids ids = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		for (size_t k = 0; k < both[i]->n; k++)
			n += both[i]->v[k].n;
	}
	ids.v = arena_calloc(a, n, sizeof(*ids.v));
	if (!ids.v)
		return -ENOMEM;
	add_ids(&s->before, &ids);
	add_ids(&s->after, &ids);
	if (ids.n)
		qsort(ids.v, ids.n, sizeof(*ids.v), by_name);
	n = 0;
	for (size_t i = 0; i < ids.n; i++) {
		if (!n || strcmp(ids.v[n - 1], ids.v[i]) != 0)
			ids.v[n++] = ids.v[i];
	}
	ids.n = n;
	*ret_ids = ids;
	return 0;
}

struct rows {
	struct row *v;
	size_t n, n_left_out;
};

static int add_row(struct comparer *w, const struct sides *s, const char *id,
		   const struct metric *m, struct rows *rows)
{
	struct row row = { .id = id, .metric = m };
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

/* Gated ones first, in the order of the table; then the others by name. */
static int make_rows(struct comparer *w, const struct sides *s, struct rows *rows)
{
	struct ids ids;
	int r = all_ids(w->arena, s, &ids);

	rows->v = arena_calloc(w->arena, COMPARE_METRICS_MAX, sizeof(*rows->v));
	if (r < 0 || !rows->v)
		return -ENOMEM;
	for (const struct metric *m = metrics; m->id && r == 0; m++) {
		if (m->is_gated)
			r = add_row(w, s, m->id, m, rows);
	}
	for (size_t i = 0; i < ids.n && r == 0; i++) {
		const struct metric *m = metric_find(ids.v[i]);

		if (m && !m->is_gated)
			r = add_row(w, s, ids.v[i], m, rows);
	}
	return r;
}

static int judge_rows(struct arena *a, const struct rows *rows, struct judgement *ret_judgements)
{
	struct judge_metric *m = arena_calloc(a, rows->n, sizeof(*m));
	struct judgement *j = arena_calloc(a, rows->n, sizeof(*j));
	size_t n = 0;
	int r;

	if (!m || !j)
		return -ENOMEM;
	for (size_t i = 0; i < rows->n; i++) {
		if (!rows->v[i].why_not)
			m[n++] = rows->v[i].judged;
	}
	r = judge_changes(m, n, j);
	if (r < 0)
		return r;
	n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		if (!rows->v[i].why_not)
			ret_judgements[i] = j[n++];
		else
			ret_judgements[i].verdict = JUDGE_NOT_COMPARABLE;
	}
	return 0;
}

static const char *const unit_names[] = {
	[JUDGE_REPETITIONS] = "repetitions", [JUDGE_SESSIONS] = "sessions", [JUDGE_PAIRS] = "pairs"
};

static const char *margin_reason(const struct comparer *w, const struct metric *m,
				 const struct judgement *j)
{
	if (j->is_noise_margin)
		return arena_printf(w->arena, "noise floor of %zu sessions", w->calibration.n);
	return w->wish->margin_permille ? "asked for" : m->margin_why;
}

static void put_numbers(const struct row *row, const struct judgement *j,
			struct comparison_metric *out)
{
	if (j->has_change) {
		metric_put_values(row->metric, j->before, j->after, out);
		fact_set_i64(&out->change_permille, j->change_permille);
	}
	if (j->has_low)
		fact_set_i64(&out->ci95_low_permille, j->low_permille);
	if (j->has_high)
		fact_set_i64(&out->ci95_high_permille, j->high_permille);
	fact_set_u64(&out->margin_permille, j->margin_permille);
	fact_set_u64(&out->p_regressed_ppm, j->p_regressed_ppm);
	fact_set_u64(&out->p_improved_ppm, j->p_improved_ppm);
	fact_set_u64(&out->p_same_ppm, j->p_same_ppm);
	fact_set_u64(&out->n_before, j->n_before);
	fact_set_u64(&out->n_after, j->n_after);
	if (j->n_units_needed)
		fact_set_u64(&out->n_needed, j->n_units_needed);
	if (j->visible_permille)
		fact_set_u64(&out->visible_permille, j->visible_permille);
	fact_set_bool(&out->has_drifted, j->has_drifted);
	if (j->verdict == JUDGE_INCONCLUSIVE)
		fact_set_bool(&out->is_too_noisy, j->reason == JUDGE_NOISY);
	fact_set_bool(&out->is_boot_inside, j->is_boot_inside);
}

static size_t count_values(const struct judge_side *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		n += side->sessions[i].n;
	return n;
}

static int put_units(struct arena *a, const struct judge_side *side, struct fact_pairs *ret_units)
{
	const size_t n_all = count_values(side);
	size_t n_over = n_all > COMPARE_UNITS_MAX ? n_all - COMPARE_UNITS_MAX : 0;
	struct fact_pairs units = { true, 0, arena_calloc(a, n_all - n_over, sizeof(*units.v)) };

	if (!units.v)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		const struct judge_session *s = &side->sessions[i];

		for (size_t k = 0; k < s->n; k++) {
			if (n_over)
				n_over--;
			else
				units.v[units.n++] = (struct fact_pair){ i, s->values[k] };
		}
	}
	*ret_units = units;
	return 0;
}

static int put_row(struct comparer *w, const struct row *row, const struct judgement *j)
{
	struct comparison_metric *out = fact_add_item(&w->c->metrics, w->arena, sizeof(*out));
	int r;

	if (!out)
		return -ENOMEM;
	fact_set_bool(&out->is_gated, row->metric->is_gated);
	if (judge_n_sessions(&row->judged.before) && !judge_n_sessions(&row->judged.after))
		fact_set_bool(&out->is_gone, true);
	r = fact_set_str(&out->id, w->arena, row->id);
	if (r == 0)
		r = fact_set_str(&out->title, w->arena, row->metric->title);
	if (r == 0)
		r = fact_set_str(&out->verdict, w->arena, judge_verdict_name(j->verdict));
	if (r < 0 || row->why_not)
		return r < 0 ? r : fact_set_str(&out->reason, w->arena, row->why_not);
	put_numbers(row, j, out);
	r = fact_set_str(&out->unit, w->arena, unit_names[j->unit]);
	if (r == 0 && row->metric->is_gated)
		r = put_units(w->arena, &row->judged.before, &out->units_before);
	if (r == 0 && row->metric->is_gated)
		r = put_units(w->arena, &row->judged.after, &out->units_after);
	if (r == 0)
		r = fact_set_str(&out->margin_reason, w->arena, margin_reason(w, row->metric, j));
	if (r == 0 && j->verdict == JUDGE_INCONCLUSIVE)
		r = fact_set_str(&out->reason, w->arena,
				 compare_why_unclear(w->arena, row->metric, j));
	return r;
}

static bool has_moved(const struct judgement *j)
{
	return j->verdict == JUDGE_REGRESSED || j->verdict == JUDGE_IMPROVED;
}

static int note_rows(struct comparer *w, const struct rows *rows, const struct judgement *j,
		     size_t n_unlisted)
{
	bool has_boot = false, has_drift = false;
	int r = 0;

	for (size_t i = 0; i < rows->n; i++) {
		has_boot |= rows->v[i].metric->is_gated && j[i].is_boot_inside;
		has_drift |= rows->v[i].metric->is_gated && j[i].has_drifted;
	}
	if (has_drift)
		r = compare_note(w, "the machine drifted while it was measured: later repetitions "
				    "differ from earlier ones");
	if (r == 0 && has_boot)
		r = compare_note(w, w->wish->before.n + w->wish->after.n == 2
					    ? "one session per side: differences between boots are "
					      "inside these numbers"
					    : "too few sessions to compare sessions: differences "
					      "between boots are inside these numbers");
	if (r == 0 && n_unlisted)
		r = compare_note(w, "%zu more exploratory metrics did not move and are not listed",
				 n_unlisted);
	if (r == 0 && rows->n_left_out)
		r = compare_note(w, "%zu exploratory metrics were not looked at: only %d are",
				 rows->n_left_out, COMPARE_METRICS_MAX);
	return r;
}

int compare_metrics(struct comparer *w)
{
	struct sides s = { 0 };
	struct rows rows = { 0 };
	struct judgement *j;
	size_t n_quiet = 0, n_unlisted = 0;
	int r;

	w->c->metrics.known = true;
	if (w->c->blocking.n)
		return 0;
	r = index_side(w->arena, &w->wish->before, &s.before);
	if (r == 0)
		r = index_side(w->arena, &w->wish->after, &s.after);
	if (r == 0)
		r = index_side(w->arena, &w->calibration, &s.calibration);
	if (r == 0)
		r = make_rows(w, &s, &rows);
	j = arena_calloc(w->arena, rows.n, sizeof(*j));
	if (r < 0 || !j)
		return -ENOMEM;
	r = judge_rows(w->arena, &rows, j);
	for (size_t i = 0; i < rows.n && r == 0; i++) {
		if (!rows.v[i].metric->is_gated && !has_moved(&j[i]) &&
		    n_quiet++ >= COMPARE_QUIET_MAX)
			n_unlisted++;
		else
			r = put_row(w, &rows.v[i], &j[i]);
	}
	return r < 0 ? r : note_rows(w, &rows, j, n_unlisted);
}
