/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/ci_cases.h"

#include <string.h>

#include "analyze/rule.h"

const char *const ci_group_names[N_CI_GROUPS] = { "wake",  "guest",   "irq",
						  "other", "budgets", "findings" };

/* A stranger's file may hold very many: no more than anybody reads. */
enum { BLOCKING_MAX = 40, WAIVERS_MAX = 1000 };

struct maker {
	const struct comparison_facts *c;
	struct arena *arena;
	struct ci_cases cases;
};

static void add(struct maker *m, const struct ci_case *one)
{
	m->cases.v[m->cases.n++] = *one;
	m->cases.n_by_state[one->state]++;
}

static enum ci_group group_of(const char *id)
{
	for (size_t i = 0; i < CI_OTHER; i++) {
		const size_t len = strlen(ci_group_names[i]);

		if (!strncmp(id, ci_group_names[i], len) && id[len] == '.')
			return (enum ci_group)i;
	}
	return CI_OTHER;
}

/* The waiver that lets a metric off; NULL: none does. */
static const struct comparison_waiver *find_waiver(const struct comparison_facts *c, const char *id)
{
	const struct comparison_waiver *w = c->waivers.v;

	for (size_t i = 0; i < c->waivers.n && i < WAIVERS_MAX; i++) {
		if (fact_is(&w[i].id, id) && fact_is(&w[i].state, "used"))
			return &w[i];
	}
	return NULL;
}

/* "p99.9: 88 us -> 134 us (+52 %, 95 % +38 to +71 %), margin 25 %" */
static const char *numbers(struct maker *m, const struct comparison_metric *metric)
{
	struct arena_text t = { 0 };
	const char *name = ci_text(&metric->title);
	struct ci_words w;

	if (ci_words(metric, m->arena, &w) < 0)
		return NULL;
	if (!*name)
		name = ci_text(&metric->id);
	if (!arena_text_add(m->arena, &t, "%s", name))
		return NULL;
	/* On neither side: there is nothing to tell but why. */
	if (!strcmp(w.before, "-") && !strcmp(w.after, "-"))
		return t.v;
	if (!arena_text_add(m->arena, &t, ": %s -> %s", w.before, w.after))
		return NULL;
	if (metric->change_permille.known &&
	    !arena_text_add(m->arena, &t, " (%s%s%s)", w.change,
			    strcmp(w.interval, "-") ? ", 95 % " : "",
			    strcmp(w.interval, "-") ? w.interval : ""))
		return NULL;
	if (metric->margin_permille.known && !arena_text_add(m->arena, &t, ", margin %s", w.margin))
		return NULL;
	return t.v;
}

static const char *joined(struct maker *m, const char *first, const char *mark, const char *second)
{
	if (!first)
		return NULL;
	return *second ? arena_printf(m->arena, "%s%s%s", first, mark, second) : first;
}

static const char *waiver_words(struct maker *m, const struct comparison_waiver *w)
{
	return arena_printf(m->arena, "waived until %s: %s", ci_text(&w->until),
			    ci_text(&w->reason));
}

static int add_metric(struct maker *m, const struct comparison_metric *metric)
{
	const char *id = ci_text(&metric->id), *verdict = ci_text(&metric->verdict);
	const struct comparison_waiver *waiver = find_waiver(m->c, id);
	struct ci_case one = { .group = group_of(id),
			       .id = id,
			       .verdict = verdict,
			       .state = CI_SKIPPED,
			       .message = numbers(m, metric),
			       .metric = metric };

	if (!strcmp(verdict, "no-change") || !strcmp(verdict, "improved")) {
		one.state = CI_PASSED;
	} else if (!strcmp(verdict, "regressed") && waiver) {
		one.verdict = "waived";
		one.message = joined(m, one.message, "; ", waiver_words(m, waiver));
	} else if (!strcmp(verdict, "regressed")) {
		one.state = CI_FAILED;
	} else {
		one.message = joined(m, one.message, ": ",
				     metric->reason.known ? metric->reason.v : verdict);
	}
	if (!one.message)
		return -ENOMEM;
	add(m, &one);
	return 0;
}

static int add_metrics(struct maker *m)
{
	const struct comparison_metric *v = m->c->metrics.v;

	for (enum ci_group g = CI_WAKE; g <= CI_OTHER; g++) {
		for (size_t i = 0; i < m->c->metrics.n; i++) {
			if (!v[i].is_gated.v || group_of(ci_text(&v[i].id)) != g)
				continue;
			if (add_metric(m, &v[i]) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

/* Why there is no verdict on any metric: CI systems take a file without a case for an error. */
/* The reason, which names the first already, and all others. NULL: no memory. */
static const char *blocking_words(struct maker *m, const char *reason)
{
	const struct fact_strs *blocking = &m->c->blocking;
	struct arena_text t = { 0 };

	if (!arena_text_add(m->arena, &t, "%s", reason))
		return NULL;
	for (size_t i = 0; i < blocking->n && i < BLOCKING_MAX; i++) {
		if (!strstr(t.v, blocking->v[i]) &&
		    !arena_text_add(m->arena, &t, "%s%s", t.len ? "; " : "", blocking->v[i]))
			return NULL;
	}
	if (blocking->n > BLOCKING_MAX &&
	    !arena_text_add(m->arena, &t, "; and %zu more", blocking->n - BLOCKING_MAX))
		return NULL;
	return t.v;
}

static int add_comparison(struct maker *m)
{
	const char *verdict = ci_text(&m->c->verdict);
	struct ci_case one = { .group = CI_OTHER,
			       .id = "comparison",
			       .verdict = *verdict ? verdict : "unknown",
			       .state = CI_SKIPPED };

	one.message = blocking_words(m, ci_text(&m->c->reason));
	if (!one.message)
		return -ENOMEM;
	if (!*one.message)
		one.message = "nothing was compared";
	add(m, &one);
	return 0;
}

static int add_budget(struct maker *m, const struct comparison_budget *b)
{
	const char *value = ci_text(&b->value), *reason = ci_text(&b->reason);
	struct ci_case one = { .group = CI_BUDGETS,
			       .id = ci_text(&b->rule),
			       .verdict = ci_text(&b->verdict),
			       .state = CI_SKIPPED,
			       .budget = b };

	if (!strcmp(one.verdict, "held"))
		one.state = CI_PASSED;
	else if (!strcmp(one.verdict, "broken"))
		one.state = CI_FAILED;
	one.message = joined(m, one.id, ": ", *value ? value : *reason ? reason : one.verdict);
	if (*value)
		one.message = joined(m, one.message, "; ", reason);
	if (!one.message)
		return -ENOMEM;
	add(m, &one);
	return 0;
}

/* How bad: as enum verdict; what was not judged is worse than nothing. */
static size_t badness(const struct fact_str *verdict)
{
	for (size_t i = 0; i < N_VERDICTS; i++) {
		if (fact_is(verdict, verdict_names[i]))
			return N_VERDICTS - i;
	}
	return 0;
}

static int add_finding(struct maker *m, const struct comparison_finding *f)
{
	const bool is_bad = fact_is(&f->after, verdict_names[VERDICT_PROBLEM]) ||
			    fact_is(&f->after, verdict_names[VERDICT_ADVICE]);
	const bool is_worse = is_bad && badness(&f->after) > badness(&f->before);
	struct ci_case one = { .group = CI_FINDINGS,
			       .id = ci_text(&f->id),
			       .verdict = f->after.known ? f->after.v : "gone",
			       .state = is_worse ? CI_SKIPPED : CI_PASSED,
			       .finding = f };

	one.message =
		arena_printf(m->arena, "%s -> %s%s%s", f->before.known ? f->before.v : "not judged",
			     f->after.known ? f->after.v : "not judged",
			     f->summary.known ? ": " : "", ci_text(&f->summary));
	if (!one.message)
		return -ENOMEM;
	add(m, &one);
	return 0;
}

static int add_lists(struct maker *m)
{
	const struct comparison_budget *b = m->c->budgets.v;
	const struct comparison_finding *f = m->c->findings.v;

	for (size_t i = 0; i < m->c->budgets.n; i++) {
		if (add_budget(m, &b[i]) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < m->c->findings.n; i++) {
		if (add_finding(m, &f[i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

int ci_cases_make(const struct comparison_facts *c, struct arena *a, struct ci_cases *ret_cases)
{
	struct maker m = { c, a, { 0 } };

	m.cases.v = arena_calloc(a, c->metrics.n + c->budgets.n + c->findings.n + 1,
				 sizeof(*m.cases.v));
	if (!m.cases.v || add_metrics(&m) < 0)
		return -ENOMEM;
	if (fact_is(&c->verdict, "not-comparable") || (m.cases.n == 0 && c->budgets.n == 0)) {
		if (add_comparison(&m) < 0)
			return -ENOMEM;
	}
	if (add_lists(&m) < 0)
		return -ENOMEM;
	*ret_cases = m.cases;
	return 0;
}
