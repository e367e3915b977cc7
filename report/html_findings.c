/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_findings.c - what was found: problems and advice in full, the rest as tables. */
#include <string.h>

#include "report/html.h"

enum { ITEMS_MAX = 30, BLOCK_MAX = 8192, FEW_FINDINGS = 3, ITEM_NAME_MAX = 64 };

static const char *const confidence_words[] = {
	[CONFIDENCE_MEASURED] = "measured in this run",
	[CONFIDENCE_CONFIGURED] = "from the settings",
	[CONFIDENCE_GUIDE] = "the guide says so; not seen on this host",
};

static const char *const needs_words[N_FIX_NEEDS] = {
	[NEEDS_NOTHING] = "nothing more",
	[NEEDS_GUEST_RESTART] = "a restart of the guest",
	[NEEDS_MODULE_RELOAD] = "a reload of the module",
	[NEEDS_REBOOT] = "a reboot",
};

static void print_badge(const struct html *p, enum verdict v)
{
	html_badge(p->out, html_verdict_class(v), html_verdict_symbol(v), html_verdict_word(v));
}

static void print_block(const struct html *p, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	html_put(p->out, "<h5>%s</h5>\n<pre tabindex=\"0\"><code>", label);
	escape_cut(p->out, text, BLOCK_MAX);
	html_put(p->out, "</code></pre>\n");
}

/* "IRQ 28 amdgpu: 419/s on CPU 4": how long the name is, 0 when there is none. */
static size_t item_name(const char *item)
{
	const char *colon = strstr(item, ": ");

	return colon && colon - item <= ITEM_NAME_MAX && colon[2] ? (size_t)(colon - item) : 0;
}

static bool is_same_name(const char *a, const char *b)
{
	const size_t len = item_name(a);

	return len == item_name(b) && !strncmp(a, b, len);
}

static void print_item_rows(const struct html *p, const struct finding *f, size_t n)
{
	html_put(p->out, "<table class=\"evidence\"><tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const char *item = f->items[i];
		const size_t len = item_name(item);
		size_t n_same = 1;

		if (i == 0 || !is_same_name(f->items[i - 1], item)) {
			const char *name = arena_printf(&p->h->arena, "%.*s", (int)len, item);

			while (i + n_same < n && is_same_name(item, f->items[i + n_same]))
				n_same++;
			html_put(p->out, "<tr><th scope=\"row\" rowspan=\"%zu\">%s", n_same,
				 name ? name : "");
		} else {
			html_put(p->out, "<tr>");
		}
		html_put(p->out, "<td>%s\n", item + len + 2);
	}
	html_put(p->out, "</table>\n");
}

static void print_item_list(const struct html *p, const struct finding *f, size_t n)
{
	html_put(p->out, "<ul class=\"evidence\">\n");
	for (size_t i = 0; i < n; i++)
		html_put(p->out, "<li>%s\n", f->items[i]);
	html_put(p->out, "</ul>\n");
}

/* Rows of a table where each has a name. */
static void print_items(const struct html *p, const struct finding *f)
{
	const size_t n = u64_min(f->n_items, ITEMS_MAX);
	size_t n_named = 0;

	while (n_named < n && item_name(f->items[n_named]))
		n_named++;
	if (n && n_named == n)
		print_item_rows(p, f, n);
	else if (n)
		print_item_list(p, f, n);
	html_and_more(p, f->n_items, ITEMS_MAX);
}

const char *html_fix_of(const struct finding *f)
{
	if (f->fix.now && *f->fix.now)
		return f->fix.now;
	return f->fix.persist && *f->fix.persist ? f->fix.persist : NULL;
}

const char *html_needs_word(enum fix_needs needs)
{
	return needs_words[needs];
}

static void print_fix(const struct html *p, const struct finding *f)
{
	if (!html_fix_of(f))
		return;
	html_put(p->out, "<div class=\"fix\">\n");
	print_block(p, "To do it now", f->fix.now);
	print_block(p, f->fix.now && *f->fix.now ? "To keep it" : "To fix it", f->fix.persist);
	print_block(p, "To undo it", f->fix.undo);
	html_put(p->out, "<p class=\"needs\"><b>Needs:</b> %s.", needs_words[f->fix.needs]);
	if (f->fix.risk && *f->fix.risk)
		html_put(p->out, " <b>Risk:</b> %s", f->fix.risk);
	html_put(p->out, "</p>\n</div>\n");
}

/* What the guide says, and what is true today. */
static void print_guide(const struct html *p, const struct tweak *t)
{
	static const char *const words[N_STANDINGS] = {
		[STANDING_RIGHT] = "which is right",
		[STANDING_OUTDATED] = "which is outdated",
		[STANDING_WRONG] = "which is wrong",
		[STANDING_INCOMPLETE] = "which is not the whole story",
	};

	html_put(p->out, "<p class=\"guide\">");
	if (t->standing == STANDING_BEYOND || !t->claim || !*t->claim) {
		html_put(p->out, "<b>Not in the guide.</b> %s</p>\n", t->today ? t->today : "");
		return;
	}
	html_put(p->out, "<b>The guide says</b>%s%s%s (%s): %s <b>Today:</b> %s</p>\n",
		 t->section && *t->section ? " under “" : "", t->section ? t->section : "",
		 t->section && *t->section ? "”" : "", words[t->standing], t->claim,
		 t->today ? t->today : "");
}

static void print_refs(const struct html *p, const struct tweak *t)
{
	if (!t->refs || !t->refs[0])
		return;
	html_put(p->out, "<p class=\"refs\"><b>Sources:</b>");
	for (size_t i = 0; t->refs[i]; i++) {
		const char *separator = i ? "," : "";

		if (!strncmp(t->refs[i], "https://", 8))
			html_put(p->out, "%s <a rel=\"noopener noreferrer\" href=\"%s\">%s</a>",
				 separator, t->refs[i], t->refs[i] + 8);
		else
			html_put(p->out, "%s %s", separator, t->refs[i]);
	}
	html_put(p->out, "</p>\n");
}

static void print_finding(const struct html *p, const struct finding *f)
{
	const struct tweak *t = f->tweak;

	html_put(p->out,
		 "<article class=\"finding is-%s\" id=\"finding-%s\">\n<p class=\"kicker\">",
		 html_verdict_class(f->verdict), t->id);
	print_badge(p, f->verdict);
	html_put(p->out, " <code>%s</code> <span>%s</span></p>\n<h4>%s</h4>\n", t->id,
		 confidence_words[f->confidence], t->title);
	html_put(p->out, "<p class=\"said\">%s</p>\n", f->summary);
	print_items(p, f);
	print_fix(p, f);
	print_guide(p, t);
	print_refs(p, t);
	html_put(p->out, "</article>\n");
}

/* Place of its heading in guide_sections; that of the NULL at its end: beyond the guide. */
static size_t section_of(const struct finding *f)
{
	size_t i = 0;

	while (guide_sections[i] && strcmp(guide_sections[i], f->tweak->section) != 0)
		i++;
	return i;
}

static const char *section_title(size_t section)
{
	return guide_sections[section] ? guide_sections[section] : "Beyond the guide";
}

static size_t n_sections(void)
{
	size_t n = 0;

	while (guide_sections[n])
		n++;
	return n + 1;
}

static void print_section_rows(const struct html *p, enum verdict v, size_t section)
{
	bool is_first = true;

	for (size_t i = 0; i < p->f->n; i++) {
		const struct finding *f = &p->f->v[i];

		if (f->verdict != v || section_of(f) != section)
			continue;
		if (is_first)
			html_put(p->out, "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\">%s\n",
				 section_title(section));
		is_first = false;
		html_put(p->out, "<tr><td>");
		print_badge(p, v);
		html_put(p->out, "<td>%s<br><code>%s</code><td>%s\n", f->tweak->title, f->tweak->id,
			 f->summary);
	}
}

static void print_rows(const struct html *p, enum verdict v, const char *title)
{
	if (p->f->n_by_verdict[v] == 0)
		return;
	html_put(
		p->out,
		"<details%s>\n<summary>%s <span class=\"count\">%zu</span></summary>\n"
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"list found\">\n<thead><tr><th scope=\"col\">Verdict"
		"<th scope=\"col\">What is looked at<th scope=\"col\">What was found\n",
		v == VERDICT_NOT_APPLICABLE ? " class=\"more\"" : "", title, p->f->n_by_verdict[v]);
	for (size_t i = 0; i < n_sections(); i++)
		print_section_rows(p, v, i);
	html_put(p->out, "</table></div></details>\n");
}

/* Findings stand by rank, and so does the first one of each section. */
static void print_cards(const struct html *p)
{
	for (size_t i = 0; i < p->f->n && p->f->v[i].verdict <= VERDICT_ADVICE; i++) {
		const size_t section = section_of(&p->f->v[i]);
		size_t before = 0;

		while (before < i && section_of(&p->f->v[before]) != section)
			before++;
		if (before < i)
			continue; /* printed with that one */
		html_put(p->out, "<h3>%s</h3>\n", section_title(section));
		for (size_t k = i; k < p->f->n && p->f->v[k].verdict <= VERDICT_ADVICE; k++) {
			if (section_of(&p->f->v[k]) == section)
				print_finding(p, &p->f->v[k]);
		}
	}
}

/* What is to be done at a glance: each finding in full fills half a screen. */
static void print_overview(const struct html *p)
{
	if (p->f->n_by_verdict[VERDICT_PROBLEM] + p->f->n_by_verdict[VERDICT_ADVICE] <=
	    FEW_FINDINGS)
		return;
	html_put(
		p->out,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"list found\" id=\"overview\">\n<thead><tr>"
		"<th scope=\"col\">Verdict<th scope=\"col\">Finding<th scope=\"col\">What was "
		"found\n<tbody>\n");
	for (size_t i = 0; i < p->f->n; i++) {
		const struct finding *f = &p->f->v[i];

		if (f->verdict > VERDICT_ADVICE)
			continue;
		html_put(p->out, "<tr><td>");
		print_badge(p, f->verdict);
		html_put(p->out, "<td><a href=\"#finding-%s\">%s</a><td>%s\n", f->tweak->id,
			 f->tweak->id, f->summary);
	}
	html_put(p->out, "</table></div>\n");
}

void html_findings(const struct html *p)
{
	print_overview(p);
	print_cards(p);
	if (p->f->n == 0)
		html_put(p->out, "<p>No rule judged this host.</p>\n");
	print_rows(p, VERDICT_UNKNOWN, "Could not be judged, and why");
	print_rows(p, VERDICT_PASS, "Passed");
	print_rows(p, VERDICT_NOT_APPLICABLE, "Does not apply here");
}
