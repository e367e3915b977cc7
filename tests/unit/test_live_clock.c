/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include "probes/trace/live_clock.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

#define SELF "proc/self/"

static void test_shift(void **state)
{
	static const struct {
		const char *children, *text;
		uint64_t ns;
	} cases[] = {
		{ "time:[1]", "monotonic           0         0\nboottime            0         0\n",
		  0 },
		{ "time:[1]", "monotonic        5000         7\nboottime           10         0\n",
		  5000 * NS_PER_S + 7 },
		{ "time:[1]", "boottime  1 2\nmonotonic  -2 999999999\n",
		  UINT64_MAX - NS_PER_S }, /* 1.000000001 s behind */
		{ "time:[2]", "monotonic        5000         7\n", 0 },
		{ "time:[1]", "", 0 },
		{ "time:[1]", "monotonic\n", 0 },
		{ "time:[1]", "monotonic 5\n", 0 },
		{ "time:[1]", "monotonic x 5\n", 0 },
		{ "time:[1]", "monotonically 5 5\n", 0 },
	};
	struct tree *t = *state;

	tree_link(t, "time:[1]", SELF "ns/time");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		tree_link(t, cases[i].children, SELF "ns/time_for_children");
		tree_file(t, SELF "timens_offsets", cases[i].text);
		assert_int_equal(live_clock_shift_ns(&t->root), cases[i].ns);
		unlinkat(t->fd, SELF "ns/time_for_children", 0);
	}
}

static void test_old_kernel(void **state)
{
	struct tree *t = *state;

	assert_int_equal(live_clock_shift_ns(&t->root), 0);
	tree_link(t, "time:[1]", SELF "ns/time");
	tree_link(t, "time:[1]", SELF "ns/time_for_children");
	assert_int_equal(live_clock_shift_ns(&t->root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_shift, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(test_old_kernel, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
