/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/activity_counters.c probes/numbered.c tests/lib/tree.c */
#include "probes/activity_counters.h"
#include "tests/lib/probe_env.h"

#define KVM "sys/kernel/debug/kvm/"
#define CPU "sys/devices/system/cpu/"

static void put_first(const struct tree *t)
{
	tree_file(t, KVM "halt_wait_ns", "1000000\n"); /* of all guests */
	tree_file(t, KVM "4711-13/halt_wait_ns", "1000\n");
	tree_file(t, KVM "4711-13/l1d_flush", "5\n");
	tree_file(t, KVM "4711-13/exits", "18446744073709551615\n");
	tree_file(t, KVM "4711-13/pages_1g", "10\n");
	tree_file(t, KVM "47110-5/halt_wait_ns", "7\n");
	tree_file(t, CPU "cpu0/thermal_throttle/core_throttle_count", "2\n");
	tree_file(t, CPU "cpu1/thermal_throttle/core_throttle_count", "3\n");
	tree_file(t, CPU "cpu0/thermal_throttle/package_throttle_count", "4\n");
}

static void put_last(const struct tree *t)
{
	tree_file(t, KVM "halt_wait_ns", "5000000\n");
	tree_file(t, KVM "4711-13/halt_wait_ns", "1250\n");
	tree_file(t, KVM "4711-13/l1d_flush", "4\n"); /* begun anew */
	tree_file(t, KVM "4711-13/pages_1g", "9\n");
	tree_file(t, CPU "cpu1/thermal_throttle/core_throttle_count", "8\n");
}

static void check_n(const struct fact_list *list, const char *name, int64_t want)
{
	const struct fact_u64 *n = activity_counter_n(list, name);

	if ((n ? (int64_t)n->v : -1) != want)
		fail_msg("%s is not %lld", name, (long long)want);
}

static void measure(struct probe_fixture *x, const struct tree *t, struct activity_facts *f)
{
	struct activity_count first, last;

	put_first(t);
	assert_int_equal(
		activity_counters_read(&x->env, text_of("pswpin 5\npgmajfault 7\nodd x\n"), &first),
		0);
	put_last(t);
	assert_int_equal(
		activity_counters_read(&x->env, text_of("pswpin 5\npgmajfault 9\n"), &last), 0);
	*f = (struct activity_facts){ 0 };
	assert_int_equal(activity_counters_put(&x->env, &first, &last, f), 0);
	assert_null(x->env.gaps);
}

static void test_guest(void **state)
{
	struct probe_fixture x;
	struct activity_facts f;

	probe_fixture_init(&x, *state, "activity");
	x.env.guest_pid = 4711;
	measure(&x, *state, &f);
	assert_true(f.counters.known);
	check_n(&f.counters, "vmstat.pswpin", 0);
	check_n(&f.counters, "vmstat.pgmajfault", 2);
	check_n(&f.counters, "vmstat.thp_split_page", -1);
	check_n(&f.counters, "kvm.halt_wait_ns", 250);
	check_n(&f.counters, "kvm.l1d_flush", -1);
	check_n(&f.counters, "kvm.exits", -1);
	check_n(&f.kvm_levels, "kvm.pages_1g", 9);
	check_n(&f.kvm_levels, "kvm.pages_4k", -1);
	assert_int_equal(f.core_throttles.n, 1);
	assert_int_equal(fact_pair_value(&f.core_throttles, 1), 5);
	assert_true(f.package_throttles.known);
	assert_int_equal(f.package_throttles.n, 0);
	probe_fixture_release(&x);
}

static void test_all_guests(void **state)
{
	struct probe_fixture x;
	struct activity_facts f;

	probe_fixture_init(&x, *state, "activity");
	measure(&x, *state, &f);
	check_n(&f.counters, "kvm.halt_wait_ns", 4000000);
	check_n(&f.kvm_levels, "kvm.pages_1g", -1);
	probe_fixture_release(&x);
}

/* A guest without a VM of its own there, and nothing else either. */
static void test_nothing(void **state)
{
	struct activity_count first, last;
	struct activity_facts f = { 0 };
	struct probe_fixture x;

	probe_fixture_init(&x, *state, "activity");
	x.env.guest_pid = 12;
	assert_int_equal(activity_counters_read(&x.env, text_make(NULL, 0), &first), 0);
	assert_int_equal(activity_counters_read(&x.env, text_make(NULL, 0), &last), 0);
	assert_int_equal(activity_counters_put(&x.env, &first, &last, &f), 0);
	assert_false(f.counters.known);
	assert_false(f.kvm_levels.known);
	assert_false(f.core_throttles.known);
	assert_int_equal(f.counters.n, 0);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_guest),
		TEST(test_all_guests),
		TEST(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
