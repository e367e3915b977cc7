/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/cpu_steal.c tests/lib/tree.c */
#include "probes/cpu_steal.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

static struct fact_u64 between(const struct fact_pairs *a, const struct fact_pairs *b, unsigned cpu)
{
	struct fact_u64 f = { 0 };

	cpu_steal_between(a, b, cpu, &f);
	return f;
}

static void test_steal(void **state)
{
	const uint64_t tick_ns = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);
	const struct tree *tree = *state;
	struct fact_pairs before, after;
	auto_arena struct arena a = { 0 };
	struct cpus cpus = { 0 };

	cpus_add(&cpus, 1);
	cpus_add(&cpus, 2);
	assert_int_equal(cpu_steal_read(&tree->root, &cpus, &a, &before), 0);
	assert_false(before.known);
	assert_false(between(&before, &before, 1).known);
	tree_file(tree, "proc/stat",
		  "cpu  1 2 3 4 5 6 7 50 0 0\ncpu0 1 2 3 4 5 6 7 30 0 0\n"
		  "cpu1 1 2 3 4 5 6 7 8 0 0\ncpu2 1 2 3 4 5 6 7 12 0 0\nintr 5\n");
	assert_int_equal(cpu_steal_read(&tree->root, &cpus, &a, &before), 0);
	assert_int_equal(before.n, 2);
	tree_file(tree, "proc/stat", "cpu1 1 2 3 4 5 6 7 11 0 0\ncpu2 1 2 3 4 5 6 7 11 0 0\n");
	assert_int_equal(cpu_steal_read(&tree->root, &cpus, &a, &after), 0);
	assert_int_equal(between(&before, &after, 1).v, 3 * tick_ns);
	/* it stepped back */
	assert_true(between(&before, &after, 2).known);
	assert_int_equal(between(&before, &after, 2).v, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_steal, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
