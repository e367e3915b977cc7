/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static void set_config(struct host *h, struct setting_fact *s, const char *name, const char *value)
{
	*s = (struct setting_fact){ { true, name }, { true, value } };
	h->kernel.config = (struct fact_list){ true, 1, s };
}

static void arguments_need_options(void **state)
{
	struct setting_fact s;
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "kernel.hz-config", VERDICT_UNKNOWN, NULL);
	set_str(&h.kernel.cmdline, "quiet");
	set_config(&h, &s, "NO_HZ_FULL", "n");
	check_row(&h, "kernel.hz-config", VERDICT_NOT_APPLICABLE, "No argument");
	set_str(&h.kernel.cmdline, "nohz_full=1-3 isolcpus=1-3");
	f = check_row(&h, "kernel.hz-config", VERDICT_PROBLEM, "1 of 2 arguments");
	assert_string_equal(f.items[0], "nohz_full= needs CONFIG_NO_HZ_FULL");
	assert_non_null(strstr(f.fix.persist, "remove nohz_full"));
	set_config(&h, &s, "NO_HZ_FULL", "y");
	check_row(&h, "kernel.hz-config", VERDICT_PASS, "is built with");
	arena_release(&h.arena);
}

static void debugging_costs(void **state)
{
	struct setting_fact s;
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "kernel.debug-cost", VERDICT_UNKNOWN, NULL);
	set_config(&h, &s, "KASAN", "n");
	set_str(&h.sched.tracer, "nop");
	check_row(&h, "kernel.debug-cost", VERDICT_PASS, "no debugging");
	set_config(&h, &s, "KASAN", "y");
	set_str(&h.sched.tracer, "function");
	fact_set_u64(&h.sched.n_trace_events, 12);
	f = check_row(&h, "kernel.debug-cost", VERDICT_ADVICE, "3 things");
	assert_string_equal(f.items[1], "tracer function is on");
	assert_string_equal(f.items[2], "12 trace events are on");
	arena_release(&h.arena);
}

static void detectors_stay_with_the_host(void **state)
{
	struct setting_fact s[] = { { { true, "kernel.watchdog" }, { true, "1" } },
				    { { true, "kernel.watchdog_cpumask" }, { true, "0-3" } } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "wdt.lockup", VERDICT_NOT_APPLICABLE, "tells which CPUs");
	host_set_guest_cpus(&h, "1-2", "0,3");
	check_row(&h, "wdt.lockup", VERDICT_UNKNOWN, NULL);
	h.kernel.sysctls = (struct fact_list){ true, 0, s };
	check_row(&h, "wdt.lockup", VERDICT_UNKNOWN, "is not known");
	h.kernel.sysctls.n = 1;
	check_row(&h, "wdt.lockup", VERDICT_UNKNOWN, "on which CPUs");
	h.kernel.sysctls.n = 2;
	f = check_row(&h, "wdt.lockup", VERDICT_ADVICE, "every 4 s on 1-2");
	assert_string_equal(f.fix.now, "sudo sysctl -w kernel.watchdog_cpumask=0,3");
	s[1].value.v = "0,3";
	check_row(&h, "wdt.lockup", VERDICT_PASS, "leave the guest's CPUs alone");
	s[0].value.v = "0";
	check_row(&h, "wdt.lockup", VERDICT_PASS, "are off");
	set_cpus(&h.cpus.host, "");
	check_row(&h, "wdt.lockup", VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void what_is_configured_was_booted(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "boot.update-loader", VERDICT_UNKNOWN, NULL);
	set_str(&h.kernel.cmdline, "root=/dev/a quiet iommu=pt");
	set_str(&h.setup.boot_cmdline, "iommu=pt");
	check_row(&h, "boot.update-loader", VERDICT_PASS, "that are configured");
	set_str(&h.setup.boot_cmdline, "iommu=pt isolcpus=1-3");
	f = check_row(&h, "boot.update-loader", VERDICT_ADVICE, "1 argument of the kernel is");
	assert_string_equal(f.items[0], "isolcpus: booted with none, configured 1-3");
	arena_release(&h.arena);
}

static void the_model_matters_where_wake_ups_are_long(void **state)
{
	struct hist_bins bins = { .max_ns = 3 * NS_PER_MS };
	struct wake_unit unit = { .hist = { true, &bins } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "kernel.preempt", VERDICT_UNKNOWN, NULL);
	set_str(&h.sched.preempt, "voluntary");
	check_row(&h, "kernel.preempt", VERDICT_PASS, "'voluntary'");
	h.wake.units = (struct fact_list){ true, 1, &unit };
	check_row(&h, "kernel.preempt", VERDICT_PASS, "'voluntary'");
	fact_set_bool(&h.cpu.is_virtual, true);
	check_row(&h, "kernel.preempt", VERDICT_PASS, NULL);
	fact_set_bool(&h.cpu.is_virtual, false);
	f = check_row(&h, "kernel.preempt", VERDICT_ADVICE, "took 3000 us");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	set_str(&h.sched.preempt, "full");
	check_row(&h, "kernel.preempt", VERDICT_PASS, "'full'");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_need_options),
		cmocka_unit_test(debugging_costs),
		cmocka_unit_test(detectors_stay_with_the_host),
		cmocka_unit_test(what_is_configured_was_booted),
		cmocka_unit_test(the_model_matters_where_wake_ups_are_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
