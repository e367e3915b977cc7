/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/contained.c probes/numbered.c tests/lib/tree.c */
#include <string.h>

#include "core/bundle.h"
#include "probes/contained.h"
#include "probes/numbered.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

#define CPU  "sys/devices/system/cpu"
#define NODE "sys/devices/system/node"

static const char *const dirs[] = { CPU, NODE };

/* What the kernel makes. */
static void make_sysfs(const struct tree *t)
{
	tree_file(t, CPU "/online", "0-1\n");
	tree_file(t, CPU "/cpu0/topology/core_cpus", "1\n");
	tree_file(t, CPU "/cpu1/topology/core_cpus", "2\n");
	tree_file(t, CPU "/cpufreq/policy0/affected_cpus", "0 1\n");
	tree_file(t, NODE "/node0/cpumap", "3\n");
	tree_file(t, "sys/devices/system/memory/memory32/state", "online\n");
	tree_dir(t, "sys/bus/cpu");
	tree_link(t, "../cpufreq/policy0", CPU "/cpu0/cpufreq");
	tree_link(t, "../../node/node0", CPU "/cpu0/node0");
	tree_link(t, "../../../../bus/cpu", CPU "/cpu0/subsystem");
	tree_link(t, "../../cpu/cpu0", NODE "/node0/cpu0");
	tree_link(t, "../../memory/memory32", NODE "/node0/memory32");
	tree_link(t, ".", NODE "/node0/node0");
}

static void test_sysfs(void **state)
{
	const struct tree *t = *state;
	char *path;

	make_sysfs(t);
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), 0);
	assert_null(path);
}

static void test_empty(void **state)
{
	const struct tree *t = *state;
	char *path;

	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), 0);
	assert_null(path);
}

static void test_links_out(void **state)
{
	static const struct {
		const char *target, *path;
	} cases[] = {
		{ "/sys/devices/system/cpu/cpu0", CPU "/cpu2" },
		{ "/sys/devices/system/cpu/cpu0/topology", CPU "/cpu2" },
		{ "../../../../../etc", CPU "/cpu2" },
		{ "../../../../../../../../../../proc/1/root", CPU "/cpu0/cache" },
		/* inside, but nobody looked at what is there */
		{ "../../../../elsewhere", CPU "/cpu2" },
		{ "../memory/memory32", CPU "/cpu2" },
		/* by way of another link, ".." is not what it looks like */
		{ "cpu0/node0/../../..", CPU "/cpu2" },
		{ "../node/node0/cpu0/cache", CPU "/cpu2" },
		/* looks like what stands for an error */
		{ BUNDLE_ERRORS "../../sys/devices/system/cpu", CPU "/cpu2" },
		{ BUNDLE_ERRORS, CPU "/cpu2" },
		/* a name that leads elsewhere by design, but not there */
		{ "/sys/bus/cpu", CPU "/cpu1/subsystem" },
		{ "../../../../../../bus", CPU "/cpu1/driver" },
		{ "/etc", NODE "/node0/deep/er/link" },
	};
	struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *path = NULL;

		make_sysfs(t);
		if (strstr(cases[i].path, "/deep/"))
			tree_dir(t, NODE "/node0/deep/er");
		tree_link(t, cases[i].target, cases[i].path);
		if (dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path) != -EXDEV)
			fail_msg("%s -> %s was let through", cases[i].path, cases[i].target);
		assert_non_null(path);
		assert_string_equal(path + 1, cases[i].path);
		tree_teardown(state);
		tree_setup(state);
		t = *state;
	}
}

/* The folder itself, or one above it. */
static void test_dir_is_link(void **state)
{
	static const struct {
		const char *target, *path, *above;
	} cases[] = {
		{ "/sys/devices/system/cpu", CPU, "sys/devices/system" },
		{ "/sys/devices/system", "sys/devices/system", "sys/devices" },
		{ "/sys", "sys", "" },
		{ "real", CPU, "sys/devices/system" },
	};
	struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *path = NULL;

		if (*cases[i].above)
			tree_dir(t, cases[i].above);
		tree_link(t, cases[i].target, cases[i].path);
		assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path),
				 -EXDEV);
		assert_string_equal(path, "/" CPU);
		tree_teardown(state);
		tree_setup(state);
		t = *state;
	}
}

/* What could not be read on the host, in a bundle. */
static void test_errors(void **state)
{
	struct tree *t = *state;
	auto_free char *guilty = NULL;
	char *path;

	make_sysfs(t);
	tree_link(t, BUNDLE_ERRORS "EBUSY", CPU "/cpufreq/policy0/scaling_governor");
	tree_link(t, BUNDLE_ERRORS "EACCES", "proc/cpuinfo");
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/cpuinfo"), 0);
	tree_dir(t, ".vfiobench/errors");
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &guilty), -EXDEV);
	assert_int_equal(path_is_contained(&t->root, "proc/cpuinfo"), -EXDEV);
	tree_teardown(state);
	tree_setup(state);
	t = *state;
	tree_link(t, BUNDLE_ERRORS "EACCES", NODE);
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), 0);
}

static void test_too_deep(void **state)
{
	const struct tree *t = *state;
	char *path;

	tree_dir(t, CPU "/1/2/3/4/5/6/7/8/9/10/11/12");
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), 0);
	tree_dir(t, CPU "/1/2/3/4/5/6/7/8/9/10/11/12/13");
	assert_int_equal(dirs_are_contained(&t->root, dirs, ARRAY_SIZE(dirs), &path), -E2BIG);
	assert_null(path);
}

static void test_path(void **state)
{
	const struct tree *t = *state;

	tree_file(t, "proc/cpuinfo", "processor: 0\n");
	tree_file(t, "proc/real/mounts", "");
	tree_link(t, "real/mounts", "proc/mounts");
	tree_link(t, "/proc/meminfo", "proc/meminfo");
	tree_link(t, "../../proc/stat", "proc/stat");
	tree_link(t, "loop", "proc/loop");
	assert_int_equal(path_is_contained(&t->root, "proc/cpuinfo"), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/mounts"), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/absent"), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/cpuinfo/absent"), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/loop"), 0);
	assert_int_equal(path_is_contained(&t->root, "proc/meminfo"), -EXDEV);
	assert_int_equal(path_is_contained(&t->root, "proc/stat"), -EXDEV);
}

static void test_numbered(void **state)
{
	const struct tree *t = *state;
	struct cpus set;

	assert_int_equal(numbered_entries(&t->root, "/d", "cpu", &set), -ENOENT);
	tree_dir(t, "d/cpu0");
	tree_dir(t, "d/cpu10");
	tree_dir(t, "d/cpu8191");
	tree_dir(t, "d/cpufreq");
	tree_dir(t, "d/cpu");
	tree_dir(t, "d/cpu3x");
	tree_dir(t, "d/node2");
	assert_int_equal(numbered_entries(&t->root, "/d", "cpu", &set), 0);
	assert_int_equal(cpus_count(&set), 3);
	assert_true(cpus_has(&set, 0) && cpus_has(&set, 10) && cpus_has(&set, 8191));
	tree_dir(t, "d/node4000000000");
	tree_dir(t, "d/cpu99999999999999999999");
	assert_int_equal(numbered_entries(&t->root, "/d", "node", &set), -ERANGE);
	assert_int_equal(numbered_entries(&t->root, "/d", "cpu", &set), -ERANGE);
	assert_int_equal(cpus_count(&set), 3);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_sysfs),       TREE_TEST(test_empty),    TREE_TEST(test_links_out),
		TREE_TEST(test_dir_is_link), TREE_TEST(test_too_deep), TREE_TEST(test_path),
		TREE_TEST(test_dir_is_link), TREE_TEST(test_errors),   TREE_TEST(test_path),
		TREE_TEST(test_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
