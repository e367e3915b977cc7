/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - the report in a terminal: verdict, numbers, table of findings, the top ones in full. */
#include "core/text.h"

#include <string.h>

#include "core/save.h"
#include "report/text_numbers.h"
#include "report/text_table.h"
#include "report/text_trace.h"
#include "report/words.h"

enum { TOP_FINDINGS = 5, TOP_ITEMS = 6 };

static void print_verdict_word(const struct printer *p, enum verdict v)
{
	if (p->style->has_colour)
		fprintf(p->out, "%s%s\033[0m", verdict_colours[v], verdict_names[v]);
	else
		fputs(verdict_names[v], p->out);
}

static void print_block(const struct printer *p, const char *label, const char *text)
{
	if (!text)
		return;
	fprintf(p->out, "    %s\n", label);
	print_fix(p->out, "      ", p->style->width, text);
}

static void print_head(const struct printer *p, struct host *h, const struct findings *f)
{
	const char *sentence = verdict_sentence(h, f);

	print_wrapped(p->out, "", p->style->width, sentence ? sentence : "no memory");
	if (h->wake.units.n || h->tsc.costs.n || h->run.warnings.n) {
		fputc('\n', p->out);
		text_target(p, h);
	}
	text_wake(p, h);
	text_clock(p, h);
	for (size_t i = 0; i < h->run.warnings.n; i++)
		print_line(p->out, "Note: ", p->style->width, h->run.warnings.v[i]);
	for (size_t i = 0; i < h->run.moved.n; i++)
		print_moved(p->out, "Changed during the run: ", p->style->width, h->run.moved.v[i]);
}

static void print_finding(const struct printer *p, const struct finding *f)
{
	fputc('\n', p->out);
	print_verdict_word(p, f->verdict);
	fprintf(p->out, "  %s (%s)\n", f->tweak->id, confidence_names[f->confidence]);
	print_line(p->out, "    ", p->style->width, f->summary);
	for (size_t i = 0; i < f->n_items && i < TOP_ITEMS; i++)
		print_line(p->out, "    - ", p->style->width, f->items[i]);
	if (f->n_items > TOP_ITEMS)
		fprintf(p->out, "    - and %zu more\n", f->n_items - TOP_ITEMS);
	print_block(p, "now:", f->fix.now);
	print_block(p, "to keep it:", f->fix.persist);
	print_block(p, "undo:", f->fix.undo);
	if (f->fix.now || f->fix.persist)
		fprintf(p->out, "    needs: %s\n", fix_needs_names[f->fix.needs]);
	if (f->fix.risk)
		print_wrapped(p->out, "    ", p->style->width, f->fix.risk);
}

/* Beyond the sentence that the table shows already. */
static bool has_more_to_say(const struct finding *f)
{
	return f->verdict <= VERDICT_ADVICE && (f->n_items || f->fix.now || f->fix.persist);
}

static bool is_shown_first(const struct finding *f)
{
	return !f->tweak->is_trade_off;
}

static bool is_shown_last(const struct finding *f)
{
	return f->tweak->is_trade_off;
}

/* The first ones in full, the names of the others; what costs security comes last. */
static int print_fixes(const struct printer *p, const struct findings *f)
{
	static bool (*const turns[])(const struct finding *f) = { is_shown_first, is_shown_last };
	auto_free char *others = NULL;
	size_t n = 0, size = 0;
	FILE *names = open_memstream(&others, &size);

	if (!names)
		return -ENOMEM;
	for (size_t t = 0; t < ARRAY_SIZE(turns); t++) {
		for (size_t i = 0; i < f->n; i++) {
			if (!has_more_to_say(&f->v[i]) || !turns[t](&f->v[i]))
				continue;
			if (n++ < TOP_FINDINGS || p->style->is_full)
				print_finding(p, &f->v[i]);
			else
				fprintf(names, "%s%s", n == TOP_FINDINGS + 1 ? "" : ", ",
					f->v[i].tweak->id);
		}
	}
	if (fclose(names) == EOF)
		return -ENOMEM;
	if (n <= TOP_FINDINGS || p->style->is_full)
		return 0;
	fputc('\n', p->out);
	print_line(p->out, "Also with a fix: ", p->style->width, others);
	print_line(
		p->out, "", p->style->width,
		"('vfiobench tweaks ID --result RESULT' shows one, 'vfiobench plan RESULT' writes "
		"all as files; the page of a run has all in full)");
	return 0;
}

/* What a trace, the gap loop and the built-in guest measured, in few lines. */
static int print_measured(const struct printer *p, struct host *h)
{
	typedef int part_fn(FILE * out, struct host * h, const struct text_style *style);
	static part_fn *const parts[] = { report_trace_text, report_gap_text, report_exits_text };
	const struct text_style brief = { p->style->has_colour, p->style->width, false };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++) {
		auto_free char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		if (!out)
			return -ENOMEM;
		r = parts[i](out, h, &brief);
		if (fclose(out) == EOF)
			return -ENOMEM;
		if (r == 0 && size)
			fprintf(p->out, "\n%s", text);
	}
	return r;
}

int report_text(FILE *out, struct host *h, const struct findings *f, const struct text_style *style)
{
	const struct printer p = { out, style };
	int r;

	print_head(&p, h, f);
	r = print_measured(&p, h);
	if (r == 0)
		r = text_table_print(&p, f);
	if (r == 0)
		r = print_fixes(&p, f);
	if (r == 0 && h->run.is_redacted.v)
		print_wrapped(out, "", style->width,
			      "\nNames are replaced by pseudonyms (--raw keeps them).");
	return r < 0 ? r : save_error(out);
}
