/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_equivalence.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static double sides(const double *before, const double *after, size_t n, double margin)
{
	const struct stats_arm a = { before, n }, b = { after, n };
	auto_null struct stats_null null = { 0 };
	double p = -1, swapped = -1;

	assert_int_equal(stats_equivalence_sides(&null, &a, &b, margin, STATS_ALONE, &p), 0);
	assert_int_equal(stats_equivalence_sides(&null, &b, &a, margin, STATS_ALONE, &swapped), 0);
	assert_true(p == swapped);
	return p;
}

static double pairs(const double *d, size_t n, double margin)
{
	const struct stats_arm arm = { d, n };
	double p = -1;

	assert_int_equal(stats_equivalence_pairs(&arm, margin, &p), 0);
	return p;
}

static void assert_close(double got, double expected)
{
	assert_true(fabs(got - expected) <= 1e-12);
}

static void test_by_hand(void **state)
{
	static const double a[] = { 1.0, 1.1, 1.2, 1.3, 1.4 },
			    b[] = { 1.05, 1.15, 1.25, 1.35, 1.45 };
	static const double d[] = { 0.1, -0.2, 0.3, -0.4, 0.5, 0.6 };

	auto_null struct stats_null null = { 0 };

	(void)state;
	assert_int_equal(stats_null_rank_sum(&null, 5, 5), 0);
	assert_close(sides(a, b, 5, 1), 1 / 252.0); /* every b + 1 above every a, and back */
	/* 10 of 25 times an a + 0.02 above a b. */
	assert_close(sides(a, b, 5, 0.02), null.cdf[25 - 10]);
	assert_true(sides(a, b, 5, 0) > 0.5);
	assert_close(pairs(d, 6, 0.7), 1 / 64.0);
	assert_true(pairs(d, 6, 0.3) > 0.2);
}

/* Larger margins are easier to keep. */
static void test_monotone(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 50; i++) {
		double a[8], b[8], d[8], last = 1, last_pairs = 1;

		for (unsigned k = 0; k < 8; k++) {
			a[k] = noise_normal(&r);
			b[k] = noise_normal(&r);
			d[k] = b[k] - a[k];
		}
		for (double margin = 0; margin < 4; margin += 0.25) {
			const double p = sides(a, b, 8, margin), q = pairs(d, 8, margin);

			assert_true(p <= last && q <= last_pairs);
			last = p;
			last_pairs = q;
		}
	}
}

/* At a change of just the margin "no change" is said in at most 5 %. */
static void test_level(void **state)
{
	unsigned n_sides = 0, n_pairs = 0;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 2000; i++) {
		double a[10], b[10], d[10];

		for (unsigned k = 0; k < 10; k++) {
			a[k] = 0.1 * noise_normal(&r);
			b[k] = 0.1 * noise_normal(&r) + 0.3;
			d[k] = 0.1 * noise_normal(&r) - 0.3;
		}
		n_sides += sides(a, b, 10, 0.3) <= 0.05;
		n_pairs += pairs(d, 10, 0.3) <= 0.05;
	}
	assert_in_range(n_sides, 50, 5 * 20 + 29); /* 5 % and three spreads */
	assert_in_range(n_pairs, 50, 5 * 20 + 29);
}

static void test_refused(void **state)
{
	static const double v[1] = { 0 };
	const struct stats_arm none = { v, 0 }, one = { v, 1 };
	auto_null struct stats_null null = { 0 };
	double p = -1;

	(void)state;
	assert_int_equal(stats_equivalence_sides(&null, &none, &one, 1, STATS_ALONE, &p), -EINVAL);
	assert_int_equal(stats_equivalence_pairs(&none, 1, &p), -EINVAL);
	assert_true(p == -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
