/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_first.c - what to do first: the highest findings that have a fix, each with its first line.
 */
#include <ctype.h>
#include <string.h>

#include "report/html.h"

enum { FIRST_MAX = 3, COMMAND_MAX = 160 };

/* A choice between safety and speed is the owner's: it is told of, but never first. */
static bool is_to_do(const struct finding *f)
{
	return f->verdict <= VERDICT_ADVICE && !f->tweak->is_trade_off && html_fix_of(f);
}

/* Fixes are commands or XML; the few that only a person can follow are sentences. */
static bool is_sentence(const char *line)
{
	return isupper((unsigned char)line[0]) &&
	       (islower((unsigned char)line[1]) || line[1] == ' ');
}

static void put_command(const struct html *p, const struct finding *f)
{
	const char *text = html_fix_of(f);
	const size_t len = strcspn(text, "\n");
	const char *line = arena_printf(&p->h->arena, "%.*s", (int)u64_min(len, INT32_MAX), text);

	const char *element = is_sentence(text) ? "span" : "code";

	html_put(p->out, "<%s>", element);
	escape_cut(p->out, line ? line : "", COMMAND_MAX);
	html_put(p->out, text[len] ? "</%s> …" : "</%s>", element);
}

static void put_step(const struct html *p, const struct finding *f)
{
	html_put(p->out, "<li><b><a href=\"#finding-%s\">%s</a></b> ", f->tweak->id,
		 f->tweak->title);
	put_command(p, f);
	if (f->fix.needs != NEEDS_NOTHING)
		html_put(p->out, " <span class=\"when\">needs %s</span>",
			 html_needs_word(f->fix.needs));
	html_put(p->out, "\n");
}

static const char *how_to_go_on(const struct html *p)
{
	if (p->h->run.is_audit.known && p->h->run.is_audit.v)
		return "One at a time: vfiobench run measures before and after, vfiobench compare "
		       "tells whether it helped.";
	return "One at a time: run it again, and vfiobench compare BEFORE AFTER tells whether it "
	       "helped.";
}

void html_first(const struct html *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->f->n && n < FIRST_MAX; i++) {
		if (!is_to_do(&p->f->v[i]))
			continue;
		if (n++ == 0)
			html_put(p->out, "<div class=\"next\"><h2>What to do first</h2>\n<ol>\n");
		put_step(p, &p->f->v[i]);
	}
	if (n)
		html_put(p->out, "</ol>\n<p>%s</p></div>\n", how_to_go_on(p));
}
