/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_comparison.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "core/save.h"
#include "report/comparison_parts.h"
#include "report/words.h"

static const struct {
	const char *verdict, *word, *colour;
} verdicts[] = {
	{ "regressed", "Regressed", "\033[1;31m" },
	{ "improved", "Improved", "\033[32m" },
	{ "no-change", "No change", "\033[32m" },
	{ "inconclusive", "Inconclusive", "\033[33m" },
	{ "not-comparable", "Not comparable", "\033[35m" },
};

const char *comparison_verdict_word(const char *verdict)
{
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (!strcmp(verdicts[i].verdict, verdict))
			return verdicts[i].word;
	}
	return "Unknown";
}

const char *comparison_verdict_colour(const char *verdict)
{
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (!strcmp(verdicts[i].verdict, verdict))
			return verdicts[i].colour;
	}
	return "";
}

/* The sentence in lines, its first word coloured. */
static int print_sentence(const struct comparison_page *page)
{
	const struct printer *p = page->p;
	const char *word = comparison_verdict_word(page->c->verdict.v);
	const char *line = arena_printf(page->arena, "%s: %s.", word, page->c->reason.v);
	auto_free char *lines = NULL;
	size_t size = 0;
	FILE *out = line ? open_memstream(&lines, &size) : NULL;

	if (!out)
		return -ENOMEM;
	print_line(out, "", p->style->width, line);
	if (fclose(out) == EOF)
		return -ENOMEM;
	if (p->style->has_colour)
		fprintf(p->out, "%s%s\033[0m%s", comparison_verdict_colour(page->c->verdict.v),
			word, lines + strlen(word));
	else
		fputs(lines, p->out);
	return 0;
}

static const char *date_words(struct arena *a, uint64_t unix_ns)
{
	const time_t seconds = (time_t)(unix_ns / NS_PER_S);
	struct tm tm;
	char buf[32];

	if (!gmtime_r(&seconds, &tm) || !strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M UTC", &tm))
		return "";
	return arena_strdup(a, buf);
}

static int print_side(const struct comparison_page *page, const char *lead,
		      const struct fact_object *side)
{
	const struct comparison_side *s = side->v;
	struct arena_text line = { 0 };
	const char *date, *text;

	if (!s)
		return 0;
	date = s->started_unix_ns.known ? date_words(page->arena, s->started_unix_ns.v) : "";
	if (!date)
		return -ENOMEM;
	for (size_t i = 0; i < s->names.n; i++) {
		if (!arena_text_add(page->arena, &line, "%s%s", i ? ", " : "", s->names.v[i]))
			return -ENOMEM;
	}
	if (s->n_sessions.v != 1 &&
	    !arena_text_add(page->arena, &line, " (%" PRIu64 " sessions)", s->n_sessions.v))
		return -ENOMEM;
	if (s->label.known && *s->label.v &&
	    !arena_text_add(page->arena, &line, " “%s”", s->label.v))
		return -ENOMEM;
	text = arena_text_add(page->arena, &line, "%s%s%s", line.len && *date ? ", " : "",
			      s->n_sessions.v != 1 && *date ? "last " : "", date);
	if (!text)
		return -ENOMEM;
	print_line(page->p->out, lead, page->p->style->width, text);
	return 0;
}

static void print_heading(const struct comparison_page *page, const char *heading)
{
	fprintf(page->p->out, "\n%s\n", heading);
}

static int print_finding(const struct comparison_page *page, const struct comparison_finding *f)
{
	const char *before = f->before.known ? f->before.v : "not judged";
	const char *after = f->after.known ? f->after.v : "not judged";
	const char *line =
		arena_printf(page->arena, "%s: %s, now %s%s%s", f->id.v, before, after,
			     f->summary.known ? ": " : "", f->summary.known ? f->summary.v : "");

	if (!line)
		return -ENOMEM;
	print_line(page->p->out, "  ", page->p->style->width, line);
	return 0;
}

static int print_findings(const struct comparison_page *page)
{
	const struct comparison_finding *f = page->c->findings.v;
	int r = 0;

	if (page->c->findings.n)
		print_heading(page, "Findings that changed");
	for (size_t i = 0; i < page->c->findings.n && r == 0; i++) {
		if (f[i].id.known)
			r = print_finding(page, &f[i]);
	}
	return r;
}

static void print_tweaks(const struct comparison_page *page)
{
	const struct comparison_tweak *t = page->c->tweaks.v;

	if (page->c->tweaks.n)
		print_heading(page, "Which tweak moved what");
	for (size_t i = 0; i < page->c->tweaks.n; i++) {
		if (t[i].sentence.known)
			print_line(page->p->out, "  ", page->p->style->width, t[i].sentence.v);
	}
}

static void print_lines(const struct comparison_page *page, const char *heading,
			const struct fact_strs *lines)
{
	if (lines->n)
		print_heading(page, heading);
	for (size_t i = 0; i < lines->n; i++)
		print_line(page->p->out, "  ", page->p->style->width, lines->v[i]);
}

static int print_page(const struct comparison_page *page)
{
	int r = print_sentence(page);

	if (r == 0) {
		fputc('\n', page->p->out);
		r = print_side(page, "Before: ", &page->c->before);
	}
	if (r == 0)
		r = print_side(page, "After:  ", &page->c->after);
	if (r == 0)
		r = comparison_print_metrics(page);
	if (r < 0)
		return r;
	/* The sentence names one. */
	if (page->c->blocking.n > 1)
		print_lines(page, "What forbids to compare", &page->c->blocking);
	r = comparison_print_differences(page);
	if (r == 0)
		r = print_findings(page);
	if (r < 0)
		return r;
	print_tweaks(page);
	print_lines(page, "Before you trust it", &page->c->notes);
	return comparison_print_next(page);
}

int text_comparison(FILE *out, const struct comparison_facts *c, const struct text_style *style)
{
	auto_arena struct arena a = { 0 };
	const struct printer p = { out, style };
	const struct comparison_page page = { &p, &a, c };
	int r = print_page(&page);

	if (r == 0 && c->is_redacted.v)
		print_wrapped(out, "", style->width,
			      "\nNames are replaced by pseudonyms (--raw keeps them).");
	if (r == 0)
		r = save_error(out);
	return r;
}
