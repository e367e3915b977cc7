/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/klog.h"
#include "tests/lib/check.h"

static void assert_text(struct text t, const char *want)
{
	if (!want) {
		assert_null(t.at);
		return;
	}
	assert_int_equal(t.len, strlen(want));
	if (t.len)
		assert_memory_equal(t.at, want, t.len);
}

static void test_message(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "tsc: x", "tsc: x" },
		{ "[    0.000000] tsc: x", "tsc: x" },
		{ "<6>[    0.000000] tsc: x", "tsc: x" },
		{ "<12>tsc: x", "tsc: x" },
		{ "<6>[    0.000000][    T0] tsc: x", "tsc: x" },
		{ "[Mon Nov 23 10:00:00 2026] tsc: x", "tsc: x" },
		{ "kern  :info  : [    0.000000] tsc: x", "tsc: x" },
		{ "2026-11-23T10:00:00,123456+00:00 tsc: x", "tsc: x" },
		{ "Nov 23 10:00:00 host kernel: tsc: x", "tsc: x" },
		{ "Nov 23 10:00:00 host kernel: [    0.000000] tsc: x", "tsc: x" },
		{ "[    0.000000] [Firmware Bug]: TSC x", "[Firmware Bug]: TSC x" },
		{ "[    0.000000] rcu: \tOffload", "rcu: \tOffload" },
		{ "<odd> tsc: x", "<odd> tsc: x" },
		{ "[no end 1", "[no end 1" },
		{ "<6", "<6" },
		{ "Linux kernel: x", "Linux kernel: x" },
		{ "", "" },
		{ "[    0.000000]", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct text message = klog_message(text_of(cases[i].line));

		assert_int_equal(message.len, strlen(cases[i].want));
		if (message.len)
			assert_memory_equal(message.at, cases[i].want, message.len);
	}
}

static void test_khz(void **state)
{
	static const struct {
		const char *log;
		uint64_t want;
	} cases[] = {
		{ "tsc: Detected 2599.996 MHz processor\n", 2599996 },
		{ "[    0.0] tsc: Detected 3000.000 MHz processor\n"
		  "[    0.0] tsc: Detected 2995.200 MHz TSC\n",
		  2995200 },
		{ "tsc: Detected 3696.000 MHz processor\n"
		  "tsc: Refined TSC clocksource calibration: 3695.997 MHz\n",
		  3695997 },
		{ "Detected 2660.096 MHz processor.\n", 2660096 },
		{ "tsc: Detected 0.000 MHz processor\n", 0 },
		{ "tsc: Detected 2599 MHz processor\n", 0 },
		{ "tsc: Detected 2599.9 MHz processor\n", 0 },
		{ "tsc: Detected 2599.9999 MHz processor\n", 0 },
		{ "tsc: Detected 2599.996 GHz processor\n", 0 },
		{ "tsc: Detected 99999999999999999999.996 MHz processor\n", 0 },
		{ "tsc: Detected", 0 },
		{ "Detected 4 subspaces\n", 0 },
		{ "foo: tsc: Detected 2599.996 MHz processor\n", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct klog_clock clock;

		klog_clock_parse(text_of(cases[i].log), &clock);
		assert_int_equal(clock.tsc_khz, cases[i].want);
	}
}

static void test_unstable(void **state)
{
	static const struct {
		const char *log;
		bool want;
	} cases[] = {
		{ "[    4.0] tsc: Marking TSC unstable due to clocksource watchdog\n", true },
		{ "Marking TSC unstable due to TSC halts in idle\n", true },
		{ "TSC found unstable after boot, most likely due to broken BIOS.\n", true },
		{ "clocksource: timekeeping watchdog on CPU2: Marking clocksource 'tsc' as unstable "
		  "because the skew is too large:\n",
		  true },
		{ "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc-early' as "
		  "unstable\n",
		  true },
		{ "clocksource: timekeeping watchdog on CPU2: Marking clocksource 'hpet' as "
		  "unstable\n",
		  false },
		{ "foo: tsc: Marking TSC unstable\n", false },
		{ "clocksource: Switched to clocksource tsc\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct klog_clock clock;

		klog_clock_parse(text_of(cases[i].log), &clock);
		assert_int_equal(clock.is_tsc_unstable, cases[i].want);
	}
}

static void test_verdicts(void **state)
{
	static const char log[] =
		"[    0.000000] Linux version 6.1.0 (a@b) (gcc) #1 SMP\n"
		"[    0.000000] tsc: Detected 2599.996 MHz processor\n"
		"[    0.000000] e820: something\n"
		"[    0.100000] TSC deadline timer available\n"
		"[    0.200000] clocksource: hpet: mask: 0xffffffff max_cycles: 0xffffffff, "
		"max_idle_ns: 1 ns\n"
		"[    0.300000] [Firmware Bug]: TSC ADJUST differs: Reference CPU0: 1 CPU1: 2\n"
		"[    0.400000] Measured 17 cycles TSC warp between CPUs, turning off TSC clock.\n"
		"[    1.000000] clocksource: Switched to clocksource tsc\n";
	static const char *const want[] = {
		"tsc: Detected 2599.996 MHz processor",
		"[Firmware Bug]: TSC ADJUST differs: Reference CPU0: 1 CPU1: 2",
		"Measured 17 cycles TSC warp between CPUs, turning off TSC clock.",
		"clocksource: Switched to clocksource tsc",
	};
	struct klog_clock clock;

	(void)state;
	klog_clock_parse(text_of(log), &clock);
	assert_true(clock.has_boot);
	assert_int_equal(clock.n_verdicts, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_text(clock.verdicts[i], want[i]);
	klog_clock_parse(text_of("[  100.0] tsc: x\n"), &clock);
	assert_false(clock.has_boot);
}

/* Of 100 lines the first and the last 16 are kept, in order. */
static void test_flood(void **state)
{
	struct klog_clock clock;
	auto_free char *log = malloc(100 * 16 + 1);
	size_t n = 0;

	(void)state;
	assert_non_null(log);
	for (int i = 0; i < 100; i++)
		n += (size_t)snprintf(log + n, 16, "tsc: line %d\n", i);
	klog_clock_parse(text_make(log, n), &clock);
	assert_int_equal(clock.n_verdicts, KLOG_VERDICTS_MAX);
	assert_text(clock.verdicts[0], "tsc: line 0");
	assert_text(clock.verdicts[15], "tsc: line 15");
	assert_text(clock.verdicts[16], "tsc: line 84");
	assert_text(clock.verdicts[31], "tsc: line 99");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),  cmocka_unit_test(test_khz),
		cmocka_unit_test(test_unstable), cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
