/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_comparison_metrics.c - tables of metrics and budgets, changes drawn beside the numbers. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/compare_words.h"
#include "analyze/metric.h"
#include "report/html_comparison_parts.h"

/* A file of a stranger may hold any number of them. */
enum { GATED_MAX = 60, EXPLORATORY_MAX = 60, BUDGETS_MAX = 100, WAIVERS_MAX = 60 };

enum { SCALE_WIDTH = 1000, SCALE_MARGIN = 40 };

static double log_of(int64_t permille)
{
	/* Nothing falls by more than all of it. */
	return log1p(fmax((double)permille / 1000, -0.999));
}

struct versus_scale versus_scale(const struct comparison_metric *const *rows, size_t n)
{
	double end = log(1.25);

	for (size_t i = 0; i < n; i++) {
		const struct fact_i64 *const known[] = { &rows[i]->change_permille,
							 &rows[i]->ci95_low_permille,
							 &rows[i]->ci95_high_permille };

		if (compare_is_from_zero(rows[i]))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(known); k++) {
			if (known[k]->known)
				end = fmax(end, fabs(log_of(known[k]->v)));
		}
	}
	/* What goes on beyond a tenfold change ends with an arrow. */
	return (struct versus_scale){ fmin(end * 1.05, log(10)) };
}

static int place(const struct versus_scale *s, double log_ratio)
{
	const double at = fmax(-1, fmin(log_ratio / s->end, 1));

	return (int)lround(SCALE_WIDTH / 2.0 + at * (SCALE_WIDTH / 2.0 - SCALE_MARGIN));
}

void versus_scale_head(const struct versus *v, const struct versus_scale *s)
{
	const int64_t low = llround((exp(-s->end) - 1) * 1000);
	const int64_t high = llround((exp(s->end) - 1) * 1000);
	const char *first = compare_signed(v->arena, low, false);
	const char *last = compare_signed(v->arena, high, false);

	html_put(v->page.out,
		 "<th scope=\"col\"><span class=\"ends\"><span>%s</span><span>0</span><span>%s"
		 "</span></span>",
		 first ? first : "", last ? last : "");
}

/* A side that is not bounded, or leaves the axis, ends with an arrow. */
static void put_end(const struct versus *v, bool is_open, int x, int way)
{
	if (is_open)
		html_put(v->page.out,
			 "<path class=\"%s\" d=\"M%d 20 L%d 60 L%d 100\" fill=\"none\"/>", "bar",
			 x - way * 30, x, x - way * 30);
}

void versus_interval(const struct versus *v, const struct versus_scale *s,
		     const struct comparison_metric *m)
{
	const struct versus_tone *tone = versus_tone(m->verdict.v);
	const double margin = log_of((int64_t)u64_min(m->margin_permille.v, 1000000));
	const bool has_low = m->ci95_low_permille.known, has_high = m->ci95_high_permille.known;
	const double low = has_low ? log_of(m->ci95_low_permille.v) : -INFINITY;
	const double high = has_high ? log_of(m->ci95_high_permille.v) : INFINITY;
	FILE *out = v->page.out;

	if (!m->change_permille.known || compare_is_from_zero(m))
		return;
	html_put(out, "<svg class=\"interval is-%s\" viewBox=\"0 0 %d 120\" aria-hidden=\"true\">",
		 tone->class, SCALE_WIDTH);
	if (m->margin_permille.known)
		html_put(out,
			 "<rect class=\"band\" x=\"%d\" y=\"10\" width=\"%d\" height=\"100\"/>",
			 place(s, -margin), place(s, margin) - place(s, -margin));
	html_put(out,
		 "<path class=\"zero\" d=\"M%d 0 V120\"/><path class=\"bar\" d=\"M%d 60 H%d\"/>",
		 SCALE_WIDTH / 2, place(s, low), place(s, high));
	put_end(v, low < -s->end, place(s, low), -1);
	put_end(v, high > s->end, place(s, high), 1);
	html_put(out, "<circle class=\"dot\" cx=\"%d\" cy=\"60\" r=\"24\"/></svg>",
		 place(s, log_of(m->change_permille.v)));
}

static int put_row(const struct versus *v, const struct versus_scale *s,
		   const struct comparison_metric *m)
{
	const char *title = ci_text(&m->title);
	struct ci_words w;
	FILE *out = v->page.out;

	if (ci_words(m, v->arena, &w) < 0)
		return -ENOMEM;
	html_put(out, "<tr><th scope=\"row\">");
	if (m->is_gated.v && *title)
		html_put(out, "%s<br>", title);
	html_put(out, "<code>%s</code>", m->id.v);
	html_put(out, "<td>");
	html_amount(out, w.before);
	html_put(out, "<td>");
	html_amount(out, w.after);
	html_put(out, "<td>%s<td>", compare_is_from_zero(m) ? "from 0" : w.change);
	versus_interval(v, s, m);
	html_put(out, "<td>%s<td>%s<td>", compare_is_from_zero(m) ? "" : w.interval, w.margin);
	versus_badge(v, &m->verdict);
	html_put(out, "\n");
	return 0;
}

static int put_table(const struct versus *v, const struct comparison_metric *const *rows, size_t n)
{
	const struct versus_scale s = versus_scale(rows, n);
	int r = 0;

	html_put(v->page.out,
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers metrics\">\n<thead>"
		 "<tr><th scope=\"col\">Metric<th scope=\"col\">Before<th scope=\"col\">After<th "
		 "scope=\"col\">Change");
	versus_scale_head(v, &s);
	html_put(v->page.out, "<th scope=\"col\">95 %% interval<th scope=\"col\">Margin<th "
			      "scope=\"col\">Verdict\n<tbody>\n");
	for (size_t i = 0; i < n && r == 0; i++)
		r = put_row(v, &s, rows[i]);
	html_put(v->page.out, "</table></div>\n");
	return r;
}

static bool is_compared(const struct comparison_metric *m)
{
	return !fact_is(&m->verdict, "not-comparable");
}

/* Metrics that share verdict and reason are one line. */
static void put_reasons(const struct versus *v, const struct comparison_metric *const *rows,
			size_t n, const char *verdict, const char *title)
{
	size_t n_lines = 0;

	for (size_t i = 0; i < n; i++) {
		size_t first = 0;

		if (!fact_is(&rows[i]->verdict, verdict) || !rows[i]->reason.known)
			continue;
		while (!fact_is(&rows[first]->verdict, verdict) ||
		       !fact_is(&rows[first]->reason, rows[i]->reason.v))
			first++;
		if (first != i)
			continue;
		if (n_lines++ == 0)
			html_put(v->page.out, "<h3>%s</h3>\n<ul class=\"reasons\">\n", title);
		html_put(v->page.out, "<li>");
		for (size_t k = i; k < n; k++) {
			if (fact_is(&rows[k]->verdict, verdict) &&
			    fact_is(&rows[k]->reason, rows[i]->reason.v))
				html_put(v->page.out, "%s<code>%s</code>", k > i ? ", " : "",
					 rows[k]->id.v);
		}
		html_put(v->page.out, ": %s\n", rows[i]->reason.v);
	}
	html_put(v->page.out, n_lines ? "</ul>\n" : "");
}

static void put_budgets(const struct versus *v)
{
	const struct comparison_budget *b = v->c->budgets.v;

	if (!v->c->budgets.n)
		return;
	html_put(v->page.out,
		 "<h3>Budgets</h3>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n"
		 "<thead><tr><th scope=\"col\">Verdict<th scope=\"col\">Budget<th scope=\"col\">"
		 "Value<th scope=\"col\">Why\n<tbody>\n");
	for (size_t i = 0; i < v->c->budgets.n && i < BUDGETS_MAX; i++) {
		html_put(v->page.out, "<tr><td>");
		versus_badge(v, &b[i].verdict);
		html_put(v->page.out, "<td><code>%s</code><td>%s<td>%s\n", ci_text(&b[i].rule),
			 ci_text(&b[i].value), ci_text(&b[i].reason));
	}
	html_put(v->page.out, "</table></div>\n");
	html_and_more(&v->page, v->c->budgets.n, BUDGETS_MAX);
}

static void put_waivers(const struct versus *v)
{
	const struct comparison_waiver *w = v->c->waivers.v;

	if (!v->c->waivers.n)
		return;
	html_put(v->page.out,
		 "<h3>What is let off</h3>\n<div class=\"scroll\" tabindex=\"0\"><table "
		 "class=\"list\">\n<thead><tr><th scope=\"col\">Waiver<th scope=\"col\">Of<th "
		 "scope=\"col\">Until<th scope=\"col\">Why\n<tbody>\n");
	for (size_t i = 0; i < v->c->waivers.n && i < WAIVERS_MAX; i++) {
		html_put(v->page.out, "<tr><td>");
		versus_badge(v, &w[i].state);
		html_put(v->page.out, "<td><code>%s</code><td>%s<td>%s\n", ci_text(&w[i].id),
			 ci_text(&w[i].until), ci_text(&w[i].reason));
	}
	html_put(v->page.out, "</table></div>\n");
	html_and_more(&v->page, v->c->waivers.n, WAIVERS_MAX);
}

int versus_metrics(const struct versus *v)
{
	const struct comparison_metric *m = v->c->metrics.v, *gated[GATED_MAX], *shown[GATED_MAX];
	size_t n_gated = 0, n_shown = 0, n_all = 0;
	int r = 0;

	for (size_t i = 0; i < v->c->metrics.n; i++) {
		if (!m[i].is_gated.v || n_all++ >= GATED_MAX)
			continue;
		gated[n_gated++] = &m[i];
		if (is_compared(&m[i]))
			shown[n_shown++] = &m[i];
	}
	if (n_shown)
		r = put_table(v, shown, n_shown);
	else
		html_put(v->page.out, "<p>No metric was compared.</p>\n");
	html_and_more(&v->page, n_all, GATED_MAX);
	if (n_shown)
		html_put(v->page.out,
			 "<p class=\"legend\"><span>Smaller is better. Dot: the change; line: its "
			 "95 %% interval; grey: the margin within which a change is none.</span>"
			 "</p>\n");
	put_reasons(v, gated, n_gated, "regressed", "About what got worse");
	put_reasons(v, gated, n_gated, "inconclusive", "Why it cannot be told");
	put_reasons(v, gated, n_gated, "not-comparable", "Not compared");
	put_budgets(v);
	put_waivers(v);
	return r;
}

static uint64_t size_of_change(const struct comparison_metric *m)
{
	const int64_t change = m->change_permille.v;

	return change < 0 ? 0 - (uint64_t)change : (uint64_t)change;
}

static bool has_moved(const struct comparison_metric *m)
{
	return fact_is(&m->verdict, "regressed") || fact_is(&m->verdict, "improved");
}

/* What moved first, the largest change first. */
static int by_change(const void *a, const void *b)
{
	const struct comparison_metric *const *x = a, *const *y = b;
	const uint64_t m = size_of_change(*x), n = size_of_change(*y);

	if (has_moved(*x) != has_moved(*y))
		return has_moved(*x) ? -1 : 1;
	return m == n ? (*x > *y) - (*x < *y) : m > n ? -1 : 1;
}

int versus_exploratory(const struct versus *v)
{
	const struct comparison_metric *m = v->c->metrics.v;
	const struct comparison_metric **rows =
		arena_calloc(v->arena, v->c->metrics.n, sizeof(*rows));
	size_t n = 0;
	int r = 0;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < v->c->metrics.n; i++) {
		if (!m[i].is_gated.v && is_compared(&m[i]))
			rows[n++] = &m[i];
	}
	if (!n) {
		html_put(v->page.out, "<p>Nothing of it was compared.</p>\n");
		return 0;
	}
	qsort(rows, n, sizeof(*rows), by_change);
	html_put(v->page.out,
		 "<p>So many rows that some of them move by chance alone; what moved "
		 "comes first.</p>\n<details class=\"more\"%s>\n<summary>Metrics "
		 "<span class=\"count\">%zu</span></summary>\n",
		 has_moved(rows[0]) ? " open" : "", n);
	r = put_table(v, rows, n < EXPLORATORY_MAX ? n : EXPLORATORY_MAX);
	html_and_more(&v->page, n, EXPLORATORY_MAX);
	html_put(v->page.out, "</details>\n");
	return r;
}
