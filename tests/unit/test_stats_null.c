/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>

#include "analyze/stats_null.h"
#include "tests/lib/check.h"

static void assert_close(double got, double expected)
{
	if (!(fabs(got - expected) <= 1e-12))
		fail_msg("%.17g, expected %.17g", got, expected);
}

/* Every choice of n of n + m places. */
static void test_rank_sum_by_enumeration(void **state)
{
	auto_null struct stats_null null = { 0 };

	(void)state;
	for (unsigned n = 1; n <= 6; n++) {
		for (unsigned m = 1; m <= 7; m++) {
			unsigned count[64] = { 0 }, n_all = 0, n_below = 0;

			for (unsigned set = 0; set < 1u << (n + m); set++) {
				unsigned u = 0, n_out = 0;

				if (__builtin_popcount(set) != (int)n)
					continue;
				for (unsigned i = 0; i < n + m; i++) {
					n_out += !(set >> i & 1);
					u += set >> i & 1 ? n_out : 0;
				}
				count[u]++;
				n_all++;
			}
			assert_close(stats_choose(n + m, n), n_all);
			assert_int_equal(stats_null_rank_sum(&null, n, m), 0);
			assert_int_equal(null.top, n * m);
			for (unsigned k = 0; k <= n * m; k++) {
				n_below += count[k];
				assert_close(null.cdf[k], (double)n_below / n_all);
			}
		}
	}
}

static void test_signed_rank_by_enumeration(void **state)
{
	auto_null struct stats_null null = { 0 };

	(void)state;
	for (unsigned n = 1; n <= 12; n++) {
		unsigned count[128] = { 0 }, n_below = 0;

		for (unsigned set = 0; set < 1u << n; set++) {
			unsigned w = 0;

			for (unsigned i = 0; i < n; i++)
				w += set >> i & 1 ? i + 1 : 0;
			count[w]++;
		}
		assert_int_equal(stats_null_signed_rank(&null, n), 0);
		assert_int_equal(null.top, n * (n + 1) / 2);
		for (unsigned k = 0; k <= null.top; k++) {
			n_below += count[k];
			assert_close(null.cdf[k], (double)n_below / (1u << n));
		}
	}
}

/* Largest value with P <= 0.025, as statistical tables print it for 5 % two-sided. */
static void test_published_tables(void **state)
{
	static const struct {
		size_t n, m, critical; /* m 0: signed rank */
	} rows[] = {
		{ 5, 5, 2 },    { 8, 10, 17 },   { 10, 10, 23 }, { 15, 15, 64 },
		{ 10, 20, 55 }, { 20, 20, 127 }, { 6, 0, 0 },    { 10, 0, 8 },
		{ 15, 0, 25 },  { 20, 0, 52 },   { 25, 0, 89 },  { 30, 0, 137 },
	};
	auto_null struct stats_null null = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].m)
			assert_int_equal(stats_null_rank_sum(&null, rows[i].n, rows[i].m), 0);
		else
			assert_int_equal(stats_null_signed_rank(&null, rows[i].n), 0);
		assert_true(null.cdf[rows[i].critical] <= 0.025);
		assert_true(null.cdf[rows[i].critical + 1] > 0.025);
	}
	assert_int_equal(stats_null_rank_sum(&null, 5, 5), 0);
	assert_close(null.cdf[2], 4 / 252.0);
	assert_int_equal(stats_null_signed_rank(&null, 6), 0);
	assert_close(null.cdf[0], 1 / 64.0);
}

/* Sizes no table has: rising, symmetric, the first few counts exact, near the normal one. */
static void check_large(const struct stats_null *null, double n_all, double sd)
{
	for (size_t k = 1; k <= null->top; k++) {
		assert_true(null->cdf[k] >= null->cdf[k - 1]);
		assert_close(null->cdf[k - 1] + null->cdf[null->top - k], 1);
	}
	assert_true(null->cdf[null->top] == 1);
	assert_true(fabs(null->cdf[0] * n_all - 1) < 1e-9);
	assert_true(fabs(null->cdf[3] * n_all - (null->m ? 7 : 5)) < 1e-8);
	for (double z = -3; z <= 3; z += 0.5) {
		const double k = floor((double)null->top / 2 + z * sd);
		const double at = (k + 0.5 - (double)null->top / 2) / sd;

		assert_true(fabs(null->cdf[(size_t)k] - erfc(-at / sqrt(2)) / 2) < 5e-4);
	}
}

static void test_large(void **state)
{
	auto_null struct stats_null null = { 0 };
	const double n = STATS_UNITS_MAX;

	(void)state;
	assert_int_equal(stats_null_rank_sum(&null, STATS_UNITS_MAX, STATS_UNITS_MAX), 0);
	check_large(&null, stats_choose(2 * STATS_UNITS_MAX, STATS_UNITS_MAX),
		    sqrt(n * n * (2 * n + 1) / 12));
	assert_int_equal(stats_null_signed_rank(&null, STATS_UNITS_MAX), 0);
	check_large(&null, ldexp(1, STATS_UNITS_MAX), sqrt(n * (n + 1) * (2 * n + 1) / 24));
}

static void test_kept_and_either_way_round(void **state)
{
	auto_null struct stats_null null = { 0 };
	const double *kept;

	(void)state;
	assert_int_equal(stats_null_rank_sum(&null, 3, 9), 0);
	kept = null.cdf;
	assert_int_equal(stats_null_rank_sum(&null, 9, 3), 0);
	assert_ptr_equal(null.cdf, kept);
	assert_int_equal(stats_null_signed_rank(&null, 3), 0);
	assert_int_equal(null.top, 6);
	assert_int_equal(stats_null_rank_sum(&null, 3, 3), 0);
	assert_int_equal(null.top, 9);
}

static void test_refused(void **state)
{
	auto_null struct stats_null null = { 0 };

	(void)state;
	assert_int_equal(stats_null_rank_sum(&null, 0, 5), -EINVAL);
	assert_int_equal(stats_null_rank_sum(&null, 5, 0), -EINVAL);
	assert_int_equal(stats_null_rank_sum(&null, 1, STATS_UNITS_MAX + 1), -E2BIG);
	assert_int_equal(stats_null_rank_sum(&null, SIZE_MAX, 2), -E2BIG);
	assert_int_equal(stats_null_signed_rank(&null, 0), -EINVAL);
	assert_int_equal(stats_null_signed_rank(&null, SIZE_MAX), -E2BIG);
	assert_null(null.cdf);
}

static void test_choose(void **state)
{
	(void)state;
	assert_true(stats_choose(0, 0) == 1);
	assert_true(stats_choose(5, 6) == 0);
	assert_true(stats_choose(11, 3) == 165);
	assert_true(stats_choose(40, 20) == 137846528820.0);
	assert_true(stats_choose(1000000, 1) == 1000000);
	assert_true(isinf(stats_choose(100000, 50000)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rank_sum_by_enumeration),
		cmocka_unit_test(test_signed_rank_by_enumeration),
		cmocka_unit_test(test_published_tables),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_kept_and_either_way_round),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_choose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
