/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/irqbalance.h"
#include "tests/lib/check.h"

static void assert_banned(const struct irqbalance *settings, const char *want)
{
	char buf[CPUS_LIST_SIZE];

	assert_int_equal(cpus_format_list(&settings->banned, buf, sizeof(buf)), 0);
	assert_string_equal(buf, want);
}

static void test_files(void **state)
{
	static const struct {
		const char *text, *banned;
		bool has_banned, is_odd, is_oneshot;
	} cases[] = {
		{ "", "", false, false, false },
		{ "#IRQBALANCE_BANNED_CPULIST=1\n# IRQBALANCE_ONESHOT=yes\n", "", false, false,
		  false },
		{ "IRQBALANCE_BANNED_CPULIST=2-5,8\n", "2-5,8", true, false, false },
		{ " export IRQBALANCE_BANNED_CPULIST = '2-5' \r\n", "2-5", true, false, false },
		{ "IRQBALANCE_BANNED_CPUS=\"0000f0f0\"\n", "4-7,12-15", true, false, false },
		{ "IRQBALANCE_BANNED_CPUS=1,00000000\n", "32", true, false, false },
		{ "IRQBALANCE_BANNED_CPUS=ff\nIRQBALANCE_BANNED_CPULIST=1\n", "1", true, false,
		  false },
		{ "IRQBALANCE_BANNED_CPULIST=1\nIRQBALANCE_BANNED_CPUS=ff\n", "1", true, false,
		  false },
		{ "IRQBALANCE_BANNED_CPULIST=1\nIRQBALANCE_BANNED_CPULIST=2\n", "2", true, false,
		  false },
		{ "IRQBALANCE_BANNED_CPULIST=1\nIRQBALANCE_BANNED_CPULIST=\n", "1", true, false,
		  false },
		{ "IRQBALANCE_BANNED_CPULIST=\n", "", false, false, false },
		{ "IRQBALANCE_BANNED_CPULIST=all\n", "", true, true, false },
		{ "IRQBALANCE_BANNED_CPUS=x\n", "", true, true, false },
		{ "IRQBALANCE_ONESHOT=\n", "", false, false, true },
		{ "IRQBALANCE_ONESHOT=yes", "", false, false, true },
		{ "IRQBALANCE_ARGS=\"--banirq=5 --oneshot\"\n", "", false, false, true },
		{ "IRQBALANCE_ARGS=--banirq=5\n", "", false, false, false },
		{ "XIRQBALANCE_ONESHOT=1\nIRQBALANCE_ONESHOT\n", "", false, false, false },
		{ "'\nIRQBALANCE_BANNED_CPULIST='\n", "", true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct irqbalance s = { 0 };

		irqbalance_add_variables(&s, text_of(cases[i].text), '\n');
		assert_int_equal(s.has_banned, cases[i].has_banned);
		assert_int_equal(s.is_banned_odd, cases[i].is_odd);
		assert_int_equal(s.is_oneshot, cases[i].is_oneshot);
		assert_banned(&s, cases[i].banned);
	}
}

static void test_environment_wins(void **state)
{
	static const char environment[] = "HOME=/\0IRQBALANCE_BANNED_CPULIST=6-7\0A=\nb";
	struct irqbalance s = { 0 };

	(void)state;
	irqbalance_add_variables(&s, text_of("IRQBALANCE_BANNED_CPULIST=1\n"), '\n');
	irqbalance_add_variables(&s, text_make(environment, sizeof(environment)), '\0');
	assert_banned(&s, "6-7");
}

static void test_options(void **state)
{
	static const struct {
		struct text options;
		bool is_oneshot;
	} cases[] = {
		{ { "irqbalance\0--foreground\0", 24 }, false },
		{ { "irqbalance\0--oneshot\0", 21 }, true },
		{ { "irqbalance\0-o\0", 14 }, true },
		{ { "irqbalance\0--oneshots\0", 22 }, false },
		{ { NULL, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct irqbalance s = { 0 };

		irqbalance_add_options(&s, cases[i].options);
		assert_int_equal(s.is_oneshot, cases[i].is_oneshot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_environment_wins),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
