/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_comparison_figures.c - both sides as figures, each with its numbers in a table behind it. */
#include <inttypes.h>

#include "analyze/compare_words.h"
#include "analyze/metric.h"
#include "report/figures_comparison.h"
#include "report/html_comparison_parts.h"
#include "report/spread.h"

enum { QUANTILES_MAX = 64, UNITS_MAX = 150, FIGURES_MAX = 8 };

static void cell_ns(const struct versus *v, const struct fact_u64 *ns)
{
	html_cell_ns(&v->page, ns->known, ns->v);
}

static void cell_text(const struct versus *v, const char *text)
{
	html_put(v->page.out, "<td>%s", text ? text : "");
}

/* The words of a metric for an interval. */
static const char *interval_words(const struct versus *v, const struct comparison_quantile *q)
{
	const struct comparison_metric m = { .ci95_low_permille = q->ci95_low_permille,
					     .ci95_high_permille = q->ci95_high_permille };

	return compare_interval(v->arena, &m);
}

static void print_quantile(const struct versus *v, const struct comparison_quantile *q)
{
	char name[16];

	if (!q->quantile_ppm.known || q->quantile_ppm.v >= 1000000)
		return;
	quantile_name((uint32_t)q->quantile_ppm.v, name, sizeof(name));
	html_put(v->page.out, "<tr><th scope=\"row\">%s", name);
	cell_ns(v, &q->before_low_ns);
	cell_ns(v, &q->before_ns);
	cell_ns(v, &q->before_high_ns);
	cell_ns(v, &q->after_low_ns);
	cell_ns(v, &q->after_ns);
	cell_ns(v, &q->after_high_ns);
	html_put(v->page.out, "\n");
}

static void print_quantiles(const struct versus *v, bool is_open)
{
	static const char *const columns[] = { "Percentile",   "Before, least", "Before, median",
					       "Before, most", "After, least",  "After, median",
					       "After, most" };
	const struct comparison_quantile *q = v->c->wake_curve.v;

	html_table_begin(&v->page, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 0 });
	for (size_t i = 0; i < v->c->wake_curve.n && i < QUANTILES_MAX; i++)
		print_quantile(v, &q[i]);
	html_table_end(&v->page);
}

static void print_overlay(const struct versus *v)
{
	auto_picture struct picture drawn = { 0 };
	const int r = figure_overlay(&v->c->wake_curve, &drawn);
	bool is_drawn;

	if (r == -ENODATA)
		return;
	html_put(v->page.out,
		 "<figure>\n<figcaption>Timer wake-up latency by percentile<small>How late a "
		 "thread ran after its timer was due; further right is rarer. Lines are medians of "
		 "the repetitions, bands reach from the least to the largest: where they overlap, "
		 "the sides differ less than repetitions do.</small></figcaption>\n");
	is_drawn = html_drawing(&v->page, r, drawn.bytes, drawn.why);
	if (is_drawn)
		html_put(
			v->page.out,
			"<p class=\"legend\"><span><i class=\"line raw dashed\"></i>before</span>\n"
			"<span><i class=\"line corrected solid\"></i>after</span></p>\n");
	print_quantiles(v, !is_drawn);
	html_put(v->page.out, "</figure>\n");
}

static void print_shifts(const struct versus *v, bool is_open)
{
	static const char *const columns[] = { "Percentile", "Change", "95 % interval" };
	const struct comparison_quantile *q = v->c->wake_curve.v;

	html_table_begin(&v->page, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 0 });
	for (size_t i = 0; i < v->c->wake_curve.n && i < QUANTILES_MAX; i++) {
		char name[16];

		if (!q[i].quantile_ppm.known || q[i].quantile_ppm.v >= 1000000 ||
		    !q[i].change_permille.known)
			continue;
		quantile_name((uint32_t)q[i].quantile_ppm.v, name, sizeof(name));
		html_put(v->page.out, "<tr><th scope=\"row\">%s", name);
		cell_text(v, compare_signed(v->arena, q[i].change_permille.v, false));
		cell_text(v, interval_words(v, &q[i]));
		html_put(v->page.out, "\n");
	}
	html_table_end(&v->page);
}

static void print_shift(const struct versus *v)
{
	auto_picture struct picture drawn = { 0 };
	const int r = figure_shift(&v->c->wake_curve, &drawn);

	if (r == -ENODATA)
		return;
	html_put(v->page.out,
		 "<figure>\n<figcaption>Change at each percentile<small>Above the line it got "
		 "later, below it earlier; bars are 95 %% intervals. One that crosses the line "
		 "leaves open which. So many at once explain, they do not decide.</small>"
		 "</figcaption>\n");
	print_shifts(v, !html_drawing(&v->page, r, drawn.bytes, drawn.why));
	html_put(v->page.out, "</figure>\n");
}

static void cell_unit(const struct versus *v, const struct metric *metric,
		      const struct fact_pairs *units, size_t i)
{
	const char *words = i < units->n ? metric_words(metric, units->v[i].value, v->arena) : NULL;

	html_put(v->page.out, "<td>");
	html_amount(v->page.out, words ? words : "");
}

static void cell_session(const struct versus *v, const struct fact_pairs *units, size_t i)
{
	html_put(v->page.out, "<td>");
	if (i < units->n)
		html_put(v->page.out, "%" PRIu64, units->v[i].key + 1);
}

static bool has_sessions(const struct fact_pairs *units)
{
	return units->n && units->v[units->n - 1].key != units->v[0].key;
}

static void print_values(const struct versus *v, const struct comparison_metric *m,
			 const struct metric *metric, bool is_open)
{
	static const char *const columns[] = { "Repetition", "Before", "After", "Session before",
					       "Session after" };
	const bool is_long = has_sessions(&m->units_before) || has_sessions(&m->units_after);
	const size_t n = u64_max(m->units_before.n, m->units_after.n);

	html_table_begin(&v->page, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, is_long ? 5 : 3, 0 });
	for (size_t i = 0; i < n && i < UNITS_MAX; i++) {
		html_put(v->page.out, "<tr><th scope=\"row\">%zu", i + 1);
		cell_unit(v, metric, &m->units_before, i);
		cell_unit(v, metric, &m->units_after, i);
		if (is_long) {
			cell_session(v, &m->units_before, i);
			cell_session(v, &m->units_after, i);
		}
		html_put(v->page.out, "\n");
	}
	html_table_end_of(&v->page, n, UNITS_MAX);
}

/* The words of its unit, also of a metric of a newer version. */
static struct metric unit_of(const struct comparison_metric *m)
{
	const struct metric *known = metric_find(m->id.v);
	struct metric other = { .unit = m->before_ns.known            ? METRIC_NS
					: m->before_per_1000min.known ? METRIC_PER_1000MIN
					: m->before_per_1000s.known   ? METRIC_PER_1000S
								      : METRIC_PPM };

	return known ? *known : other;
}

static bool print_units(const struct versus *v, const struct comparison_metric *m, size_t n)
{
	auto_picture struct picture drawn = { 0 };
	const struct metric metric = unit_of(m);
	const int r = figure_units(m, n, &drawn);

	if (r == -ENODATA)
		return false;
	html_put(v->page.out,
		 "<figure class=\"small\">\n<figcaption>%s<small><code>%s</code>"
		 "</small></figcaption>\n",
		 ci_text(&m->title), m->id.v);
	print_values(v, m, &metric, !html_drawing(&v->page, r, drawn.bytes, drawn.why));
	html_put(v->page.out, "</figure>\n");
	return true;
}

static void print_all_units(const struct versus *v)
{
	const struct comparison_metric *m = v->c->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < v->c->metrics.n && n < FIGURES_MAX; i++) {
		if (!m[i].units_before.n || !m[i].units_after.n)
			continue;
		if (n == 0)
			html_put(v->page.out,
				 "<h3>Repetition by repetition</h3>\n<p>A dot is a repetition, in "
				 "the order they were measured; the bar is the median of a side. A "
				 "slope is drift. Numbers stand behind each figure.</p>\n<div "
				 "class=\"figures\">\n");
		n += print_units(v, &m[i], n);
	}
	html_put(v->page.out, n ? "</div>\n" : "");
}

int versus_figures(const struct versus *v)
{
	print_overlay(v);
	print_shift(v);
	print_all_units(v);
	return 0;
}
