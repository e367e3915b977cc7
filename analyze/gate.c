/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.c - what check ends with.
 *
 * What is certain decides first: a limit that was broken stays broken on a machine that cannot be
 * compared. What could not be told comes last, for it may be let through.
 */
#include <string.h>

#include "analyze/budget.h"
#include "analyze/compare_words.h"

/* A regression that a waiver of the file lets off. */
static bool is_waived(const struct comparison_facts *c, const char *id)
{
	const struct comparison_waiver *w = c->waivers.v;

	for (size_t i = 0; i < c->waivers.n; i++) {
		if (fact_is(&w[i].id, id) && fact_is(&w[i].state, "used"))
			return true;
	}
	return false;
}

/* Gated metrics of that verdict that are not let off; a waived one has none. */
static const struct comparison_metric *next_metric(const struct comparison_facts *c,
						   const char *verdict, size_t *at)
{
	const struct comparison_metric *m = c->metrics.v;

	while (*at < c->metrics.n) {
		const struct comparison_metric *this = &m[(*at)++];
		const bool counts =
			this->is_gated.v && this->id.known && fact_is(&this->verdict, verdict);

		if (counts && (strcmp(verdict, "regressed") || !is_waived(c, this->id.v)))
			return this;
	}
	return NULL;
}

static bool has_metric(const struct comparison_facts *c, const char *verdict)
{
	size_t at = 0;

	return next_metric(c, verdict, &at) != NULL;
}

/* Gated, measured before and not any more: nobody looked, and that is no pass. */
static const struct comparison_metric *next_gone(const struct comparison_facts *c, size_t *at)
{
	const struct comparison_metric *m = c->metrics.v;

	while (*at < c->metrics.n) {
		const struct comparison_metric *this = &m[(*at)++];

		if (this->is_gated.v && this->id.known && this->is_gone.v)
			return this;
	}
	return NULL;
}

static bool has_gone(const struct comparison_facts *c)
{
	size_t at = 0;

	return next_gone(c, &at) != NULL;
}

static size_t n_budgets(const struct comparison_facts *c, const char *verdict)
{
	const struct comparison_budget *b = c->budgets.v;
	size_t n = 0;

	for (size_t i = 0; i < c->budgets.n; i++)
		n += !verdict || fact_is(&b[i].verdict, verdict);
	return n;
}

static bool has_held_back(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (m[i].is_gated.v && m[i].is_held_back.v)
			return true;
	}
	return false;
}

/* The verdict of the whole, as compare.h orders them, where regressions may be let off. */
static bool is_unclear(const struct comparison_facts *c)
{
	if (!fact_is(&c->verdict, "regressed"))
		return fact_is(&c->verdict, "inconclusive");
	return has_held_back(c) || (!has_metric(c, "improved") && has_metric(c, "inconclusive"));
}

enum gate gate_of(const struct comparison_facts *c)
{
	if (has_metric(c, "regressed") || n_budgets(c, "broken"))
		return GATE_FAILED;
	if (fact_is(&c->verdict, "not-comparable"))
		return GATE_NOT_COMPARABLE;
	if (has_gone(c) || is_unclear(c) || n_budgets(c, "unknown"))
		return GATE_INCONCLUSIVE;
	/* Neither a comparison nor a budget: nothing was looked at. */
	return c->verdict.known || c->budgets.n ? GATE_PASSED : GATE_INCONCLUSIVE;
}

struct sentence {
	struct arena *arena;
	struct arena_text text;
	bool failed;
};

static void add(struct sentence *s, const char *fmt, ...) FORMAT_PRINTF(2, 3);
static void add(struct sentence *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!arena_text_vadd(s->arena, &s->text, fmt, ap))
		s->failed = true;
	va_end(ap);
}

/* "wake.p99.9 +52 % (88.1 us to 134 us)" */
static void add_metric(struct sentence *s, const struct comparison_metric *c)
{
	const struct metric *m = metric_find(c->id.v);
	uint64_t before, after;

	add(s, "%s", c->id.v);
	if (c->change_permille.known) {
		const char *change = compare_signed(s->arena, c->change_permille.v, false);

		add(s, " %s", change ? change : "");
	}
	if (m && metric_get_values(c, &before, &after)) {
		const char *from = metric_words(m, before, s->arena);
		const char *to = metric_words(m, after, s->arena);

		add(s, " (%s to %s)", from ? from : "", to ? to : "");
	}
}

static void add_metrics(struct sentence *s, const struct comparison_facts *c, const char *lead,
			const char *verdict)
{
	const struct comparison_metric *m;
	const char *before = lead;
	size_t at = 0;

	while ((m = next_metric(c, verdict, &at))) {
		add(s, "%s", before);
		add_metric(s, m);
		before = ", ";
	}
	if (before != lead)
		add(s, ". ");
}

static void add_budgets(struct sentence *s, const struct comparison_facts *c, const char *lead,
			const char *verdict)
{
	const struct comparison_budget *b = c->budgets.v;
	const char *before = lead;

	for (size_t i = 0; i < c->budgets.n; i++) {
		const char *why = b[i].value.known ? b[i].value.v : b[i].reason.v;

		if (!fact_is(&b[i].verdict, verdict))
			continue;
		add(s, "%s%s (%s)", before, b[i].rule.known ? b[i].rule.v : "", why ? why : "");
		before = ", ";
	}
	if (before != lead)
		add(s, ". ");
}

/* "wake.p99, wake.stalls were measured before and are not now (after: not permitted). " */
static void add_gone(struct sentence *s, const struct comparison_facts *c)
{
	const struct comparison_metric *m;
	const char *before = "", *why = NULL;
	size_t at = 0, n = 0;

	while ((m = next_gone(c, &at))) {
		add(s, "%s%s", before, m->id.v);
		before = ", ";
		why = !why && m->reason.known ? m->reason.v : why;
		n++;
	}
	if (n)
		add(s, " %s measured before and %s not now (%s). ", n == 1 ? "was" : "were",
		    n == 1 ? "is" : "are", why ? why : "not measured");
}

/* What was compared, where that did not decide. */
static void add_reason(struct sentence *s, const struct comparison_facts *c)
{
	const char *reason = c->reason.known ? c->reason.v : "";
	const size_t len = strlen(reason);

	if (len)
		add(s, "%s%s", reason, reason[len - 1] == '.' ? " " : ". ");
}

static void add_waived(struct sentence *s, const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;
	const char *before = "Let off by a waiver: ", *const lead = before;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!m[i].is_gated.v || !m[i].id.known || !fact_is(&m[i].verdict, "regressed") ||
		    !is_waived(c, m[i].id.v))
			continue;
		add(s, "%s", before);
		add_metric(s, &m[i]);
		before = ", ";
	}
	if (before != lead)
		add(s, ". ");
}

static void say_passed(struct sentence *s, const struct comparison_facts *c)
{
	const size_t n = n_budgets(c, NULL), n_held = n_budgets(c, "held");

	add(s, "Passed: ");
	if (c->verdict.known)
		add(s, "no gated metric regressed. ");
	if (n && n == n_held)
		add(s, "%s. ", n == 1 ? "The budget is held" : "All budgets are held");
	else if (n)
		add(s, "%zu of %zu budgets are held, the others are let off by a waiver. ", n_held,
		    n);
}

static void say_unclear(struct sentence *s, const struct comparison_facts *c)
{
	add(s, "Inconclusive: ");
	if (!c->verdict.known && !c->budgets.n)
		add(s, "there was nothing to compare with. ");
	add_gone(s, c);
	if (is_unclear(c))
		add_reason(s, c);
	add_budgets(s, c, "Could not be judged: ", "unknown");
}

const char *gate_sentence(const struct comparison_facts *c, struct arena *a)
{
	struct sentence s = { .arena = a };

	switch (gate_of(c)) {
	case GATE_PASSED:
		say_passed(&s, c);
		break;
	case GATE_FAILED:
		add(&s, "Failed. ");
		add_metrics(&s, c, "Regressed: ", "regressed");
		add_budgets(&s, c, "Over budget: ", "broken");
		add_gone(&s, c);
		if (fact_is(&c->verdict, "not-comparable")) {
			add(&s, "Not comparable: ");
			add_reason(&s, c);
		}
		break;
	case GATE_INCONCLUSIVE:
		say_unclear(&s, c);
		break;
	case GATE_NOT_COMPARABLE:
		add(&s, "Not comparable: ");
		add_reason(&s, c);
		break;
	}
	add_waived(&s, c);
	if (s.failed || !s.text.v)
		return NULL;
	/* Each piece ended with a blank. */
	while (s.text.len && s.text.v[s.text.len - 1] == ' ')
		s.text.v[--s.text.len] = '\0';
	return s.text.v;
}
