/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/stats_rank.h"
#include "analyze/stats_size.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

#define HOLM_6 (0.05 / 6)

static void test_normal(void **state)
{
	static const double p[] = { 1e-9, 0.001, 0.025, 0.05, 0.5, 0.8, 0.95, 0.999 };

	(void)state;
	assert_true(fabs(stats_normal_cdf(1.959963984540054) - 0.975) < 1e-15);
	assert_true(fabs(stats_normal_quantile(0.95) - 1.6448536269514722) < 1e-12);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		assert_true(fabs(stats_normal_cdf(stats_normal_quantile(p[i])) - p[i]) < 1e-14);
}

static void test_can_reach(void **state)
{
	const struct stats_plan sides = { .sd = 1, .level = HOLM_6, .power = 0.8 };
	const struct stats_plan pairs = { .sd = 1, .level = 0.05, .power = 0.8, .is_paired = true };

	(void)state;
	assert_true(stats_can_reach(&sides, 7, 3)); /* 120 >= 120 */
	assert_false(stats_can_reach(&sides, 6, 3));
	assert_false(stats_can_reach(&sides, 20, 1));
	assert_true(stats_can_reach(&pairs, 5, 0));
	assert_false(stats_can_reach(&pairs, 4, 0));
	assert_true(stats_can_reach(&pairs, SIZE_MAX, 0));
	assert_false(stats_can_reach(&sides, 0, 0));
}

/* The share of simulated comparisons that find it. */
static double simulated(const struct stats_plan *plan, size_t n, double distance)
{
	const unsigned n_runs = 2000;
	auto_null struct stats_null null = { 0 };
	struct stats_random r;
	unsigned n_found = 0;

	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < n_runs; i++) {
		double a[32], b[32], p = 1;
		const struct stats_arm before = { a, n }, after = { b, n };

		for (size_t k = 0; k < n; k++) {
			a[k] = plan->sd * noise_normal(&r);
			b[k] = plan->sd * noise_normal(&r) + distance;
		}
		if (plan->is_paired)
			assert_int_equal(stats_signed_rank(&after, false, 0, &p), 0);
		else
			assert_int_equal(stats_rank_sum(&null, &before, &after, 0, STATS_ALONE, &p),
					 0);
		n_found += p <= plan->level;
	}
	return n_found / (double)n_runs;
}

/* Three spreads of the simulation are 0.034. */
static void test_power_as_simulated(void **state)
{
	static const double distances[] = { 0, 0.5, 1, 1.5, 2 };
	static const size_t sizes[] = { 10, 20 };

	(void)state;
	for (unsigned is_paired = 0; is_paired < 2; is_paired++) {
		const struct stats_plan plan = { 1, HOLM_6, 0.8, is_paired };

		for (size_t i = 0; i < ARRAY_SIZE(distances) * ARRAY_SIZE(sizes); i++) {
			const double distance = distances[i / 2];
			const size_t n = sizes[i % 2];
			const double got = stats_power(&plan, n, n, distance);
			const double expected = simulated(&plan, n, distance);

			if (!(fabs(got - expected) < (is_paired ? 0.13 : 0.06)))
				fail_msg("%zu units, %g away: %g, simulated %g", n, distance, got,
					 expected);
		}
	}
}

/* So many do, one less does not; visible is where the power is reached. */
static void test_needed_and_visible_agree(void **state)
{
	(void)state;
	for (unsigned is_paired = 0; is_paired < 2; is_paired++) {
		const struct stats_plan plan = { 0.3, HOLM_6, 0.8, is_paired };
		size_t last = STATS_SIZE_MAX;

		for (double distance = 0.05; distance < 2; distance += 0.05) {
			const size_t n = stats_units_needed(&plan, distance);

			assert_in_range(n, 5, last);
			last = n;
			assert_true(stats_power(&plan, n, n, distance) >= 0.8);
			assert_true(stats_power(&plan, n - 1, n - 1, distance) < 0.8);
			assert_true(stats_visible_distance(&plan, n, n) <= distance + 1e-6);
			assert_true(stats_visible_distance(&plan, n - 1, n - 1) > distance);
		}
	}
}

static void test_edges(void **state)
{
	struct stats_plan plan = { .sd = 0, .level = HOLM_6, .power = 0.8 };

	(void)state;
	/* Without spread only what the exact test can reach matters: C(10, 5) = 252. */
	assert_int_equal(stats_units_needed(&plan, 0.1), 5);
	assert_true(stats_visible_distance(&plan, 5, 5) < 1e-9);
	assert_true(isinf(stats_visible_distance(&plan, 3, 3)));
	assert_true(isinf(stats_visible_distance(&plan, 0, 9)));
	assert_true(isinf(stats_visible_distance(&plan, 9, 0)));
	assert_int_equal(stats_units_needed(&plan, 0), 0);
	assert_int_equal(stats_units_needed(&plan, -1), 0);
	plan.sd = 50;
	assert_int_equal(stats_units_needed(&plan, 0.1), 0);
	plan.is_paired = true;
	assert_int_equal(stats_units_needed(&plan, 0.1), 0);
	assert_true(isinf(stats_visible_distance(&plan, 0, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_can_reach),
		cmocka_unit_test(test_power_as_simulated),
		cmocka_unit_test(test_needed_and_visible_agree),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
