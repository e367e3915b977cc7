/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/cpu_times.h"
#include "tests/lib/check.h"

static void test_lines_of_cpus(void **state)
{
	struct text t = text_of("cpu  18821 1 17150 673078 2755 3 286 29 2 0\n"
				"cpu0 100 2 30 4000 50 6 7 8 90 1\n"
				"cpu11 1 1 1 1 1 1 1 0 0 0\n"
				"intr 948810 0 0\nctxt 1\nbtime 2\n");
	struct cpu_times c;

	(void)state;
	assert_true(cpu_times_next(&t, &c));
	assert_int_equal(c.cpu, 0);
	/* guest 90 is part of user 100. */
	assert_int_equal(c.busy, 100 + 2 + 30 + 6 + 7 + 8);
	assert_int_equal(c.steal, 8);
	assert_true(cpu_times_next(&t, &c));
	assert_int_equal(c.cpu, 11);
	assert_int_equal(c.busy, 5);
	assert_int_equal(c.steal, 0);
	assert_false(cpu_times_next(&t, &c));
}

static void test_odd_lines_are_passed_over(void **state)
{
	static const char *const odd[] = {
		"",
		"cpu",
		"cpu0",
		"cpu0 1 2 3",
		"cpu0 1 2 x 4 5 6 7 8",
		"cpu0 1 2 -3 4 5 6 7 8",
		"cpux 1 2 3 4 5 6 7 8",
		"cpu8192 1 2 3 4 5 6 7 8",
		"cpu99999999999999999999 1 2 3 4 5 6 7 8",
		"cpu0 18446744073709551615 1 1 1 1 1 1 1",
		"cpufreq 1 2 3 4 5 6 7 8",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char buf[200];
		struct text t;
		struct cpu_times c;

		snprintf(buf, sizeof(buf), "%s\ncpu7 1 1 1 5 5 1 1 3\n", odd[i]);
		t = text_of(buf);
		assert_true(cpu_times_next(&t, &c));
		assert_int_equal(c.cpu, 7);
		assert_int_equal(c.busy, 8);
		assert_false(cpu_times_next(&t, &c));
	}
}

static void test_old_kernels_have_fewer_columns(void **state)
{
	struct text t = text_of("cpu3 1 2 3 4");
	struct cpu_times c;

	(void)state;
	assert_true(cpu_times_next(&t, &c));
	assert_int_equal(c.cpu, 3);
	assert_int_equal(c.busy, 6);
	assert_int_equal(c.steal, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_of_cpus),
		cmocka_unit_test(test_odd_lines_are_passed_over),
		cmocka_unit_test(test_old_kernels_have_fewer_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
