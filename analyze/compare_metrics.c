/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_metrics.c - the metrics of both sides, judged and told. */
#include <string.h>

#include "analyze/compare_rows.h"

static int judge_rows(struct arena *a, const struct compare_rows *rows,
		      struct judgement *ret_judgements)
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

static void put_numbers(const struct compare_row *row, const struct judgement *j,
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

static int put_row(struct comparer *w, const struct compare_row *row, const struct judgement *j)
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

static int note_rows(struct comparer *w, const struct compare_rows *rows, const struct judgement *j,
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
	struct compare_rows rows;
	struct judgement *j;
	size_t n_quiet = 0, n_unlisted = 0;
	int r;

	w->c->metrics.known = true;
	if (w->c->blocking.n)
		return 0;
	r = compare_make_rows(w, &rows);
	if (r < 0)
		return r;
	j = arena_calloc(w->arena, rows.n, sizeof(*j));
	if (!j)
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
