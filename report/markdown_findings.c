/* SPDX-License-Identifier: GPL-2.0-or-later */
/* markdown_findings.c - one result as the summary of a job. */
#include <inttypes.h>

#include "analyze/measures.h"
#include "report/escape.h"
#include "report/markdown.h"
#include "report/markdown_summary.h"
#include "report/words.h"

struct page {
	struct host *h;
	const struct findings *f;
};

static const char *const symbols[N_VERDICTS] = { "❌", "⚠️", "❔", "✅", "➖" };

static int put_head(FILE *out, const void *arg)
{
	const struct page *p = arg;
	const char *sentence = verdict_sentence(p->h, p->f);

	if (!sentence)
		return -ENOMEM;
	fprintf(out, "## vfiobench: %s %zu problems, %zu advice\n\n",
		p->f->n_by_verdict[VERDICT_PROBLEM]  ? symbols[VERDICT_PROBLEM]
		: p->f->n_by_verdict[VERDICT_ADVICE] ? symbols[VERDICT_ADVICE]
						     : symbols[VERDICT_PASS],
		p->f->n_by_verdict[VERDICT_PROBLEM], p->f->n_by_verdict[VERDICT_ADVICE]);
	markdown_text(out, sentence);
	fputs("\n\n", out);
	for (size_t i = 0; i < p->h->run.warnings.n; i++) {
		fputs("- Note: ", out);
		markdown_text(out, p->h->run.warnings.v[i]);
		putc('\n', out);
	}
	fputs(p->h->run.warnings.n ? "\n" : "", out);
	return 0;
}

static int put_wake(FILE *out, const void *arg)
{
	static const struct {
		const char *name;
		uint32_t ppm;
	} quantiles[] = { { "p50", 500000 }, { "p99", 990000 }, { "p99.9", 999000 } };
	const struct page *p = arg;
	auto_free struct hist *all = malloc(sizeof(*all));
	struct wake_summary s;
	char words[32];

	if (!all)
		return -ENOMEM;
	if (!measure_wake(p->h, -1, false, all, &s))
		return 0;
	fputs("| Wake-up latency | |\n|---|--:|\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
		if (!hist_can_show(all, quantiles[i].ppm))
			continue;
		words_of_ns(hist_quantile_ns(all, quantiles[i].ppm), words, sizeof(words));
		fprintf(out, "| %s | %s |\n", quantiles[i].name, words);
	}
	words_of_ns(s.max_ns, words, sizeof(words));
	fprintf(out, "| max | %s |\n| wake-ups | %" PRIu64 " |\n\n", words, s.n);
	return 0;
}

static bool is_to_do(const struct finding *f)
{
	return f->verdict <= VERDICT_ADVICE;
}

static int put_table(FILE *out, const void *arg)
{
	const struct page *p = arg;
	size_t n = 0;

	for (size_t i = 0; i < p->f->n; i++) {
		const struct finding *f = &p->f->v[i];

		if (!is_to_do(f))
			continue;
		if (n++ == 0)
			fputs("| | Finding | What was found | Shown by |\n|---|---|---|---|\n",
			      out);
		fprintf(out, "| %s %s ", symbols[f->verdict], verdict_names[f->verdict]);
		markdown_cell(out, f->tweak->id);
		markdown_cell(out, f->summary);
		markdown_cell(out, confidence_names[f->confidence]);
		fputs("|\n", out);
	}
	fputs(n ? "\n" : "", out);
	return 0;
}

/* No Markdown holds inside of it, and no mark-up of HTML is left in the text. */
static void put_block(FILE *out, const char *title, const char *text)
{
	if (!text)
		return;
	fprintf(out, "%s\n\n<pre>", title);
	escape_html(out, text);
	fputs("</pre>\n\n", out);
}

static int put_fix(FILE *out, const void *arg)
{
	const struct finding *f = arg;

	fputs("<details><summary>", out);
	markdown_text(out, f->tweak->id);
	fputs(": ", out);
	markdown_text(out, f->tweak->title);
	fputs("</summary>\n\n", out);
	for (size_t i = 0; i < f->n_items; i++) {
		fputs("- ", out);
		markdown_text(out, f->items[i]);
		putc('\n', out);
	}
	fputs(f->n_items ? "\n" : "", out);
	put_block(out, "Now:", f->fix.now);
	put_block(out, "To keep it:", f->fix.persist);
	put_block(out, "Undo:", f->fix.undo);
	if (f->fix.now || f->fix.persist)
		fprintf(out, "Needs: %s\n\n", fix_needs_names[f->fix.needs]);
	if (f->fix.risk) {
		fputs("Risk: ", out);
		markdown_text(out, f->fix.risk);
		fputs("\n\n", out);
	}
	fputs("</details>\n\n", out);
	return 0;
}

static int put_redacted(FILE *out, const void *arg)
{
	(void)arg;
	fputs("Names are replaced by pseudonyms (--raw keeps them).\n", out);
	return 0;
}

int report_markdown_findings(FILE *out, struct host *h, const struct findings *f)
{
	static const struct {
		const char *title;
		int (*put)(FILE *out, const void *arg);
	} sections[] = {
		{ "the verdict", put_head },
		{ "wake-up latency", put_wake },
		{ "findings", put_table },
	};
	struct markdown_page page = { .out = out, .max = MARKDOWN_SUMMARY_MAX };
	const struct page p = { h, f };
	int r = 0, end;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(sections); i++)
		r = markdown_section(&page, sections[i].title, sections[i].put, &p);
	for (size_t i = 0; r == 0 && i < f->n; i++) {
		if (is_to_do(&f->v[i]))
			r = markdown_section(&page, f->v[i].tweak->id, put_fix, &f->v[i]);
	}
	if (r == 0 && h->run.is_redacted.v)
		r = markdown_section(&page, "what is replaced", put_redacted, NULL);
	end = markdown_end(&page);
	return r < 0 ? r : end;
}
