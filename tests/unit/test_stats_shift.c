/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_random.h"
#include "analyze/stats_shift.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static struct stats_shift sides(const double *before, size_t n, const double *after, size_t m)
{
	const struct stats_arm a = { before, n }, b = { after, m };
	auto_null struct stats_null null = { 0 };
	struct stats_shift s;

	assert_int_equal(stats_shift_sides(&null, &a, &b, &s), 0);
	return s;
}

static struct stats_shift pairs(const double *d, size_t n)
{
	const struct stats_arm arm = { d, n };
	auto_null struct stats_null null = { 0 };
	struct stats_shift s;

	assert_int_equal(stats_shift_pairs(&null, &arm, &s), 0);
	return s;
}

static void assert_shift(struct stats_shift s, double low, double estimate, double high)
{
	if (s.low != low || s.estimate != estimate || s.high != high)
		fail_msg("%g [%g, %g], expected %g [%g, %g]", s.estimate, s.low, s.high, estimate,
			 low, high);
}

static void test_sides_by_hand(void **state)
{
	static const double a3[] = { 1, 2, 4 }, b3[] = { 3, 7, 8 };
	static const double a5[] = { 10, 20, 30, 40, 50 }, b5[] = { 61, 72, 83, 94, 105 };

	(void)state;
	/* -1 1 2 3 4 5 6 6 7; C(6,3) = 20 < 40 bounds nothing. */
	assert_shift(sides(a3, 3, b3, 3), -INFINITY, 4, INFINITY);
	/*
	 * P(U <= 2) = 4/252 <= 0.025 < 7/252: k = 2, the third from either end of
	 * 11 21 22 31 32 33 41 42 43 44 51 52 53 54 55 62 63 64 65 73 74 75 84 85 95.
	 */
	assert_shift(sides(a5, 5, b5, 5), 22, 53, 84);
	assert_shift(sides(b5, 5, a5, 5), -84, -53, -22);
	assert_shift(sides(a5, 1, b5, 1), -INFINITY, 51, INFINITY);
	assert_shift(sides(a5, 5, a5, 5), -30, 0, 30);
}

static void test_pairs_by_hand(void **state)
{
	static const double d[] = { 2, 4, 6, 8, 10, 12 };

	(void)state;
	/* 2^-5 > 0.025: nothing; 2^-6 <= 0.025 < 2/64: the extremes of the Walsh averages. */
	assert_shift(pairs(d, 1), -INFINITY, 2, INFINITY);
	assert_shift(pairs(d, 5), -INFINITY, 6, INFINITY);
	assert_shift(pairs(d, 6), 2, 7, 12);
}

/* It holds the true change as often as it says. */
static void test_coverage(void **state)
{
	unsigned n_sides = 0, n_pairs = 0;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 2000; i++) {
		double a[8], b[10], d[10];
		struct stats_shift s, p;

		for (unsigned k = 0; k < 10; k++) {
			if (k < 8)
				a[k] = noise_normal(&r);
			b[k] = 0.7 + noise_normal(&r);
			d[k] = 0.7 + noise_normal(&r);
		}
		s = sides(a, 8, b, 10);
		p = pairs(d, 10);
		assert_true(s.low <= s.estimate && s.estimate <= s.high);
		assert_true(p.low <= p.estimate && p.estimate <= p.high);
		n_sides += s.low <= 0.7 && 0.7 <= s.high;
		n_pairs += p.low <= 0.7 && 0.7 <= p.high;
	}
	/* 95 % and a little, spread 0.5 %. */
	assert_in_range(n_sides, 1880, 1950);
	assert_in_range(n_pairs, 1880, 1950);
}

/* Moving a side moves all three numbers by as much; swapping the sides mirrors them. */
static void test_equivariance(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 50; i++) {
		double a[7], b[9];
		struct stats_shift s, moved, swapped;

		for (unsigned k = 0; k < 9; k++) {
			if (k < 7)
				a[k] = stats_random_below(&r, 64);
			b[k] = stats_random_below(&r, 64);
		}
		s = sides(a, 7, b, 9);
		swapped = sides(b, 9, a, 7);
		assert_shift(swapped, -s.high, -s.estimate, -s.low);
		for (unsigned k = 0; k < 9; k++)
			b[k] += 1024;
		moved = sides(a, 7, b, 9);
		assert_shift(moved, s.low + 1024, s.estimate + 1024, s.high + 1024);
	}
}

static void test_refused(void **state)
{
	static const double v[STATS_UNITS_MAX + 1] = { 0 };
	const struct stats_arm none = { v, 0 }, one = { v, 1 }, many = { v, STATS_UNITS_MAX + 1 };
	const struct stats_arm largest = { v, STATS_UNITS_MAX };
	auto_null struct stats_null null = { 0 };
	struct stats_shift s;

	(void)state;
	assert_int_equal(stats_shift_sides(&null, &none, &one, &s), -EINVAL);
	assert_int_equal(stats_shift_sides(&null, &one, &many, &s), -E2BIG);
	assert_int_equal(stats_shift_pairs(&null, &none, &s), -EINVAL);
	assert_int_equal(stats_shift_pairs(&null, &many, &s), -E2BIG);
	assert_int_equal(stats_shift_sides(&null, &largest, &largest, &s), 0);
	assert_shift(s, 0, 0, 0);
	assert_int_equal(stats_shift_pairs(&null, &largest, &s), 0);
	assert_shift(s, 0, 0, 0);
}

/* Against sorting: many alike, rising, falling, an organ pipe, one value. */
static void test_select(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned turn = 0; turn < 400; turn++) {
		const size_t n = 1 + stats_random_below(&r, 60),
			     k = stats_random_below(&r, (uint32_t)n);
		double v[60], sorted[60], again[60];

		for (size_t i = 0; i < n; i++) {
			const double shapes[] = { stats_random_below(&r, 5), (double)i, -(double)i,
						  (double)(i < n / 2 ? i : n - i), 7 };

			v[i] = sorted[i] = again[i] = shapes[turn % ARRAY_SIZE(shapes)];
		}
		stats_sort(sorted, n);
		assert_true(stats_select(v, n, k) == sorted[k]);
		for (size_t i = 0; i < n; i++)
			assert_true(i < k ? v[i] <= v[k] : v[i] >= v[k]);
		assert_true(stats_select_middle(again, n) == stats_middle(sorted, n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sides_by_hand), cmocka_unit_test(test_pairs_by_hand),
		cmocka_unit_test(test_coverage),      cmocka_unit_test(test_equivariance),
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_select),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
