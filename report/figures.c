/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/figures.h"

#include <inttypes.h>

#include "report/drawing.h"

enum { CPU_LABELS_MAX = 32, COLUMNS_MIN = 6 };

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
		drawing_end_label(out, 2, corrected->ppm, corrected->corrected_ns,
				  corrected->corrected_ns, PLOT_CORRECTED);
	if (raw) {
		at = corrected ? range_below(y, corrected->corrected_ns, raw->all_ns) : raw->all_ns;
		drawing_end_label(out, 1, raw->ppm, raw->all_ns, at, PLOT_RAW);
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
		drawing_put_quantile(data, s->points[i].ppm);
		c->put(data, &s->points[i], y);
		fputc('\n', data);
		n++;
	}
	if (n)
		fputs("\n\n", data);
	return n;
}

int figure_percentiles(const struct spread *s, struct picture *picture)
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
		drawing_quantile_axis(d.script, s->points[s->n - 1].ppm);
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
		r = n_tables ? drawing_draw(&d, &p, picture) : -ENODATA;
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

int figure_strip(const struct strip *s, struct picture *picture)
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
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}
