/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a fleet without an outlier name none, and one with one that? All seeded. */
#include <math.h>
#include <string.h>

#include "analyze/fleet_spread.h"
#include "analyze/stats_random.h"
#include "tests/lib/check.h"

#define MARGIN 250

enum { N_MAX = 200 };

typedef double draw_fn(struct stats_random *r);

static double unit(struct stats_random *r)
{
	return (double)((stats_random_next(r) >> 11) + 1) / 9007199254740994.0;
}

static double normal(struct stats_random *r)
{
	return sqrt(-2 * log(unit(r))) * cos(2 * 3.14159265358979 * unit(r));
}

static double logistic(struct stats_random *r)
{
	const double p = unit(r);

	return log(p / (1 - p)) / 1.8138; /* deviation 1 */
}

/* A few hosts of a fleet run something else: 5 % have three times the spread. */
static double mixed(struct stats_random *r)
{
	return normal(r) * (stats_random_below(r, 20) ? 1 : 3);
}

static void fill(struct fleet_point *p, size_t n, draw_fn *draw, double sd, struct stats_random *r)
{
	memset(p, 0, n * sizeof(*p));
	for (size_t i = 0; i < n; i++)
		p[i].value = (uint64_t)(60000 * exp(sd * draw(r)));
}

static size_t n_named(const struct fleet_point *p, size_t n)
{
	size_t named = 0;

	for (size_t i = 0; i < n; i++)
		named += p[i].is_worse || p[i].is_better;
	return named;
}

/* Of so many fleets without an outlier, at most one of 100 names anybody. */
static void test_homogeneous(void **state)
{
	static const struct {
		size_t n;
		draw_fn *draw;
		double sd;
		unsigned fleets;
	} rows[] = {
		{ 5, normal, .1, 4000 },    { 5, normal, .4, 4000 },    { 6, normal, .4, 4000 },
		{ 7, normal, .4, 4000 },    { 10, normal, .4, 4000 },   { 30, normal, .4, 1000 },
		{ 200, normal, .2, 300 },   { 5, logistic, .4, 4000 },  { 6, logistic, .4, 4000 },
		{ 7, logistic, .4, 4000 },  { 10, logistic, .4, 4000 }, { 30, logistic, .4, 1000 },
		{ 200, logistic, .4, 300 },
	};
	struct fleet_point p[N_MAX];
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned alarmed = 0;

		for (unsigned k = 0; k < rows[i].fleets; k++) {
			struct fleet_limits l;

			fill(p, rows[i].n, rows[i].draw, rows[i].sd, &r);
			assert_int_equal(fleet_spread_judge(p, rows[i].n, 1000, MARGIN, &l), 0);
			alarmed += n_named(p, rows[i].n) > 0;
		}
		if (alarmed * 100 > rows[i].fleets)
			fail_msg("row %zu: %u of %u fleets alarmed", i, alarmed, rows[i].fleets);
	}
}

/* Long tails: of the hosts, not one of 100. */
static void test_long_tails(void **state)
{
	struct fleet_point p[N_MAX];
	struct fleet_limits l;
	struct stats_random r;
	size_t named = 0;

	(void)state;
	stats_random_seed(&r, 2);
	for (unsigned k = 0; k < 200; k++) {
		fill(p, N_MAX, mixed, .3, &r);
		assert_int_equal(fleet_spread_judge(p, N_MAX, 1000, MARGIN, &l), 0);
		named += n_named(p, N_MAX);
	}
	assert_true(named * 100 <= 200 * N_MAX);
}

/* Hosts much slower than their quiet fellows are found, and only they. */
static void test_found(void **state)
{
	static const struct {
		size_t n, n_slow;
		unsigned factor;
	} rows[] = { { 5, 1, 16 }, { 7, 1, 5 }, { 10, 1, 3 }, { 30, 3, 3 }, { 200, 20, 3 } };
	struct fleet_point p[N_MAX];
	struct fleet_limits l;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 3);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t n = rows[i].n, n_slow = rows[i].n_slow;
		unsigned found = 0, wrong = 0;

		for (unsigned k = 0; k < 200; k++) {
			fill(p, n, normal, .07, &r);
			for (size_t s = 0; s < n_slow; s++)
				p[s].value *= rows[i].factor;
			assert_int_equal(fleet_spread_judge(p, n, 1000, MARGIN, &l), 0);
			for (size_t s = 0; s < n; s++) {
				found += s < n_slow && p[s].is_worse;
				wrong += s >= n_slow && (p[s].is_worse || p[s].is_better);
			}
		}
		if (found * 100 < 200 * n_slow * 90 || wrong * 100 > 200)
			fail_msg("row %zu: %u of %zu found, %u wrong", i, found, 200 * n_slow,
				 wrong);
	}
}

static void judge(struct fleet_point *p, size_t n, uint64_t floor, struct fleet_limits *l)
{
	assert_int_equal(fleet_spread_judge(p, n, floor, MARGIN, l), 0);
}

/* Where all others agree, the margin and the floor are what is left. */
static void test_margin_and_floor(void **state)
{
	struct fleet_point p[] = { { 50000 }, { 50000 }, { 50000 }, { 50000 },
				   { 50000 }, { 62000 }, { 0 } };
	struct fleet_limits l;

	(void)state;
	p[6].value = 50000;
	judge(p, 7, 1000, &l);
	assert_int_equal(n_named(p, 7), 0);
	assert_int_equal(l.median, 50000);
	assert_in_range(l.high, 62500, 63000);
	assert_true(l.has_low);
	assert_in_range(l.low, 39000, 40000);
	p[5].value = 64000;
	judge(p, 7, 1000, &l);
	assert_true(p[5].is_worse && n_named(p, 7) == 1);
	p[5].value = 38000;
	judge(p, 7, 1000, &l);
	assert_true(p[5].is_better && n_named(p, 7) == 1);
	/* 20 % of 2 us is nobody's stutter, nor is all of it. */
	for (size_t i = 0; i < 7; i++)
		p[i].value = 800;
	p[5].value = 1790;
	judge(p, 7, 1000, &l);
	assert_int_equal(n_named(p, 7), 0);
	assert_false(l.has_low);
	p[5].value = 2900;
	judge(p, 7, 1000, &l);
	assert_true(p[5].is_worse);
}

/* One stall where nobody else had one is chance; 40 are not. */
static void test_counts(void **state)
{
	struct fleet_point p[12] = { { 0 } };
	struct fleet_limits l;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		p[i].exposure = .01; /* ten seconds at 1/min are 1000 for 0.17 */
	p[3].n_events = 15;
	p[3].value = 1500;
	judge(p, 12, 500, &l);
	assert_int_equal(n_named(p, 12), 0);
	p[3].n_events = 40;
	p[3].value = 4000;
	judge(p, 12, 500, &l);
	assert_true(p[3].is_worse && n_named(p, 12) == 1);
	/* Far fewer than expected, but few were expected. */
	for (size_t i = 0; i < 12; i++) {
		p[i].n_events = 15;
		p[i].value = 1500;
	}
	p[3].n_events = 0;
	p[3].value = 0;
	judge(p, 12, 500, &l);
	assert_int_equal(n_named(p, 12), 0);
	for (size_t i = 0; i < 12; i++)
		p[i].exposure = .1, p[i].n_events *= 10;
	judge(p, 12, 100, &l);
	assert_true(p[3].is_better && n_named(p, 12) == 1);
}

static void test_too_few(void **state)
{
	struct fleet_point p[4] = { { 1 }, { 1 }, { 1 }, { 1000000 } };
	struct fleet_limits l;

	(void)state;
	for (size_t n = 0; n < FLEET_HOSTS_MIN; n++)
		assert_int_equal(fleet_spread_judge(p, n, 1, MARGIN, &l), -ENODATA);
	assert_int_equal(n_named(p, 4), 0);
}

/* Values that a document can hold, and no infinity on the way. */
static void test_extreme(void **state)
{
	struct fleet_point p[5] = { { 0 }, { 0 }, { INT64_MAX }, { INT64_MAX }, { INT64_MAX } };
	struct fleet_limits l;

	(void)state;
	judge(p, 5, 0, &l);
	assert_true(l.high <= INT64_MAX && l.median <= INT64_MAX);
	for (size_t i = 0; i < 5; i++)
		p[i] = (struct fleet_point){ 0 };
	judge(p, 5, 0, &l);
	assert_int_equal(n_named(p, 5), 0);
	assert_int_equal(l.median, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_homogeneous), cmocka_unit_test(test_long_tails),
		cmocka_unit_test(test_found),       cmocka_unit_test(test_margin_and_floor),
		cmocka_unit_test(test_counts),      cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_extreme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
