/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/figures_comparison.h"

#include <inttypes.h>

#include "report/drawing.h"

enum { QUANTILES_MAX = 64, UNITS_MAX = 150, RATIO_MAX = 1000000 };

static size_t n_quantiles(const struct fact_list *curve)
{
	return curve->n < QUANTILES_MAX ? curve->n : QUANTILES_MAX;
}

struct side_at { /* of one quantile */
	const struct fact_u64 *low, *median, *high;
};

static struct side_at side_at(const struct comparison_quantile *q, bool is_after)
{
	if (is_after)
		return (struct side_at){ &q->after_low_ns, &q->after_ns, &q->after_high_ns };
	return (struct side_at){ &q->before_low_ns, &q->before_ns, &q->before_high_ns };
}

static bool is_there(const struct comparison_quantile *q, const struct side_at *s)
{
	return q->quantile_ppm.known && q->quantile_ppm.v < 1000000 && s->low->known &&
	       s->median->known && s->high->known;
}

/* Low, high and median by quantile; the last one that is there, NULL: none. */
static const struct comparison_quantile *put_side(FILE *data, const struct fact_list *curve,
						  bool is_after, struct range *y)
{
	const struct comparison_quantile *q = curve->v, *last = NULL;

	for (size_t i = 0; i < n_quantiles(curve); i++) {
		const struct side_at s = side_at(&q[i], is_after);

		if (!is_there(&q[i], &s))
			continue;
		last = &q[i];
		range_add(y, s.low->v);
		range_add(y, s.high->v);
		drawing_put_quantile(data, (uint32_t)q[i].quantile_ppm.v);
		fprintf(data, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", u64_max(s.low->v, 1),
			u64_max(s.high->v, 1), u64_max(s.median->v, 1));
	}
	if (last)
		fputs("\n\n", data);
	return last;
}

static void put_labels(FILE *out, const struct comparison_quantile *const last[2],
		       const struct range *y)
{
	uint64_t before = last[0] ? last[0]->before_ns.v : 0;
	uint64_t after = last[1] ? last[1]->after_ns.v : 0;

	/* Where both lines end together one label makes room for the other. */
	if (last[0] && last[1] && last[0] == last[1]) {
		if (before <= after)
			before = range_below(y, after, before);
		else
			after = range_below(y, before, after);
	}
	if (last[0])
		drawing_end_label(out, 1, (uint32_t)last[0]->quantile_ppm.v, last[0]->before_ns.v,
				  before, PLOT_RAW);
	if (last[1])
		drawing_end_label(out, 2, (uint32_t)last[1]->quantile_ppm.v, last[1]->after_ns.v,
				  after, PLOT_CORRECTED);
}

static void put_curves(FILE *out, const struct comparison_quantile *const last[2])
{
	static const char *const colours[] = { PLOT_RAW, PLOT_CORRECTED };
	static const char *const lines[] = { "dt (7,4)", "dt solid" };
	const char *separator = "plot ";

	for (size_t pass = 0; pass < 2; pass++) { /* bands lie behind lines */
		unsigned index = 0;

		for (size_t i = 0; i < 2; i++) {
			if (!last[i])
				continue;
			if (pass == 0)
				fprintf(out,
					"%s'data' index %u using 1:2:3 with filledcurves lc rgb "
					"'%s'",
					separator, index++, colours[i]);
			else
				fprintf(out,
					"%s'data' index %u using 1:4 with lines lw 2.4 %s lc rgb "
					"'%s'",
					separator, index++, lines[i], colours[i]);
			separator = ", ";
		}
	}
	fputc('\n', out);
}

int figure_overlay(const struct fact_list *curve, struct picture *picture)
{
	struct plot p = { .names = { "overlay", "Wake-up latency by percentile, before and after",
				     "Two rising curves: the further right, the rarer the wake-up. "
				     "The table after the figure has their numbers." },
			  .width = 860,
			  .height = 430 };
	const struct comparison_quantile *last[2];
	struct range y = { 0 };
	struct drawing d;
	int r = drawing_init(&d);

	if (r == 0) {
		uint32_t furthest = 0;

		for (size_t i = 0; i < 2; i++) {
			last[i] = put_side(d.data, curve, i == 1, &y);
			if (last[i] && last[i]->quantile_ppm.v > furthest)
				furthest = (uint32_t)last[i]->quantile_ppm.v;
		}
		r = furthest ? 0 : -ENODATA;
		if (r == 0) {
			drawing_quantile_axis(d.script, furthest);
			range_put_axis(&y, 'y', d.script);
			put_labels(d.script, last, &y);
			fputs("set lmargin 9\nset rmargin 11\nset tmargin 1\nset bmargin 3.4\n",
			      d.script);
			put_curves(d.script, last);
			r = drawing_draw(&d, &p, picture);
		}
	}
	drawing_release(&d);
	return r;
}

/* After of 1000 before, as the axis can show it. */
static uint64_t ratio_of(int64_t permille)
{
	if (permille <= -999)
		return 1;
	return permille > RATIO_MAX - 1000 ? RATIO_MAX : (uint64_t)(permille + 1000);
}

struct shift { /* one point of the axis */
	uint32_t ppm;
	uint64_t ratio, low, high; /* 0 and RATIO_MAX: not bounded */
};

static size_t make_shifts(const struct fact_list *curve, struct shift shifts[QUANTILES_MAX])
{
	const struct comparison_quantile *q = curve->v;
	size_t n = 0;

	for (size_t i = 0; i < n_quantiles(curve); i++) {
		if (!q[i].quantile_ppm.known || q[i].quantile_ppm.v >= 1000000 ||
		    !q[i].change_permille.known)
			continue;
		shifts[n++] = (struct shift){
			(uint32_t)q[i].quantile_ppm.v, ratio_of(q[i].change_permille.v),
			q[i].ci95_low_permille.known ? ratio_of(q[i].ci95_low_permille.v) : 0,
			q[i].ci95_high_permille.known ? ratio_of(q[i].ci95_high_permille.v)
						      : RATIO_MAX
		};
	}
	return n;
}

static const struct {
	const char *label;
	uint64_t ratio;
} ratio_ticks[] = {
	{ "-99 %%", 10 },      { "-90 %%", 100 },    { "-75 %%", 250 },  { "-50 %%", 500 },
	{ "-25 %%", 750 },     { "0", 1000 },        { "+33 %%", 1333 }, { "+100 %%", 2000 },
	{ "+300 %%", 4000 },   { "+900 %%", 10000 }, { "x 30", 30000 },  { "x 100", 100000 },
	{ "x 1000", 1000000 },
};
enum { NO_CHANGE = 5, N_TICKS = ARRAY_SIZE(ratio_ticks) };

/* As many ticks as hold all that is bounded, two on each side of none at least. */
static void put_ratio_axis(FILE *out, const struct shift *s, size_t n, uint64_t *ret_low,
			   uint64_t *ret_high)
{
	size_t first = NO_CHANGE - 2, last = NO_CHANGE + 2;

	for (size_t i = 0; i < n; i++) {
		const uint64_t low = s[i].low ? s[i].low : s[i].ratio;
		const uint64_t high = s[i].high < RATIO_MAX ? s[i].high : s[i].ratio;

		while (first > 0 && low < ratio_ticks[first].ratio)
			first--;
		while (last + 1 < N_TICKS && high > ratio_ticks[last].ratio)
			last++;
	}
	*ret_low = ratio_ticks[first].ratio;
	*ret_high = ratio_ticks[last].ratio;
	fprintf(out,
		"set logscale y 10\nset yrange [%" PRIu64 "*0.97:%" PRIu64 "*1.03]\nset ytics (",
		*ret_low, *ret_high);
	for (size_t i = first; i <= last; i++)
		fprintf(out, "%s'%s' %" PRIu64, i > first ? ", " : "", ratio_ticks[i].label,
			ratio_ticks[i].ratio);
	fputs(")\n", out);
}

int figure_shift(const struct fact_list *curve, struct picture *picture)
{
	struct plot p = { .names = { "shift", "Change of the wake-up latency at each percentile",
				     "A dot with its 95 % interval at each percentile; above the "
				     "line it rose. The table has the numbers." },
			  .width = 860,
			  .height = 320 };
	struct shift shifts[QUANTILES_MAX];
	const size_t n = make_shifts(curve, shifts);
	struct drawing d;
	int r = n ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		uint64_t low, high;

		put_ratio_axis(d.script, shifts, n, &low, &high);
		for (size_t i = 0; i < n; i++) {
			drawing_put_quantile(d.data, shifts[i].ppm);
			fprintf(d.data, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", shifts[i].ratio,
				u64_max(shifts[i].low, low), u64_min(shifts[i].high, high));
		}
		drawing_quantile_axis(d.script, shifts[n - 1].ppm);
		/* Room for the last of them. */
		fputs("set xrange [1:", d.script);
		drawing_put_quantile(d.script, shifts[n - 1].ppm);
		fputs("*1.3]\nset lmargin 9\nset rmargin 3\nset tmargin 1\nset bmargin 3.4\n"
		      "plot 1000 with lines lw 1.4 lc rgb '" PLOT_FOREGROUND
		      "', 'data' using 1:2:3:4 with yerrorbars pt 7 ps 0.7 lw 1.6 lc rgb '" PLOT_RAW
		      "'\n",
		      d.script);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

struct axis { /* of values in the metric's unit */
	struct range range;
	uint64_t max;
};

/* One side from column on: dots over a width of 0.9, lines where a session begins, the median. */
static void put_units(const struct fact_pairs *units, unsigned column, struct drawing *d,
		      struct axis *y)
{
	const size_t n = units->n < UNITS_MAX ? units->n : UNITS_MAX;

	for (size_t i = 0; i < n; i++) {
		const size_t place = 1000 * column + 50 + 900 * (2 * i + 1) / (2 * n);

		range_add(&y->range, units->v[i].value);
		y->max = u64_max(y->max, units->v[i].value);
		fprintf(d->data, "%zu.%03zu %" PRIu64 "\n", place / 1000, place % 1000,
			units->v[i].value);
		if (i && units->v[i].key != units->v[i - 1].key) {
			const size_t line = 1000 * column + 50 + 900 * i / n;

			fprintf(d->script,
				"set arrow from %zu.%03zu, graph 0 to %zu.%03zu, graph 1 nohead lw "
				"0.8 dt (3,4) lc rgb '" PLOT_MUTED "'\n",
				line / 1000, line % 1000, line / 1000, line % 1000);
		}
	}
	fputs("\n\n", d->data);
}

/* Thousandths, of which small ones are not nothing. */
static void put_rate(FILE *out, uint64_t value, const char *unit)
{
	fprintf(out, "%" PRIu64, value / 1000);
	if (value % 1000)
		fprintf(out, value % 100 ? ".%03" PRIu64 : ".%" PRIu64,
			value % 100 ? value % 1000 : value % 1000 / 100);
	fputs(unit, out);
}

static void put_per_min(FILE *out, uint64_t value)
{
	put_rate(out, value, "/min");
}

static void put_per_s(FILE *out, uint64_t value)
{
	put_rate(out, value, "/s");
}

static void put_median(FILE *data, const struct fact_u64 *median, unsigned column)
{
	if (median->known)
		fprintf(data, "%u.05 %" PRIu64 " 0.9 0\n", column, median->v);
}

/* What the values of a metric are, by the pair of medians that is known. */
static const struct kind {
	size_t before, after;
	drawing_label_fn *put_label; /* NULL: a latency, logarithmic */
} kinds[] = {
	{ offsetof(struct comparison_metric, before_ns),
	  offsetof(struct comparison_metric, after_ns), NULL },
	{ offsetof(struct comparison_metric, before_per_1000min),
	  offsetof(struct comparison_metric, after_per_1000min), put_per_min },
	{ offsetof(struct comparison_metric, before_per_1000s),
	  offsetof(struct comparison_metric, after_per_1000s), put_per_s },
	{ offsetof(struct comparison_metric, before_ppm),
	  offsetof(struct comparison_metric, after_ppm), drawing_put_ppm },
};

static const struct fact_u64 *member(const struct comparison_metric *m, size_t at)
{
	return (const struct fact_u64 *)(const void *)((const char *)m + at);
}

static const struct kind *kind_of(const struct comparison_metric *m)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (member(m, kinds[i].before)->known || member(m, kinds[i].after)->known)
			return &kinds[i];
	}
	return NULL;
}

static void put_value_axis(FILE *out, const struct kind *kind, const struct axis *y)
{
	if (kind->put_label)
		drawing_linear_axis(out, 'y', y->max + y->max / 20, kind->put_label);
	else
		range_put_axis(&y->range, 'y', out);
}

int figure_units(const struct comparison_metric *m, size_t n, struct picture *picture)
{
	const struct kind *kind = kind_of(m);
	char prefix[32];
	struct plot p = { .names = { prefix, "Values by repetition, before and after",
				     "A dot for each repetition; a bar at the median of each side. "
				     "The table has the numbers." },
			  .width = 440,
			  .height = 230 };
	struct axis y = { 0 };
	struct drawing d;
	int r = kind && m->units_before.n && m->units_after.n ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	snprintf(prefix, sizeof(prefix), "units%zu", n);
	if (r == 0) {
		put_units(&m->units_before, 0, &d, &y);
		put_units(&m->units_after, 1, &d, &y);
		put_median(d.data, member(m, kind->before), 0);
		put_median(d.data, member(m, kind->after), 1);
		r = y.max ? 0 : -ENODATA; /* all of them 0 */
	}
	if (r == 0) {
		put_value_axis(d.script, kind, &y);
		fputs("set xrange [0:2]\nset xtics scale 0 ('before' 0.5, 'after' 1.5)\n"
		      "set grid noxtics\nset lmargin 10\nset rmargin 1\nset tmargin 1\n"
		      "set bmargin 2\nplot 'data' index 0 using 1:2 with points pt 7 ps 0.55 lc rgb "
		      "'" PLOT_RAW "', 'data' index 1 using 1:2 with points pt 7 ps 0.55 lc rgb "
		      "'" PLOT_CORRECTED "', 'data' index 2 using 1:2:3:4 with vectors nohead lw "
		      "1.4 lc rgb '" PLOT_FOREGROUND "'\n",
		      d.script);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}
