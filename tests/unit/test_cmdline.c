/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/cmdline.h"
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

static void test_words(void **state)
{
	static const struct {
		const char *line;
		const char *words[8][2]; /* name, value */
	} cases[] = {
		{ "quiet nohz_full=1-4\n", { { "quiet" }, { "nohz_full", "1-4" } } },
		{ "  a\t b=\n", { { "a" }, { "b", "" } } },
		{ "a=b=c", { { "a", "b=c" } } },
		{ "dyndbg=\"file x.c +p\" z", { { "dyndbg", "file x.c +p" }, { "z" } } },
		{ "\"a=b c\" d", { { "a", "b c" }, { "d" } } },
		{ "a=b\"c d\" e", { { "a", "b\"c d\"" }, { "e" } } },
		{ "a=\"never closed b", { { "a", "never closed b" } } },
		{ "a=\"", { { "a", "" } } },
		{ "=x=y", { { "=x", "y" } } },
		{ "=", { { "=" } } },
		{ "a -- b", { { "a" } } },
		{ "a --x b", { { "a" }, { "--x" }, { "b" } } },
		{ "-- a", { { NULL } } },
		{ "", { { NULL } } },
		{ "\n", { { NULL } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i].line);
		struct cmdline_word word;

		for (size_t k = 0; cases[i].words[k][0]; k++) {
			assert_true(cmdline_next(&rest, &word));
			assert_text(word.name, cases[i].words[k][0]);
			assert_text(word.value, cases[i].words[k][1]);
		}
		assert_false(cmdline_next(&rest, &word));
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_true(cmdline_name_is(text_of("vfio-pci.ids"), "vfio_pci.ids"));
	assert_true(cmdline_name_is(text_of("nohz_full"), "nohz_full"));
	assert_false(cmdline_name_is(text_of("nohz"), "nohz_full"));
	assert_false(cmdline_name_is(text_of("nohz_full"), "nohz"));
	assert_false(cmdline_name_is(text_of("Nohz"), "nohz"));
	assert_false(cmdline_name_is(text_of(""), "a"));
}

static void test_last(void **state)
{
	static const struct {
		const char *line, *name, *want;
	} cases[] = {
		{ "clocksource=hpet clocksource=tsc", "clocksource", "tsc" },
		{ "rcu-nocbs=1-3", "rcu_nocbs", "1-3" },
		{ "rcu_nocbs", "rcu_nocbs", NULL },
		{ "rcu_nocbs=1 rcu_nocbs", "rcu_nocbs", "1" },
		{ "quiet -- tsc=reliable", "tsc", NULL },
		{ "xtsc=reliable", "tsc", NULL },
		{ "tsc=", "tsc", "" },
		{ "", "tsc", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text value = { 0 };

		assert_int_equal(cmdline_last(text_of(cases[i].line), cases[i].name, &value),
				 cases[i].want != NULL);
		assert_text(value, cases[i].want);
	}
}

static void test_first(void **state)
{
	struct text value = { 0 };

	(void)state;
	assert_true(
		cmdline_first(text_of("a nohz_full nohz_full=1 nohz-full=2"), "nohz_full", &value));
	assert_text(value, "1");
	assert_false(cmdline_first(text_of("nohz_full -- nohz_full=1"), "nohz_full", &value));
}

static void test_cpus(void **state)
{
	static const struct {
		const char *value;
		unsigned n_cpus;
		int want;
		const char *list;
	} cases[] = {
		{ "1,2,3,4,7,8,9,10", 0, 0, "1-4,7-10" },
		{ "0-10:2/4", 0, 0, "0-1,4-5,8-9" },
		{ "all", 12, 0, "0-11" },
		{ "ALL", 12, 0, "0-11" },
		{ "8-N", 12, 0, "8-11" },
		{ "N", 12, 0, "11" },
		{ "0,N", 12, 0, "0,11" },
		{ "all:1/2", 8, 0, "0,2,4,6" },
		{ "all", 0, -ENODATA, "" },
		{ "1-N", 0, -ENODATA, "" },
		{ "1N", 12, -EINVAL, "" },
		{ "N1", 12, -EINVAL, "" },
		{ "0-all", 12, -EINVAL, "" },
		{ "small", 12, -EINVAL, "" },
		{ "1-4,domain", 12, -EINVAL, "" },
		{ "8192", 12, -ERANGE, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *list = NULL;
		struct cpus set = { 0 };

		if (cmdline_cpus(text_of(cases[i].value), cases[i].n_cpus, &set) != cases[i].want)
			fail_msg("%s", cases[i].value);
		list = cpus_list_new(&set);
		assert_non_null(list);
		assert_string_equal(list, cases[i].list);
	}
}

static void test_isolcpus(void **state)
{
	static const struct {
		const char *value;
		unsigned flags;
		const char *list;
	} cases[] = {
		{ "1-4", 0, "1-4" },
		{ "managed_irq,1-4", ISOLCPUS_MANAGED_IRQ, "1-4" },
		{ "nohz,domain,managed_irq,1-4,7",
		  ISOLCPUS_NOHZ | ISOLCPUS_DOMAIN | ISOLCPUS_MANAGED_IRQ, "1-4,7" },
		{ "domain,domain,3", ISOLCPUS_DOMAIN, "3" },
		{ "later_flag,domain,3", ISOLCPUS_DOMAIN, "3" },
		{ "1-4,domain", 0, "1-4,domain" },
		{ "domain", 0, "domain" },
		{ "domain,", ISOLCPUS_DOMAIN, "" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text list;
		unsigned flags;

		cmdline_isolcpus(text_of(cases[i].value), &flags, &list);
		assert_int_equal(flags, cases[i].flags);
		assert_text(list, cases[i].list);
	}
	assert_string_equal(isolcpus_flag_name(ISOLCPUS_NOHZ), "nohz");
	assert_string_equal(isolcpus_flag_name(ISOLCPUS_DOMAIN), "domain");
	assert_string_equal(isolcpus_flag_name(ISOLCPUS_MANAGED_IRQ), "managed_irq");
	assert_string_equal(isolcpus_flag_name(8), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_names),
		cmocka_unit_test(test_last),  cmocka_unit_test(test_first),
		cmocka_unit_test(test_cpus),  cmocka_unit_test(test_isolcpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
