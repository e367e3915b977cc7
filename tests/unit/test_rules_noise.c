/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static struct guest_process guest = { .pid = { true, 7 } };

/* A guest on CPU 1, watched for one second. */
static void set_run(struct host *h)
{
	host_blank(h);
	host_set_guest_cpus(h, "1", "0");
	set_str(&h->guestref.kind, "qemu");
	h->running = &guest;
	fact_set_u64(&h->activity.window_ns, NS_PER_S);
}

/* n events on CPU 1, and many on CPU 0, which do not count. */
static void set_line(struct host *h, struct fact_list *list, const char *label, uint64_t n)
{
	struct activity_irq *l = fact_add_item(list, &h->arena, sizeof(*l));

	assert_non_null(l);
	set_str(&l->label, label);
	assert_int_equal(fact_add_pair(&l->counts, &h->arena, 0, 100000), 0);
	assert_int_equal(fact_add_pair(&l->counts, &h->arena, 1, n), 0);
}

static void softirqs_by_rate(void **state)
{
	static const struct {
		const char *label;
		uint64_t n;
		enum verdict verdict;
		const char *piece;
	} rows[] = {
		{ "NET_RX", 100, VERDICT_PASS, "ran 100 softirqs" },
		{ "NET_RX", 101, VERDICT_ADVICE, "ran 101 softirqs" },
		{ "BLOCK", 1001, VERDICT_PROBLEM, "ran 1001 softirqs" },
		{ "TIMER", 100000, VERDICT_PASS, "ran 0 softirqs" },
	};
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "softirq.net-block", VERDICT_NOT_APPLICABLE, "running guest");
	arena_release(&h.arena);
	set_run(&h);
	check_row(&h, "softirq.net-block", VERDICT_UNKNOWN, NULL);
	arena_release(&h.arena);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding f;

		set_run(&h);
		set_line(&h, &h.activity.softirqs, rows[i].label, rows[i].n);
		f = check_row(&h, "softirq.net-block", rows[i].verdict, rows[i].piece);
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		arena_release(&h.arena);
	}
}

static void interrupts_from_other_cpus(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "ipi.sources", VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
	set_run(&h);
	check_row(&h, "ipi.sources", VERDICT_UNKNOWN, NULL);
	set_line(&h, &h.activity.irqs, "TLB", 60);
	check_row(&h, "ipi.sources", VERDICT_PASS, "60 times per second");
	set_line(&h, &h.activity.irqs, "CAL", 60);
	set_line(&h, &h.activity.irqs, "RES", 60000);
	f = check_row(&h, "ipi.sources", VERDICT_ADVICE, "120 times per second");
	assert_string_equal(f.items[0], "TLB: 60/s");
	arena_release(&h.arena);
}

static void timers_stay(void **state)
{
	struct setting_fact s = { { true, "kernel.timer_migration" }, { true, "1" } };
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "timer.migration", VERDICT_UNKNOWN, NULL);
	h.kernel.sysctls = (struct fact_list){ true, 0, NULL };
	check_row(&h, "timer.migration", VERDICT_UNKNOWN, "not known");
	h.kernel.sysctls = (struct fact_list){ true, 1, &s };
	check_row(&h, "timer.migration", VERDICT_NOT_APPLICABLE, "only a trace");
	s.value.v = "0";
	check_row(&h, "timer.migration", VERDICT_PASS, "stay on");
	arena_release(&h.arena);
}

static void polls_pay_or_not(void **state)
{
	struct setting_fact s = { { true, "kvm.halt_poll_ns" }, { true, "200000" } };
	struct activity_counter c[] = { { { true, "kvm.halt_attempted_poll" }, { true, 99 } },
					{ { true, "kvm.halt_successful_poll" }, { true, 10 } } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "kvm.halt-poll", VERDICT_NOT_APPLICABLE, "running guest");
	arena_release(&h.arena);
	set_run(&h);
	check_row(&h, "kvm.halt-poll", VERDICT_UNKNOWN, NULL);
	h.kernel.params = (struct fact_list){ true, 1, &s };
	h.activity.counters = (struct fact_list){ true, 2, c };
	check_row(&h, "kvm.halt-poll", VERDICT_NOT_APPLICABLE, "Too few");
	c[0].n.v = 1000;
	f = check_row(&h, "kvm.halt-poll", VERDICT_ADVICE, "only 1 %");
	assert_non_null(strstr(f.fix.persist, "halt_poll_ns=0"));
	c[1].n.v = 200;
	check_row(&h, "kvm.halt-poll", VERDICT_PASS, "20 %");
	s.value.v = "0";
	check_row(&h, "kvm.halt-poll", VERDICT_PASS, "does not poll");
	arena_release(&h.arena);
}

static void hot_cores(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "freq.turbo-thermal", VERDICT_UNKNOWN, NULL);
	arena_release(&h.arena);
	set_run(&h);
	h.activity.core_throttles.known = true;
	check_row(&h, "freq.turbo-thermal", VERDICT_PASS, "No core");
	assert_int_equal(fact_add_pair(&h.activity.core_throttles, &h.arena, 0, 4), 0);
	check_row(&h, "freq.turbo-thermal", VERDICT_ADVICE, "4 times during the run, 0 of them");
	assert_int_equal(fact_add_pair(&h.activity.core_throttles, &h.arena, 1, 2), 0);
	check_row(&h, "freq.turbo-thermal", VERDICT_PROBLEM, "6 times during the run, 2 of them");
	arena_release(&h.arena);
}

static void bias_of_the_guests_cpus(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "freq.epp-epb", VERDICT_UNKNOWN, NULL);
	host_set_guest_cpus(&h, "1", "0");
	assert_int_equal(fact_add_pair(&h.power.epb, &h.arena, 0, 15), 0);
	assert_int_equal(fact_add_pair(&h.power.epb, &h.arena, 1, 6), 0);
	check_row(&h, "freq.epp-epb", VERDICT_PASS, "No CPU");
	h.power.epb.v[1].value = 8;
	check_row(&h, "freq.epp-epb", VERDICT_ADVICE, "CPUs 1 are biased");
	arena_release(&h.arena);
}

static void managers_fight(void **state)
{
	const char *names[] = { "thermald", "tuned", "tlp" };
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "freq.conflict", VERDICT_UNKNOWN, NULL);
	h.power.managers = (struct fact_strs){ true, 1, names };
	check_row(&h, "freq.conflict", VERDICT_PASS, "No program");
	h.power.managers.n = 2;
	check_row(&h, "freq.conflict", VERDICT_PASS, "Only tuned");
	h.power.managers.n = 3;
	check_row(&h, "freq.conflict", VERDICT_ADVICE, "tuned and tlp run at once");
	arena_release(&h.arena);
}

static void sleepless_cpus(void **state)
{
	struct power_holder p = { { true, 9 }, { true, "audiod" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "idle.dma-latency-held", VERDICT_UNKNOWN, NULL);
	h.power.holders.known = true;
	check_row(&h, "idle.dma-latency-held", VERDICT_NOT_APPLICABLE, "No program");
	h.power.holders = (struct fact_list){ true, 1, &p };
	fact_set_i64(&h.power.dma_latency_us, 0);
	check_row(&h, "idle.dma-latency-held", VERDICT_PASS, "1 program may");
	fact_set_bool(&h.cpu.is_smt_active, true);
	f = check_row(&h, "idle.dma-latency-held", VERDICT_ADVICE, "audiod keeps");
	assert_string_equal(f.items[0], "audiod (9)");
	fact_set_i64(&h.power.dma_latency_us, 20);
	check_row(&h, "idle.dma-latency-held", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(softirqs_by_rate), cmocka_unit_test(interrupts_from_other_cpus),
		cmocka_unit_test(timers_stay),      cmocka_unit_test(polls_pay_or_not),
		cmocka_unit_test(hot_cores),        cmocka_unit_test(bias_of_the_guests_cpus),
		cmocka_unit_test(managers_fight),   cmocka_unit_test(sleepless_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
