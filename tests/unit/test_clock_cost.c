/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/clock_cost.c */
#include "probes/clock_cost.h"
#include "tests/lib/check.h"

static void test_values_are_per_call(void **state)
{
	struct hist *h = malloc(sizeof(*h));
	uint64_t n_per_value = 0;

	(void)state;
	assert_non_null(h);
	clock_cost_measure(h, &n_per_value);
	assert_true(n_per_value == 64 || n_per_value == 8);
	/* A p99 can be shown. */
	assert_true(hist_can_show(h, 990000));
	assert_true(h->n <= 4000);
	/* No machine reads a clock in under a nanosecond. */
	assert_true(h->min_ns > 0);
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_per_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
