/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_drift.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

static struct stats_drift drift_of(const struct stats_arm *series, size_t n)
{
	struct stats_drift d, again;

	assert_int_equal(stats_drift(series, n, &d), 0);
	assert_int_equal(stats_drift(series, n, &again), 0);
	assert_true(d.p_trend == again.p_trend && d.p_lag == again.p_lag);
	assert_true(d.p_trend > 0 && d.p_trend <= 1 && d.p_lag > 0 && d.p_lag <= 1);
	return d;
}

static void test_still(void **state)
{
	static const double v[] = { 3, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 5.8 };
	const struct stats_arm series = { v, 10 };
	const struct stats_drift d = drift_of(&series, 1);

	(void)state;
	assert_false(stats_has_drifted(&d));
}

/* Six in order: 2 of 720 are; as many of both directions. */
static void test_rising_and_falling(void **state)
{
	static const double up[] = { 1, 2, 3, 4, 5, 6 }, down[] = { 9, 8, 7, 6, 5, 4 };
	const struct stats_arm rising = { up, 6 }, falling = { down, 6 };
	const struct stats_drift a = drift_of(&rising, 1), b = drift_of(&falling, 1);

	(void)state;
	assert_true(stats_has_drifted(&a) && stats_has_drifted(&b));
	/* Of some 2000 draws five or six: spread 0.0012. */
	assert_true(fabs(a.p_trend - 2 / 720.0) < 0.0036);
	assert_true(fabs(b.p_trend - 2 / 720.0) < 0.0036);
}

/* No trend, yet neighbours are alike. */
static void test_waves(void **state)
{
	static const double v[] = { 1, 2, 3, 4, 5, 6, 5.5, 4.5, 3.5, 2.5, 1.5, 0.5 };
	const struct stats_arm series = { v, 12 };
	const struct stats_drift d = drift_of(&series, 1);

	(void)state;
	assert_true(d.p_trend > 0.2);
	assert_true(d.p_lag < STATS_DRIFT_LEVEL);
	assert_true(stats_has_drifted(&d));
}

/* A change from side to side is none; too few, or all equal, show none. */
static void test_no_drift(void **state)
{
	static const double low[] = { 3, 1, 4, 1.5, 5 }, high[] = { 103, 101, 104, 101.5, 105 };
	static const double same[50] = { 0 };
	static const double pair[] = { 1, 2 };
	const struct stats_arm change[] = { { low, 5 }, { high, 5 } };
	const struct stats_arm equal[] = { { same, 50 }, { same, 0 }, { same, 1 } };
	const struct stats_arm few[] = { { pair, 2 }, { pair, 2 }, { pair, 2 }, { pair, 2 },
					 { pair, 2 }, { pair, 2 }, { pair, 2 }, { pair, 2 } };
	struct stats_drift d = drift_of(change, 2);

	(void)state;
	assert_false(stats_has_drifted(&d));
	d = drift_of(equal, 3);
	assert_true(d.p_trend == 1 && d.p_lag == 1);
	d = drift_of(few, 8);
	assert_true(d.p_trend == 1 && d.p_lag == 1);
	d = drift_of(NULL, 0);
	assert_true(d.p_trend == 1 && d.p_lag == 1);
}

/* What one series hardly shows, two show together. */
static void test_series_add_up(void **state)
{
	static const double v[] = { 2, 1, 3, 4, 6, 5 }, w[] = { 1, 3, 2, 5, 4, 6 };
	const struct stats_arm series[] = { { v, 6 }, { w, 6 } };
	const struct stats_drift one = drift_of(series, 1), two = drift_of(series, 2);

	(void)state;
	assert_false(one.p_trend < STATS_DRIFT_LEVEL);
	assert_true(two.p_trend < STATS_DRIFT_LEVEL);
}

/* A machine that holds still is called drifting in at most 2 %. */
static void test_level_and_power(void **state)
{
	unsigned n_still = 0, n_trend = 0, n_walk = 0;
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 1000; i++) {
		double still[20], trend[20], walk[20], at = 0;
		const struct stats_arm a[] = { { still, 10 }, { still + 10, 10 } };
		const struct stats_arm b[] = { { trend, 10 }, { trend + 10, 10 } };
		const struct stats_arm c[] = { { walk, 10 }, { walk + 10, 10 } };
		struct stats_drift d;

		for (unsigned k = 0; k < 20; k++) {
			still[k] = noise_normal(&r);
			trend[k] = noise_normal(&r) + 0.4 * k;
			at = 0.8 * at + 0.6 * noise_normal(&r);
			walk[k] = at;
		}
		assert_int_equal(stats_drift(a, 2, &d), 0);
		n_still += stats_has_drifted(&d);
		if (i >= 100)
			continue;
		assert_int_equal(stats_drift(b, 2, &d), 0);
		n_trend += stats_has_drifted(&d);
		assert_int_equal(stats_drift(c, 2, &d), 0);
		n_walk += stats_has_drifted(&d);
	}
	assert_in_range(n_still, 1, 20 + 3 * 5);
	assert_in_range(n_trend, 90, 100);
	assert_in_range(n_walk, 30, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_still),         cmocka_unit_test(test_rising_and_falling),
		cmocka_unit_test(test_waves),         cmocka_unit_test(test_no_drift),
		cmocka_unit_test(test_series_add_up), cmocka_unit_test(test_level_and_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
