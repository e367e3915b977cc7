/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/cpu_balance.c tests/lib/tree.c */
#include "probes/cpu_balance.h"
#include "tests/lib/probe_env.h"

#define V1 "sys/fs/cgroup/cpuset"
#define V2 "sys/fs/cgroup/unified"

static const char mounts_v1[] = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
				"cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0\n";
static const char mounts_v2[] = "tmpfs /tmp tmpfs rw 0 0\n"
				"cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";

/* A host of four CPUs, of which those of the list are isolated. */
static void init(struct probe_fixture *x, const struct tree *t, struct cpu_facts *f,
		 const char *isolated, const char *mounts)
{
	struct cpus set;

	probe_fixture_init(x, t, "cpu");
	*f = (struct cpu_facts){ 0 };
	assert_int_equal(cpus_parse_list(text_of("0-3"), &set), 0);
	fact_set_cpus(&f->online, &set);
	assert_int_equal(cpus_parse_list(text_of(isolated), &set), 0);
	fact_set_cpus(&f->isolated, &set);
	if (mounts)
		tree_file(t, "proc/mounts", mounts);
}

static void add_set(const struct tree *t, const char *dir, const char *cpus, const char *balance)
{
	auto_free char *a = NULL, *b = NULL;

	assert_true(asprintf(&a, V1 "%s/cpuset.cpus", dir) > 0);
	assert_true(asprintf(&b, V1 "%s/cpuset.sched_load_balance", dir) > 0);
	tree_file(t, a, cpus);
	tree_file(t, b, balance);
}

static void check(struct probe_fixture *x, struct cpu_facts *f, const char *expected)
{
	assert_int_equal(cpu_balance_read(&x->env, f), 0);
	assert_int_equal(n_gaps(x, "cpu.unbalanced"), 0);
	check_list(&f->unbalanced, expected);
	probe_fixture_release(x);
}

static void check_gap(struct probe_fixture *x, struct cpu_facts *f)
{
	assert_int_equal(cpu_balance_read(&x->env, f), 0);
	assert_false(f->unbalanced.known);
	assert_int_equal(n_gaps(x, "cpu.unbalanced"), 1);
	probe_fixture_release(x);
}

static void test_no_cpusets(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	init(&x, t, &f, "", "tmpfs /tmp tmpfs rw 0 0\n");
	check(&x, &f, "");
	init(&x, t, &f, "2-3", NULL);
	check(&x, &f, "2-3");
	init(&x, t, &f, "", NULL);
	f.isolated.known = false;
	check_gap(&x, &f);
}

static void test_v1(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	add_set(t, "", "0-3\n", "1\n");
	add_set(t, "/guest", "0-1\n", "0\n");
	init(&x, t, &f, "", mounts_v1);
	check(&x, &f, "");
	/* The root set balances no more: only sets that do, with a second CPU, count. */
	add_set(t, "", "0-3\n", "0\n");
	init(&x, t, &f, "", NULL);
	check(&x, &f, "0-3");
	add_set(t, "/host", "2-3\n", "1\n");
	init(&x, t, &f, "", NULL);
	check(&x, &f, "0-1");
	add_set(t, "/machine", "0-1\n", "0\n");
	add_set(t, "/machine/a", "0-1\n", "0\n");
	add_set(t, "/machine/b", "1\n", "1\n");
	init(&x, t, &f, "", NULL);
	check(&x, &f, "0-1");
	add_set(t, "/machine/b", "0-1\n", "1\n");
	init(&x, t, &f, "", NULL);
	check(&x, &f, "");
	init(&x, t, &f, "1,3", NULL);
	check(&x, &f, "0-3");
	init(&x, t, &f, "3", NULL);
	check(&x, &f, "2-3");
}

static void test_legacy_names(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	tree_file(t, "dev/cpuset/cpus", "0-3\n");
	tree_file(t, "dev/cpuset/sched_load_balance", "0\n");
	tree_file(t, "dev/cpuset/sys/cpus", "0-2\n");
	tree_file(t, "dev/cpuset/sys/sched_load_balance", "1\n");
	init(&x, t, &f, "", "none /dev/cpuset cpuset rw 0 0\n");
	check(&x, &f, "3");
	init(&x, t, &f, "", "none /dev/cpuset cgroup rw,cpuset,noprefix 0 0\n");
	check(&x, &f, "3");
	init(&x, t, &f, "", "none /dev/cpuset cgroup rw,cpu 0 0\n");
	check(&x, &f, "");
}

static void test_v2(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	tree_file(t, V2 "/cgroup.controllers", "cpuset\n");
	tree_file(t, V2 "/a.slice/cpuset.cpus.partition",
		  "isolated invalid (Parent is not root)\n");
	tree_file(t, V2 "/a.slice/cpuset.cpus.effective", "0-3\n");
	tree_file(t, V2 "/b.slice/cpuset.cpus.partition", "member\n");
	tree_file(t, V2 "/b.slice/x/cpuset.cpus.partition", "isolated\n");
	tree_file(t, V2 "/b.slice/x/cpuset.cpus.effective", "0\n");
	tree_file(t, V2 "/c.slice/cpuset.cpus.partition", "root\n");
	tree_file(t, V2 "/c.slice/guest/cpuset.cpus.partition", "isolated\n");
	tree_file(t, V2 "/c.slice/guest/cpuset.cpus.effective", "2-3\n");
	tree_dir(t, V2 "/no-controller");
	init(&x, t, &f, "", mounts_v2);
	check(&x, &f, "2-3");
	tree_file(t, V2 "/cpuset.cpus.isolated", "1-2\n");
	init(&x, t, &f, "3", NULL);
	check(&x, &f, "1-3");
	tree_file(t, V2 "/cpuset.cpus.isolated", "some\n");
	init(&x, t, &f, "", NULL);
	check_gap(&x, &f);
}

static void test_broken(void **state)
{
	const struct tree *t = *state;
	auto_free char *deep = strdup("");
	struct probe_fixture x;
	struct cpu_facts f;

	/* Mounts without what is mounted. */
	init(&x, t, &f, "", mounts_v2);
	check_gap(&x, &f);
	init(&x, t, &f, "", mounts_v1);
	check_gap(&x, &f);
	tree_file(t, "proc/mounts", "cgroup2 odd cgroup2 rw 0 0\n");
	init(&x, t, &f, "", NULL);
	check_gap(&x, &f);
	/* Sets as deep as no host has them. */
	add_set(t, "", "0-3\n", "0\n");
	for (int i = 0; i < 10; i++) {
		char *deeper;

		assert_true(asprintf(&deeper, "%s/d", deep) > 0);
		free(deep);
		deep = deeper;
		add_set(t, deep, "0-3\n", "0\n");
	}
	init(&x, t, &f, "", mounts_v1);
	check_gap(&x, &f);
	add_set(t, "/d", "zero\n", "0\n");
	init(&x, t, &f, "", NULL);
	check_gap(&x, &f);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_no_cpusets), test(test_v1),     test(test_legacy_names),
		test(test_v2),         test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
