/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/figures.h"

#include <inttypes.h>
#include <string.h>

#include "report/drawing.h"
#include "report/words.h"

enum { CPU_LABELS_MAX = 32, COLUMNS_MIN = 6 };

/* 1 / (1 - q) with two digits after the point. */
static void put_x(FILE *out, uint32_t ppm)
{
	const uint64_t hundredths = UINT64_C(100000000) / (1000000 - ppm);

	fprintf(out, "%" PRIu64 ".%02" PRIu64, hundredths / 100, hundredths % 100);
}

static void put_x_axis(FILE *out, uint32_t last_ppm)
{
	static const struct {
		const char *label;
		uint32_t x;
	} ticks[] = {
		{ "0 %%", 1 },           { "50 %%", 2 },      { "90 %%", 10 },
		{ "99 %%", 100 },        { "99.9 %%", 1000 }, { "99.99 %%", 10000 },
		{ "99.999 %%", 100000 },
	};

	fputs("set logscale x 10\nset xrange [1:", out);
	put_x(out, last_ppm);
	fputs("]\nset xtics (", out);
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++)
		fprintf(out, "%s'%s' %" PRIu32, i ? ", " : "", ticks[i].label, ticks[i].x);
	fputs(")\nset xlabel 'percentile of the wake-ups' tc rgb '" PLOT_MUTED "' offset 0,0.3\n",
	      out);
}

/* A latency on the right of the end of a line, or a little away from it. */
static void put_end_label(FILE *out, unsigned n, const struct spread_point *end, uint64_t ns,
			  uint64_t at_ns, const char *colour)
{
	char words[32], *u;

	words_of_ns(ns, words, sizeof(words));
	u = strchr(words, 'u');
	if (u)
		*u = '\0';
	fprintf(out, "set label %u '%s%s%s' at ", n, words, u ? "µ" : "", u ? u + 1 : "");
	put_x(out, end->ppm);
	fprintf(out, ", %" PRIu64 " left offset 0.8,0 tc rgb '%s' front\n", u64_max(at_ns, 1),
		colour);
}

/* What 'ns' may be at most to keep a label clear of one at limit_ns: about a twelfth of the axis.
 */
static uint64_t below(uint64_t limit_ns, uint64_t ns, const struct range *y)
{
	for (uint64_t span = y->high_ns / u64_max(y->low_ns, 1); span; span /= 10)
		limit_ns -= limit_ns / 6;
	return u64_max(u64_min(ns, limit_ns), y->low_ns);
}

static void put_end_labels(FILE *out, const struct spread *s, const struct range *y)
{
	const struct spread_point *raw = NULL, *corrected = NULL;
	uint64_t at = 0;

	for (size_t i = 0; i < s->n; i++) {
		raw = s->points[i].has_all ? &s->points[i] : raw;
		if (s->is_corrected_apart && s->points[i].has_corrected)
			corrected = &s->points[i];
	}
	if (corrected && raw && corrected->corrected_ns <= raw->all_ns + raw->all_ns / 64)
		corrected = NULL; /* they end together: one label says it */
	if (corrected)
		put_end_label(out, 2, corrected, corrected->corrected_ns, corrected->corrected_ns,
			      PLOT_CORRECTED);
	if (raw) {
		at = corrected ? below(corrected->corrected_ns, raw->all_ns, y) : raw->all_ns;
		put_end_label(out, 1, raw, raw->all_ns, at, PLOT_RAW);
	}
}

struct curve {
	const char *style; /* of gnuplot's plot command */
	bool (*is_there)(const struct spread *s, const struct spread_point *p);
	void (*put)(FILE *out, const struct spread_point *p, struct range *y);
};

static bool has_units(const struct spread *s, const struct spread_point *p)
{
	return s->n_units > 1 && p->has_units;
}

static bool has_all(const struct spread *s, const struct spread_point *p)
{
	(void)s;
	return p->has_all;
}

static bool has_corrected(const struct spread *s, const struct spread_point *p)
{
	return s->is_corrected_apart && p->has_corrected;
}

static void put_value(FILE *out, uint64_t ns, struct range *y)
{
	range_add(y, ns);
	fprintf(out, " %" PRIu64, u64_max(ns, 1));
}

static void put_band(FILE *out, const struct spread_point *p, struct range *y)
{
	put_value(out, p->low_ns, y);
	put_value(out, p->high_ns, y);
}

static void put_median(FILE *out, const struct spread_point *p, struct range *y)
{
	put_value(out, p->median_ns, y);
}

static void put_all(FILE *out, const struct spread_point *p, struct range *y)
{
	put_value(out, p->all_ns, y);
}

static void put_corrected(FILE *out, const struct spread_point *p, struct range *y)
{
	put_value(out, p->corrected_ns, y);
}

static const struct curve curves[] = {
	{ "using 1:2:3 with filledcurves lc rgb '" PLOT_RAW "'", has_units, put_band },
	{ "using 1:2 with lines lw 1.2 lc rgb '" PLOT_RAW "'", has_all, put_all },
	{ "using 1:2 with lines lw 2.4 lc rgb '" PLOT_RAW "'", has_units, put_median },
	{ "using 1:2 with lines lw 1.8 dt (7,4) lc rgb '" PLOT_CORRECTED "'", has_corrected,
	  put_corrected },
};

static size_t put_curve(FILE *data, const struct spread *s, const struct curve *c, struct range *y)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!c->is_there(s, &s->points[i]))
			continue;
		put_x(data, s->points[i].ppm);
		c->put(data, &s->points[i], y);
		fputc('\n', data);
		n++;
	}
	if (n)
		fputs("\n\n", data);
	return n;
}

int figure_percentiles(const struct spread *s, char **ret_svg, char **ret_why)
{
	struct plot p = { .names = { "percentiles", "Wake-up latency by percentile",
				     "A rising curve: the further right, the rarer the wake-up. "
				     "The table after the figure has its numbers." },
			  .width = 860,
			  .height = 430 };
	struct range y = { 0 };
	struct drawing d;
	unsigned n_tables = 0;
	int r = drawing_init(&d);

	if (r == 0) {
		bool is_drawn[ARRAY_SIZE(curves)];

		for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
			is_drawn[i] = put_curve(d.data, s, &curves[i], &y) > 0;
		put_x_axis(d.script, s->points[s->n - 1].ppm);
		range_put_axis(&y, 'y', d.script);
		put_end_labels(d.script, s, &y);
		fputs("set lmargin 9\nset rmargin 11\nset tmargin 1\nset bmargin 3.4\nplot ",
		      d.script);
		for (size_t i = 0; i < ARRAY_SIZE(curves); i++) {
			if (!is_drawn[i])
				continue;
			fprintf(d.script, "%s'data' index %u %s", n_tables ? ", " : "", n_tables,
				curves[i].style);
			n_tables++;
		}
		fputc('\n', d.script);
		r = n_tables ? drawing_draw(&d, &p, ret_svg, ret_why) : -ENODATA;
	}
	drawing_release(&d);
	return r;
}

/* Dots of a CPU lie side by side in the order of the repetitions, over 0.7 of its column. */
static void put_dots(FILE *data, const struct strip *s, struct range *y)
{
	size_t column = 0;

	for (size_t i = 0; i < s->n; i++) {
		const uint64_t place =
			700 * (2 * u64_min(s->dots[i].rep, s->n_reps) + 1) / (2 * s->n_reps);

		column += i && s->dots[i].cpu != s->dots[i - 1].cpu;
		fprintf(data, "%zu.%03" PRIu64, column, u64_min(place + 150, 999));
		put_value(data, s->dots[i].ns, y);
		fputc('\n', data);
	}
	fputs("\n\n", data);
	for (size_t i = 0; i < s->n_cpus; i++)
		fprintf(data, "%zu.100 %" PRIu64 " 0.8 0\n", i, u64_max(s->cpus[i].median_ns, 1));
}

static void put_columns(FILE *out, const struct strip *s)
{
	const size_t every = (s->n_cpus + CPU_LABELS_MAX - 1) / CPU_LABELS_MAX;

	/* Few CPUs are not stretched over the whole width: they stand in the middle. */
	const size_t tenths = s->n_cpus < COLUMNS_MIN ? 5 * (COLUMNS_MIN - s->n_cpus) : 0;

	fprintf(out, "set xrange [-%zu.%zu:%zu.%zu]\nset xtics scale 0 (", tenths / 10, tenths % 10,
		s->n_cpus + tenths / 10, tenths % 10);
	for (size_t i = 0; i < s->n_cpus; i += every)
		fprintf(out, "%s'%" PRIu32 "' %zu.5", i ? ", " : "", s->cpus[i].cpu, i);
	fputs(")\nset xlabel 'CPU' tc rgb '" PLOT_MUTED "' offset 0,0.3\nset grid noxtics\n", out);
}

int figure_strip(const struct strip *s, char **ret_svg, char **ret_why)
{
	struct plot p = { .names = { "strip", "Latency of each repetition, by CPU",
				     "One dot per repetition. The table after the figure has its "
				     "numbers." },
			  .width = 860,
			  .height = 300 };
	struct range y = { 0 };
	struct drawing d;
	int r = s->n && s->n_reps ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		put_dots(d.data, s, &y);
		put_columns(d.script, s);
		range_put_axis(&y, 'y', d.script);
		fprintf(d.script,
			"set lmargin 9\nset rmargin 2\nset tmargin 1\nset bmargin 3.4\n"
			"plot 'data' index 0 using 1:2 with points pt 7 ps %s lc rgb '" PLOT_RAW
			"', 'data' index 1 using 1:2:3:4 with vectors nohead lw 1.4 lc rgb "
			"'" PLOT_FOREGROUND "'\n",
			s->n > 300 ? "0.3" : "0.5");
		r = drawing_draw(&d, &p, ret_svg, ret_why);
	}
	drawing_release(&d);
	return r;
}
