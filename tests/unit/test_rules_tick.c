/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about what keeps the host's time: one case per verdict each can give. */
#include "tests/lib/guestconf.h"

struct clock_case {
	const char *arch;
	bool is_virtual;
	const char *release, *available; /* words */
	bool has_adjust, has_nonstop;
	uint64_t n_packages;
	const char *tsc, *cmdline; /* options; NULL: none, not known */
	enum verdict verdict;
	const char *piece, *boot;
};

static void set_clock(struct host *h, const struct clock_case *c)
{
	struct text rest = text_of(c->available), word;

	host_blank(h);
	set_str(&h->clock.arch, c->arch);
	fact_set_bool(&h->cpu.is_virtual, c->is_virtual);
	set_str(&h->kernel.release, c->release);
	set_str(&h->clock.current, "tsc");
	h->clock.available.known = true;
	while (text_next_word(&rest, &word)) {
		const char *name = arena_strndup(&h->arena, word.at, word.len);

		assert_int_equal(fact_add_str(&h->clock.available, &h->arena, name), 0);
	}
	fact_set_bool(&h->clock.has_constant_tsc, true);
	fact_set_bool(&h->clock.has_nonstop_tsc, c->has_nonstop);
	fact_set_bool(&h->clock.has_tsc_adjust, c->has_adjust);
	fact_set_u64(&h->cpu.n_packages, c->n_packages);
	if (c->tsc)
		set_str(&h->clock.tsc_option, c->tsc);
	if (c->cmdline)
		set_str(&h->kernel.cmdline, c->cmdline);
}

static void check_clocks(const char *id, const struct clock_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct finding f;
		struct host h;

		set_clock(&h, &cases[i]);
		f = check_row(&h, id, cases[i].verdict, cases[i].piece);
		if (cases[i].boot)
			assert_string_equal(f.fix.change[CHANGE_BOOT], cases[i].boot);
		arena_release(&h.arena);
	}
}

static const char all[] = "tsc hpet acpi_pm";

static void test_hpet(void **state)
{
	static const struct clock_case cases[] = {
		{ "x86_64", false, "6.1.0-18-amd64", all, true, true, 1, NULL, NULL, VERDICT_PASS,
		  "has its HPET", NULL },
		{ "x86_64", false, "6.1.0", "tsc acpi_pm", true, true, 1, NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "needs none beside it", NULL },
		{ "x86_64", false, "6.1.0", "tsc acpi_pm", false, true, 1, "nowatchdog", NULL,
		  VERDICT_NOT_APPLICABLE, "needs none beside it", NULL },
		{ "x86_64", false, "6.1.0", "tsc acpi_pm", false, true, 1, NULL, NULL,
		  VERDICT_ADVICE, "the CPU has no tsc_adjust: the slow acpi_pm", NULL },
		{ "x86_64", false, "5.15.0", "tsc", true, true, 1, NULL, NULL, VERDICT_ADVICE,
		  "its kernel is older than 5.17: nothing checks it", NULL },
		{ "x86_64", false, "6.1.0", "tsc", true, true, 4, NULL, "quiet hpet=disable",
		  VERDICT_ADVICE, "more than two sockets", "-hpet" },
		{ "x86_64", true, "6.1.0", "tsc", false, true, 1, NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "itself a guest", NULL },
		{ "aarch64", false, "6.1.0", "arch_sys_counter", false, true, 1, NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "this is aarch64", NULL },
	};
	struct host h;

	(void)state;
	check_clocks("clock.bios-hpet", cases, ARRAY_SIZE(cases));
	host_blank(&h);
	check_row(&h, "clock.bios-hpet", VERDICT_UNKNOWN, "clock.available is not known");
	arena_release(&h.arena);
}

static void test_watchdog(void **state)
{
	static const struct clock_case cases[] = {
		{ "x86_64", false, "6.1.0", all, true, true, 2, NULL, NULL, VERDICT_PASS,
		  "trusts this TSC", NULL },
		{ "x86_64", false, "5.4.0", all, false, true, 1, "unstable,nowatchdog", NULL,
		  VERDICT_PASS, "tsc=unstable,nowatchdog", NULL },
		{ "x86_64", false, "6.1.0", all, false, true, 1, "unstable", NULL, VERDICT_ADVICE,
		  "one CPU after the other: the CPU has no tsc_adjust", "tsc=nowatchdog" },
		{ "x86_64", false, "6.1.0", all, true, false, 1, NULL, NULL, VERDICT_ADVICE,
		  "the CPU's TSC is not invariant", "tsc=nowatchdog" },
		{ "x86_64", false, "6.1.0", "tsc", false, true, 1, NULL, NULL,
		  VERDICT_NOT_APPLICABLE, "no clock that the TSC could be checked with", NULL },
		{ "x86_64", true, "6.1.0", all, false, true, 1, NULL, NULL, VERDICT_NOT_APPLICABLE,
		  "itself a guest", NULL },
	};
	struct host h;

	(void)state;
	check_clocks("clock.tsc-watchdog", cases, ARRAY_SIZE(cases));
	set_clock(&h, &cases[0]);
	set_str(&h.clock.current, "hpet");
	check_row(&h, "clock.tsc-watchdog", VERDICT_NOT_APPLICABLE, "clocksource is hpet");
	h.kernel.release.known = false;
	check_row(&h, "clock.tsc-watchdog", VERDICT_UNKNOWN, "kernel.release");
	arena_release(&h.arena);
}

static void test_skew(void **state)
{
	struct domain_sched *s;
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "clock.skew-tick", VERDICT_UNKNOWN, "kernel.cmdline");
	set_str(&h.kernel.cmdline, "quiet");
	set_cpus(&h.cpu.online, "0-31");
	check_row(&h, "clock.skew-tick", VERDICT_NOT_APPLICABLE, "32 CPUs: too few");
	set_cpus(&h.cpu.online, "0-63");
	check_row(&h, "clock.skew-tick", VERDICT_NOT_APPLICABLE, "No vCPU is real-time; 64 CPUs");
	s = fact_add_item(&h.domain.vcpu_scheds, &h.arena, sizeof(*s));
	assert_non_null(s);
	set_str(&s->policy, "fifo");
	f = check_row(&h, "clock.skew-tick", VERDICT_ADVICE, "64 CPUs tick at one moment");
	assert_string_equal(f.fix.change[CHANGE_BOOT], "skew_tick=1");
	set_str(&h.kernel.cmdline, "quiet skew_tick=1");
	check_row(&h, "clock.skew-tick", VERDICT_PASS, "set apart");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hpet),
		cmocka_unit_test(test_watchdog),
		cmocka_unit_test(test_skew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
