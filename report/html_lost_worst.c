/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_lost_worst.c - the longest interruptions in time and by cause, and all of them by length. */
#include <inttypes.h>

#include "report/figures_trace.h"
#include "report/html_trace.h"
#include "report/words.h"

enum { WORST_MAX = 20, PARTS_MAX = 3, PART_NAME_MAX = 40 };

static void cell_time(const struct html *p, const struct trace_worst *w)
{
	char words[32];

	html_put(p->out, "<td>");
	if (!w->at_unix_ns.known)
		return;
	words_of_time(w->at_unix_ns.v, words, sizeof(words));
	html_put(p->out, "%s", words);
}

static void cell_parts(const struct html *p, const struct fact_list *parts)
{
	const struct trace_part *part = parts->v;

	html_put(p->out, "<td class=\"wrap\">");
	for (size_t i = 0; i < parts->n && i < PARTS_MAX; i++) {
		html_put(p->out, i ? ", " : "");
		escape_cut(p->out, part[i].class.known ? part[i].class.v : "", PART_NAME_MAX);
		html_put(p->out, " ");
		escape_cut(p->out, part[i].name.known ? part[i].name.v : "?", PART_NAME_MAX);
		html_put(p->out, " ");
		if (part[i].total_ns.known)
			html_ns(p->out, part[i].total_ns.v);
	}
	if (parts->n > PARTS_MAX)
		html_put(p->out, " and %zu more", parts->n - PARTS_MAX);
}

static void print_mark(const struct html *p, const struct lost_mark *m)
{
	const struct trace_worst *w = m->worst;

	html_put(p->out, "<tr><th scope=\"row\">");
	html_ns(p->out, w->duration_ns.v);
	cell_time(p, w);
	html_cell_ns(p, true, w->at_ns.v);
	html_put(p->out, "<td>");
	if (m->vcpu->vcpu.known)
		html_put(p->out, "%" PRIu64, m->vcpu->vcpu.v);
	html_put(p->out, "<td>");
	if (w->cpu.known)
		html_put(p->out, "%" PRIu64, w->cpu.v);
	html_cell_culprit(p, &w->class, &w->name);
	cell_parts(p, &w->parts);
	html_put(p->out, "\n");
}

static void print_marks(const struct html *p, const struct lost *l, bool is_open)
{
	static const char *const columns[] = { "How long", "When, UTC", "In the window",     "vCPU",
					       "CPU",      "Most by",   "What ran meanwhile" };

	html_table_begin(p, is_open, "The longest of them",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 2 });
	for (size_t i = 0; i < l->n_marks && i < WORST_MAX; i++)
		print_mark(p, &l->marks[i]);
	html_table_end_of(p, l->n_worst, WORST_MAX);
}

void html_lost_causes(const struct html *p, const struct lost *l)
{
	auto_picture struct picture drawn = { 0 };
	const int r = figure_causes(l, &drawn);

	if (r == -ENODATA)
		return;
	html_put(p->out,
		 "<figure>\n<figcaption>The longest interruptions, by cause<small>Stretches in "
		 "which the guest did not run though it would have. Small dots are under 250 µs; "
		 "orange ones a millisecond and more. Dots at equal distances are a timer's "
		 "work.</small></figcaption>\n");
	print_marks(p, l, !html_drawing(p, r, drawn.bytes, drawn.why));
	html_put(p->out, "</figure>\n");
}

static void print_heat_legend(const struct html *p)
{
	html_put(p->out, "<p class=\"legend\">");
	for (size_t i = 0; i < HEAT_LEVELS; i++) {
		html_put(p->out, "<span><i class=\"sw heat-%zu\"></i>", i + 1);
		html_put(p->out, "%" PRIu64, heat_levels[i]);
		if (i + 1 < HEAT_LEVELS)
			html_put(p->out, "–%" PRIu64 "</span>\n", heat_levels[i + 1] - 1);
		else
			html_put(p->out, " and more stretches</span>\n");
	}
	html_put(p->out, "</p>\n");
}

static bool has_length(const struct lost *l, size_t k)
{
	for (size_t i = 0; i < l->n_columns; i++) {
		if (l->columns[i].n_of_length[k])
			return true;
	}
	return false;
}

/* "< 1 µs", "256 µs", "4.09 ms" */
static void name_length(size_t k, char *buf, size_t size)
{
	const uint64_t us = k ? UINT64_C(1) << (k - 1) : 1;

	if (us < 1000)
		snprintf(buf, size, "%s%" PRIu64 " µs", k ? "" : "< ", us);
	else
		words_of_ns(us * NS_PER_US, buf, size);
}

static void print_lengths(const struct html *p, const struct lost *l, bool is_open)
{
	const char *columns[1 + LOST_LENGTHS] = { "From" };
	char names[LOST_LENGTHS][32];
	size_t n = 1;

	for (size_t k = 0; k < LOST_LENGTHS; k++) {
		if (!has_length(l, k))
			continue;
		name_length(k, names[k], sizeof(names[k]));
		columns[n++] = names[k];
	}
	html_table_begin(p, is_open, "The numbers of this figure, by shortest length",
			 &(struct html_columns){ columns, n, 0 });
	for (size_t i = 0; i < l->n_columns; i++) {
		html_put(p->out, "<tr><th scope=\"row\">");
		html_ns(p->out, i * l->column_ns);
		for (size_t k = 0; k < LOST_LENGTHS; k++) {
			if (!has_length(l, k))
				continue;
			html_put(p->out, "<td>");
			if (l->columns[i].n_of_length[k])
				html_put(p->out, "%" PRIu64, l->columns[i].n_of_length[k]);
		}
		html_put(p->out, "\n");
	}
	html_table_end(p);
}

void html_lost_heat(const struct html *p, const struct lost *l)
{
	auto_picture struct picture drawn = { 0 };
	const int r = figure_heat(l, &drawn);

	if (r == -ENODATA)
		return;
	html_put(p->out,
		 "<figure>\n<figcaption>Stretches without the guest by time and length<small>All "
		 "vCPUs together. A level line is something regular; a mark high above the others "
		 "is what a person hears or sees.</small></figcaption>\n");
	if (html_drawing(p, r, drawn.bytes, drawn.why)) {
		print_heat_legend(p);
		print_lengths(p, l, false);
	} else {
		print_lengths(p, l, true);
	}
	html_put(p->out, "</figure>\n");
}
