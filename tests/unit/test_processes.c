/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/processes.c tests/lib/tree.c */
#include "probes/processes.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

static void test_list(void **state)
{
	const struct tree *tree = *state;
	static const char *const names[] = {
		"12", "1", "2", "self", "0", "4294967296", "7x", " 8"
	};
	auto_processes struct processes list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "proc/%s", names[i]) > 0);
		tree_dir(tree, path);
	}
	assert_int_equal(processes_list(&tree->root, "/proc", &list), 0);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.pids[0], 1);
	assert_int_equal(list.pids[1], 2);
	assert_int_equal(list.pids[2], 12);
	assert_false(list.is_partial);
}

static void test_partial(void **state)
{
	const struct tree *tree = *state;
	auto_processes struct processes list = { 0 };
	struct processes untouched = { 0 };

	assert_int_equal(processes_list(&tree->root, "/proc", &untouched), -ENOENT);
	assert_null(untouched.pids);
	tree_dir(tree, "proc/12");
	assert_int_equal(processes_list(&tree->root, "/proc", &list), 0);
	assert_int_equal(list.n, 1);
	assert_true(list.is_partial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_list, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(test_partial, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
