/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_gap.c - the gap loop and the built-in guest in a terminal. */
#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>

#include "core/save.h"
#include "report/gap_sum.h"
#include "report/text_culprits.h"
#include "report/text_trace.h"
#include "report/words.h"

enum { CULPRITS_MAX = 10, METRICS_MAX = 24, ID_MAX = 12, NUMBERS_WIDTH = 25, MEMORY_MAX = 8 };

static void put_gap(FILE *out, const struct hist *all, const struct gap_sum *s)
{
	const uint64_t rate = gap_rate_permille(s);
	char words[32];

	if (rate && rate < 10000)
		fprintf(out, "%" PRIu64 ".%" PRIu64 " a second, ", rate / 1000, rate % 1000 / 100);
	else
		fprintf(out, "%" PRIu64 " a second, ", rate / 1000);
	if (hist_can_show(all, 990000)) {
		words_of_ns(hist_quantile_ns(all, 990000), words, sizeof(words));
		fprintf(out, "p99 %s, ", words);
	}
	words_of_ns(s->max_ns, words, sizeof(words));
	fprintf(out, "max %s; ", words);
	words_of_share(s->sum_ns, s->window_ns, words, sizeof(words));
	fprintf(out, "%s of the time taken", words);
	if (s->is_explained) {
		words_of_share(s->explained_ns, s->sum_ns, words, sizeof(words));
		fprintf(out, ", %s of that named", words);
		words_of_share(s->entry_exit_ns, s->sum_ns, words, sizeof(words));
		fprintf(out, ", %s the way in and out of the kernel", words);
	}
}

int report_gap_text(FILE *out, struct host *h, const struct text_style *style)
{
	const struct printer p = { out, style };
	auto_free struct hist *all = malloc(sizeof(*all));
	auto_free char *line = NULL;
	size_t size = 0;
	struct gap_sum s;
	FILE *text;

	if (!all)
		return -ENOMEM;
	if (!gap_sum_make(h, -1, all, &s))
		return 0;
	text = open_memstream(&line, &size);
	if (!text)
		return -ENOMEM;
	put_gap(text, all, &s);
	if (fclose(text) == EOF)
		return -ENOMEM;
	print_line(out, "Gaps of a busy thread: ", style->width, line);
	if (style->is_full)
		return text_culprits(&p, &h->gap.culprits, s.sum_ns, CULPRITS_MAX);
	return save_error(out);
}

static int set_ns(struct libscols_line *line, size_t column, bool is_there, uint64_t ns)
{
	char words[32] = "";

	if (is_there)
		words_of_ns(ns, words, sizeof(words));
	return scols_line_set_data(line, column, words) ? -ENOMEM : 0;
}

static int set_text(struct libscols_line *line, size_t column, const struct fact_str *f,
		    size_t room)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	if (f->known)
		text_table_fold(out, f->v, room);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return scols_line_set_data(line, column, text) ? -ENOMEM : 0;
}

static int add_metric(struct libscols_table *table, const struct exits_metric *m, struct hist *h,
		      size_t room)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const bool has_p50 = hist_can_show(h, 500000), has_p99 = hist_can_show(h, 990000);

	if (!line || set_text(line, 0, &m->id, ID_MAX) < 0 ||
	    set_text(line, 1, &m->title, room) < 0 ||
	    set_ns(line, 2, has_p50, has_p50 ? hist_quantile_ns(h, 500000) : 0) < 0 ||
	    set_ns(line, 3, has_p99, has_p99 ? hist_quantile_ns(h, 990000) : 0) < 0 ||
	    set_ns(line, 4, true, h->max_ns) < 0)
		return -ENOMEM;
	return 0;
}

static struct libscols_table *new_table(const struct printer *p)
{
	static const char *const names[] = { "METRIC", "WHAT IT IS", "P50", "P99", "MAX" };
	struct libscols_table *table = scols_new_table();

	for (size_t i = 0; table && i < ARRAY_SIZE(names); i++) {
		struct libscols_column *c = scols_table_new_column(
			table, names[i], 0, i < 2 ? SCOLS_FL_WRAP : SCOLS_FL_RIGHT);

		if (!c || (i < 2 && (scols_column_set_safechars(c, "\n") ||
				     scols_column_set_wrapfunc(c, scols_wrapnl_chunksize,
							       scols_wrapnl_nextchunk, NULL)))) {
			scols_unref_table(table);
			return NULL;
		}
	}
	if (!table)
		return NULL;
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	scols_table_set_stream(table, p->out);
	return table;
}

static int print_metrics(const struct printer *p, const struct exits_facts *e)
{
	const struct exits_metric *m = e->metrics.v;
	auto_free struct hist *h = malloc(sizeof(*h));
	struct libscols_table *table = new_table(p);
	const size_t used = ID_MAX + NUMBERS_WIDTH;
	const size_t room = p->style->width > used + ID_MAX ? p->style->width - used : ID_MAX;
	int r = h && table ? 0 : -ENOMEM;
	size_t n = 0;

	for (size_t i = 0; r == 0 && i < e->metrics.n && n < METRICS_MAX; i++) {
		hist_init(h);
		if (!m[i].hist.known || hist_merge_bins(h, m[i].hist.v) < 0 || h->n == 0)
			continue;
		r = add_metric(table, &m[i], h, room);
		n++;
	}
	if (r == 0 && n)
		r = text_table_put(p, table);
	scols_unref_table(table);
	return r;
}

static void put_memory(FILE *out, const struct exits_facts *e)
{
	const struct exits_memory *m = e->memory.v;
	const char *separator = "";

	for (size_t i = 0; i < e->memory.n && i < MEMORY_MAX; i++) {
		char words[32];

		if (!m[i].backing_kib.known || !m[i].load_ps.known)
			continue;
		words_of_kib(m[i].backing_kib.v, words, sizeof(words));
		fprintf(out, "%s%s pages %" PRIu64 ".%" PRIu64 " ns", separator, words,
			m[i].load_ps.v / 1000, m[i].load_ps.v % 1000 / 100);
		separator = ", ";
	}
}

static void print_memory(const struct printer *p, const struct exits_facts *e)
{
	auto_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return;
	put_memory(out, e);
	if (fclose(out) == 0 && size)
		print_line(p->out, "One load, by what backs the memory: ", p->style->width, line);
}

int report_exits_text(FILE *out, struct host *h, const struct text_style *style)
{
	const struct printer p = { out, style };
	const struct exits_facts *e = &h->exits;
	int r;

	if (e->metrics.n == 0)
		return 0;
	print_line(out, "", style->width,
		   e->is_emulated.known && e->is_emulated.v
			   ? "Seen from inside a guest (emulated: never compare with a host where "
			     "guests run by its own virtualisation):"
			   : "Seen from inside a guest:");
	r = print_metrics(&p, e);
	if (r < 0)
		return r;
	print_memory(&p, e);
	return save_error(out);
}
