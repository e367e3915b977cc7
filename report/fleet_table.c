/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/fleet_table.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>

#include "analyze/metric.h"
#include "facts/record.h"
#include "report/words.h"

/* Hosts of a table; names and numbers must fit 80 columns. */
enum { ROWS_MAX = 20, NAME_MAX_WIDTH = 30 };

static const struct fact_u64 *known_of(const struct fact_u64 *const facts[4])
{
	for (size_t i = 0; i < 4; i++) {
		if (facts[i]->known)
			return facts[i];
	}
	return NULL;
}

const struct fact_u64 *fleet_value_of(const struct fleet_value *v)
{
	return known_of((const struct fact_u64 *const[]){ &v->value_ns, &v->value_per_1000min,
							  &v->value_per_1000s, &v->value_ppm });
}

const struct fact_u64 *fleet_median_of(const struct fleet_spread *s)
{
	return known_of((const struct fact_u64 *const[]){ &s->median_ns, &s->median_per_1000min,
							  &s->median_per_1000s, &s->median_ppm });
}

const struct fact_u64 *fleet_high_of(const struct fleet_spread *s)
{
	return known_of((const struct fact_u64 *const[]){ &s->high_ns, &s->high_per_1000min,
							  &s->high_per_1000s, &s->high_ppm });
}

const struct fact_u64 *fleet_low_of(const struct fleet_spread *s)
{
	return known_of((const struct fact_u64 *const[]){ &s->low_ns, &s->low_per_1000min,
							  &s->low_per_1000s, &s->low_ppm });
}

const char *fleet_words(const char *metric, const struct fact_u64 *value, struct arena *a)
{
	const struct metric *m = metric_find(metric);

	return m && value ? metric_words(m, value->v, a) : "-";
}

bool fleet_is_judged(const struct fleet_group *g)
{
	const struct fleet_spread *s = g->spreads.v;

	for (size_t i = 0; i < g->spreads.n; i++) {
		if (!s[i].why.known)
			return true;
	}
	return false;
}

static const struct {
	const char *name, *metric;
} columns[] = {
	{ "WAKE P99.9", "wake.p99.9" },
	{ "STALLS", "wake.stalls" },
	{ "LOST", "guest.lost" },
	{ "IRQS", "irq.g_rate" },
};

static struct libscols_table *new_table(const struct printer *p)
{
	struct libscols_table *table = scols_new_table();
	bool is_whole = table && scols_table_new_column(table, "HOST", 0, 0);

	for (size_t i = 0; is_whole && i < ARRAY_SIZE(columns); i++)
		is_whole = scols_table_new_column(table, columns[i].name, 0, SCOLS_FL_RIGHT);
	if (!is_whole || !scols_table_new_column(table, "RESULTS", 0, SCOLS_FL_RIGHT)) {
		scols_unref_table(table);
		return NULL;
	}
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, p->style->width);
	scols_table_enable_colors(table, p->style->has_colour);
	scols_table_set_stream(table, p->out);
	return table;
}

static const struct fleet_value *find_value(const struct fleet_host *h, const char *id)
{
	const struct fleet_value *v = h->values.v;

	for (size_t i = 0; i < h->values.n; i++) {
		if (!strcmp(v[i].id.v, id))
			return &v[i];
	}
	return NULL;
}

static const struct fleet_spread *find_spread(const struct fleet_group *g, const char *id)
{
	const struct fleet_spread *s = g->spreads.v;

	for (size_t i = 0; i < g->spreads.n; i++) {
		if (!strcmp(s[i].id.v, id))
			return &s[i];
	}
	return NULL;
}

/* "!": worse than its group, "*": better. */
static int set_value(const struct printer *p, struct libscols_line *line, size_t column,
		     const struct fleet_value *v, struct arena *a)
{
	const bool is_worse = v && fact_is(&v->verdict, "worse");
	const bool is_better = v && fact_is(&v->verdict, "better");
	const char *words = v ? fleet_words(v->id.v, fleet_value_of(v), a) : "-";
	const char *text = words ? arena_printf(a, "%s%s",
						is_worse    ? "! "
						: is_better ? "* "
							    : "",
						words)
				 : NULL;

	if (!text || scols_line_set_data(line, column, text))
		return -ENOMEM;
	if (p->style->has_colour && (is_worse || is_better) &&
	    scols_cell_set_color(scols_line_get_cell(line, column),
				 verdict_colours[is_worse ? VERDICT_PROBLEM : VERDICT_PASS]))
		return -ENOMEM;
	return 0;
}

static int add_host(const struct printer *p, struct libscols_table *table,
		    const struct fleet_host *h, struct arena *a)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const char *n = arena_printf(a, "%zu", h->files.n);
	char name[NAME_MAX_WIDTH + 1];
	int r = line && n ? 0 : -ENOMEM;

	text_table_clean(h->name.v, name, sizeof(name));
	if (r == 0 && (scols_line_set_data(line, 0, name) ||
		       scols_line_set_data(line, ARRAY_SIZE(columns) + 1, n)))
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(columns); i++)
		r = set_value(p, line, i + 1, find_value(h, columns[i].metric), a);
	return r;
}

typedef const struct fact_u64 *of_spread(const struct fleet_spread *s);

static int add_limits(struct libscols_table *table, const struct fleet_group *g, const char *name,
		      of_spread *of, struct arena *a)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	int r = line && !scols_line_set_data(line, 0, name) ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(columns); i++) {
		const struct fleet_spread *s = find_spread(g, columns[i].metric);
		const char *words = s ? fleet_words(columns[i].metric, of(s), a) : "-";

		if (!words || scols_line_set_data(line, i + 1, words))
			r = -ENOMEM;
	}
	return r;
}

static bool stands_out(const struct fleet_host *h)
{
	const struct fleet_value *v = h->values.v;

	for (size_t i = 0; i < h->values.n; i++) {
		if (v[i].verdict.known)
			return true;
	}
	return false;
}

static void put_way(FILE *out, const struct fleet_group *g)
{
	const struct fingerprint_facts *f = g->fingerprint.v;
	char words[32];

	fprintf(out, "%s, %" PRIu64 " CPUs", f->cpu_model.known ? f->cpu_model.v : "CPU not known",
		g->n_cpus.v);
	if (f->is_virtual.known && f->is_virtual.v)
		fputs(", under a hypervisor", out);
	if (f->guest_kind.known && strcmp(f->guest_kind.v, "none") != 0)
		fprintf(out, ", guest: %s", f->guest_kind.v);
	fprintf(out, "; %" PRIu64 " CPU%s measured", g->n_measured_cpus.v,
		g->n_measured_cpus.v == 1 ? "" : "s");
	if (f->rep_duration_ns.known) {
		words_of_ns(f->rep_duration_ns.v, words, sizeof(words));
		fprintf(out, ", repetitions of %s", words);
	}
	if (f->wake_interval_ns.known) {
		words_of_ns(f->wake_interval_ns.v, words, sizeof(words));
		fprintf(out, ", a wake-up each %s", words);
	}
	if (f->is_dma_latency_held.known && f->is_dma_latency_held.v)
		fputs(", idle states off", out);
	fprintf(out, ": %zu host%s", g->hosts.n, g->hosts.n == 1 ? "" : "s");
}

static int print_way(const struct printer *p, const struct fleet_group *g)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	put_way(out, g);
	if (fclose(out) == EOF)
		return -ENOMEM;
	fputc('\n', p->out);
	print_line(p->out, "", p->style->width, text);
	return 0;
}

/* Why nobody stands out by a metric: what holds for all of them is said once. */
static void print_why(const struct printer *p, const struct fleet_group *g)
{
	const struct fleet_spread *s = g->spreads.v;

	for (size_t i = 0; i < g->spreads.n; i++) {
		auto_free char *line = NULL;
		bool is_said = !s[i].why.known;

		for (size_t k = 0; k < i && !is_said; k++)
			is_said = s[k].why.known && !strcmp(s[k].why.v, s[i].why.v);
		if (is_said || asprintf(&line, "%s: %s.", s[i].title.v, s[i].why.v) < 0)
			line = NULL;
		else
			print_line(p->out, "  ", p->style->width, line);
	}
}

int fleet_table_print(const struct printer *p, const struct fleet_group *g)
{
	struct libscols_table *table = new_table(p);
	const struct fleet_host *h = g->hosts.v;
	auto_arena struct arena a = { 0 };
	size_t n_left = 0;
	int r = table ? print_way(p, g) : -ENOMEM;

	for (size_t i = 0; i < g->hosts.n && r == 0; i++) {
		if (i < ROWS_MAX || p->style->is_full || stands_out(&h[i]))
			r = add_host(p, table, &h[i], &a);
		else
			n_left++;
	}
	if (r == 0 && fleet_is_judged(g))
		r = add_limits(table, g, "(median)", fleet_median_of, &a);
	if (r == 0 && fleet_is_judged(g))
		r = add_limits(table, g, "(worse above)", fleet_high_of, &a);
	if (r == 0)
		r = text_table_put(p, table);
	scols_unref_table(table);
	if (r < 0)
		return r;
	if (n_left)
		fprintf(p->out, "and %zu hosts below these; --json has all.\n", n_left);
	print_why(p, g);
	return 0;
}
