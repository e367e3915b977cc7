/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_random.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

/* The values of the authors' own xoshiro256starstar.c for this state. */
static void test_reference_values(void **state)
{
	static const uint64_t expected[] = { 11520,
					     0,
					     1509978240,
					     UINT64_C(1215971899390074240),
					     UINT64_C(1216172134540287360),
					     UINT64_C(607988272756665600) };
	struct stats_random r = { { 1, 2, 3, 4 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_int_equal(stats_random_next(&r), expected[i]);
}

/* And of splitmix64.c for seed 0, which fills the state. */
static void test_seed(void **state)
{
	struct stats_random a, b, c;

	(void)state;
	stats_random_seed(&a, 0);
	assert_int_equal(a.state[0], UINT64_C(0xe220a8397b1dcdaf));
	assert_int_equal(a.state[1], UINT64_C(0x6e789e6aa1b965f4));
	stats_random_seed(&b, 0);
	stats_random_seed(&c, 1);
	assert_int_equal(stats_random_next(&a), stats_random_next(&b));
	assert_int_not_equal(stats_random_next(&a), stats_random_next(&c));
}

static void test_below(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 3, 7, 1000, UINT32_C(0x80000001), UINT32_MAX };
	struct stats_random r;
	unsigned count[7] = { 0 };

	(void)state;
	stats_random_seed(&r, 1);
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (unsigned i = 0; i < 1000; i++)
			assert_true(stats_random_below(&r, sizes[s]) < sizes[s]);
	}
	for (unsigned i = 0; i < 70000; i++)
		count[stats_random_below(&r, 7)]++;
	for (size_t i = 0; i < ARRAY_SIZE(count); i++)
		assert_in_range(count[i], 9600, 10400); /* 10000, spread 93 */
}

static void test_unit(void **state)
{
	struct stats_random r;
	double sum = 0;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 100000; i++) {
		const double x = noise_unit(&r);

		assert_true(x >= 0 && x < 1);
		sum += x;
	}
	assert_true(sum > 49500 && sum < 50500); /* spread 91 */
}

/* Each of the six orders of three as often as the other. */
static void test_shuffle(void **state)
{
	unsigned count[8] = { 0 };
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < 60000; i++) {
		double v[] = { 1, 2, 3 };

		stats_random_shuffle(&r, v, 3);
		assert_true(v[0] + v[1] + v[2] == 6 && v[0] * v[1] * v[2] == 6);
		count[(v[0] < v[1]) + 2 * (v[1] < v[2]) + 4 * (v[0] < v[2])]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(count); i++) {
		if (i == 3 || i == 4) /* a < b < c < a */
			assert_int_equal(count[i], 0);
		else
			assert_in_range(count[i], 9600, 10400);
	}
	stats_random_shuffle(&r, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_values),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_shuffle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
