/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_figures.c - latency as figures, each with its numbers in a table behind it. */
#include <inttypes.h>

#include "report/figures.h"
#include "report/html.h"

enum { TABLE_EVERY = 4 }; /* points: five for each factor of ten */

static void print_points(const struct html *p, const struct spread *s, bool is_open)
{
	static const char *const columns[] = { "Percentile",   "All units together",
					       "Lowest unit",  "Median of the units",
					       "Highest unit", "Corrected, together" };

	html_table_begin(p, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 0 });
	for (size_t i = 0; i < s->n; i += TABLE_EVERY) {
		const struct spread_point *at = &s->points[i];
		char name[16];

		quantile_name(at->ppm, name, sizeof(name));
		html_put(p->out, "<tr><th scope=\"row\">%s", name);
		html_cell_ns(p, at->has_all, at->all_ns);
		html_cell_ns(p, at->has_units, at->low_ns);
		html_cell_ns(p, at->has_units, at->median_ns);
		html_cell_ns(p, at->has_units, at->high_ns);
		html_cell_ns(p, at->has_corrected, at->corrected_ns);
		html_put(p->out, "\n");
	}
	html_table_end(p);
}

static void print_percentiles(const struct html *p)
{
	auto_picture struct picture drawn = { 0 };
	struct spread s;
	bool is_drawn;
	int r = spread_make(p->h, &p->h->arena, &s);

	if (r < 0) {
		html_put(p->out, "<p class=\"missing\">No wake-up latencies to show: %s.</p>\n",
			 r == -ENODATA ? host_why_unknown(p->h, "wake.units") : "no memory");
		return;
	}
	r = figure_percentiles(&s, &drawn);
	html_put(p->out, "<figure>\n<figcaption>Timer wake-up latency by percentile"
			 "<small>How late a thread ran after its timer was due. Further right is "
			 "rarer: at 99.9 %% one wake-up in a thousand was later than the curve. "
			 "A change smaller than the band is noise.</small></figcaption>\n");
	is_drawn = html_drawing(p, r, drawn.bytes, drawn.why);
	if (is_drawn) {
		html_put(p->out,
			 "<p class=\"legend\"><span><i class=\"line raw\"></i>all %zu units "
			 "together (a unit is one repetition on one CPU)</span>\n",
			 s.n_units);
		if (s.n_units > 1)
			html_put(
				p->out,
				"<span><i class=\"band raw\"></i>from the lowest to the highest unit, "
				"with their median, as far as single units reach</span>\n");
		if (s.is_corrected_apart)
			html_put(p->out,
				 "<span><i class=\"line corrected\"></i>corrected for the waits "
				 "that late wake-ups hid</span>\n");
		html_put(p->out, "</p>\n");
	}
	print_points(p, &s, !is_drawn);
	html_put(p->out, "</figure>\n");
}

static void print_cpus(const struct html *p, const struct strip *s, bool is_open)
{
	static const char *const columns[] = { "CPU", "Repetitions", "Lowest", "Median",
					       "Highest" };

	html_table_begin(p, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 0 });
	for (size_t i = 0; i < s->n_cpus; i++) {
		const struct strip_cpu *c = &s->cpus[i];

		html_put(p->out, "<tr><th scope=\"row\">%" PRIu32 "<td>%zu", c->cpu, c->n);
		html_cell_ns(p, true, c->low_ns);
		html_cell_ns(p, true, c->median_ns);
		html_cell_ns(p, true, c->high_ns);
		html_put(p->out, "\n");
	}
	html_table_end(p);
}

static void print_strip(const struct html *p)
{
	auto_picture struct picture drawn = { 0 };
	struct strip s;
	char name[16];
	int r;

	if (strip_make(p->h, &p->h->arena, &s) < 0 || s.n < 2)
		return;
	quantile_name(s.ppm, name, sizeof(name));
	r = figure_strip(&s, &drawn);
	html_put(p->out,
		 "<figure>\n<figcaption>%s of each repetition, by CPU<small>Dots of a CPU stand in "
		 "the order they were measured; the bar is their median. A slope is drift, a "
		 "column that stands out is a CPU with a neighbour or an interrupt of its "
		 "own.</small></figcaption>\n",
		 name);
	print_cpus(p, &s, !html_drawing(p, r, drawn.bytes, drawn.why));
	html_put(p->out, "</figure>\n");
}

void html_figures(const struct html *p)
{
	print_percentiles(p);
	print_strip(p);
}
