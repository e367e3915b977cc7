/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_culprits.c - who took the time, and where to look. */
#include "report/html_culprits.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/blame.h"
#include "report/words.h"

enum { ROWS_PER_CULPRIT = 4, BRIEF_MAX = 3, BRIEF_NAME_MAX = 32 };

/* A link, where the page has that finding in full. */
static void put_row_id(const struct html *p, const char *id)
{
	for (size_t i = 0; i < p->f->n; i++) {
		const struct finding *f = &p->f->v[i];

		if (f->verdict > VERDICT_ADVICE || strcmp(f->tweak->id, id) != 0)
			continue;
		html_put(p->out, "<a href=\"#finding-%s\">%s</a>", f->tweak->id, f->tweak->id);
		return;
	}
	html_put(p->out, "<code>");
	escape_cut(p->out, id, HTML_NAME_MAX);
	html_put(p->out, "</code>");
}

static void cell_rows(const struct html *p, const struct fact_strs *rows)
{
	html_put(p->out, "<td>");
	for (size_t i = 0; i < rows->n && i < ROWS_PER_CULPRIT; i++) {
		html_put(p->out, i ? "<br>" : "");
		put_row_id(p, rows->v[i]);
	}
}

static void put_culprit(const struct html *p, const struct trace_culprit *c, uint64_t whole_ns)
{
	char words[32];

	html_put(p->out, "<tr><th scope=\"row\">");
	escape_cut(p->out, c->class.known ? c->class.v : "", HTML_NAME_MAX);
	html_put(p->out, "<td class=\"wrap\">");
	escape_cut(p->out, c->name.known ? c->name.v : "", HTML_NAME_MAX);
	if (c->via.known) {
		html_put(p->out, "<br><small>kept the thread that would wake the vCPU waiting: ");
		escape_cut(p->out, c->via.v, HTML_NAME_MAX);
		html_put(p->out, "</small>");
	}
	html_put(p->out, "<td>");
	if (c->n.known) {
		words_of_count(c->n.v, words, sizeof(words));
		html_put(p->out, "%s", words);
	}
	html_cell_ns(p, c->total_ns.known, c->total_ns.v);
	html_cell_ns(p, c->p99_ns.known, c->p99_ns.v);
	html_cell_ns(p, c->max_ns.known, c->max_ns.v);
	/* Its time is no lost state then. */
	if (c->via.known)
		html_put(p->out, "<td>–");
	else
		html_cell_share(p, &c->total_ns, whole_ns);
	cell_rows(p, &c->rows);
	html_put(p->out, "\n");
}

void html_culprits(const struct html *p, const struct fact_list *list, uint64_t whole_ns,
		   size_t max)
{
	const struct trace_culprit *c = list->v;
	size_t n = 0;

	html_put(p->out,
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"list culprits\">\n<thead><tr>"
		 "<th scope=\"col\">Class<th scope=\"col\">Name<th scope=\"col\">Slices"
		 "<th scope=\"col\">Total<th scope=\"col\">p99<th scope=\"col\">Longest slice"
		 "<th scope=\"col\">Of what was lost<th scope=\"col\">Look at\n<tbody>\n");
	for (size_t i = 0; i < list->n; i++) {
		/* Threads of the measurement are no finding. */
		if (blame_counts(&c[i]) && n++ < max)
			put_culprit(p, &c[i], whole_ns);
	}
	html_put(p->out, "</table></div>\n");
	html_and_more(p, n, max);
}

void html_culprits_brief(const struct html *p, const struct fact_list *list)
{
	const struct trace_culprit *c = list->v;
	size_t n = 0;

	html_put(p->out, "<td class=\"wrap\">");
	for (size_t i = 0; i < list->n; i++) {
		if (!blame_counts(&c[i]) || n++ >= BRIEF_MAX)
			continue;
		html_put(p->out, n > 1 ? ", " : "");
		escape_cut(p->out, c[i].name.v, BRIEF_NAME_MAX);
		html_put(p->out, " ");
		html_ns(p->out, c[i].total_ns.v);
	}
	if (n > BRIEF_MAX)
		html_put(p->out, " and %zu more", n - BRIEF_MAX);
}
