/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_check.h"

#include <string.h>

#include "analyze/budget.h"
#include "core/save.h"
#include "report/text_comparison.h"
#include "report/words.h"

#define RESET "\033[0m"

struct check_page {
	FILE *out;
	struct arena *arena; /* of the words */
	const struct comparison_facts *c;
	const struct text_style *style;
};

static const char *colour_of_gate(enum gate gate)
{
	switch (gate) {
	case GATE_PASSED:
		return "\033[32m";
	case GATE_FAILED:
		return "\033[1;31m";
	case GATE_INCONCLUSIVE:
		return "\033[33m";
	case GATE_NOT_COMPARABLE:
		break;
	}
	return "\033[35m";
}

static int print_verdict(const struct check_page *p)
{
	const char *words = gate_sentence(p->c, p->arena);

	if (!words)
		return -ENOMEM;
	if (p->style->has_colour)
		fputs(colour_of_gate(gate_of(p->c)), p->out);
	print_wrapped(p->out, "", p->style->width, words);
	if (p->style->has_colour)
		fputs(RESET, p->out);
	return 0;
}

static const struct {
	const char *verdict, *colour;
} budget_colours[] = {
	{ "broken", "\033[1;31m" },
	{ "unknown", "\033[33m" },
	{ "waived", "\033[35m" },
};

static const char *colour_of_budget(const struct check_page *p, const char *verdict)
{
	for (size_t i = 0; p->style->has_colour && i < ARRAY_SIZE(budget_colours); i++) {
		if (!strcmp(budget_colours[i].verdict, verdict))
			return budget_colours[i].colour;
	}
	return "";
}

enum { RULE_WIDTH_MAX = 36 };

static size_t widest_rule(const struct comparison_facts *c)
{
	const struct comparison_budget *b = c->budgets.v;
	size_t widest = 0;

	for (size_t i = 0; i < c->budgets.n; i++) {
		const size_t len = b[i].rule.known ? strlen(b[i].rule.v) : 0;

		widest = len > widest ? len : widest;
	}
	return widest < RULE_WIDTH_MAX ? widest : RULE_WIDTH_MAX;
}

/* "  broken   wake.p99.9 < 100us  134 us" */
static int print_budget(const struct check_page *p, const struct comparison_budget *b, size_t width)
{
	const bool has_value = b->value.known, has_reason = b->reason.known;
	const char *colour = colour_of_budget(p, b->verdict.v);
	const char *lead =
		arena_printf(p->arena, "  %-8s %-*s  ", b->verdict.v, (int)width, b->rule.v);
	const char *words =
		arena_printf(p->arena, "%s%s%s", has_value ? b->value.v : "",
			     has_value && has_reason ? ": " : "", has_reason ? b->reason.v : "");

	if (!lead || !words)
		return -ENOMEM;
	fputs(colour, p->out);
	print_line(p->out, lead, p->style->width, words);
	fputs(*colour ? RESET : "", p->out);
	return 0;
}

static int print_budgets(const struct check_page *p)
{
	const struct comparison_budget *b = p->c->budgets.v;
	const size_t width = widest_rule(p->c);
	int r = 0;

	if (p->c->budgets.n)
		fputs("\nBudgets\n", p->out);
	for (size_t i = 0; r == 0 && i < p->c->budgets.n; i++) {
		if (b[i].rule.known && b[i].verdict.known)
			r = print_budget(p, &b[i], width);
	}
	return r;
}

static int print_waivers(const struct check_page *p)
{
	const struct comparison_waiver *w = p->c->waivers.v;
	const char *heading = "\nLet off\n";

	for (size_t i = 0; i < p->c->waivers.n; i++) {
		const char *line;

		if (!fact_is(&w[i].state, "used") || !w[i].id.known)
			continue;
		line = arena_printf(p->arena, "%s until %s: %s", w[i].id.v,
				    w[i].until.known ? w[i].until.v : "?",
				    w[i].reason.known ? w[i].reason.v : "");
		if (!line)
			return -ENOMEM;
		fputs(heading, p->out);
		heading = "";
		print_line(p->out, "  ", p->style->width, line);
	}
	return 0;
}

/* text_comparison() prints them; without a comparison nobody else does. */
static void print_notes(const struct check_page *p)
{
	if (p->c->notes.n)
		fputs("\nBefore you trust it\n", p->out);
	for (size_t i = 0; i < p->c->notes.n; i++)
		print_line(p->out, "  ", p->style->width, p->c->notes.v[i]);
}

static int print_page(const struct check_page *p)
{
	int r = print_verdict(p);

	if (r == 0)
		r = print_budgets(p);
	if (r == 0)
		r = print_waivers(p);
	if (r < 0)
		return r;
	if (p->c->verdict.known) {
		fputs("\nCompared with the baseline\n", p->out);
		return text_comparison(p->out, p->c, p->style);
	}
	print_notes(p);
	return 0;
}

int text_check(FILE *out, const struct comparison_facts *c, const struct text_style *style)
{
	auto_arena struct arena a = { 0 };
	const struct check_page page = { out, &a, c, style };
	int r = print_page(&page);

	if (r == 0)
		r = save_error(out);
	return r;
}
