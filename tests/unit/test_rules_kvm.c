/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

struct row {
	const char *id;
	const char *name, *value;              /* of a module parameter */
	const char *weakness, *weakness_value; /* NULL: none is known */
	enum verdict verdict;
	const char *piece;
	const char *fix; /* a piece of what mends it for good; NULL: nothing does */
};

static void parameters_are_judged(void **state)
{
	static const struct row rows[] = {
		{ "kvm.ignore-msrs", "kvm.ignore_msrs", "N", NULL, NULL, VERDICT_PASS,
		  "not ignored", NULL },
		{ "kvm.ignore-msrs", "kvm.ignore_msrs", "", NULL, NULL, VERDICT_PASS, "not ignored",
		  NULL },
		{ "kvm.ignore-msrs", "kvm.ignore_msrs", "Y", NULL, NULL, VERDICT_ADVICE, "let pass",
		  "options kvm ignore_msrs=0" },
		{ "kvm.ignore-msrs", "kvm.tdp_mmu", "Y", NULL, NULL, VERDICT_NOT_APPLICABLE,
		  "not loaded", NULL },
		{ "kvm.report-ignored-msrs", "kvm.ignore_msrs", "N", NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "nothing to report", NULL },
		{ "kvm.report-ignored-msrs", "kvm.ignore_msrs", "Y", NULL, NULL, VERDICT_ADVICE,
		  "not reported", "report_ignored_msrs=1" },
		{ "kvm.nx-huge-pages", "kvm.nx_huge_pages", "N", NULL, NULL, VERDICT_PASS,
		  "does not split", NULL },
		{ "kvm.nx-huge-pages", "kvm.nx_huge_pages", "Y", "itlb_multihit",
		  "KVM: Mitigation: Split huge pages", VERDICT_PASS, "as this CPU needs", NULL },
		{ "kvm.nx-huge-pages", "kvm.nx_huge_pages", "Y", "itlb_multihit", "Not affected",
		  VERDICT_ADVICE, "no such thing", "nx_huge_pages" },
		{ "kvm.nx-huge-pages", "kvm.nx_huge_pages", "Y", NULL, NULL, VERDICT_UNKNOWN,
		  "not known", NULL },
		{ "kvm.pause-loop", "kvm_intel.ple_gap", "0", NULL, NULL, VERDICT_PASS,
		  "does not leave", NULL },
		{ "kvm.pause-loop", "kvm_amd.pause_filter_count", "3000", NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "pause_filter_count=3000", NULL },
		{ "kvm.clock-sync", "kvm.kvmclock_periodic_sync", "N", NULL, NULL, VERDICT_PASS,
		  "does not set", NULL },
		{ "kvm.clock-sync", "kvm.kvmclock_periodic_sync", "Y", NULL, NULL, VERDICT_PASS,
		  "too rare", NULL },
		{ "kvm.min-timer", "kvm.min_timer_period_us", "200", NULL, NULL, VERDICT_PASS,
		  "200 us", NULL },
		{ "kvm.min-timer", "kvm.min_timer_period_us", "1000", NULL, NULL, VERDICT_ADVICE,
		  "1000 us", "min_timer_period_us=200" },
		{ "kvm.min-timer", "kvm.min_timer_period_us", "x", NULL, NULL, VERDICT_UNKNOWN,
		  "no number", NULL },
		{ "mitig.l1d-flush", "kvm_intel.vmentry_l1d_flush", "cond", NULL, NULL,
		  VERDICT_PASS, "=cond", NULL },
		{ "mitig.l1d-flush", "kvm_intel.vmentry_l1d_flush", "always", "l1tf",
		  "Mitigation: PTE", VERDICT_PASS, "affects", NULL },
		{ "mitig.l1d-flush", "kvm_intel.vmentry_l1d_flush", "always", "l1tf",
		  "Not affected", VERDICT_ADVICE, "does not affect", "vmentry_l1d_flush=cond" },
		{ "mitig.state", "kvm.tdp_mmu", "Y", "l1tf", "Not affected", VERDICT_PASS, "0 of 1",
		  NULL },
		{ "mitig.state", "kvm.tdp_mmu", "Y", "l1tf", "Vulnerable", VERDICT_PASS, "1 of 1",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setting_fact p = { { true, rows[i].name }, { true, rows[i].value } };
		struct setting_fact w = { { true, rows[i].weakness },
					  { true, rows[i].weakness_value } };
		struct finding f;
		struct host h;

		host_blank(&h);
		h.kernel.params = (struct fact_list){ true, 1, &p };
		if (rows[i].weakness)
			h.setup.vulnerabilities = (struct fact_list){ true, 1, &w };
		f = check_row(&h, rows[i].id, rows[i].verdict, rows[i].piece);
		if (!f.fix.persist != !rows[i].fix ||
		    (rows[i].fix && !strstr(f.fix.persist, rows[i].fix)))
			fail_msg("%s: fix '%s'", rows[i].id, f.fix.persist);
		arena_release(&h.arena);
	}
}

static void a_real_time_guest_minds_its_clock_being_set(void **state)
{
	struct setting_fact p = { { true, "kvm.kvmclock_periodic_sync" }, { true, "Y" } };
	struct domain_sched fifo = { .policy = { true, "fifo" } };
	struct host h;

	(void)state;
	host_blank(&h);
	h.kernel.params = (struct fact_list){ true, 1, &p };
	h.domain.vcpu_scheds = (struct fact_list){ true, 1, &fifo };
	check_row(&h, "kvm.clock-sync", VERDICT_ADVICE, "real-time policy");
	arena_release(&h.arena);
}

static void weaknesses_have_names(void **state)
{
	struct setting_fact v[] = { { { true, "l1tf" }, { true, "Vulnerable" } },
				    { .value = { true, "Vulnerable" } } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	h.setup.vulnerabilities = (struct fact_list){ true, ARRAY_SIZE(v), v };
	f = check_row(&h, "mitig.state", VERDICT_PASS, "1 of 2");
	assert_int_equal(f.n_items, 1);
	arena_release(&h.arena);
}

static void unhandled_accesses_are_shown(void **state)
{
	struct setting_fact p = { { true, "kvm.ignore_msrs" }, { true, "N" } };
	struct log_event e = { .kind = { true, "msr-unhandled" },
			       .n = { true, 3 },
			       .text = { true, "kvm: unhandled rdmsr: 0x1b0" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	h.kernel.params = (struct fact_list){ true, 1, &p };
	h.log.events = (struct fact_list){ true, 1, &e };
	f = check_row(&h, "kvm.ignore-msrs", VERDICT_PASS, "3 accesses");
	assert_int_equal(f.n_items, 1);
	arena_release(&h.arena);
}

static void split_locks_of_the_guest_count(void **state)
{
	struct log_event e[] = {
		{ .kind = { true, "split-lock" }, .n = { true, 7 }, .value = { true, "game.exe" } },
		{ .kind = { true, "split-lock" },
		  .n = { true, 40 },
		  .value = { true, "CPU 3/KVM" } },
	};
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "split-lock", VERDICT_UNKNOWN, NULL);
	h.log.events = (struct fact_list){ true, 0, NULL };
	check_row(&h, "split-lock", VERDICT_PASS, "as far as the log goes back");
	fact_set_bool(&h.log.is_complete, true);
	check_row(&h, "split-lock", VERDICT_PASS, "since boot");
	h.log.events = (struct fact_list){ true, 1, e };
	check_row(&h, "split-lock", VERDICT_PASS, NULL);
	h.log.events = (struct fact_list){ true, 2, e };
	f = check_row(&h, "split-lock", VERDICT_ADVICE, "caught 40 times");
	assert_string_equal(f.items[0], "CPU 3/KVM: 40");
	assert_string_equal(f.fix.now, "sudo sysctl -w kernel.split_lock_mitigate=0");
	arena_release(&h.arena);
}

static void without_parameters_nothing_is_known(void **state)
{
	static const char *const ids[] = { "kvm.ignore-msrs",   "kvm.report-ignored-msrs",
					   "kvm.nx-huge-pages", "kvm.pause-loop",
					   "kvm.clock-sync",    "kvm.min-timer",
					   "mitig.l1d-flush",   "mitig.state" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct host h;

		host_blank(&h);
		check_row(&h, ids[i], VERDICT_UNKNOWN, NULL);
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_judged),
		cmocka_unit_test(a_real_time_guest_minds_its_clock_being_set),
		cmocka_unit_test(unhandled_accesses_are_shown),
		cmocka_unit_test(weaknesses_have_names),
		cmocka_unit_test(split_locks_of_the_guest_count),
		cmocka_unit_test(without_parameters_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
