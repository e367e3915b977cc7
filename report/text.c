/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - the report in a terminal: verdict, numbers, table of findings, the top ones in full. */
#include "core/text.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>

#include "analyze/measures.h"
#include "report/report.h"
#include "report/words.h"

enum { TOP_FINDINGS = 5, TOP_ITEMS = 6 };

struct printer {
	FILE *out;
	const struct text_style *style;
};

static const char *const verdict_colours[N_VERDICTS] = {
	[VERDICT_PROBLEM] = "\033[1;31m",     [VERDICT_ADVICE] = "\033[33m",
	[VERDICT_UNKNOWN] = "\033[35m",       [VERDICT_PASS] = "\033[32m",
	[VERDICT_NOT_APPLICABLE] = "\033[2m",
};

static void print_verdict_word(const struct printer *p, enum verdict v)
{
	if (p->style->has_colour)
		fprintf(p->out, "%s%s\033[0m", verdict_colours[v], verdict_names[v]);
	else
		fputs(verdict_names[v], p->out);
}

/* Commands are for copying: never broken. */
static void print_block(const struct printer *p, const char *label, const char *text)
{
	struct text rest = text_of(text), line;

	if (!text)
		return;
	fprintf(p->out, "    %s\n", label);
	while (text_next_line(&rest, &line)) {
		fputs("      ", p->out);
		print_clean(p->out, line.at, line.len);
		fputc('\n', p->out);
	}
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
		print_line(p->out, "Changed during the run: ", p->style->width, h->run.moved.v[i]);
}

static bool is_listed(const struct printer *p, const struct finding *f)
{
	return p->style->is_full || f->verdict <= VERDICT_UNKNOWN;
}

/* Words broken into lines that the table library keeps; NULL: no memory. Caller frees. */
static char *fold(const char *text, size_t room)
{
	char *folded = malloc(strlen(text) + 1), *line = folded, *blank = NULL;

	if (folded)
		text_clean(text_of(text), folded, strlen(text) + 1);
	for (char *c = folded; c && *c; c++) {
		if (*c == ' ')
			blank = c;
		if ((size_t)(c - line) >= room && blank) {
			*blank = '\n';
			line = blank + 1;
			blank = NULL;
		}
	}
	return folded;
}

static int add_row(struct libscols_table *table, const struct printer *p, const struct finding *f,
		   size_t room)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	auto_free char *summary = fold(f->summary, room);

	if (!line || !summary)
		return -ENOMEM;
	if (scols_line_set_data(line, 0, verdict_names[f->verdict]) ||
	    scols_line_set_data(line, 1, f->tweak->id) || scols_line_set_data(line, 2, summary))
		return -ENOMEM;
	if (p->style->has_colour &&
	    scols_cell_set_color(scols_line_get_cell(line, 0), verdict_colours[f->verdict]))
		return -ENOMEM;
	return 0;
}

static struct libscols_table *new_table(const struct printer *p)
{
	struct libscols_table *table = scols_new_table();
	struct libscols_column *summary;

	if (!table || !scols_table_new_column(table, "VERDICT", 0, 0) ||
	    !scols_table_new_column(table, "ID", 0, 0))
		goto fail;
	summary = scols_table_new_column(table, "WHAT WAS FOUND", 0, SCOLS_FL_WRAP);
	if (!summary || scols_column_set_wrapfunc(summary, scols_wrapnl_chunksize,
						  scols_wrapnl_nextchunk, NULL))
		goto fail;
	scols_column_set_safechars(summary, "\n");
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	scols_table_enable_colors(table, p->style->has_colour);
	scols_table_set_stream(table, p->out);
	return table;
fail:
	scols_unref_table(table);
	return NULL;
}

/* Columns left for the summary beside verdict and id. */
static size_t summary_room(const struct printer *p, const struct findings *f)
{
	size_t used = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t n = strlen(verdict_names[f->v[i].verdict]) + strlen(f->v[i].tweak->id) + 2;

		if (is_listed(p, &f->v[i]) && n > used)
			used = n;
	}
	return p->style->width > used + 20 ? p->style->width - used - 1 : 20;
}

static int print_table(const struct printer *p, const struct findings *f)
{
	struct libscols_table *table = new_table(p);
	const size_t room = summary_room(p, f);
	int r = table ? 0 : -ENOMEM;
	size_t n = 0;

	for (size_t i = 0; r == 0 && i < f->n; i++) {
		if (!is_listed(p, &f->v[i]))
			continue;
		r = add_row(table, p, &f->v[i], room);
		n++;
	}
	if (r == 0 && n) {
		fputc('\n', p->out);
		r = scols_print_table(table) ? -EIO : 0;
	}
	scols_unref_table(table);
	return r;
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

int report_text(FILE *out, struct host *h, const struct findings *f, const struct text_style *style)
{
	const struct printer p = { out, style };
	size_t n = 0;
	int r;

	print_head(&p, h, f);
	r = print_table(&p, f);
	for (size_t i = 0; r == 0 && i < f->n; i++) {
		if (!has_more_to_say(&f->v[i]))
			continue;
		if (n++ < TOP_FINDINGS || style->is_full)
			print_finding(&p, &f->v[i]);
		else
			fprintf(out, "%s%s", n == TOP_FINDINGS + 1 ? "\nAlso with a fix: " : ", ",
				f->v[i].tweak->id);
	}
	if (n > TOP_FINDINGS && !style->is_full)
		fputs("\n('vfiobench tweaks ID' explains one; the page of a run has all in full)\n",
		      out);
	return r < 0 ? r : ferror(out) ? -EIO : 0;
}
