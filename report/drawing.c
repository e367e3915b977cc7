/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/drawing.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "report/words.h"

int drawing_init(struct drawing *d)
{
	*d = (struct drawing){ 0 };
	d->script = open_memstream(&d->script_text, &d->n_script);
	d->data = open_memstream(&d->data_text, &d->n_data);
	return d->script && d->data ? 0 : -ENOMEM;
}

static int close_stream(FILE **f)
{
	bool is_bad = *f && ferror(*f);

	is_bad |= *f && fclose(*f) == EOF;
	*f = NULL;
	return is_bad ? -ENOMEM : 0;
}

void drawing_release(struct drawing *d)
{
	(void)close_stream(&d->script);
	(void)close_stream(&d->data);
	free(d->script_text);
	free(d->data_text);
}

int drawing_draw(struct drawing *d, struct plot *p, struct picture *picture)
{
	if (close_stream(&d->script) < 0 || close_stream(&d->data) < 0)
		return -ENOMEM;
	p->script = d->script_text;
	p->data = d->data_text;
	return plot_draw(p, picture);
}

void range_add(struct range *r, uint64_t ns)
{
	/* A logarithmic axis has no zero. */
	ns = u64_max(ns, 1);
	r->low_ns = r->low_ns ? u64_min(r->low_ns, ns) : ns;
	r->high_ns = u64_max(r->high_ns, ns);
}

/* 1, 2, 5, 10, 20, 50 … of nanoseconds. */
static uint64_t tick_ns(size_t i)
{
	static const uint64_t steps[] = { 1, 2, 5 };
	uint64_t tick = steps[i % 3];

	for (i /= 3; i; i--)
		tick *= 10;
	return tick;
}

enum { TICKS_MAX = 3 * 13 }; /* up to 5e12 ns: beyond what a histogram holds */

/* Labels pass a format of gnuplot's: a percent sign would have to be doubled. */
static void put_tick(FILE *out, size_t i)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	uint64_t ns = tick_ns(i);
	size_t u = 0;

	for (; ns >= 1000 && u + 1 < ARRAY_SIZE(units); u++)
		ns /= 1000;
	fprintf(out, "'%" PRIu64 " %s' %" PRIu64, ns, units[u], tick_ns(i));
}

void range_put_axis(const struct range *r, char axis, FILE *out)
{
	size_t first = 0, last;
	const char *separator = "";

	while (first + 1 < TICKS_MAX && tick_ns(first + 1) <= r->low_ns)
		first++;
	last = first + 2;
	while (last + 1 < TICKS_MAX && tick_ns(last) < r->high_ns)
		last++;
	/* A little wider than its ticks: logarithms are rounded, and a tick outside is not drawn.
	 */
	fprintf(out,
		"set logscale %c 10\nset %crange [%" PRIu64 "*0.999:%" PRIu64
		"*1.001]\nset %ctics (",
		axis, axis, tick_ns(first), tick_ns(last), axis);
	for (size_t i = first; i <= last; i++) {
		/* Over four decades: whole ones only. */
		if (last - first > 12 && i % 3)
			continue;
		fputs(separator, out);
		put_tick(out, i);
		separator = ", ";
	}
	fputs(")\n", out);
}

/* 1, 2 or 5 times a power of ten, so that at most six steps lead to the maximum. */
static uint64_t step_to(uint64_t max)
{
	static const uint64_t factors[] = { 1, 2, 5 };
	uint64_t step = 1;

	for (uint64_t power = 1;; power *= 10) {
		for (size_t i = 0; i < ARRAY_SIZE(factors); i++) {
			step = factors[i] * power;
			if (max / step <= 6)
				return step;
		}
	}
}

void drawing_linear_axis(FILE *out, char axis, uint64_t max, drawing_label_fn *put_label)
{
	const uint64_t step = step_to(max);

	fprintf(out, "set %crange [0:%" PRIu64 "]\nset %ctics (", axis, u64_max(max, 1), axis);
	for (uint64_t i = 0; i <= max / step; i++) {
		fputs(i ? ", '" : "'", out);
		put_label(out, i * step);
		fprintf(out, "' %" PRIu64, i * step);
	}
	fputs(")\n", out);
}

void drawing_put_ns(FILE *out, uint64_t ns)
{
	static const struct {
		const char *name;
		uint64_t size;
	} units[] = { { "s", NS_PER_S }, { "ms", NS_PER_MS }, { "µs", NS_PER_US } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		const uint64_t tenth = units[i].size / 10;

		if (ns < units[i].size)
			continue;
		fprintf(out, "%" PRIu64, ns / units[i].size);
		if (ns / tenth % 10)
			fprintf(out, ".%" PRIu64, ns / tenth % 10);
		fprintf(out, " %s", units[i].name);
		return;
	}
	fprintf(out, ns ? "%" PRIu64 " ns" : "%" PRIu64, ns);
}

void drawing_put_ppm(FILE *out, uint64_t ppm)
{
	static const unsigned digits[] = { 1000, 100, 10, 1 };
	uint64_t rest = ppm % 10000;

	fprintf(out, "%" PRIu64, ppm / 10000);
	for (size_t i = 0; rest && i < ARRAY_SIZE(digits); i++) {
		fprintf(out, "%s%" PRIu64, i ? "" : ".", rest / digits[i]);
		rest %= digits[i];
	}
	fputs(" %%", out);
}

size_t drawing_put_name(FILE *out, const char *name, size_t max)
{
	static const char plain[] = " ._-+:/()[]=,#";
	size_t n = 0;

	for (; *name && n < max; name++, n++) {
		const bool is_last = n + 1 == max && name[1];
		const bool is_plain = isalnum((unsigned char)*name) || strchr(plain, *name);

		putc(is_last ? '~' : is_plain ? *name : '?', out);
	}
	return n;
}

/* Hundredths of 1 / (1 - q). */
static uint64_t place_of(uint32_t ppm)
{
	return UINT64_C(100000000) / (1000000 - u64_min(ppm, 999999));
}

void drawing_put_quantile(FILE *out, uint32_t ppm)
{
	fprintf(out, "%" PRIu64 ".%02" PRIu64, place_of(ppm) / 100, place_of(ppm) % 100);
}

void drawing_quantile_axis(FILE *out, uint32_t last_ppm)
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
	drawing_put_quantile(out, last_ppm);
	fputs("]\nset xtics (", out);
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++)
		fprintf(out, "%s'%s' %" PRIu32, i ? ", " : "", ticks[i].label, ticks[i].x);
	fputs(")\nset xlabel 'percentile of the wake-ups' tc rgb '" PLOT_MUTED "' offset 0,0.3\n",
	      out);
}

void drawing_end_label(FILE *out, unsigned n, uint32_t ppm, uint64_t ns, uint64_t at_ns,
		       const char *colour)
{
	char words[32], *u;

	words_of_ns(ns, words, sizeof(words));
	u = strchr(words, 'u');
	if (u)
		*u = '\0';
	fprintf(out, "set label %u '%s%s%s' at ", n, words, u ? "µ" : "", u ? u + 1 : "");
	drawing_put_quantile(out, ppm);
	fprintf(out, ", %" PRIu64 " left offset 0.8,0 tc rgb '%s' front\n", u64_max(at_ns, 1),
		colour);
}

uint64_t range_below(const struct range *r, uint64_t limit_ns, uint64_t ns)
{
	for (uint64_t span = r->high_ns / u64_max(r->low_ns, 1); span; span /= 10)
		limit_ns -= limit_ns / 6;
	return u64_max(u64_min(ns, limit_ns), r->low_ns);
}
