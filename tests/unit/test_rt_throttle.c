/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/rt_throttle.c probes/pin.c tests/lib/tree.c */
#include <sched.h>

#include "probes/pin.h"
#include "probes/rt_throttle.h"
#include "tests/lib/probe_env.h"

/* The guest of the tree has one thread: the one that runs this test. */
static void check(const struct tree *tree, const struct cpus *measured, size_t want_gaps)
{
	struct probe_fixture x;

	probe_fixture_init(&x, tree, "wake");
	x.env.guest_pid = 700;
	assert_int_equal(rt_throttle_check(&x.env, measured, "units"), 0);
	assert_int_equal(n_gaps(&x, "wake.units"), want_gaps);
	probe_fixture_release(&x);
}

static void put_limit(const struct tree *tree, const char *runtime_us)
{
	tree_file(tree, "proc/sys/kernel/sched_rt_runtime_us", runtime_us);
	tree_file(tree, "proc/sys/kernel/sched_rt_period_us", "1000000\n");
}

static void put_guest(const struct tree *tree)
{
	auto_free char *path = NULL;

	assert_true(asprintf(&path, "proc/700/task/%d/comm", (int)gettid()) > 0);
	tree_file(tree, path, "CPU 0/KVM\n");
	tree_dir(tree, "proc/700/task/x");
	tree_dir(tree, "proc/700/task/2147483647");
}

static struct cpus own_cpus(void)
{
	struct cpus own = { 0 };

	assert_int_equal(pin_get(0, &own), 0);
	return own;
}

static void test_ordinary_threads_are_not_limited(void **state)
{
	const struct cpus own = own_cpus();

	put_limit(*state, "950000\n");
	put_guest(*state);
	check(*state, &own, 0);
}

static void test_no_guest(void **state)
{
	const struct cpus own = own_cpus();
	struct probe_fixture x;

	check(*state, &own, 0);
	probe_fixture_init(&x, *state, "wake");
	assert_int_equal(rt_throttle_check(&x.env, &own, "units"), 0);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

static void test_realtime_threads(void **state)
{
	static const struct {
		const char *runtime_us;
		size_t n_gaps;
	} rows[] = {
		{ "950000\n", 1 },  { "0\n", 1 },        { "-1\n", 0 },
		{ "1000000\n", 0 }, { "nonsense\n", 1 }, { "", 1 },
	};
	const struct sched_param fifo = { .sched_priority = 1 }, none = { 0 };
	const struct cpus own = own_cpus();
	struct cpus elsewhere = { 0 };

	if (sched_setscheduler(0, SCHED_FIFO, &fifo) < 0)
		skip();
	put_guest(*state);
	check(*state, &own, 1); /* there is no limit to read: not known */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		put_limit(*state, rows[i].runtime_us);
		check(*state, &own, rows[i].n_gaps);
	}
	put_limit(*state, "950000\n");
	cpus_add(&elsewhere, CPUS_MAX - 1);
	check(*state, &elsewhere, 0);
	assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &none), 0);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(test_ordinary_threads_are_not_limited),
		WITH_TREE(test_no_guest),
		WITH_TREE(test_realtime_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
