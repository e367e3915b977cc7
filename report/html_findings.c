/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_findings.c - what was found: problems and advice in full, the rest as tables. */
#include <string.h>

#include "report/html.h"

enum { ITEMS_MAX = 30, BLOCK_MAX = 8192, FEW_FINDINGS = 3 };

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
	html_put(p->out, "<h4>%s</h4>\n<pre tabindex=\"0\"><code>", label);
	escape_cut(p->out, text, BLOCK_MAX);
	html_put(p->out, "</code></pre>\n");
}

static void print_items(const struct html *p, const struct finding *f)
{
	if (f->n_items == 0)
		return;
	html_put(p->out, "<ul class=\"evidence\">\n");
	for (size_t i = 0; i < f->n_items && i < ITEMS_MAX; i++)
		html_put(p->out, "<li>%s\n", f->items[i]);
	if (f->n_items > ITEMS_MAX)
		html_put(p->out, "<li>and %zu more\n", f->n_items - ITEMS_MAX);
	html_put(p->out, "</ul>\n");
}

static void print_fix(const struct html *p, const struct finding *f)
{
	const bool has_fix = (f->fix.now && *f->fix.now) || (f->fix.persist && *f->fix.persist);

	if (!has_fix)
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
	html_put(p->out, " <code>%s</code> <span>%s</span></p>\n<h3>%s</h3>\n", t->id,
		 confidence_words[f->confidence], t->title);
	html_put(p->out, "<p class=\"said\">%s</p>\n", f->summary);
	print_items(p, f);
	print_fix(p, f);
	print_guide(p, t);
	print_refs(p, t);
	html_put(p->out, "</article>\n");
}

static void print_rows(const struct html *p, enum verdict v, const char *title)
{
	if (p->f->n_by_verdict[v] == 0)
		return;
	html_put(
		p->out,
		"<details>\n<summary>%s <span class=\"count\">%zu</span></summary>\n"
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n<thead><tr><th scope=\"col\">Verdict"
		"<th scope=\"col\">What is looked at<th scope=\"col\">What was found\n<tbody>\n",
		title, p->f->n_by_verdict[v]);
	for (size_t i = 0; i < p->f->n; i++) {
		const struct finding *f = &p->f->v[i];

		if (f->verdict != v)
			continue;
		html_put(p->out, "<tr><td>");
		print_badge(p, v);
		html_put(p->out, "<td>%s<br><code>%s</code><td>%s\n", f->tweak->title, f->tweak->id,
			 f->summary);
	}
	html_put(p->out, "</table></div></details>\n");
}

/* What is to be done at a glance: each finding in full fills half a screen. */
static void print_overview(const struct html *p)
{
	if (p->f->n_by_verdict[VERDICT_PROBLEM] + p->f->n_by_verdict[VERDICT_ADVICE] <=
	    FEW_FINDINGS)
		return;
	html_put(
		p->out,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"list\" id=\"overview\">\n<thead><tr>"
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
	for (size_t i = 0; i < p->f->n; i++) {
		if (p->f->v[i].verdict <= VERDICT_ADVICE)
			print_finding(p, &p->f->v[i]);
	}
	if (p->f->n == 0)
		html_put(p->out, "<p>No rule judged this host.</p>\n");
	print_rows(p, VERDICT_UNKNOWN, "Could not be judged, and why");
	print_rows(p, VERDICT_PASS, "Passed");
	print_rows(p, VERDICT_NOT_APPLICABLE, "Does not apply here");
}
