/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_tables.c - figures and the tables behind them. */
#include "report/html.h"
#include "report/words.h"

/* The drawing, or why there is none. It has passed svg_clean(): the one thing not escaped here. */
bool html_drawing(const struct html *p, int r, const char *svg, const char *why)
{
	if (r == 0) {
		html_put(p->out, "<div class=\"scroll\" tabindex=\"0\">");
		fputs(svg, p->out);
		html_put(p->out, "</div>\n");
		return true;
	}
	html_put(p->out,
		 "<p class=\"missing\">The figure is not here (%s); its numbers are in the table "
		 "below.</p>\n",
		 why ? why : "no memory");
	return false;
}

void html_table_begin(const struct html *p, bool is_open, const char *title,
		      const struct html_columns *columns)
{
	html_put(p->out,
		 "<details%s>\n<summary>%s</summary>\n<div class=\"scroll\" tabindex=\"0\"><table "
		 "class=\"numbers text-%u\">\n<thead><tr>",
		 is_open ? " open" : "", title, columns->n_text);
	for (size_t i = 0; i < columns->n; i++)
		html_put(p->out, "<th scope=\"col\">%s", columns->names[i]);
	html_put(p->out, "\n<tbody>\n");
}

void html_table_end(const struct html *p)
{
	html_table_end_of(p, 0, 0);
}

void html_table_end_of(const struct html *p, size_t n, size_t n_shown)
{
	html_put(p->out, "</table></div>\n");
	html_and_more(p, n, n_shown);
	html_put(p->out, "</details>\n");
}

void html_cell_ns(const struct html *p, bool is_there, uint64_t ns)
{
	html_put(p->out, "<td>");
	if (is_there)
		html_ns(p->out, ns);
}

void html_cell_share(const struct html *p, const struct fact_u64 *part, uint64_t whole)
{
	char words[32];

	html_put(p->out, "<td>");
	if (!part->known || whole == 0)
		return;
	words_of_share(part->v, whole, words, sizeof(words));
	html_put(p->out, "%s", words);
}

void html_cell_text(const struct html *p, const struct fact_str *text)
{
	html_put(p->out, "<td class=\"wrap\">");
	if (text->known)
		escape_cut(p->out, text->v, HTML_NAME_MAX);
}

void html_cell_culprit(const struct html *p, const struct fact_str *class,
		       const struct fact_str *name)
{
	html_put(p->out, "<td class=\"wrap\">");
	if (class->known)
		escape_cut(p->out, class->v, HTML_NAME_MAX);
	html_put(p->out, class->known ? " " : "");
	if (name->known)
		escape_cut(p->out, name->v, HTML_NAME_MAX);
}

void html_and_more(const struct html *p, size_t n, size_t n_shown)
{
	if (n > n_shown)
		html_put(p->out, "<p>and %zu more.</p>\n", n - n_shown);
}
