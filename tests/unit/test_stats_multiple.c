/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_multiple.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static void assert_all_close(const double *got, const double *expected, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!(fabs(got[i] - expected[i]) <= 1e-12))
			fail_msg("%zu: %.17g, expected %.17g", i, got[i], expected[i]);
	}
}

static void test_holm(void **state)
{
	static const double p[] = { 0.01, 0.04, 0.03, 0.005 };
	static const double q[] = { 0.03, 0.06, 0.06, 0.02 };
	static const double large[] = { 0.9, 0.5, 0.9 }, ones[] = { 1, 1, 1 };
	double got[4];

	(void)state;
	assert_int_equal(stats_holm(p, 4, got), 0);
	assert_all_close(got, q, 4);
	assert_int_equal(stats_holm(large, 3, got), 0);
	assert_all_close(got, ones, 3);
	assert_int_equal(stats_holm(p, 1, got), 0);
	assert_all_close(got, p, 1);
	assert_int_equal(stats_holm(NULL, 0, NULL), 0);
}

/* The fifteen p of section 3.1 of the paper: the four smallest are found at 5 %, by Holm three. */
static void test_benjamini_hochberg_1995(void **state)
{
	static const double p[] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
				    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000 };
	double q[ARRAY_SIZE(p)], holm[ARRAY_SIZE(p)];

	(void)state;
	assert_int_equal(stats_benjamini_hochberg(p, ARRAY_SIZE(p), q), 0);
	assert_int_equal(stats_holm(p, ARRAY_SIZE(p), holm), 0);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		assert_int_equal(q[i] <= 0.05, i < 4);
		assert_int_equal(holm[i] <= 0.05, i < 3);
	}
	assert_true(fabs(q[3] - 0.0095 * 15 / 4) < 1e-12);
	assert_true(q[14] == 1);
	assert_int_equal(stats_benjamini_hochberg(NULL, 0, NULL), 0);
}

/* Whatever the order; in place too; never below p, BH never above Holm, and both keep the order. */
static void test_laws(void **state)
{
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 200; i++) {
		const size_t n = 1 + stats_random_below(&r, 12);
		double p[12], holm[12], bh[12], place[12];

		for (size_t k = 0; k < n; k++)
			place[k] = p[k] = (1 + stats_random_below(&r, 50)) / 500.0;
		assert_int_equal(stats_holm(p, n, holm), 0);
		assert_int_equal(stats_benjamini_hochberg(p, n, bh), 0);
		assert_int_equal(stats_holm(place, n, place), 0);
		assert_all_close(place, holm, n);
		for (size_t k = 0; k < n; k++) {
			assert_true(bh[k] >= p[k] && holm[k] >= bh[k] && holm[k] <= 1);
			for (size_t l = 0; l < n; l++) {
				if (p[k] <= p[l])
					assert_true(holm[k] <= holm[l] && bh[k] <= bh[l]);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_benjamini_hochberg_1995),
		cmocka_unit_test(test_laws),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
