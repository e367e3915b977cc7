/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/markdown_summary.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/budget.h"
#include "report/ci_cases.h"
#include "report/markdown.h"

enum { FAILED_MAX = 20 };

struct summary {
	const struct comparison_facts *c;
	const struct ci_cases *cases;
	struct arena *arena;
	const char *sentence; /* what decided */
};

/* A word of a verdict and the symbol before it: never the colour alone. */
static const char *word_of(const char *verdict)
{
	static const struct {
		const char *verdict, *word;
	} words[] = {
		{ "regressed", "❌ regressed" },
		{ "improved", "✅ improved" },
		{ "no-change", "✅ no change shown" },
		{ "inconclusive", "⚠️ inconclusive" },
		{ "not-comparable", "➖ not comparable" },
		{ "held", "✅ held" },
		{ "broken", "❌ broken" },
		{ "unknown", "⚠️ unknown" },
		{ "waived", "⏸️ waived" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(words[i].verdict, verdict))
			return words[i].word;
	}
	return "⚠️ unknown";
}

static void put_word(FILE *out, const char *verdict)
{
	fprintf(out, "| %s ", word_of(verdict));
}

static const char *whole_word(const struct comparison_facts *c)
{
	switch (gate_of(c)) {
	case GATE_FAILED:
		return "❌ failed";
	case GATE_NOT_COMPARABLE:
		return "⛔ not comparable";
	case GATE_INCONCLUSIVE:
		return word_of("inconclusive");
	case GATE_PASSED:
		break;
	}
	return "✅ passed";
}

static int put_head(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	size_t n = 0;

	fprintf(out, "## vfiobench: %s\n\n", whole_word(s->c));
	markdown_text(out, s->sentence);
	fprintf(out, "\n\n%zu passed, %zu failed, %zu skipped.\n\n",
		s->cases->n_by_state[CI_PASSED], s->cases->n_by_state[CI_FAILED],
		s->cases->n_by_state[CI_SKIPPED]);
	for (size_t i = 0; i < s->cases->n; i++) {
		if (s->cases->v[i].state != CI_FAILED || n++ >= FAILED_MAX)
			continue;
		fputs("- ❌ ", out);
		markdown_text(out, s->cases->v[i].message);
		putc('\n', out);
	}
	if (n > FAILED_MAX)
		fprintf(out, "- and %zu more\n", n - FAILED_MAX);
	fputs(n ? "\n" : "", out);
	return 0;
}

static int put_blocking(FILE *out, const void *arg)
{
	const struct summary *s = arg;

	if (!s->c->blocking.n)
		return 0;
	fputs("These differ, so that the numbers mean different things:\n\n", out);
	for (size_t i = 0; i < s->c->blocking.n; i++) {
		fputs("- ", out);
		markdown_text(out, s->c->blocking.v[i]);
		putc('\n', out);
	}
	putc('\n', out);
	return 0;
}

static int put_metric(FILE *out, const struct comparison_metric *m, const char *verdict,
		      struct arena *a)
{
	struct ci_words w;
	const char *title = ci_text(&m->title);

	if (ci_words(m, a, &w) < 0)
		return -ENOMEM;
	markdown_cell(out, m->is_gated.v && *title ? title : ci_text(&m->id));
	markdown_cell(out, w.before);
	markdown_cell(out, w.after);
	markdown_cell(out, w.change);
	markdown_cell(out, w.interval);
	markdown_cell(out, w.margin);
	put_word(out, verdict);
	markdown_cell(out, ci_text(&m->reason));
	fputs("|\n", out);
	return 0;
}

static void put_metric_head(FILE *out)
{
	fputs("| Metric | Before | After | Change | 95 % interval | Margin | Verdict | Why |\n"
	      "|---|--:|--:|--:|--:|--:|---|---|\n",
	      out);
}

static int put_metrics(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	size_t n = 0;

	for (size_t i = 0; i < s->cases->n; i++) {
		const struct ci_case *one = &s->cases->v[i];

		if (!one->metric)
			continue;
		if (n++ == 0)
			put_metric_head(out);
		if (put_metric(out, one->metric, one->verdict, s->arena) < 0)
			return -ENOMEM;
	}
	fputs(n ? "\n" : "", out);
	return 0;
}

static int put_budgets(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_budget *b = s->c->budgets.v;

	if (!s->c->budgets.n)
		return 0;
	fputs("### Budgets\n\n| Budget | Value | Verdict | Why |\n|---|--:|---|---|\n", out);
	for (size_t i = 0; i < s->c->budgets.n; i++) {
		markdown_cell(out, ci_text(&b[i].rule));
		markdown_cell(out, ci_text(&b[i].value));
		put_word(out, b[i].verdict.known ? b[i].verdict.v : "unknown");
		markdown_cell(out, ci_text(&b[i].reason));
		fputs("|\n", out);
	}
	putc('\n', out);
	return 0;
}

static void open_details(FILE *out, const char *title, size_t n)
{
	fprintf(out, "<details><summary>%s: %zu</summary>\n\n", title, n);
}

static void close_details(FILE *out)
{
	fputs("\n</details>\n\n", out);
}

static int put_exploratory(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_metric *m = s->c->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < s->c->metrics.n; i++)
		n += !m[i].is_gated.v;
	if (!n)
		return 0;
	open_details(out, "Exploratory, decides nothing", n);
	put_metric_head(out);
	for (size_t i = 0; i < s->c->metrics.n; i++) {
		const char *verdict = m[i].verdict.known ? m[i].verdict.v : "unknown";

		if (!m[i].is_gated.v && put_metric(out, &m[i], verdict, s->arena) < 0)
			return -ENOMEM;
	}
	close_details(out);
	return 0;
}

static int put_tweaks(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_tweak *t = s->c->tweaks.v;

	if (!s->c->tweaks.n)
		return 0;
	fputs("### What moved with them\n\n", out);
	for (size_t i = 0; i < s->c->tweaks.n; i++) {
		fputs("- ", out);
		markdown_text(out, t[i].sentence.known ? t[i].sentence.v : ci_text(&t[i].id));
		putc('\n', out);
	}
	putc('\n', out);
	return 0;
}

static int put_findings(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_finding *f = s->c->findings.v;

	if (!s->c->findings.n)
		return 0;
	open_details(out, "Findings that changed", s->c->findings.n);
	fputs("| Finding | Before | After | |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < s->c->findings.n; i++) {
		markdown_cell(out, ci_text(&f[i].id));
		markdown_cell(out, f[i].before.known ? f[i].before.v : "not judged");
		markdown_cell(out, f[i].after.known ? f[i].after.v : "not judged");
		markdown_cell(out, ci_text(&f[i].summary));
		fputs("|\n", out);
	}
	close_details(out);
	return 0;
}

static int put_differences(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_difference *d = s->c->differences.v;

	if (!s->c->differences.n)
		return 0;
	open_details(out, "Settings that differ", s->c->differences.n);
	fputs("| Setting | Before | After |\n|---|---|---|\n", out);
	for (size_t i = 0; i < s->c->differences.n; i++) {
		markdown_cell(out, ci_text(&d[i].key));
		markdown_cell(out, d[i].before.known ? d[i].before.v : "not known");
		markdown_cell(out, d[i].after.known ? d[i].after.v : "not known");
		fputs("|\n", out);
	}
	close_details(out);
	return 0;
}

static int put_waivers(FILE *out, const void *arg)
{
	const struct summary *s = arg;
	const struct comparison_waiver *w = s->c->waivers.v;

	if (!s->c->waivers.n)
		return 0;
	open_details(out, "Waivers", s->c->waivers.n);
	fputs("| Waived | Until | State | Reason |\n|---|---|---|---|\n", out);
	for (size_t i = 0; i < s->c->waivers.n; i++) {
		markdown_cell(out, ci_text(&w[i].id));
		markdown_cell(out, ci_text(&w[i].until));
		markdown_cell(out, ci_text(&w[i].state));
		markdown_cell(out, ci_text(&w[i].reason));
		fputs("|\n", out);
	}
	close_details(out);
	return 0;
}

static void put_side(FILE *out, const char *title, const struct fact_object *object)
{
	const struct comparison_side *side = object->v;

	if (!object->known)
		return;
	fprintf(out, "- %s: ", title);
	for (size_t i = 0; i < side->names.n; i++) {
		fputs(i ? ", " : "", out);
		markdown_text(out, side->names.v[i]);
	}
	if (side->n_sessions.known)
		fprintf(out, " (sessions: %" PRIu64 ")", side->n_sessions.v);
	if (side->label.known) {
		fputs(", ", out);
		markdown_text(out, side->label.v);
	}
	putc('\n', out);
}

static int put_notes(FILE *out, const void *arg)
{
	const struct summary *s = arg;

	put_side(out, "Before", &s->c->before);
	put_side(out, "After", &s->c->after);
	for (size_t i = 0; i < s->c->notes.n; i++) {
		fputs("- ", out);
		markdown_text(out, s->c->notes.v[i]);
		putc('\n', out);
	}
	if (s->c->is_redacted.v)
		fputs("- Names are replaced by pseudonyms (--raw keeps them).\n", out);
	putc('\n', out);
	return 0;
}

int report_markdown_summary(FILE *out, const struct comparison_facts *c)
{
	static const struct {
		const char *title;
		int (*put)(FILE *out, const void *arg);
	} sections[] = {
		{ "the verdict", put_head },
		{ "what cannot be compared", put_blocking },
		{ "metrics", put_metrics },
		{ "budgets", put_budgets },
		{ "what moved", put_tweaks },
		{ "findings that changed", put_findings },
		{ "settings that differ", put_differences },
		{ "waivers", put_waivers },
		{ "notes", put_notes },
		{ "exploratory metrics", put_exploratory },
	};
	auto_arena struct arena a = { 0 };
	struct markdown_page page = { .out = out, .max = MARKDOWN_SUMMARY_MAX };
	struct ci_cases cases;
	const struct summary s = { c, &cases, &a, gate_sentence(c, &a) };
	int r = s.sentence ? ci_cases_make(c, &a, &cases) : -ENOMEM, end;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(sections); i++)
		r = markdown_section(&page, sections[i].title, sections[i].put, &s);
	end = markdown_end(&page);
	return r < 0 ? r : end;
}
