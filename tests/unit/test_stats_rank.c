/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>

#include "analyze/stats_rank.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static double sides(const double *low, size_t n_low, const double *high, size_t n_high,
		    double shift)
{
	const struct stats_arm a = { low, n_low }, b = { high, n_high };
	auto_null struct stats_null null = { 0 };
	double p = -1;

	assert_int_equal(stats_rank_sum(&null, &a, &b, shift, STATS_ALONE, &p), 0);
	assert_true(p > 0 && p <= 1);
	return p;
}

static double pairs(const double *d, size_t n, bool is_below, double shift)
{
	const struct stats_arm arm = { d, n };
	double p = -1;

	assert_int_equal(stats_signed_rank(&arm, is_below, shift, &p), 0);
	assert_true(p > 0 && p <= 1);
	return p;
}

static void assert_close(double got, double expected)
{
	if (!(fabs(got - expected) <= 1e-12))
		fail_msg("%.17g, expected %.17g", got, expected);
}

/* Twice U of the units in set against the others, by comparing each with each. */
static unsigned twice_u(const double *v, unsigned n, unsigned set)
{
	unsigned u2 = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < n; j++) {
			if ((set >> i & 1) && !(set >> j & 1))
				u2 += v[i] > v[j] ? 2 : v[i] == v[j];
		}
	}
	return u2;
}

static double sides_by_enumeration(const double *v, unsigned n_low, unsigned n_high)
{
	const unsigned n = n_low + n_high, seen = ((1u << n_high) - 1) << n_low;
	const unsigned u2 = twice_u(v, n, seen);
	unsigned n_all = 0, n_tail = 0;

	for (unsigned set = 0; set < 1u << n; set++) {
		if (__builtin_popcount(set) != (int)n_high)
			continue;
		n_all++;
		n_tail += twice_u(v, n, set) >= u2;
	}
	return (double)n_tail / n_all;
}

/* Few different values: most of them tie. */
static void test_sides_by_enumeration(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 60; i++) {
		const unsigned n_low = 1 + stats_random_below(&r, 6);
		const unsigned n_high = 1 + stats_random_below(&r, 6);
		const unsigned n_values = 1 + stats_random_below(&r, 12);
		double v[12];

		for (unsigned k = 0; k < n_low + n_high; k++)
			v[k] = stats_random_below(&r, n_values);
		assert_close(sides(v, n_low, v + n_low, n_high, 0),
			     sides_by_enumeration(v, n_low, n_high));
	}
}

static double pairs_by_enumeration(const double *d, unsigned n)
{
	double rank2[12];
	unsigned n_tail = 0;
	double w2 = 0;

	for (unsigned i = 0; i < n; i++) {
		rank2[i] = 1;
		for (unsigned j = 0; j < n; j++)
			rank2[i] += fabs(d[j]) < fabs(d[i]) ? 2 : fabs(d[j]) == fabs(d[i]);
		rank2[i] = d[i] != 0 ? rank2[i] : 0;
		w2 += d[i] > 0 ? rank2[i] : 0;
	}
	for (unsigned set = 0; set < 1u << n; set++) {
		double drawn = 0;

		for (unsigned i = 0; i < n; i++)
			drawn += set >> i & 1 ? rank2[i] : 0;
		n_tail += drawn >= w2;
	}
	return (double)n_tail / (1u << n);
}

static void test_pairs_by_enumeration(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 60; i++) {
		const unsigned n = 1 + stats_random_below(&r, 10);
		const unsigned n_values = 1 + stats_random_below(&r, 12);
		double d[12], negative[12];

		for (unsigned k = 0; k < n; k++) {
			d[k] = (double)stats_random_below(&r, n_values) - n_values / 3;
			negative[k] = -d[k];
		}
		assert_close(pairs(d, n, false, 0), pairs_by_enumeration(d, n));
		assert_close(pairs(d, n, true, 0), pairs_by_enumeration(negative, n));
	}
}

static void test_by_hand(void **state)
{
	static const double low[] = { 1, 2, 3, 4, 5 }, high[] = { 6, 7, 8, 9, 10 };
	static const double two[] = { 4.5, 7, 8, 9, 10 }; /* U = 24: one pair the wrong way */
	static const double d[] = { 1, 2, 3, 4, 5, 6 };

	(void)state;
	assert_close(sides(low, 5, high, 5, 0), 1 / 252.0);
	assert_close(sides(low, 5, two, 5, 0), 2 / 252.0);
	assert_close(sides(high, 5, low, 5, 0), 1);
	assert_close(sides(low, 1, high, 1, 0), 0.5);
	assert_close(sides(low, 1, low, 1, 0), 1);
	assert_close(sides(low, 5, high, 5, 100), 1);
	assert_close(sides(high, 5, low, 5, -100), 1 / 252.0);
	assert_close(pairs(d, 6, false, 0), 1 / 64.0);
	assert_close(pairs(d, 6, true, 0), 1);
	assert_close(pairs(d, 6, true, -10), 1 / 64.0);
	assert_close(pairs(d, 6, false, 10), 1);
	assert_close(pairs(d, 6, false, 1.5), 3 / 64.0); /* W = 20 of 21 or more, not 1 */
}

/* All equal: 1 of C(n, k), 1 of 2^n once they are shifted apart; nothing at all when not. */
static void test_all_equal(void **state)
{
	static const double same[10] = { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 };
	static const double none[10] = { 0 };

	(void)state;
	assert_close(sides(same, 5, same, 5, 0), 1);
	assert_close(sides(same, 5, same, 5, -0.1), 1 / 252.0);
	assert_close(sides(same, 5, same, 5, 0.1), 1);
	assert_close(pairs(none, 10, false, 0), 1);
	assert_close(pairs(none, 10, false, -0.1), 1 / 1024.0);
	assert_close(pairs(none, 10, true, -0.1), 1 / 1024.0);
	assert_close(pairs(none, 10, false, 0.1), 1);
}

/* A logarithm may be rounded either way: that breaks no tie. */
static void test_rounding_is_a_tie(void **state)
{
	const double a[] = { log(1000), log(2000) };
	const double b[] = { log(1250), log(2500) };
	const double shift = log(1.25);
	const double d[] = { shift + 1e-13, shift - 1e-13, 1, 2, -3 };

	(void)state;
	/* Ranks 3 4 5 of 1, 2, -3 less the shift; 7 or more in 4 of 8. */
	assert_close(pairs(d, 5, false, shift), 4 / 8.0);
	assert_close(pairs(d, 2, false, shift), 1);
	assert_close(sides(a, 2, b, 2, shift), 5 / 6.0);
	assert_close(sides(b, 2, a, 2, -shift), 5 / 6.0);
}

/* The larger the shift asked for, the less it is shown; and order within a side is nothing. */
static void test_monotone_and_order_free(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 50; i++) {
		double a[9], b[9], d[9], last_sides = 0, last_pairs = 0;

		for (unsigned k = 0; k < 9; k++) {
			a[k] = noise_normal(&r);
			b[k] = noise_normal(&r);
			d[k] = b[k] - a[k];
		}
		for (double shift = -3; shift <= 3; shift += 0.25) {
			const double p = sides(a, 8, b, 9, shift), q = pairs(d, 9, false, shift);

			assert_true(p >= last_sides && q >= last_pairs);
			last_sides = p;
			last_pairs = q;
			stats_random_shuffle(&r, a, 8);
			stats_random_shuffle(&r, b, 9);
			stats_random_shuffle(&r, d, 9);
			assert_true(sides(a, 8, b, 9, shift) == p);
			assert_true(pairs(d, 9, false, shift) == q);
		}
	}
}

/* Where ties are too many to count, draws: near the exact value of the same data without ties. */
static void test_drawn(void **state)
{
	double a[100], b[100], broken[100], p, exact;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 3);
	for (unsigned k = 0; k < 100; k++) {
		a[k] = noise_normal(&r);
		b[k] = noise_normal(&r) + 0.35;
	}
	stats_sort(a, 100);
	memcpy(broken, a, sizeof(a));
	broken[50] = broken[51]; /* one tie: all but the same distribution */
	exact = sides(a, 100, b, 100, 0);
	p = sides(broken, 100, b, 100, 0);
	assert_true(exact > 0.01 && exact < 0.3);
	assert_true(fabs(p - exact) < 0.02);
	assert_true(sides(broken, 100, b, 100, 0) == p);
	assert_close(sides(broken, 100, b, 100, -50), 1 / 20001.0);
	assert_close(sides(broken, 100, b, 100, 50), 1);
}

static double one_of_many(const double *a, const double *b, double shift)
{
	const struct stats_arm low = { a, 100 }, high = { b, 100 };
	auto_null struct stats_null null = { 0 };
	double p = -1;

	assert_int_equal(stats_rank_sum(&null, &low, &high, shift, STATS_OF_MANY, &p), 0);
	return p;
}

/* One of many is drawn more roughly: what is small stays small, what is not costs next to nothing.
 */
static void test_drawn_of_many(void **state)
{
	double a[100], b[100], p;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 3);
	for (unsigned k = 0; k < 100; k++) {
		a[k] = k / 2;
		b[k] = (double)stats_random_below(&r, 50);
	}
	p = sides(a, 100, b, 100, 0);
	assert_true(p > 0.1 && p < 0.9);
	assert_true(fabs(one_of_many(a, b, 0) - p) < 0.35 * p);
	assert_true(one_of_many(a, b, 0) == one_of_many(a, b, 0));
	/* The smallest p of 600 may be as large at 10 %. */
	assert_close(one_of_many(a, b, -100), 1 / 6000.0);
	assert_close(one_of_many(a, b, 100), 1);
}

static void test_largest(void **state)
{
	double v[STATS_UNITS_MAX], w[STATS_UNITS_MAX];

	(void)state;
	for (unsigned i = 0; i < STATS_UNITS_MAX; i++) {
		v[i] = i / 2;
		w[i] = i + 0.25;
	}
	assert_true(sides(v, STATS_UNITS_MAX, v, STATS_UNITS_MAX, 0) > 0.4);
	assert_true(sides(v, STATS_UNITS_MAX, w, STATS_UNITS_MAX, 0) < 1e-4);
	assert_close(sides(v, 1, v, STATS_UNITS_MAX, 0), 3 / 201.0);
	assert_true(pairs(w, STATS_UNITS_MAX, false, 0) < 1e-50);
}

static void test_refused(void **state)
{
	static const double v[STATS_UNITS_MAX + 1] = { 0 };
	const struct stats_arm none = { v, 0 }, one = { v, 1 }, many = { v, STATS_UNITS_MAX + 1 };
	auto_null struct stats_null null = { 0 };
	double p = -1;

	(void)state;
	assert_int_equal(stats_rank_sum(&null, &none, &one, 0, STATS_ALONE, &p), -EINVAL);
	assert_int_equal(stats_rank_sum(&null, &one, &none, 0, STATS_ALONE, &p), -EINVAL);
	assert_int_equal(stats_rank_sum(&null, &one, &many, 0, STATS_ALONE, &p), -E2BIG);
	assert_int_equal(stats_signed_rank(&none, false, 0, &p), -EINVAL);
	assert_int_equal(stats_signed_rank(&many, false, 0, &p), -E2BIG);
	assert_true(p == -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sides_by_enumeration),
		cmocka_unit_test(test_pairs_by_enumeration),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_all_equal),
		cmocka_unit_test(test_rounding_is_a_tie),
		cmocka_unit_test(test_monotone_and_order_free),
		cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_drawn_of_many),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
