/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/spread.h"

#include "analyze/measures.h"

enum { STEPS_PER_DECADE = 20, DECADES = 5, POINTS_MAX = STEPS_PER_DECADE * DECADES + 1 };

/* A unit that can be drawn. */
static bool is_usable(const struct wake_unit *u)
{
	return u->hist.known && u->hist.v->n && u->cpu.known && u->cpu.v < CPUS_MAX;
}

static size_t count_units(const struct host *h)
{
	const struct wake_unit *u = h->wake.units.v;
	size_t n = 0;

	for (size_t i = 0; i < h->wake.units.n && n < SPREAD_UNITS_MAX; i++)
		n += is_usable(&u[i]);
	return n;
}

/* Quantile of step i: 1 - 10^(-i/20), in ppm. */
static uint32_t ppm_of_step(size_t i)
{
	/* 10^(k/20) times 1e6 */
	static const uint32_t mantissas[STEPS_PER_DECADE] = {
		1000000, 1122018, 1258925, 1412538, 1584893, 1778279, 1995262,
		2238721, 2511886, 2818383, 3162278, 3548134, 3981072, 4466836,
		5011872, 5623413, 6309573, 7079458, 7943282, 8912509,
	};
	uint64_t inverse = mantissas[i % STEPS_PER_DECADE];

	for (size_t d = i / STEPS_PER_DECADE; d; d--)
		inverse *= 10;
	return (uint32_t)(1000000 - UINT64_C(1000000000000) / inverse);
}

static bool has_events(uint64_t n, uint32_t ppm)
{
	return n / 1000000 * (1000000 - ppm) + n % 1000000 * (1000000 - ppm) / 1000000 >=
	       SPREAD_MIN_EVENTS;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Of n > 0 sorted values. */
static uint64_t median_of(const uint64_t *v, size_t n)
{
	const uint64_t a = v[(n - 1) / 2], b = v[n / 2];

	return a + (b - a) / 2;
}

/* values[point][unit]; 0 where a unit has too few events. -EBADMSG: a damaged histogram. */
static int quantiles_of_units(const struct host *h, uint64_t *values, size_t n_units,
			      struct spread_point *points)
{
	const struct wake_unit *u = h->wake.units.v;
	auto_free struct hist *one = malloc(sizeof(*one));
	size_t unit = 0;

	if (!one)
		return -ENOMEM;
	for (size_t i = 0; i < h->wake.units.n && unit < n_units; i++) {
		if (!is_usable(&u[i]))
			continue;
		hist_init(one);
		if (hist_merge_bins(one, u[i].hist.v) < 0)
			return -EBADMSG;
		for (size_t p = 0; p < POINTS_MAX; p++) {
			points[p].has_units &= has_events(one->n, points[p].ppm);
			if (points[p].has_units)
				values[p * n_units + unit] = hist_quantile_ns(one, points[p].ppm);
		}
		unit++;
	}
	return 0;
}

static int add_units(const struct host *h, size_t n_units, struct spread_point *points)
{
	auto_free uint64_t *values = calloc(POINTS_MAX * n_units, sizeof(*values));
	int r = values ? quantiles_of_units(h, values, n_units, points) : -ENOMEM;

	for (size_t p = 0; r == 0 && p < POINTS_MAX; p++) {
		uint64_t *v = values + p * n_units;

		if (!points[p].has_units)
			continue;
		qsort(v, n_units, sizeof(*v), by_value);
		points[p].low_ns = v[0];
		points[p].high_ns = v[n_units - 1];
		points[p].median_ns = median_of(v, n_units);
	}
	return r;
}

static int add_together(const struct host *h, struct spread_point *points)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	struct wake_summary s;

	if (!all)
		return -ENOMEM;
	if (measure_wake(h, -1, false, all, &s)) {
		for (size_t p = 0; p < POINTS_MAX; p++) {
			points[p].has_all = has_events(all->n, points[p].ppm);
			points[p].all_ns = hist_quantile_ns(all, points[p].ppm);
		}
	}
	if (measure_wake(h, -1, true, all, &s)) {
		for (size_t p = 0; p < POINTS_MAX; p++) {
			points[p].has_corrected = has_events(all->n, points[p].ppm);
			points[p].corrected_ns = hist_quantile_ns(all, points[p].ppm);
		}
	}
	return 0;
}

static bool is_apart(const struct spread_point *p)
{
	return p->has_all && p->has_corrected && p->corrected_ns > p->all_ns + p->all_ns / 64 + 1;
}

int spread_make(const struct host *h, struct arena *a, struct spread *ret_spread)
{
	struct spread s = { .n_units = count_units(h) };
	int r;

	if (s.n_units == 0)
		return -ENODATA;
	s.points = arena_calloc(a, POINTS_MAX, sizeof(*s.points));
	if (!s.points)
		return -ENOMEM;
	for (size_t p = 0; p < POINTS_MAX; p++)
		s.points[p] = (struct spread_point){ .ppm = ppm_of_step(p), .has_units = true };
	r = add_units(h, s.n_units, s.points);
	if (r == 0)
		r = add_together(h, s.points);
	if (r < 0)
		return r == -EBADMSG ? -ENODATA : r;
	while (s.n < POINTS_MAX && (s.points[s.n].has_all || s.points[s.n].has_units))
		s.is_corrected_apart |= is_apart(&s.points[s.n++]);
	if (s.n == 0)
		return -ENODATA;
	*ret_spread = s;
	return 0;
}

void quantile_name(uint32_t ppm, char *buf, size_t size)
{
	/* Two digits of what lies beyond: p36.9, p99.37, p99.984; then none that say nothing. */
	uint32_t step = 1000, digits = 1, fraction;

	for (uint32_t beyond = 1000000 - ppm; beyond < 10000 && digits < 4; beyond *= 10) {
		step /= 10;
		digits++;
	}
	ppm = (ppm + step / 2) / step * step;
	fraction = ppm % 10000 / step;
	for (; digits && fraction % 10 == 0; fraction /= 10)
		digits--;
	if (digits)
		snprintf(buf, size, "p%u.%0*u", ppm / 10000, (int)digits, fraction);
	else
		snprintf(buf, size, "p%u", ppm / 10000);
}

static int by_place(const void *a, const void *b)
{
	const struct strip_dot *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return (x->rep > y->rep) - (x->rep < y->rep);
}

/* The highest quantile that rests on enough events in every unit; 0: none. */
static uint32_t choose_quantile(const struct host *h)
{
	static const uint32_t choices[] = { 999000, 990000, 900000, 500000 };
	const struct wake_unit *u = h->wake.units.v;
	uint64_t n_least = UINT64_MAX;

	for (size_t i = 0; i < h->wake.units.n; i++) {
		if (is_usable(&u[i]))
			n_least = u64_min(n_least, u[i].hist.v->n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		/* 10 events: the bound of hist_can_show(). */
		if (n_least / 10 >= 1000000 / (1000000 - choices[i]))
			return choices[i];
	}
	return 0;
}

static int fill_dots(const struct host *h, struct strip *s, size_t n_units)
{
	const struct wake_unit *u = h->wake.units.v;
	auto_free struct hist *one = malloc(sizeof(*one));

	if (!one)
		return -ENOMEM;
	for (size_t i = 0; i < h->wake.units.n && s->n < n_units; i++) {
		if (!is_usable(&u[i]))
			continue;
		hist_init(one);
		if (hist_merge_bins(one, u[i].hist.v) < 0)
			return -ENODATA;
		s->dots[s->n++] = (struct strip_dot){ (uint32_t)u[i].cpu.v, u[i].rep.v,
						      hist_quantile_ns(one, s->ppm) };
		/* A repetition is a place on the axis: nonsense must not stretch it. */
		if (u[i].rep.v < SPREAD_UNITS_MAX)
			s->n_reps = u64_max(s->n_reps, u[i].rep.v + 1);
	}
	return 0;
}

static int sum_up_cpus(struct strip *s, struct arena *a)
{
	auto_free uint64_t *values = calloc(s->n, sizeof(*values));

	s->cpus = arena_calloc(a, s->n, sizeof(*s->cpus));
	if (!values || !s->cpus)
		return -ENOMEM;
	for (size_t i = 0; i < s->n;) {
		struct strip_cpu *cpu = &s->cpus[s->n_cpus++];

		cpu->cpu = s->dots[i].cpu;
		for (; i < s->n && s->dots[i].cpu == cpu->cpu; i++)
			values[cpu->n++] = s->dots[i].ns;
		qsort(values, cpu->n, sizeof(*values), by_value);
		cpu->low_ns = values[0];
		cpu->median_ns = median_of(values, cpu->n);
		cpu->high_ns = values[cpu->n - 1];
	}
	return 0;
}

int strip_make(const struct host *h, struct arena *a, struct strip *ret_strip)
{
	const size_t n_units = count_units(h);
	struct strip s = { .ppm = choose_quantile(h) };
	int r;

	if (n_units == 0 || s.ppm == 0)
		return -ENODATA;
	s.dots = arena_calloc(a, n_units, sizeof(*s.dots));
	if (!s.dots)
		return -ENOMEM;
	r = fill_dots(h, &s, n_units);
	if (r < 0)
		return r;
	qsort(s.dots, s.n, sizeof(*s.dots), by_place);
	r = sum_up_cpus(&s, a);
	if (r == 0)
		*ret_strip = s;
	return r;
}
