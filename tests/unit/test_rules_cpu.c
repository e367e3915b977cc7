/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of isolation, power and host: one case per verdict each can give. */
#include "tests/lib/machine.h"

static void test_isolcpus(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "cpu.isolcpus", VERDICT_NOT_APPLICABLE, "No guest");
	host_set_guest_cpus(&h, "1-4,7-10", "0,5,6,11");
	check_row(&h, "cpu.isolcpus", VERDICT_UNKNOWN, "cpu.isolated is not known");
	set_cpus(&h.cpu.isolated, "");
	f = check_row(&h, "cpu.isolcpus", VERDICT_ADVICE,
		      "No CPU is isolated; the guest uses 1-4,7-10");
	assert_non_null(strstr(f.fix.persist, "isolcpus=managed_irq,domain,1-4,7-10"));
	/* A guest that is not pinned: isolating all CPUs would be no fix. */
	host_set_guest_cpus(&h, "0-3", "4-11");
	f = check_row(&h, "cpu.isolcpus", VERDICT_ADVICE, NULL);
	assert_non_null(strstr(f.fix.persist, "see isol.cpu0"));
	host_set_guest_cpus(&h, "0-11", "");
	f = check_row(&h, "cpu.isolcpus", VERDICT_ADVICE, "the guest uses 0-11");
	assert_null(strstr(f.fix.persist, "isolcpus="));
	assert_non_null(strstr(f.fix.persist, "pin.vcpupin"));
	host_set_guest_cpus(&h, "1-4,7-10", "0,5,6,11");
	set_cpus(&h.kernel.isolcpus, "1-4");
	check_row(&h, "cpu.isolcpus", VERDICT_ADVICE, "isolcpus=1-4 was asked for");
	set_cpus(&h.cpu.isolated, "1-4");
	check_row(&h, "cpu.isolcpus", VERDICT_ADVICE, "7-10 is not isolated");
	set_cpus(&h.cpu.isolated, "1-5,7-11");
	f = check_row(&h, "cpu.isolcpus", VERDICT_PASS, "All guest CPUs (1-4,7-10)");
	assert_null(f.fix.persist);
	set_str(&h.cpus.source, "fallback");
	check_row(&h, "cpu.isolcpus", VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void set_ticks(struct host *h, uint64_t per_second)
{
	struct activity_irq *loc = fact_add_item(&h->activity.irqs, &h->arena, sizeof(*loc));

	assert_non_null(loc);
	set_str(&loc->label, "LOC");
	assert_int_equal(fact_add_pair(&loc->counts, &h->arena, 0, 99999), 0);
	assert_int_equal(fact_add_pair(&loc->counts, &h->arena, 1, per_second * 10), 0);
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
}

static void test_nohz_full(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "1", "0");
	check_row(&h, "cpu.nohz-full", VERDICT_UNKNOWN, NULL);
	fact_set_bool(&h.cpu.has_nohz_full, false);
	check_row(&h, "cpu.nohz-full", VERDICT_NOT_APPLICABLE, "built without");
	set_cpus(&h.kernel.nohz_full, "1");
	check_row(&h, "cpu.nohz-full", VERDICT_ADVICE, "nohz_full=1 was asked for");
	fact_set_bool(&h.cpu.has_nohz_full, true);
	check_row(&h, "cpu.nohz-full", VERDICT_ADVICE, "The tick runs on 1");
	host_set_guest_cpus(&h, "0-1", "");
	f = check_row(&h, "cpu.nohz-full", VERDICT_ADVICE, "The tick runs on 0-1");
	assert_null(strstr(f.fix.persist, "nohz_full="));
	host_set_guest_cpus(&h, "1", "0");
	set_cpus(&h.cpu.nohz_full, "1");
	f = check_row(&h, "cpu.nohz-full", VERDICT_PASS, "was not measured");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	set_ticks(&h, 250);
	f = check_row(&h, "cpu.nohz-full", VERDICT_ADVICE, "CPU 1 took 250 timer interrupts");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	h.activity.irqs = (struct fact_list){ 0 };
	set_ticks(&h, 3);
	check_row(&h, "cpu.nohz-full", VERDICT_PASS, "at most 3 timer interrupts");
	arena_release(&h.arena);
}

static void test_list_mismatch(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "isol.list-mismatch", VERDICT_NOT_APPLICABLE, "Nothing is isolated");
	set_cpus(&h.kernel.isolcpus, "1-4");
	check_row(&h, "isol.list-mismatch", VERDICT_NOT_APPLICABLE, "only one list");
	set_cpus(&h.kernel.nohz_full, "0-3");
	f = check_row(&h, "isol.list-mismatch", VERDICT_ADVICE, "2 lists");
	assert_int_equal(f.n_items, 2);
	set_cpus(&h.kernel.nohz_full, "1-4");
	check_row(&h, "isol.list-mismatch", VERDICT_PASS, "All 2 lists name 1-4");
	host_set_guest_cpus(&h, "1-2", "0,3-4");
	f = check_row(&h, "isol.list-mismatch", VERDICT_ADVICE, "3 lists");
	assert_non_null(strstr(f.fix.persist, "isolcpus=managed_irq,domain,1-2 "));
	host_set_guest_cpus(&h, "0-7", "");
	f = check_row(&h, "isol.list-mismatch", VERDICT_ADVICE, "3 lists");
	assert_null(strstr(f.fix.persist, "isolcpus="));
	arena_release(&h.arena);
}

static void test_cpu0(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "isol.cpu0", VERDICT_NOT_APPLICABLE, NULL);
	host_set_guest_cpus(&h, "1-3", "0");
	check_row(&h, "isol.cpu0", VERDICT_PASS, "left to the host");
	host_set_guest_cpus(&h, "0-3", "");
	check_row(&h, "isol.cpu0", VERDICT_ADVICE, "the guest's CPUs");
	host_set_guest_cpus(&h, "1-3", "0");
	set_cpus(&h.kernel.nohz_full, "0-3,6-9");
	check_row(&h, "isol.cpu0", VERDICT_ADVICE, "nohz_full=");
	arena_release(&h.arena);
}

/* With cores and a guest that are known, the list is another one. */
static void test_cpu0_fix(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 8, "");
	set_cpus(&h.kernel.isolcpus, "0-3,6-9");
	set_cpus(&h.kernel.nohz_full, "0-3,6-9");
	f = check_row(&h, "isol.cpu0", VERDICT_ADVICE, "isolcpus=");
	assert_string_equal(f.fix.change[CHANGE_BOOT],
			    "isolcpus=managed_irq,domain,1-4,7-10\nnohz_full=1-4,7-10");
	assert_null(f.fix.change[CHANGE_XML]);
	check_has(f.fix.persist, "isolcpus=managed_irq,domain,1-4,7-10");
	/* And so do the fixes of lists that do not agree. */
	host_set_guest_cpus(&h, "0-3,6-9", "4-5,10-11");
	set_cpus(&h.kernel.nohz_full, "1-4,7-10");
	f = check_row(&h, "isol.list-mismatch", VERDICT_ADVICE, "different CPUs");
	check_has(f.fix.change[CHANGE_BOOT],
		  "isolcpus=managed_irq,domain,1-4,7-10 nohz_full=1-4,7-10");
	arena_release(&h.arena);
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 4, "0 6 1 7");
	host_set_guest_cpus(&h, "0-1,6-7", "2-5,8-11");
	f = check_row(&h, "isol.cpu0", VERDICT_ADVICE, "the guest's CPUs");
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=0]@cpuset=1\n");
	assert_null(f.fix.change[CHANGE_BOOT]);
	arena_release(&h.arena);
}

static struct freq_fact *add_policy(struct host *h, const char *cpus, const char *driver,
				    const char *governor, const char *epp)
{
	struct freq_fact *p = fact_add_item(&h->cpu.freq, &h->arena, sizeof(*p));

	assert_non_null(p);
	set_cpus(&p->cpus, cpus);
	set_str(&p->driver, driver);
	set_str(&p->governor, governor);
	if (epp)
		set_str(&p->epp, epp);
	return p;
}

static void test_governor(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "1-2", "0");
	check_row(&h, "freq.governor", VERDICT_UNKNOWN, NULL);
	fact_set_bool(&h.cpu.has_cpufreq, false);
	check_row(&h, "freq.governor", VERDICT_NOT_APPLICABLE, NULL);
	fact_set_bool(&h.cpu.has_cpufreq, true);
	add_policy(&h, "0", "acpi-cpufreq", "ondemand", NULL);
	add_policy(&h, "1", "acpi-cpufreq", "performance", NULL);
	check_row(&h, "freq.governor", VERDICT_PASS, NULL);
	add_policy(&h, "2", "acpi-cpufreq", "schedutil", NULL);
	f = check_row(&h, "freq.governor", VERDICT_ADVICE, "'schedutil' on the guest's CPUs 2");
	assert_string_equal(f.fix.now,
			    "for c in 2; do echo performance | sudo tee "
			    "/sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor; done");
	assert_non_null(strstr(f.fix.undo, "echo schedutil"));
	h.cpu.freq = (struct fact_list){ 0 };
	/* Active intel_pstate: powersave with the performance preference is not slow. */
	add_policy(&h, "1-2", "intel_pstate", "powersave", "performance");
	check_row(&h, "freq.governor", VERDICT_PASS, NULL);
	add_policy(&h, "1-2", "intel_pstate", "powersave", "balance_power");
	check_row(&h, "freq.governor", VERDICT_ADVICE, "energy_performance_preference");
	arena_release(&h.arena);
}

static void add_idle(struct host *h, const char *name, uint64_t us, const char *cpus,
		     const char *disabled)
{
	struct idle_fact *s = fact_add_item(&h->cpu.idle, &h->arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->name, name);
	fact_set_u64(&s->latency_us, us);
	set_cpus(&s->cpus, cpus);
	set_cpus(&s->disabled, disabled);
}

static void test_cstates(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "1-2", "0");
	check_row(&h, "idle.cstates", VERDICT_UNKNOWN, NULL);
	h.cpu.idle.known = true;
	check_row(&h, "idle.cstates", VERDICT_NOT_APPLICABLE, NULL);
	add_idle(&h, "POLL", 0, "0-2", "");
	add_idle(&h, "C1", 2, "0-2", "");
	add_idle(&h, "C6", 133, "0-2", "1-2");
	check_row(&h, "idle.cstates", VERDICT_PASS, "longer than 50 us");
	add_idle(&h, "C10", 890, "0-2", "2");
	f = check_row(&h, "idle.cstates", VERDICT_ADVICE,
		      "CPUs 1 may sleep in C10, which takes 890 us");
	assert_non_null(strstr(f.fix.now, "for c in 1; do echo 2 |"));
	assert_int_equal(fact_add_pair(&h.cpu.pm_qos_resume_latency_us, &h.arena, 1, 10), 0);
	check_row(&h, "idle.cstates", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_rt_throttle(void **state)
{
	struct guest_thread vcpu = { 0 };
	struct guest_process guest = { .threads = { true, 1, &vcpu } };
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "sched.rt-throttle", VERDICT_NOT_APPLICABLE, "Needs a running guest");
	h.running = &guest;
	set_str(&vcpu.role, "vcpu");
	set_str(&vcpu.policy, "other");
	check_row(&h, "sched.rt-throttle", VERDICT_NOT_APPLICABLE,
		  "No vCPU has a real-time policy");
	set_str(&vcpu.policy, "fifo");
	check_row(&h, "sched.rt-throttle", VERDICT_UNKNOWN, NULL);
	fact_set_i64(&h.kernel.rt_runtime_us, 950000);
	fact_set_u64(&h.kernel.rt_period_us, 1000000);
	f = check_row(&h, "sched.rt-throttle", VERDICT_ADVICE, "loses 50000 us");
	assert_string_equal(f.fix.undo, "sudo sysctl -w kernel.sched_rt_runtime_us=950000");
	fact_set_i64(&h.kernel.rt_runtime_us, -1);
	check_row(&h, "sched.rt-throttle", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_host(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "host.virt", VERDICT_UNKNOWN, NULL);
	check_row(&h, "host.steal", VERDICT_UNKNOWN, "was not measured");
	fact_set_bool(&h.cpu.is_virtual, false);
	check_row(&h, "host.virt", VERDICT_PASS, NULL);
	check_row(&h, "host.steal", VERDICT_NOT_APPLICABLE, NULL);
	fact_set_bool(&h.cpu.is_virtual, true);
	set_str(&h.cpu.hypervisor, "KVM");
	check_row(&h, "host.virt", VERDICT_ADVICE, "hypervisor, KVM:");
	host_set_guest_cpus(&h, "1", "0");
	fact_set_u64(&h.activity.window_ns, 10 * NS_PER_S);
	h.activity.steal_ns.known = true;
	check_row(&h, "host.steal", VERDICT_PASS, "0.0 %");
	assert_int_equal(fact_add_pair(&h.activity.steal_ns, &h.arena, 0, 5 * NS_PER_S), 0);
	assert_int_equal(fact_add_pair(&h.activity.steal_ns, &h.arena, 1, 320 * NS_PER_MS), 0);
	check_row(&h, "host.steal", VERDICT_ADVICE, "took 3.2 %");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_isolcpus),      cmocka_unit_test(test_nohz_full),
		cmocka_unit_test(test_list_mismatch), cmocka_unit_test(test_cpu0),
		cmocka_unit_test(test_cpu0_fix),      cmocka_unit_test(test_governor),
		cmocka_unit_test(test_cstates),       cmocka_unit_test(test_rt_throttle),
		cmocka_unit_test(test_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
