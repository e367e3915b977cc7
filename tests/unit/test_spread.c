/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/spread.h"
#include "tests/lib/check.h"
#include "tests/lib/host.h"

/* One unit of n values from first_ns on, step_ns apart. */
static void add_unit(struct host *h, uint64_t rep, uint64_t cpu, uint64_t n, uint64_t first_ns,
		     uint64_t step_ns, bool has_corrected)
{
	struct wake_unit *u = fact_add_item(&h->wake.units, &h->arena, sizeof(*u));
	auto_free struct hist *hist = malloc(sizeof(*hist));

	assert_non_null(u);
	assert_non_null(hist);
	h->wake.units.known = true;
	hist_init(hist);
	for (uint64_t i = 0; i < n; i++)
		hist_add(hist, first_ns + i * step_ns);
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->cpu, cpu);
	u->hist = (struct fact_hist){ true, hist_to_bins(hist, &h->arena) };
	if (has_corrected)
		hist_add(hist, 100 * (first_ns + n * step_ns));
	for (uint64_t i = 0; has_corrected && i < n; i++)
		hist_add(hist, 50 * (first_ns + n * step_ns));
	if (has_corrected)
		u->hist_corrected = (struct fact_hist){ true, hist_to_bins(hist, &h->arena) };
}

static const struct spread_point *at(const struct spread *s, uint32_t ppm)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->points[i].ppm == ppm)
			return &s->points[i];
	}
	return NULL;
}

static struct host *blank(void)
{
	struct host *h = malloc(sizeof(*h));

	assert_non_null(h);
	host_blank(h);
	return h;
}

static void test_nothing(void **state)
{
	struct host *h = blank();
	struct spread s;
	struct strip t;

	(void)state;
	assert_int_equal(spread_make(h, &h->arena, &s), -ENODATA);
	assert_int_equal(strip_make(h, &h->arena, &t), -ENODATA);
	/* Units that hold nothing. */
	add_unit(h, 0, 0, 0, 1, 1, false);
	assert_int_equal(spread_make(h, &h->arena, &s), -ENODATA);
	assert_int_equal(strip_make(h, &h->arena, &t), -ENODATA);
	/* Fewer values than a point rests on. */
	add_unit(h, 0, 0, 3, 1, 1, false);
	assert_int_equal(spread_make(h, &h->arena, &s), -ENODATA);
	assert_int_equal(strip_make(h, &h->arena, &t), -ENODATA);
	host_free(h);
}

static void test_units(void **state)
{
	struct host *h = blank();
	struct spread s;

	(void)state;
	/* Below 256 ns buckets are exact. 100 values each: p90 is the 90th. */
	add_unit(h, 0, 2, 100, 1, 1, false);
	add_unit(h, 1, 2, 100, 11, 1, false);
	add_unit(h, 0, 3, 100, 41, 1, false);
	assert_int_equal(spread_make(h, &h->arena, &s), 0);
	assert_int_equal(s.n_units, 3);
	assert_false(s.is_corrected_apart);
	assert_true(at(&s, 900000)->has_units);
	assert_int_equal(at(&s, 900000)->low_ns, 90);
	assert_int_equal(at(&s, 900000)->median_ns, 100);
	assert_int_equal(at(&s, 900000)->high_ns, 130);
	assert_true(at(&s, 900000)->has_all);
	assert_int_equal(at(&s, 900000)->all_ns, 110);
	assert_false(at(&s, 900000)->has_corrected);
	/* 100 values: four beyond p96; 300: up to p98.6. */
	for (size_t i = 0; i < s.n; i++) {
		assert_int_equal(s.points[i].has_units, s.points[i].ppm <= 960000);
		assert_true(s.points[i].has_all);
		assert_true(i == 0 || s.points[i].ppm > s.points[i - 1].ppm);
	}
	assert_in_range(s.points[s.n - 1].ppm, 970000, 986667);
	/* An even number of units: the middle of two. */
	add_unit(h, 1, 3, 100, 51, 1, false);
	assert_int_equal(spread_make(h, &h->arena, &s), 0);
	assert_int_equal(at(&s, 900000)->median_ns, 115);
	host_free(h);
}

static void test_corrected(void **state)
{
	struct host *h = blank();
	struct spread s;

	(void)state;
	add_unit(h, 0, 2, 100, 1, 1, true);
	assert_int_equal(spread_make(h, &h->arena, &s), 0);
	assert_true(s.is_corrected_apart);
	assert_true(at(&s, 900000)->has_corrected);
	assert_true(at(&s, 900000)->corrected_ns > 4000);
	host_free(h);
}

static void test_damaged(void **state)
{
	static const struct hist_bin bins[] = { { 5, 3 }, { HIST_N_BUCKETS + 9, 97 } };
	static const struct hist_bins damaged = { 100, 1, 2, 3, 2, bins };
	struct host *h = blank();
	struct wake_unit *u;
	struct spread s;
	struct strip t;

	(void)state;
	add_unit(h, 0, 2, 100, 1, 1, false);
	add_unit(h, 1, 2, 100, 1, 1, false);
	u = h->wake.units.v;
	u[1].hist.v = &damaged;
	assert_int_equal(spread_make(h, &h->arena, &s), -ENODATA);
	assert_int_equal(strip_make(h, &h->arena, &t), -ENODATA);
	/* A CPU that cannot be: that unit is left out. */
	fact_set_u64(&u[1].cpu, UINT64_C(1) << 40);
	assert_int_equal(strip_make(h, &h->arena, &t), 0);
	assert_int_equal(t.n, 1);
	host_free(h);
}

static void test_strip(void **state)
{
	struct host *h = blank();
	struct strip s;

	(void)state;
	add_unit(h, 1, 7, 1000, 11, 0, false);
	add_unit(h, 1, 2, 1000, 12, 0, false);
	add_unit(h, 0, 2, 1000, 14, 0, false);
	add_unit(h, 2, 2, 1000, 13, 0, false);
	assert_int_equal(strip_make(h, &h->arena, &s), 0);
	assert_int_equal(s.ppm, 990000);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.n_reps, 3);
	assert_int_equal(s.dots[0].rep, 0);
	assert_int_equal(s.dots[0].ns, 14);
	assert_int_equal(s.dots[3].cpu, 7);
	assert_int_equal(s.n_cpus, 2);
	assert_int_equal(s.cpus[0].cpu, 2);
	assert_int_equal(s.cpus[0].n, 3);
	assert_int_equal(s.cpus[0].low_ns, 12);
	assert_int_equal(s.cpus[0].median_ns, 13);
	assert_int_equal(s.cpus[0].high_ns, 14);
	assert_int_equal(s.cpus[1].median_ns, 11);
	/* The shortest unit decides what can be shown. */
	add_unit(h, 3, 2, 999, 13, 0, false);
	assert_int_equal(strip_make(h, &h->arena, &s), 0);
	assert_int_equal(s.ppm, 900000);
	add_unit(h, 4, 2, 20, 13, 0, false);
	assert_int_equal(strip_make(h, &h->arena, &s), 0);
	assert_int_equal(s.ppm, 500000);
	add_unit(h, 5, 2, 19, 13, 0, false);
	assert_int_equal(strip_make(h, &h->arena, &s), -ENODATA);
	host_free(h);
}

/* A file can claim any number of units. */
static void test_bound(void **state)
{
	struct host *h = blank();
	struct spread s;
	struct strip t;

	(void)state;
	for (size_t i = 0; i < SPREAD_UNITS_MAX + 10; i++) {
		if (i == 0) {
			add_unit(h, 0, 2, 100, 1, 1, false);
		} else {
			struct wake_unit *u = fact_add_item(&h->wake.units, &h->arena, sizeof(*u));

			assert_non_null(u);
			*u = *(struct wake_unit *)h->wake.units.v;
			fact_set_u64(&u->rep, UINT64_MAX - i);
		}
	}
	assert_int_equal(spread_make(h, &h->arena, &s), 0);
	assert_int_equal(s.n_units, SPREAD_UNITS_MAX);
	assert_int_equal(strip_make(h, &h->arena, &t), 0);
	assert_int_equal(t.n, SPREAD_UNITS_MAX);
	assert_int_equal(t.n_reps, 1);
	host_free(h);
}

static void test_names(void **state)
{
	static const struct {
		uint32_t ppm;
		const char *name;
	} rows[] = {
		{ 0, "p0" },           { 369043, "p36.9" },
		{ 500000, "p50" },     { 900000, "p90" },
		{ 990000, "p99" },     { 993691, "p99.37" },
		{ 999000, "p99.9" },   { 999842, "p99.984" },
		{ 999900, "p99.99" },  { 999985, "p99.9985" },
		{ 999990, "p99.999" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char name[16];

		quantile_name(rows[i].ppm, name, sizeof(name));
		assert_string_equal(name, rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),   cmocka_unit_test(test_units),
		cmocka_unit_test(test_corrected), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_strip),     cmocka_unit_test(test_bound),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
