/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget_judge.c - budgets against a result, and what waivers let off. */
#include <string.h>

#include "analyze/budget_parts.h"
#include "analyze/record_values.h"

enum { REPETITIONS_MIN = 3 }; /* a median of fewer is one of them */

struct judging {
	const struct budgets *budgets;
	struct host *host;
	const struct findings *findings;
	const struct record_facts *record;
	uint64_t now_unix_ns;
	struct arena *arena;
	struct comparison_facts *out;
	bool *is_used; /* per waiver */
};

enum outcome { HELD, BROKEN, UNKNOWN };

/* What a rule came to, before waivers; texts live in an arena, NULL: none. */
struct outcome_words {
	const char *value, *limit, *reason;
};

static bool holds(const struct budget_waiver *w, uint64_t now_unix_ns)
{
	return now_unix_ns < w->until_unix_ns;
}

bool budgets_waive(const struct budgets *b, const char *id, uint64_t now_unix_ns)
{
	for (size_t i = 0; i < b->n_waivers; i++) {
		if (!strcmp(b->waivers[i].id, id) && holds(&b->waivers[i], now_unix_ns))
			return true;
	}
	return false;
}

/* The first that holds, marked as used; NULL: none. */
static const struct budget_waiver *use_waiver(struct judging *j, const char *id)
{
	for (size_t i = 0; i < j->budgets->n_waivers; i++) {
		const struct budget_waiver *w = &j->budgets->waivers[i];

		if (!strcmp(w->id, id) && holds(w, j->now_unix_ns)) {
			j->is_used[i] = true;
			return w;
		}
	}
	return NULL;
}

static const char *waiver_words(struct judging *j, const struct budget_waiver *w)
{
	return arena_printf(j->arena, "waived until %s: %s", w->until, w->reason);
}

/* "2 repetitions", or "2 of 6 repetitions" where others tell nothing of it. */
static int too_few(struct judging *j, size_t n, const char **ret_why)
{
	const size_t n_all = record_n_repetitions(j->record);

	if (n_all > n)
		*ret_why = arena_printf(j->arena,
					"only %zu of %zu repetitions tell it: a budget needs %d", n,
					n_all, REPETITIONS_MIN);
	else
		*ret_why = arena_printf(j->arena, "%zu repetition%s: a budget needs %d", n,
					n == 1 ? "" : "s", REPETITIONS_MIN);
	return *ret_why ? -ENODATA : -ENOMEM;
}

static uint64_t largest_of(const struct record_metric *m)
{
	uint64_t max = 0;

	for (size_t i = 0; i < m->values.n; i++)
		max = u64_max(max, m->values.v[i].value);
	return max;
}

/* What a guest of our own measured from inside: one value a session, of thousands of round trips.
 */
static bool is_once(const char *id)
{
	return !strncmp(id, "exits.", strlen("exits."));
}

static int find_metric(struct judging *j, const char *id, uint64_t *ret_value, const char **ret_why)
{
	const struct record_metric *m = record_metric_of(j->record, id);

	*ret_why = m && m->why.known ? m->why.v : "not measured";
	if (!m || !m->values.known || !m->values.n)
		return -ENODATA;
	if (m->values.n < REPETITIONS_MIN && !is_once(id))
		return too_few(j, m->values.n, ret_why);
	if (strcmp(id, BUDGET_WAKE_MAX))
		return record_median(m, ret_value);
	*ret_value = largest_of(m);
	return 0;
}

static uint64_t share_ppm(uint64_t part, uint64_t whole)
{
	const uint64_t million = 1000000;

	return part > UINT64_MAX / million ? part / (whole / million) : part * million / whole;
}

static int find_aio_headroom(struct judging *j, uint64_t *ret_value, const char **ret_why)
{
	const struct activity_facts *a = &j->host->activity;
	const struct fact_u64 *const looks[] = { &j->host->aio.nr, &a->aio_nr_before,
						 &a->aio_nr_after, &a->aio_nr_max };
	const uint64_t max = j->host->aio.max_nr.v;
	bool is_known = false;
	uint64_t nr = 0;

	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		is_known |= looks[i]->known;
		nr = looks[i]->known ? u64_max(nr, looks[i]->v) : nr;
	}
	if (!j->host->aio.max_nr.known || !is_known) {
		*ret_why = host_why_unknown(j->host, is_known ? "aio.max_nr" : "aio.nr");
		return *ret_why ? -ENODATA : -ENOMEM;
	}
	*ret_value = nr < max ? share_ppm(max - nr, max) : 0;
	return 0;
}

static int find_value(struct judging *j, const char *id, uint64_t *ret_value, const char **ret_why)
{
	if (!strcmp(id, BUDGET_AIO_HEADROOM))
		return find_aio_headroom(j, ret_value, ret_why);
	return find_metric(j, id, ret_value, ret_why);
}

static bool keeps(const struct budget_rule *rule, uint64_t value)
{
	if (value == rule->limit)
		return rule->is_equal_enough;
	return (value < rule->limit) == rule->is_below;
}

static int judge_metric(struct judging *j, const struct budget_rule *rule,
			enum outcome *ret_outcome, struct outcome_words *w)
{
	const struct metric *m = budget_metric(rule->id);
	uint64_t value;
	int r = find_value(j, rule->id, &value, &w->reason);

	w->limit = metric_words(m, rule->limit, j->arena);
	*ret_outcome = UNKNOWN;
	if (r == -ENODATA)
		return w->limit ? 0 : -ENOMEM;
	if (r < 0)
		return r;
	w->reason = NULL;
	w->value = metric_words(m, value, j->arena);
	*ret_outcome = keeps(rule, value) ? HELD : BROKEN;
	return w->value && w->limit ? 0 : -ENOMEM;
}

static int judge_row(struct judging *j, const struct budget_rule *rule, enum outcome *ret_outcome,
		     struct outcome_words *w)
{
	const struct finding *f = findings_get(j->findings, rule->id);

	w->limit = rule->worst == VERDICT_PROBLEM ? "no problem" : "no problem, no advice";
	*ret_outcome = UNKNOWN;
	w->reason = f ? f->summary : "not judged";
	if (!f || f->verdict == VERDICT_UNKNOWN ||
	    (f->verdict == VERDICT_NOT_APPLICABLE && f->is_open))
		return 0;
	*ret_outcome = f->verdict <= rule->worst ? BROKEN : HELD;
	w->value = verdict_names[f->verdict];
	return 0;
}

/* All rows: those that are let off are not counted, but waivers of theirs are used. */
static int judge_rows(struct judging *j, const struct budget_rule *rule, enum outcome *ret_outcome,
		      struct outcome_words *w, bool *ret_is_waived)
{
	struct arena_text ids = { 0 }, waived = { 0 };
	size_t n = 0, n_waived = 0;
	const char *ok = "";

	for (size_t i = 0; ok && i < j->findings->n; i++) {
		const struct finding *f = &j->findings->v[i];
		const struct budget_waiver *by;

		if (f->verdict > rule->worst)
			continue;
		by = use_waiver(j, f->tweak->id);
		if (by)
			ok = arena_text_add(j->arena, &waived, "%s%s until %s: %s",
					    n_waived++ ? "; " : "", by->id, by->until, by->reason);
		else
			ok = arena_text_add(j->arena, &ids, "%s%s", n++ ? ", " : "", f->tweak->id);
	}
	w->limit = rule->worst == VERDICT_PROBLEM ? "no problem" : "no problem, no advice";
	w->value = n ? ids.v : "none";
	if (n_waived && ok)
		ok = w->reason = arena_printf(j->arena, "waived: %s", waived.v);
	if (!j->findings->n)
		*w = (struct outcome_words){ NULL, w->limit, "nothing was judged" };
	*ret_outcome = !j->findings->n ? UNKNOWN : n ? BROKEN : HELD;
	*ret_is_waived = n_waived && !n;
	return ok ? 0 : -ENOMEM;
}

static int put_budget(struct judging *j, const struct budget_rule *rule, const char *verdict,
		      const struct outcome_words *w)
{
	struct comparison_budget *b =
		fact_add_item(&j->out->budgets, j->arena, sizeof(struct comparison_budget));
	const struct {
		struct fact_str *to;
		const char *v;
	} texts[] = {
		{ &b->rule, rule->text }, { &b->id, rule->id },    { &b->verdict, verdict },
		{ &b->value, w->value },  { &b->limit, w->limit }, { &b->reason, w->reason }
	};
	int r = b ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(texts); i++)
		r = fact_set_str(texts[i].to, j->arena, texts[i].v);
	return r;
}

static int judge_rule(struct judging *j, const struct budget_rule *rule)
{
	static const char *const names[] = { "held", "broken", "unknown" };
	const struct budget_waiver *waiver = NULL;
	struct outcome_words w = { 0 };
	bool is_waived = false;
	enum outcome outcome;
	int r;

	if (rule->is_finding && !strcmp(rule->id, "*"))
		r = judge_rows(j, rule, &outcome, &w, &is_waived);
	else if (rule->is_finding)
		r = judge_row(j, rule, &outcome, &w);
	else
		r = judge_metric(j, rule, &outcome, &w);
	if (r == 0 && outcome == BROKEN)
		waiver = use_waiver(j, rule->id);
	if (waiver) {
		is_waived = true;
		w.reason = waiver_words(j, waiver);
		r = w.reason ? 0 : -ENOMEM;
	}
	return r < 0 ? r : put_budget(j, rule, is_waived ? "waived" : names[outcome], &w);
}

/* A regression that is let off says so where its reason stands; gate_of() knows it by its waiver.
 */
static int waive_regressions(struct judging *j)
{
	struct comparison_metric *m = j->out->metrics.v;
	int r = 0;

	for (size_t i = 0; r == 0 && i < j->out->metrics.n; i++) {
		const struct budget_waiver *w;
		const char *words;

		if (!m[i].is_gated.v || !fact_is(&m[i].verdict, "regressed"))
			continue;
		w = use_waiver(j, m[i].id.known ? m[i].id.v : "");
		words = w ? waiver_words(j, w) : NULL;
		if (w)
			r = words ? fact_set_str(&m[i].reason, j->arena, words) : -ENOMEM;
	}
	return r;
}

static int put_waiver(struct judging *j, const struct budget_waiver *w, const char *state)
{
	struct comparison_waiver *out =
		fact_add_item(&j->out->waivers, j->arena, sizeof(struct comparison_waiver));
	int r = out ? fact_set_str(&out->id, j->arena, w->id) : -ENOMEM;

	if (r == 0)
		r = fact_set_str(&out->reason, j->arena, w->reason);
	if (r == 0)
		r = fact_set_str(&out->until, j->arena, w->until);
	return r < 0 ? r : fact_set_str(&out->state, j->arena, state);
}

/* Those that let nothing off are told: they are to be taken out, or renewed. */
static int tell_waivers(struct judging *j)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < j->budgets->n_waivers; i++) {
		const struct budget_waiver *w = &j->budgets->waivers[i];
		const bool is_over = !holds(w, j->now_unix_ns);
		const char *words =
			is_over ? arena_printf(j->arena, "waiver of %s ended on %s", w->id,
					       w->until)
				: arena_printf(j->arena, "waiver of %s was not needed", w->id);

		if (!words)
			return -ENOMEM;
		r = put_waiver(j, w, is_over ? "expired" : j->is_used[i] ? "used" : "unused");
		if (r == 0 && !j->is_used[i])
			r = fact_add_str(&j->out->notes, j->arena, words);
	}
	return r;
}

int budgets_judge(const struct budgets *b, struct host *h, const struct findings *f,
		  const struct record_facts *record, uint64_t now_unix_ns, struct arena *a,
		  struct comparison_facts *c)
{
	struct judging j = { .budgets = b,
			     .host = h,
			     .findings = f,
			     .record = record,
			     .now_unix_ns = now_unix_ns,
			     .arena = a,
			     .out = c,
			     .is_used = arena_calloc(a, b->n_waivers, sizeof(bool)) };
	int r = j.is_used ? 0 : -ENOMEM;

	c->budgets.known = c->waivers.known = true;
	for (size_t i = 0; r == 0 && i < b->n_rules; i++)
		r = judge_rule(&j, &b->rules[i]);
	if (r == 0)
		r = waive_regressions(&j);
	return r < 0 ? r : tell_waivers(&j);
}
