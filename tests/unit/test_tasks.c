/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/tasks.h"
#include "tests/lib/check.h"

/* Fields 4 to 21, and 23 to 38. */
#define TO_21 " 1 10907 10907 0 -1 138412480 5688 0 1 0 1 105 0 0 20 0 6 0 "
#define TO_38 " 664498176 7351 18446744073709551615 1 1 1 0 0 0 0 3674112 16963 0 0 0 17 "

static void assert_text(struct text t, const char *want)
{
	if (!text_equal(t, want))
		fail_msg("\"%.*s\" is not \"%s\"", (int)t.len, t.at, want);
}

static void test_stat(void **state)
{
	static const struct {
		const char *text, *comm; /* comm NULL: refused */
		char state;
		bool has_scheduling;
	} cases[] = {
		{ "7 (CPU 0/KVM) S" TO_21 "541512" TO_38 "3 50 1 0 0 0\n", "CPU 0/KVM", 'S', true },
		{ "7 (a) b (c) R" TO_21 "541512" TO_38 "3 50 1", "a) b (c", 'R', true },
		{ "7 () Z" TO_21 "541512" TO_38 "3 50 1", "", 'Z', true },
		{ "7 (a\nb) R" TO_21 "541512" TO_38 "3 50 1", "a\nb", 'R', true },
		{ "7 (old) R" TO_21 "541512" TO_38 "3\n", "old", 'R', false },
		{ "7 (old) R" TO_21 "541512", "old", 'R', false },
		{ "7 (short) R" TO_21, NULL, 0, false },
		{ "7 (x) R" TO_21 "-1" TO_38 "3 50 1", NULL, 0, false },
		{ "7 (x) RR" TO_21 "541512" TO_38 "3 50 1", NULL, 0, false },
		{ "7 (x) R" TO_21 "541512" TO_38 "-1 50 1", NULL, 0, false },
		{ "7 )x( R", NULL, 0, false },
		{ "7 (x", NULL, 0, false },
		{ "7 x)", NULL, 0, false },
		{ "", NULL, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct task_stat stat = { .state = '?' };
		int r = task_stat_parse(text_of(cases[i].text), &stat);

		if (!cases[i].comm) {
			assert_int_equal(r, -EBADMSG);
			assert_int_equal(stat.state, '?');
			continue;
		}
		assert_int_equal(r, 0);
		assert_text(stat.comm, cases[i].comm);
		assert_int_equal(stat.state, cases[i].state);
		assert_int_equal(stat.start_ticks, 541512);
		assert_int_equal(stat.flags, 138412480);
		assert_int_equal(stat.n_major_faults, 1);
		assert_int_equal(stat.cpu_ticks, 106);
		assert_int_equal(stat.has_scheduling, cases[i].has_scheduling);
		if (!stat.has_scheduling)
			continue;
		assert_int_equal(stat.last_cpu, 3);
		assert_int_equal(stat.rt_priority, 50);
		assert_int_equal(stat.policy, 1);
	}
}

/* Fields 4 to 8, and 16 to 21. */
#define TO_8  " 1 1 1 0 -1 "
#define TO_22 " 0 0 20 0 6 0 7\n"

static void test_counters(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t ticks;
	} cases[] = {
		{ "2 (kthreadd) S" TO_8 "2129984 0 0 3 0 40 2" TO_22, 0, 42 },
		{ "2 (x) S" TO_8 "2129984 0 0 3 0 18446744073709551615 2" TO_22, 0, UINT64_MAX },
		{ "2 (x) S" TO_8 "2129984 0 0 3 0 18446744073709551616 2" TO_22, -EBADMSG, 0 },
		{ "2 (x) S" TO_8 "-1 0 0 3 0 40 2" TO_22, -EBADMSG, 0 },
		{ "2 (x) S" TO_8 "1 0 0 x 0 40 2" TO_22, -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct task_stat stat = { 0 };

		assert_int_equal(task_stat_parse(text_of(cases[i].text), &stat), cases[i].r);
		assert_int_equal(stat.cpu_ticks, cases[i].ticks);
		if (cases[i].r < 0)
			continue;
		assert_int_equal(stat.n_major_faults, 3);
		assert_true(stat.flags & TASK_IS_KERNEL);
		assert_false(stat.flags & TASK_IS_BOUND);
	}
}

static void test_kernel_name(void **state)
{
	static const char *const cases[][2] = {
		{ "kworker/u8:2-events_unbound", "kworker/u" },
		{ "kworker/R-writeback", "kworker/R-writeback" },
		{ "rcuop/13", "rcuop/" },
		{ "kswapd0", "kswapd" },
		{ "irq/131-vfio", "irq/131-vfio" },
		{ "ksmd", "ksmd" },
		{ "123", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_text(task_kernel_name(text_of(cases[i][0])), cases[i][1]);
}

static void test_owner(void **state)
{
	static const struct {
		const char *text;
		int64_t uid; /* -1: unknown */
		bool has_capabilities;
		uint64_t capabilities;
	} cases[] = {
		{ "Uid:\t0\t64055\t0\t0\nCapEff:\t0000000000004000\n", 64055, true, 0x4000 },
		{ "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n", 0, true, 0x1ffffffffff },
		{ "Uid:\t0\nCapEff:\tx\n", -1, false, 0 },
		{ "Uid:\t0 4294967296\nCapEff:\t1ffffffffffffffff\n", -1, false, 0 },
		{ "", -1, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct task_status s;

		task_status_parse(text_of(cases[i].text), &s);
		assert_int_equal(s.effective_uid.known ? (int64_t)s.effective_uid.v : -1,
				 cases[i].uid);
		assert_int_equal(s.capabilities.known, cases[i].has_capabilities);
		assert_int_equal(s.capabilities.v, cases[i].capabilities);
	}
}

static void test_policy(void **state)
{
	(void)state;
	assert_string_equal(task_policy_name(0), "other");
	assert_string_equal(task_policy_name(1), "fifo");
	assert_string_equal(task_policy_name(2), "rr");
	assert_string_equal(task_policy_name(3), "batch");
	assert_null(task_policy_name(4));
	assert_string_equal(task_policy_name(5), "idle");
	assert_string_equal(task_policy_name(6), "deadline");
	assert_string_equal(task_policy_name(7), "ext");
	assert_null(task_policy_name(8));
	assert_null(task_policy_name(UINT64_MAX));
}

static void test_status(void **state)
{
	static const struct {
		const char *text, *affinity;  /* NULL: unknown */
		int64_t locked_kib, swap_kib; /* -1: unknown */
	} cases[] = {
		{ "Name:\tCPU 0/KVM\nVmLck:\t  262144 kB\nVmSwap:\t       0 kB\nCpus_allowed:\tff\n"
		  "Cpus_allowed_list:\t0-7\n",
		  "0-7", 262144, 0 },
		{ "Cpus_allowed:\t00000001,00000002\n", "1,32", -1, -1 },
		{ "Cpus_allowed_list:\t2\nCpus_allowed:\tff\n", "2", -1, -1 },
		{ "Cpus_allowed_list:\tx\nCpus_allowed:\t3\n", "0-1", -1, -1 },
		{ "Cpus_allowed_list:\t\nVmLck: 1 kB\n", "", 1, -1 },
		{ "VmLck:\t5 MB\nVmSwap:\t9223372036854775808 kB\n", NULL, -1, -1 },
		{ "VmLck: x kB\nCpus_allowed: x\n", NULL, -1, -1 },
		{ "no colon\n", NULL, -1, -1 },
		{ "", NULL, -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct task_status status;
		struct cpus want;

		task_status_parse(text_of(cases[i].text), &status);
		assert_int_equal(status.affinity.known, cases[i].affinity != NULL);
		assert_int_equal(cpus_parse_list(text_of(cases[i].affinity), &want), 0);
		if (cases[i].affinity)
			assert_true(cpus_equal(&status.affinity.v, &want));
		assert_int_equal(status.locked_kib.known ? (int64_t)status.locked_kib.v : -1,
				 cases[i].locked_kib);
		assert_int_equal(status.swap_kib.known ? (int64_t)status.swap_kib.v : -1,
				 cases[i].swap_kib);
	}
}

static void test_role(void **state)
{
	static const struct {
		const char *comm;
		bool is_main;
		const char *role;
	} cases[] = {
		{ "qemu-system-x86", true, "emulator" },
		{ "CPU 0/KVM", true, "emulator" },
		{ "CPU 0/KVM", false, "vcpu" },
		{ "CPU 12/TCG", false, "vcpu" },
		{ "CPU /KVM", false, "other" },
		{ "CPU 1", false, "other" },
		{ "CPU 99999999999/KVM", false, "other" },
		{ "IO iothread1", false, "iothread" },
		{ "IO mon_iothread", false, "other" },
		{ "IOthread", false, "other" },
		{ "vhost-4711", false, "vhost" },
		{ "vhost-", false, "other" },
		{ "vhost-4711x", false, "other" },
		{ "worker", false, "worker" },
		{ "iou-wrk-4711", false, "worker" },
		{ "qemu-system-x86", false, "other" },
		{ "vnc_worker", false, "other" },
		{ "SPICE Worker", false, "other" },
		{ "call_rcu", false, "other" },
		{ "kvm-nx-lpage-re", false, "other" },
		{ "", false, "other" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(task_role(text_of(cases[i].comm), cases[i].is_main),
				    cases[i].role);
}

static void test_numbers(void **state)
{
	uint64_t v = 0;

	(void)state;
	assert_true(task_is_vcpu(text_of("CPU 13/KVM"), &v));
	assert_int_equal(v, 13);
	assert_true(task_is_vhost(text_of("vhost-4711"), &v));
	assert_int_equal(v, 4711);
	assert_false(task_is_vhost(text_of("host-4711"), &v));
	assert_true(task_is_kvm_vcpu(text_of("CPU 13/KVM")));
	assert_false(task_is_kvm_vcpu(text_of("CPU 13/TCG")));
	assert_false(task_is_kvm_vcpu(text_of("CPU 13/KVM2")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),    cmocka_unit_test(test_policy),
		cmocka_unit_test(test_status),  cmocka_unit_test(test_role),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_counters),
		cmocka_unit_test(test_owner),   cmocka_unit_test(test_kernel_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
