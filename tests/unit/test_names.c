/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include <string.h>
#include <sys/stat.h>

#include "core/sysroot.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

static void check_names(const struct sysroot *root, const char *path, const char *const *want,
			size_t n_want)
{
	char **names = NULL;
	size_t n = 77;

	assert_int_equal(sysroot_list(root, &names, &n, "%s", path), 0);
	assert_int_equal(n, n_want);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(names[i], want[i]);
	names_free(names, n);
}

static void test_list(void **state)
{
	static const char *const made[] = { "sys/cpu/cpu0", "sys/cpu/cpu2", "sys/cpu/cpu10",
					    "sys/cpu/cpu1", "empty" };
	static const char *const cpus[] = { "cpu0", "cpu1", "cpu2", "cpu10" };
	static const struct {
		const char *path;
		int r;
	} bad[] = {
		{ "/missing", -ENOENT }, { "/proc/max", -ENOTDIR }, { "/loop", -ELOOP },
		{ "/fifo", -EINVAL },    { "sys", -EINVAL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		tree_dir(tree, made[i]);
	tree_file(tree, "proc/max", "");
	tree_link(tree, "/", "top");
	tree_link(tree, "loop", "loop");
	assert_int_equal(mkfifoat(tree->fd, "fifo", 0644), 0);
	check_names(&tree->root, "/sys/cpu", cpus, ARRAY_SIZE(cpus));
	check_names(&tree->root, "/top/sys/cpu/", cpus, ARRAY_SIZE(cpus));
	check_names(&tree->root, "/empty", NULL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char **names = NULL;
		size_t n = 77;

		assert_int_equal(sysroot_list(&tree->root, &names, &n, "%s", bad[i].path),
				 bad[i].r);
		assert_null(names);
		assert_int_equal(n, 77);
	}
	names_free(NULL, 0);
}

static void test_list_order(void **state)
{
	static const char *const sorted[] = {
		"0",
		"0000:00:02.0",
		"0000:00:10.0",
		"0000:01:00.0",
		"2",
		"10",
		"99999999999999999999998",
		"99999999999999999999999",
		"100000000000000000000000",
		"A",
		"a",
		"cpu",
		"cpu0",
		"cpu01",
		"cpu1",
		"cpu1x",
		"cpu02",
		"cpu2",
		"cpu2x9",
		"cpu2x10",
		"cpu10",
		"cpufreq",
		"eth00",
		"eth0.1",
		"eth0.20",
		"\xc3\xa9",
	};
	const struct tree *tree = *state;

	/* Made in an order that is neither theirs nor its reverse. */
	for (size_t i = 0; i < ARRAY_SIZE(sorted); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "sort/%s", sorted[i * 7 % ARRAY_SIZE(sorted)]) > 0);
		tree_file(tree, path, "");
	}
	check_names(&tree->root, "/sort", sorted, ARRAY_SIZE(sorted));
}

/* As many names as there may be, then one more. Links to one file are cheaper than files. */
static void test_list_bound(void **state)
{
	enum { N_MAX = 65536 };
	const struct tree *tree = *state;
	char **names = NULL;
	size_t n = 0;

	tree_file(tree, "many/n", "");
	for (unsigned i = 1; i < N_MAX; i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "many/n%u", i) > 0);
		if (symlinkat("n", tree->fd, path) < 0)
			skip(); /* no room for so many names here */
	}
	assert_int_equal(sysroot_list(&tree->root, &names, &n, "/many"), 0);
	assert_int_equal(n, N_MAX);
	assert_string_equal(names[N_MAX - 1], "n65535");
	names_free(names, n);
	names = NULL;
	tree_file(tree, "many/one more", "");
	assert_int_equal(sysroot_list(&tree->root, &names, &n, "/many"), -EFBIG);
	assert_null(names);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(test_list),
		WITH_TREE(test_list_order),
		WITH_TREE(test_list_bound),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
