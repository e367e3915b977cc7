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

/* As tables print it. */
static void test_t(void **state)
{
	static const struct {
		size_t df;
		double p, t;
	} rows[] = {
		{ 1, 0.95, 6.314 },   { 2, 0.95, 2.920 },   { 3, 0.95, 2.353 },
		{ 4, 0.95, 2.132 },   { 7, 0.95, 1.895 },   { 19, 0.95, 1.729 },
		{ 30, 0.95, 1.697 },  { 120, 0.95, 1.658 }, { 1, 0.999, 318.3 },
		{ 2, 0.999, 22.327 }, { 5, 0.999, 5.893 },  { 10, 0.975, 2.228 },
		{ 4, 0.5, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_close(stats_t_quantile(rows[i].p, rows[i].df), rows[i].t,
			     rows[i].t > 100 ? 0.05 : 0.0005);
	/* Two degrees: t = (2p - 1) / sqrt(2p (1 - p)), far out too. */
	assert_close(stats_t_quantile(1 - 5e-6, 2), (1 - 1e-5) / sqrt(2 * 5e-6 * (1 - 5e-6)), 1e-5);
}

static double floor_of(const double *v, size_t n, double level, size_t n_before, size_t n_after)
{
	const struct stats_arm arm = { v, n };

	return stats_noise_floor(&arm, level, n_before, n_after);
}

static void test_noise_floor(void **state)
{
	static const double v[] = { 1, 2, 3 }; /* sd 1 */
	double many[30];

	(void)state;
	assert_true(floor_of(v, 0, 0.05, 1, 1) == 0);
	assert_true(floor_of(v, 2, 0.05, 1, 1) == 0);
	assert_close(floor_of(v, 3, 0.05, 1, 1), 2.9199856 * sqrt(2), 1e-6);
	assert_close(floor_of(v, 3, 0.05, 8, 1), 2.9199856 * sqrt(1.125), 1e-6);
	assert_close(floor_of(v, 3, 0.05, 2, 4), 2.9199856 * sqrt(0.75), 1e-6);
	assert_close(floor_of(v, 3, 0.01, 1, 1), 6.9645567 * sqrt(2), 1e-6);
	for (unsigned i = 0; i < 30; i++)
		many[i] = i % 2 ? 1 : -1;
	assert_close(floor_of(many, 20, 0.05, 1, 1), 1.7291328 * sqrt(2 * 20 / 19.0), 1e-6);
}

/* Fresh sessions beyond others by more than the floor: as often as the level says. */
static void test_noise_floor_level(void **state)
{
	static const struct {
		double level;
		size_t n_before, n_after;
		unsigned least, most; /* of 6000, three spreads */
	} rows[] = {
		{ 0.05, 1, 1, 250, 350 },
		{ 0.05, 3, 1, 250, 350 },
		{ 0.05 / 6, 1, 1, 30, 71 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		unsigned n_beyond = 0;
		struct stats_random r;

		stats_random_seed(&r, 1);
		for (unsigned i = 0; i < 6000; i++) {
			const size_t n = 3 + i % 6;
			double v[8], before = 0;

			for (size_t s = 0; s < n; s++)
				v[s] = noise_normal(&r);
			for (size_t s = 0; s < rows[k].n_before; s++)
				before += noise_normal(&r) / (double)rows[k].n_before;
			n_beyond +=
				noise_normal(&r) - before >
				floor_of(v, n, rows[k].level, rows[k].n_before, rows[k].n_after);
		}
		assert_in_range(n_beyond, rows[k].least, rows[k].most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_normal_and_outliers),
		cmocka_unit_test(test_t),
		cmocka_unit_test(test_noise_floor),
		cmocka_unit_test(test_noise_floor_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
