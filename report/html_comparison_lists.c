/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_comparison_lists.c - what else is different, and how it was compared. */
#include <inttypes.h>
#include <string.h>

#include "report/comparison_words.h"
#include "report/html_comparison_parts.h"

enum { TWEAKS_MAX = 60, FINDINGS_MAX = 200, SETTINGS_MAX = 300, METHOD_MAX = 60 };

int versus_tweaks(const struct versus *v)
{
	const struct comparison_tweak *t = v->c->tweaks.v;

	html_put(v->page.out, "<ul class=\"reasons\">\n");
	for (size_t i = 0; i < v->c->tweaks.n && i < TWEAKS_MAX; i++) {
		html_put(v->page.out, "<li>");
		if (t[i].change.known) {
			versus_badge(v, &t[i].change);
			html_put(v->page.out, " ");
		}
		html_put(v->page.out, "%s\n",
			 t[i].sentence.known ? t[i].sentence.v : ci_text(&t[i].id));
	}
	html_put(v->page.out, "</ul>\n");
	html_and_more(&v->page, v->c->tweaks.n, TWEAKS_MAX);
	return 0;
}

static void cell_verdict(const struct versus *v, const struct fact_str *verdict)
{
	html_put(v->page.out, "<td>");
	if (verdict->known)
		versus_badge(v, verdict);
	else
		html_put(v->page.out, "not judged");
}

int versus_findings(const struct versus *v)
{
	const struct comparison_finding *f = v->c->findings.v;

	html_put(v->page.out,
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n<thead><tr><th "
		 "scope=\"col\">Finding<th scope=\"col\">Before<th scope=\"col\">After<th "
		 "scope=\"col\">What was found\n<tbody>\n");
	for (size_t i = 0; i < v->c->findings.n && i < FINDINGS_MAX; i++) {
		html_put(v->page.out, "<tr><th scope=\"row\">%s<br><code>%s</code>",
			 ci_text(&f[i].title), ci_text(&f[i].id));
		cell_verdict(v, &f[i].before);
		cell_verdict(v, &f[i].after);
		html_put(v->page.out, "<td>%s\n", ci_text(&f[i].summary));
	}
	html_put(v->page.out, "</table></div>\n");
	html_and_more(&v->page, v->c->findings.n, FINDINGS_MAX);
	return 0;
}

static void cell_value(const struct versus *v, const struct fact_str *value)
{
	html_put(v->page.out, "<td class=\"wrap\">");
	if (!value->known)
		html_put(v->page.out, "<span class=\"unknown\">not there</span>");
	else if (!*value->v)
		html_put(v->page.out, "<span class=\"unknown\">none</span>");
	else
		html_put(v->page.out, "%s", value->v);
}

static int put_setting(const struct versus *v, const struct comparison_difference *d,
		       size_t n_alike)
{
	const char *moved = comparison_words_that_moved(v->arena, d);

	if (!moved)
		return -ENOMEM;
	html_put(v->page.out, "<tr><th scope=\"row\" class=\"wrap\"><code>%s</code>", d->key.v);
	if (n_alike)
		html_put(v->page.out, " <small>and %zu more</small>", n_alike);
	if (*moved) {
		html_put(v->page.out, "<td class=\"wrap\" colspan=\"2\">%s\n", moved);
		return 0;
	}
	cell_value(v, &d->before);
	cell_value(v, &d->after);
	html_put(v->page.out, "\n");
	return 0;
}

int versus_settings(const struct versus *v)
{
	const struct comparison_difference *d = v->c->differences.v;
	const size_t n = v->c->differences.n;
	/* Each is compared with each: no more than makes sense to read. */
	const size_t n_looked = n < SETTINGS_MAX ? n : SETTINGS_MAX;
	bool is_told[SETTINGS_MAX] = { false };

	html_put(v->page.out,
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"list settings\">\n<thead><tr>"
		 "<th scope=\"col\">Setting<th scope=\"col\">Before<th scope=\"col\">After\n"
		 "<tbody>\n");
	for (size_t i = 0; i < n_looked; i++) {
		size_t n_alike = 0;

		if (is_told[i] || !d[i].key.known)
			continue;
		for (size_t k = i + 1; k < n_looked; k++) {
			if (is_told[k] || !d[k].key.known || !comparison_is_alike(&d[i], &d[k]))
				continue;
			is_told[k] = true;
			n_alike++;
		}
		if (put_setting(v, &d[i], n_alike) < 0)
			return -ENOMEM;
	}
	html_put(v->page.out, "</table></div>\n");
	html_and_more(&v->page, n, n_looked);
	return 0;
}

static void cell_u64(const struct versus *v, const struct fact_u64 *n)
{
	html_put(v->page.out, "<td>");
	if (n->known)
		html_put(v->page.out, "%" PRIu64, n->v);
}

/* Parts per million as the probability they are. */
static void cell_p(const struct versus *v, const struct fact_u64 *ppm)
{
	char words[16] = "";

	if (ppm->known && ppm->v < 100)
		snprintf(words, sizeof(words), "<0.0001");
	else if (ppm->known && ppm->v < 1000000)
		snprintf(words, sizeof(words), "0.%04u", (unsigned)(ppm->v / 100));
	else if (ppm->known)
		snprintf(words, sizeof(words), "1");
	html_put(v->page.out, "<td>%s", words);
}

static void put_method_row(const struct versus *v, const struct comparison_metric *m,
			   const struct ci_words *w)
{
	html_put(v->page.out, "<tr><th scope=\"row\"><code>%s</code><td>%s", m->id.v,
		 ci_text(&m->unit));
	cell_u64(v, &m->n_before);
	cell_u64(v, &m->n_after);
	html_put(v->page.out, "<td>%s%s%s", w->margin, m->margin_reason.known ? ", " : "",
		 ci_text(&m->margin_reason));
	cell_p(v, &m->p_regressed_ppm);
	cell_p(v, &m->p_improved_ppm);
	cell_p(v, &m->p_same_ppm);
	html_put(v->page.out, "<td>");
	if (m->is_confirmed.known)
		html_put(v->page.out, m->is_confirmed.v ? "yes" : "no");
	html_put(v->page.out, "\n");
}

int versus_method(const struct versus *v)
{
	const struct comparison_metric *m = v->c->metrics.v;
	size_t n = 0;

	html_put(v->page.out,
		 "<p>One value stands for each repetition, session or pair, never for a single "
		 "wake-up: those come in bursts, and tests that take them as independent find "
		 "differences in two runs of the same. The exact rank test asks whether one side "
		 "lies above the other by more than the margin; the change and its interval are "
		 "Hodges and Lehmann's; over the metrics that decide, probabilities are adjusted "
		 "by Holm's method. No change means that a change as large as the margin was ruled "
		 "out, and inconclusive that neither could be shown.</p>\n"
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n<thead><tr><th "
		 "scope=\"col\">Metric<th scope=\"col\">Units<th scope=\"col\">Before<th "
		 "scope=\"col\">After<th scope=\"col\">Margin<th scope=\"col\">p worse<th "
		 "scope=\"col\">p better<th scope=\"col\">p changed<th scope=\"col\">Seen again\n"
		 "<tbody>\n");
	for (size_t i = 0; i < v->c->metrics.n; i++) {
		struct ci_words w;

		if (!m[i].is_gated.v || !m[i].n_before.known || n++ >= METHOD_MAX)
			continue;
		if (ci_words(&m[i], v->arena, &w) < 0)
			return -ENOMEM;
		put_method_row(v, &m[i], &w);
	}
	html_put(v->page.out, "</table></div>\n");
	html_and_more(&v->page, n, METHOD_MAX);
	return 0;
}
