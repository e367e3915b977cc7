/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - the report in a terminal: verdict, numbers, table of findings, the top ones in full. */
#include "core/text.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/measures.h"
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

/* Why there are no wake-ups: whoever lacks root must not take silence for a good sign. */
static void print_no_wake(const struct printer *p, struct host *h)
{
	const char *why = host_why_unknown(h, "wake.units");
	auto_free char *line = NULL;

	if (asprintf(&line, "Timer wake-up latency: not measured: %s", why ? why : "no memory") < 0)
		line = NULL;
	else
		print_line(p->out, "", p->style->width, line);
}

static void put_wake(FILE *out, const struct hist *all, const struct wake_summary *s)
{
	static const struct {
		const char *name;
		uint32_t ppm;
	} quantiles[] = { { "p50", 500000 }, { "p99", 990000 }, { "p99.9", 999000 } };
	char words[32];

	fputs("Timer wake-up latency: ", out);
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
		if (!hist_can_show(all, quantiles[i].ppm))
			continue;
		words_of_ns(hist_quantile_ns(all, quantiles[i].ppm), words, sizeof(words));
		fprintf(out, "%s %s, ", quantiles[i].name, words);
	}
	words_of_ns(s->max_ns, words, sizeof(words));
	fprintf(out, "max %s; %" PRIu64 " wake-ups, %" PRIu64 " missed, %zu units", words, s->n,
		s->n_missed, s->n_units);
}

static void print_wake(const struct printer *p, struct host *h)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	auto_free char *line = NULL;
	struct wake_summary s;
	size_t size = 0;
	FILE *out;

	if (!all)
		return;
	if (!measure_wake(h, -1, false, all, &s)) {
		if (h->tsc.costs.n || h->activity.window_ns.known)
			print_no_wake(p, h);
		return;
	}
	out = open_memstream(&line, &size);
	if (!out)
		return;
	put_wake(out, all, &s);
	if (fclose(out) == 0)
		print_line(p->out, "", p->style->width, line);
}

static void print_clock(const struct printer *p, const struct host *h)
{
	struct clock_cost cost;

	if (measure_clock_cost(h, &cost))
		fprintf(p->out, "Clock read: p50 %" PRIu64 " ns, p99 %" PRIu64 " ns (%s)\n",
			cost.p50_ns, cost.p99_ns,
			h->clock.current.known ? h->clock.current.v : "?");
}

/* Which guest, on which CPUs, and how these were found. */
static void print_target(const struct printer *p, const struct host *h)
{
	static const struct {
		const char *source, *words;
	} ways[] = {
		{ "option", "as asked" },
		{ "guest", "where its vCPUs may run" },
		{ "isolated", "the isolated ones" },
		{ "fallback", "all but the boot CPU's core: nothing tells which are a guest's" },
	};
	auto_free char *guest = cpus_list_new(&h->cpus.guest.v);
	auto_free char *host = cpus_list_new(&h->cpus.host.v);
	auto_free char *line = NULL;
	const char *how = "";

	if (!h->cpus.guest.known || !h->cpus.source.known || !guest || !host)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!strcmp(ways[i].source, h->cpus.source.v))
			how = ways[i].words;
	}
	if (asprintf(&line, "Guest CPUs %s (%s), host CPUs %s%s%s", guest, how,
		     *host ? host : "none", h->guestref.name.known ? ", guest " : "",
		     h->guestref.name.known ? h->guestref.name.v : "") < 0)
		line = NULL;
	else
		print_line(p->out, "", p->style->width, line);
}

static void print_head(const struct printer *p, struct host *h, const struct findings *f)
{
	const char *sentence = verdict_sentence(h, f);

	print_wrapped(p->out, "", p->style->width, sentence ? sentence : "no memory");
	if (h->wake.units.n || h->tsc.costs.n || h->run.warnings.n) {
		fputc('\n', p->out);
		print_target(p, h);
	}
	print_wake(p, h);
	print_clock(p, h);
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
	return r < 0 ? r : ferror(out) ? -EIO : 0;
}
