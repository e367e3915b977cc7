/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/html_comparison.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "analyze/budget.h"
#include "core/save.h"
#include "report/comparison_words.h"
#include "report/html_comparison_parts.h"

enum { NOTES_MAX = 40, NAMES_MAX = 12 };

static const struct versus_tone tones[] = {
	{ "regressed", "problem", "✗", "Regressed" },
	{ "improved", "pass", "✓", "Improved" },
	{ "no-change", "pass", "=", "No change" },
	{ "inconclusive", "unknown", "?", "Inconclusive" },
	{ "not-comparable", "none", "–", "Not comparable" },
	{ "broken", "problem", "✗", "Broken" },
	{ "held", "pass", "✓", "Held" },
	{ "waived", "advice", "▲", "Waived" },
	{ "expired", "problem", "✗", "Expired" },
	{ "used", "advice", "▲", "In use" },
	{ "unused", "none", "–", "Not needed" },
	{ "problem", "problem", "✗", "Problem" },
	{ "advice", "advice", "▲", "Advice" },
	{ "pass", "pass", "✓", "Passed" },
	{ "not-applicable", "none", "–", "Does not apply" },
	{ "gone", "pass", "✓", "Gone" },
	{ "appeared", "problem", "✗", "Appeared" },
	{ "unknown", "unknown", "?", "Unknown" },
};

const struct versus_tone *versus_tone(const char *verdict)
{
	const size_t n = ARRAY_SIZE(tones);

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(tones[i].verdict, verdict))
			return &tones[i];
	}
	return &tones[n - 1];
}

void versus_badge(const struct versus *v, const struct fact_str *verdict)
{
	const struct versus_tone *t = versus_tone(verdict->known ? verdict->v : "unknown");

	html_badge(v->page.out, t->class, t->symbol, t->word);
}

static bool has_always(const struct comparison_facts *c)
{
	(void)c;
	return true;
}

static bool has_figures(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (m[i].units_before.n && m[i].units_after.n)
			return true;
	}
	return c->wake_curve.n > 0;
}

static bool has_exploratory(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!m[i].is_gated.v)
			return true;
	}
	return false;
}

static bool has_tweaks(const struct comparison_facts *c)
{
	return c->tweaks.n > 0;
}

static bool has_findings(const struct comparison_facts *c)
{
	return c->findings.n > 0;
}

static bool has_settings(const struct comparison_facts *c)
{
	return c->differences.n > 0;
}

static const struct {
	const char *id, *title;
	bool (*is_there)(const struct comparison_facts *c);
	int (*print)(const struct versus *v);
} sections[] = {
	{ "metrics", "What decides", has_always, versus_metrics },
	{ "figures", "Before and after", has_figures, versus_figures },
	{ "tweaks", "Which tweak moved what", has_tweaks, versus_tweaks },
	{ "findings", "Findings that changed", has_findings, versus_findings },
	{ "settings", "Settings that differ", has_settings, versus_settings },
	{ "exploratory", "What explains and never decides", has_exploratory, versus_exploratory },
	{ "method", "How it was compared", has_always, versus_method },
};

/* "A.json, B.json (3 sessions) “as it was”, last 2024-06-01 14:00 UTC" */
static void print_side(const struct versus *v, const char *label, const struct fact_object *side)
{
	const struct comparison_side *s = side->v;
	FILE *out = v->page.out;
	char stamp[64] = "";
	struct tm utc;
	time_t t;

	if (!s)
		return;
	html_put(out, "<div><dt>%s<dd>", label);
	for (size_t i = 0; i < s->names.n && i < NAMES_MAX; i++)
		html_put(out, "%s<code>%s</code>", i ? ", " : "", s->names.v[i]);
	if (s->names.n > NAMES_MAX)
		html_put(out, " and %zu more", s->names.n - NAMES_MAX);
	if (s->n_sessions.known && s->n_sessions.v != 1)
		html_put(out, " (%" PRIu64 " sessions)", s->n_sessions.v);
	if (s->label.known && *s->label.v)
		html_put(out, " “%s”", s->label.v);
	t = (time_t)(s->started_unix_ns.v / NS_PER_S);
	if (s->started_unix_ns.known && gmtime_r(&t, &utc) &&
	    strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M UTC", &utc))
		html_put(out, " <span class=\"when\">%s%s</span>",
			 s->n_sessions.known && s->n_sessions.v > 1 ? "last " : "", stamp);
	html_put(out, "</div>\n");
}

static const char *gate_tone(const struct comparison_facts *c)
{
	switch (gate_of(c)) {
	case GATE_PASSED:
		return "held";
	case GATE_FAILED:
		return "broken";
	case GATE_INCONCLUSIVE:
		return "inconclusive";
	case GATE_NOT_COMPARABLE:
		break;
	}
	return "not-comparable";
}

/* A check says what the gate says; a comparison what decided. */
static int print_verdict(const struct versus *v)
{
	const struct comparison_facts *c = v->c;
	const bool is_check = c->budgets.n || !c->verdict.known;
	const struct versus_tone *t = versus_tone(is_check ? gate_tone(c) : c->verdict.v);
	const char *sentence =
		is_check ? gate_sentence(c, v->arena)
			 : arena_printf(v->arena, "%s: %s.", comparison_verdict_word(c->verdict.v),
					ci_text(&c->reason));

	if (!sentence)
		return -ENOMEM;
	html_put(v->page.out,
		 "<div class=\"verdict is-%s\">\n<span class=\"symbol\" aria-hidden=\"true\">%s"
		 "</span>\n<h1>%s</h1>\n<dl class=\"sides\">\n",
		 t->class, t->symbol, sentence);
	print_side(v, "Before", &c->before);
	print_side(v, "After", &c->after);
	html_put(v->page.out, "</dl>\n</div>\n");
	return 0;
}

static void print_list(const struct versus *v, const char *title, const struct fact_strs *lines)
{
	if (!lines->n)
		return;
	html_put(v->page.out, "<div class=\"notes\"><h2>%s</h2>\n<ul>\n", title);
	for (size_t i = 0; i < lines->n && i < NOTES_MAX; i++)
		html_put(v->page.out, "<li>%s\n", lines->v[i]);
	if (lines->n > NOTES_MAX)
		html_put(v->page.out, "<li>and %zu more\n", lines->n - NOTES_MAX);
	html_put(v->page.out, "</ul></div>\n");
}

/* Gated metrics by verdict. */
static void print_counts(const struct versus *v)
{
	static const struct {
		const char *verdict, *label;
	} tiles[] = { { "regressed", "Got worse" },
		      { "improved", "Got better" },
		      { "no-change", "Did not change" },
		      { "inconclusive", "Cannot be told" },
		      { "not-comparable", "Not compared" } };
	const struct comparison_metric *m = v->c->metrics.v;

	if (!v->c->metrics.n)
		return;
	html_put(v->page.out, "<dl class=\"tiles\" aria-label=\"Metrics that decide\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(tiles); i++) {
		size_t n = 0;

		for (size_t k = 0; k < v->c->metrics.n; k++)
			n += m[k].is_gated.v && fact_is(&m[k].verdict, tiles[i].verdict);
		html_put(v->page.out, "<div class=\"%s%s\"><dt>%s<dd><b>%zu</b></div>\n",
			 n ? "is-" : "", n ? versus_tone(tiles[i].verdict)->class : "",
			 tiles[i].label, n);
	}
	html_put(v->page.out, "</dl>\n");
}

static void print_next(const struct versus *v)
{
	const char *words = comparison_next_words(v->arena, v->c);

	if (words)
		html_put(v->page.out, "<p class=\"next\"><b>Next:</b> %s.</p>\n", words);
}

static int print_top(const struct versus *v)
{
	int r;

	html_put(v->page.out, "<header>\n<p class=\"brand\">vfiobench</p>\n<p class=\"meta\"><span>"
			      "before and after</span></p>\n</header>\n<main>\n");
	r = print_verdict(v);
	print_list(v, "What forbids to compare", &v->c->blocking);
	print_next(v);
	print_counts(v);
	print_list(v, "Before you trust it", &v->c->notes);
	html_contents_begin(v->page.out);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		if (sections[i].is_there(v->c))
			html_contents_item(v->page.out, sections[i].id, sections[i].title);
	}
	html_contents_end(v->page.out);
	return r;
}

static void print_foot(const struct versus *v)
{
	html_put(v->page.out,
		 "</main>\n<footer>\n<p>Written by vfiobench from a comparison, which holds "
		 "everything shown here (--json). %s\n</footer>\n</body>\n</html>\n",
		 v->c->is_redacted.v
			 ? "Names are replaced by pseudonyms (--raw keeps them): look it through "
			   "all the same before you show it to others."
			 : "It names settings of the host, kernel arguments among them: look it "
			   "through before you show it to others.");
}

int report_html_comparison(FILE *out, const struct comparison_facts *c)
{
	auto_arena struct arena arena = { 0 };
	const struct versus v = { { out, NULL, NULL }, &arena, c };
	const char *word = c->verdict.known ? comparison_verdict_word(c->verdict.v) : "budgets";
	const char *title = arena_printf(&arena, "vfiobench: %s", word);
	int r;

	html_head(out, title ? title : "vfiobench");
	r = print_top(&v);
	for (size_t i = 0; i < ARRAY_SIZE(sections) && r == 0; i++) {
		if (!sections[i].is_there(c))
			continue;
		html_section(&v.page, sections[i].id, sections[i].title);
		r = sections[i].print(&v);
		html_section_end(&v.page);
	}
	print_foot(&v);
	return r < 0 ? r : save_error(out);
}
