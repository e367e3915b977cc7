/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about the clock and the timers of a guest: one case per verdict each can give. */
#include "tests/lib/guestconf.h"

static void localtime_clock(struct host *h)
{
	set_str(&h->domain.clock_offset, "localtime");
}

static void utc(struct host *h)
{
	set_str(&h->domain.clock_offset, "utc");
}

static void variable(struct host *h)
{
	set_str(&h->domain.clock_offset, "variable");
}

static void timezone_clock(struct host *h)
{
	set_str(&h->domain.clock_offset, "timezone");
}

static void damaged(struct host *h)
{
	h->domain.timers.known = false;
}

static void test_offset(void **state)
{
	static const struct guest_case cases[] = {
		{ "windows", localtime_clock, VERDICT_PASS, "shows local time", NULL },
		{ "windows", variable, VERDICT_PASS, "an offset of its own (variable)", NULL },
		{ "windows", timezone_clock, VERDICT_PASS, "(timezone)", NULL },
		{ "windows", utc, VERDICT_ADVICE, "shows utc, which Windows",
		  "clock@offset=localtime" },
		{ "windows", NULL, VERDICT_ADVICE, "shows UTC, the default",
		  "clock@offset=localtime" },
		{ "linux", utc, VERDICT_NOT_APPLICABLE, "not run Windows", NULL },
		{ NULL, utc, VERDICT_NOT_APPLICABLE, "What runs in the guest is not known", NULL },
		{ "windows", damaged, VERDICT_UNKNOWN, "domain.timers is not known", NULL },
	};
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("clock.offset-localtime", cases);
	host_blank(&h);
	check_row(&h, "clock.offset-localtime", VERDICT_NOT_APPLICABLE, "No guest is");
	guest_of(&h, "windows");
	set_str(&h.domain.source, "argv");
	f = check_row(&h, "clock.offset-localtime", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "-rtc base=localtime");
	set_str(&h.domain.manager, "proxmox");
	fact_set_u64(&h.domain.vmid, 104);
	f = check_row(&h, "clock.offset-localtime", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "qm set 104 --localtime 1");
	arena_release(&h.arena);
}

static void rtc_catchup(struct host *h)
{
	set_str(&add_timer(h, "rtc")->tickpolicy, "catchup");
}

static void rtc_track(struct host *h)
{
	struct domain_timer *t = add_timer(h, "rtc");

	set_str(&t->tickpolicy, "catchup");
	set_str(&t->track, "guest");
}

static void rtc_delay(struct host *h)
{
	set_str(&add_timer(h, "rtc")->tickpolicy, "delay");
}

static void rtc_absent(struct host *h)
{
	fact_set_bool(&add_timer(h, "rtc")->is_present, false);
}

static void stimer(struct host *h)
{
	add_setting(h, &h->domain.features, "hyperv.stimer", "on");
}

static void test_rtc(void **state)
{
	static const struct guest_case cases[] = {
		{ "windows", rtc_catchup, VERDICT_PASS, "made up for (catchup)", NULL },
		{ "windows", rtc_track, VERDICT_ADVICE, "follows the guest's own time",
		  "-clock/timer[name=rtc]@track" },
		{ "windows", rtc_delay, VERDICT_ADVICE, "(tickpolicy delay)",
		  "clock/timer[name=rtc]@tickpolicy=catchup" },
		{ "windows", NULL, VERDICT_ADVICE, "(no tickpolicy)",
		  "clock/timer[name=rtc]@tickpolicy=catchup" },
		{ "windows", stimer, VERDICT_NOT_APPLICABLE, "Hyper-V's timers", NULL },
		{ "windows", rtc_absent, VERDICT_NOT_APPLICABLE, "has no RTC", NULL },
		{ "linux", NULL, VERDICT_NOT_APPLICABLE, "not run Windows", NULL },
		{ "windows", damaged, VERDICT_UNKNOWN, "domain.timers", NULL },
	};

	(void)state;
	CHECK_GUESTS("clock.rtc-catchup", cases);
}

static void pit_delay(struct host *h)
{
	set_str(&add_timer(h, "pit")->tickpolicy, "delay");
}

static void pit_discard(struct host *h)
{
	set_str(&add_timer(h, "pit")->tickpolicy, "discard");
}

static void pit_catchup(struct host *h)
{
	set_str(&add_timer(h, "pit")->tickpolicy, "catchup");
}

static void pit_absent(struct host *h)
{
	fact_set_bool(&add_timer(h, "pit")->is_present, false);
}

static void test_pit(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, pit_delay, VERDICT_PASS, "come late (delay)", NULL },
		{ NULL, NULL, VERDICT_PASS, "as QEMU has it", NULL },
		{ NULL, pit_catchup, VERDICT_ADVICE, "catchup, where delay is meant",
		  "clock/timer[name=pit]@tickpolicy=delay\n-clock/timer[name=pit]/catchup" },
		{ "windows", pit_discard, VERDICT_ADVICE, "discard, where delay is meant",
		  "clock/timer[name=pit]@tickpolicy=delay" },
		{ "linux", pit_discard, VERDICT_NOT_APPLICABLE, "Linux does not count", NULL },
		{ NULL, pit_discard, VERDICT_NOT_APPLICABLE, "guests of today", NULL },
		{ NULL, pit_absent, VERDICT_NOT_APPLICABLE, "has no PIT", NULL },
		{ NULL, damaged, VERDICT_UNKNOWN, "domain.timers", NULL },
	};

	(void)state;
	CHECK_GUESTS("clock.pit-delay", cases);
}

static void tsc_native(struct host *h)
{
	set_str(&add_timer(h, "tsc")->mode, "native");
}

static void tsc_plain(struct host *h)
{
	add_timer(h, "tsc");
}

static void test_tsc(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, tsc_native, VERDICT_ADVICE, "has mode native: it has no effect",
		  "-clock/timer[name=tsc]@mode" },
		{ NULL, tsc_plain, VERDICT_NOT_APPLICABLE, "No mode is told", NULL },
		{ NULL, NULL, VERDICT_NOT_APPLICABLE, "No mode is told", NULL },
	};

	(void)state;
	CHECK_GUESTS("clock.tsc-native", cases);
}

static void hpet_off(struct host *h)
{
	fact_set_bool(&add_timer(h, "hpet")->is_present, false);
}

static void hpet_on(struct host *h)
{
	fact_set_bool(&add_timer(h, "hpet")->is_present, true);
}

static void microvm(struct host *h)
{
	set_str(&h->domain.machine, "microvm");
}

static void arm(struct host *h)
{
	set_str(&h->domain.arch, "aarch64");
}

static void test_hpet(void **state)
{
	static const struct guest_case cases[] = {
		{ "windows", hpet_off, VERDICT_PASS, "has no HPET", NULL },
		{ "windows", microvm, VERDICT_PASS, "has no HPET", NULL },
		{ "windows", hpet_on, VERDICT_ADVICE, "(it is switched on)",
		  "clock/timer[name=hpet]@present=no" },
		{ "windows", NULL, VERDICT_ADVICE, "unless it is switched off",
		  "clock/timer[name=hpet]@present=no" },
		{ "linux", hpet_on, VERDICT_NOT_APPLICABLE, "not run Windows", NULL },
		{ NULL, hpet_on, VERDICT_NOT_APPLICABLE, "not known", NULL },
		{ "windows", arm, VERDICT_NOT_APPLICABLE, "aarch64", NULL },
		{ "windows", damaged, VERDICT_UNKNOWN, "domain.timers", NULL },
	};

	(void)state;
	CHECK_GUESTS("clock.hpet-off", cases);
}

static void kvmclock_off(struct host *h)
{
	fact_set_bool(&add_timer(h, "kvmclock")->is_present, false);
}

static void test_kvmclock(void **state)
{
	static const struct guest_case cases[] = {
		{ "linux", NULL, VERDICT_PASS, "has kvmclock", NULL },
		{ "linux", kvmclock_off, VERDICT_ADVICE, "taken away from a Linux guest",
		  "-clock/timer[name=kvmclock]" },
		{ "windows", kvmclock_off, VERDICT_NOT_APPLICABLE, "Windows does not know", NULL },
		{ NULL, kvmclock_off, VERDICT_NOT_APPLICABLE, "Only Linux", NULL },
		{ "linux", damaged, VERDICT_UNKNOWN, "domain.timers", NULL },
	};

	(void)state;
	CHECK_GUESTS("clock.kvmclock-off", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offset), cmocka_unit_test(test_rtc),
		cmocka_unit_test(test_pit),    cmocka_unit_test(test_tsc),
		cmocka_unit_test(test_hpet),   cmocka_unit_test(test_kvmclock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
