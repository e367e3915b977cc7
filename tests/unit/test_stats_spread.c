/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_spread.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static double spread(const double *v, size_t n)
{
	const struct stats_arm arm = { v, n };
	double sd = -1;

	assert_int_equal(stats_spread(&arm, 1, &sd), 0);
	return sd;
}

static void assert_close(double got, double expected, double error)
{
	if (!(fabs(got - expected) <= error))
		fail_msg("%.9g, expected %.9g", got, expected);
}

static void test_by_hand(void **state)
{
	static const double v[] = { 1, 2, 4 }; /* distances 1 2 3 */
	static const double w[] = { 10, 17 };  /* and 7 */
	const struct stats_arm both[] = { { v, 3 }, { w, 2 }, { w, 1 }, { w, 0 } };
	double sd = -1;

	(void)state;
	assert_close(spread(v, 3), 2 * 1.0483, 1e-12);
	assert_int_equal(stats_spread(both, 4, &sd), 0);
	assert_close(sd, 2.5 * 1.0483, 1e-12);
	assert_close(spread((double[]){ 5, 5, 5, 5 }, 4), 0, 0);
}

static void test_none(void **state)
{
	static const double v[] = { 1, 2 };
	const struct stats_arm single[] = { { v, 1 }, { v + 1, 1 }, { v, 0 } };
	double sd = -1;

	(void)state;
	assert_int_equal(stats_spread(single, 3, &sd), -ENODATA);
	assert_int_equal(stats_spread(NULL, 0, &sd), -ENODATA);
	assert_true(sd == -1);
}

/* The spread of normal values; a quarter of outliers does not double it. */
static void test_normal_and_outliers(void **state)
{
	struct stats_random r;
	double v[200], clean;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 200; i++)
		v[i] = 7 + 3 * noise_normal(&r);
	clean = spread(v, 200);
	assert_close(clean, 3, 0.5);
	for (unsigned i = 0; i < 50; i++)
		v[i] = 1e6 * i;
	assert_true(spread(v, 200) < 2.5 * clean);
}

static double floor_of(const double *v, size_t n)
{
	const struct stats_arm arm = { v, n };

	return stats_noise_floor(&arm);
}

static void test_noise_floor(void **state)
{
	static const double v[] = { 1, 2, 3 }; /* sd 1 */
	double many[30];

	(void)state;
	assert_true(floor_of(v, 0) == 0);
	assert_true(floor_of(v, 2) == 0);
	assert_close(floor_of(v, 3), 2.920 * sqrt(2), 1e-12);
	for (unsigned i = 0; i < 30; i++)
		many[i] = i % 2 ? 1 : -1;
	assert_close(floor_of(many, 20), 1.729 * sqrt(2 * 20 / 19.0), 1e-12);
	assert_close(floor_of(many, 30), 1.729 * sqrt(2 * 30 / 29.0), 1e-12);
}

/* A fresh session beyond the last one by more than the floor: 5 % of the time. */
static void test_noise_floor_level(void **state)
{
	struct stats_random r;
	unsigned n_beyond = 0;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 4000; i++) {
		const size_t n = 3 + i % 6;
		double v[8];

		for (size_t k = 0; k < n; k++)
			v[k] = noise_normal(&r);
		n_beyond += noise_normal(&r) - noise_normal(&r) > floor_of(v, n);
	}
	assert_in_range(n_beyond, 160, 241); /* 200, spread 14 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_normal_and_outliers),
		cmocka_unit_test(test_noise_floor),
		cmocka_unit_test(test_noise_floor_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
