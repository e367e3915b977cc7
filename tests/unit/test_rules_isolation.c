/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static void arguments_complete_each_other(void **state)
{
	static const struct {
		const char *cmdline;
		enum verdict verdict;
		const char *piece, *fix;
	} rows[] = {
		{ "quiet", VERDICT_NOT_APPLICABLE, "Nothing is isolated", NULL },
		{ "rcu_nocbs=0-7", VERDICT_NOT_APPLICABLE, "alone isolates nothing", NULL },
		{ "isolcpus=1-3 nohz_full=1-3", VERDICT_PASS, "moves RCU callbacks too", NULL },
		{ "isolcpus=1-3 nohz_full=1-3 rcu_nocbs=1-3", VERDICT_PASS,
		  "and rcu_nocbs=", NULL },
		{ "isolcpus=domain,managed_irq,1-3,5 rcu_nocbs=1-3", VERDICT_ADVICE,
		  "CPUs 1-3,5 are isolated, but their tick runs on",
		  "isolcpus=managed_irq,domain,1-3,5 nohz_full=1-3,5 rcu_nocbs=1-3,5" },
		{ "nohz_full=4-7", VERDICT_ADVICE, "nothing keeps other tasks away",
		  "isolcpus=managed_irq,domain,4-7 nohz_full=4-7" },
		{ "nohz_full=all", VERDICT_ADVICE, "nohz_full=all", "Choose the guest's CPUs" },
		{ "isolcpus=0-6:1/2", VERDICT_ADVICE, "0-6:1/2", "leave CPU 0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding f;
		struct host h;

		host_blank(&h);
		set_str(&h.kernel.cmdline, rows[i].cmdline);
		f = check_row(&h, "isol.three-flags", rows[i].verdict, rows[i].piece);
		if (rows[i].fix && !strstr(f.fix.persist, rows[i].fix))
			fail_msg("%s: fix '%s'", rows[i].cmdline, f.fix.persist);
		arena_release(&h.arena);
	}
}

static void what_is_in_effect_completes_them(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "isol.three-flags", VERDICT_UNKNOWN, NULL);
	set_str(&h.kernel.cmdline, "nohz_full=4-7");
	set_cpus(&h.sched.isolated, "4-7");
	check_row(&h, "isol.three-flags", VERDICT_PASS, "cpusets keep the scheduler away");
	set_str(&h.kernel.cmdline, "isolcpus=4-7");
	fact_set_bool(&h.cpu.has_nohz_full, false);
	check_row(&h, "isol.three-flags", VERDICT_PASS, "built without full dynticks");
	fact_set_bool(&h.cpu.has_nohz_full, true);
	host_set_guest_cpus(&h, "4-6", "0-3,7");
	f = check_row(&h, "isol.three-flags", VERDICT_ADVICE, "tick runs on");
	assert_string_equal(f.fix.persist, "kernel command line: isolcpus=managed_irq,domain,4-6 "
					   "nohz_full=4-6 rcu_nocbs=4-6");
	arena_release(&h.arena);
}

static void flags_without_domain_isolate_nothing(void **state)
{
	const char *flags[] = { "managed_irq", "domain" };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_str(&h.kernel.cmdline, "isolcpus=managed_irq,1-3");
	check_row(&h, "isol.domain-flag", VERDICT_NOT_APPLICABLE, "no flags");
	h.kernel.isolcpus_flags = (struct fact_strs){ true, 1, flags };
	f = check_row(&h, "isol.domain-flag", VERDICT_ADVICE, "not 'domain'");
	assert_string_equal(f.fix.persist, "kernel command line: isolcpus=managed_irq,domain,1-3");
	set_cpus(&h.cpu.isolated, "");
	check_row(&h, "isol.domain-flag", VERDICT_PROBLEM, "not 'domain'");
	h.kernel.isolcpus_flags.n = 2;
	check_row(&h, "isol.domain-flag", VERDICT_PASS, "among those");
	h.kernel.cmdline.known = false;
	check_row(&h, "isol.domain-flag", VERDICT_UNKNOWN, NULL);
	arena_release(&h.arena);
}

static void callbacks_run_elsewhere(void **state)
{
	struct sched_tasks threads = { .comm = { true, "rcuop/" }, .n_threads = { true, 3 } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "cpu.rcu-nocbs", VERDICT_NOT_APPLICABLE, "are to be moved");
	set_cpus(&h.kernel.rcu_nocbs, "1-3");
	check_row(&h, "cpu.rcu-nocbs", VERDICT_UNKNOWN, NULL);
	set_cpus(&h.cpu.rcu_offloaded, "");
	f = check_row(&h, "cpu.rcu-nocbs", VERDICT_ADVICE, "no callbacks are moved");
	assert_non_null(strstr(f.fix.persist, "CONFIG_RCU_NOCB_CPU"));
	set_cpus(&h.cpu.rcu_offloaded, "1-3");
	check_row(&h, "cpu.rcu-nocbs", VERDICT_PASS, "CPUs 1-3 run elsewhere");
	host_set_guest_cpus(&h, "1-4", "0,5");
	f = check_row(&h, "cpu.rcu-nocbs", VERDICT_ADVICE, "run on 4 of");
	assert_string_equal(f.fix.persist, "kernel command line: rcu_nocbs=1-4");
	host_set_guest_cpus(&h, "1-3", "0,4-5");
	check_row(&h, "cpu.rcu-nocbs", VERDICT_PASS, "run elsewhere");
	set_cpus(&threads.affinity, "0-5");
	h.sched.tasks = (struct fact_list){ true, 1, &threads };
	f = check_row(&h, "cpu.rcu-nocbs", VERDICT_ADVICE, "may do so on these CPUs");
	assert_non_null(strstr(f.fix.now, "taskset -pc 0,4-5"));
	assert_null(f.fix.persist);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_complete_each_other),
		cmocka_unit_test(what_is_in_effect_completes_them),
		cmocka_unit_test(flags_without_domain_isolate_nothing),
		cmocka_unit_test(callbacks_run_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
