/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "probes/parse/meminfo.h"
#include "tests/lib/check.h"

static const char meminfo[] = "MemTotal:       32768000 kB\n"
			      "MemAvailable:   100 kB\n"
			      "HugePages_Total:      14\n"
			      "Hugepagesize:    1048576 kB\n"
			      "Odd:    12 MB\n"
			      "Huge:    99999999999999999999 kB\n"
			      "Text:    x kB\n";
static const char node_meminfo[] = "Node 1 MemTotal:       16384000 kB\n"
				   "Node 1 MemFree:        5 kB\n";
static const char vmstat[] = "nr_free_pages 10\n"
			     "thp_fault_fallback 12\n"
			     "thp_fault_fallback_charge 13\n"
			     "negative -4\n"
			     "alone\n"
			     "compact_stall 7";

static void test_meminfo(void **state)
{
	static const struct {
		const char *text, *name;
		int want;
		uint64_t kib;
	} cases[] = {
		{ meminfo, "MemTotal", 0, 32768000 },
		{ meminfo, "MemAvailable", 0, 100 },
		{ meminfo, "Hugepagesize", 0, 1048576 },
		{ node_meminfo, "MemTotal", 0, 16384000 },
		{ node_meminfo, "MemFree", 0, 5 },
		{ meminfo, "Mem", -ENOENT, 0 },
		{ meminfo, "HugePages_Total", -EBADMSG, 0 },
		{ meminfo, "Odd", -EBADMSG, 0 },
		{ meminfo, "Huge", -EBADMSG, 0 },
		{ meminfo, "Text", -EBADMSG, 0 },
		{ "", "MemTotal", -ENOENT, 0 },
		{ "MemTotal", "MemTotal", -ENOENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t kib = 0;

		assert_int_equal(meminfo_kib(text_of(cases[i].text), cases[i].name, &kib),
				 cases[i].want);
		assert_int_equal(kib, cases[i].kib);
	}
}

static void test_vmstat(void **state)
{
	static const struct {
		const char *name;
		int want;
		uint64_t value;
	} cases[] = {
		{ "nr_free_pages", 0, 10 },  { "thp_fault_fallback", 0, 12 },
		{ "compact_stall", 0, 7 },   { "thp_fault", -ENOENT, 0 },
		{ "negative", -EBADMSG, 0 }, { "alone", -ENOENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t value = 0;

		assert_int_equal(vmstat_value(text_of(vmstat), cases[i].name, &value),
				 cases[i].want);
		assert_int_equal(value, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meminfo),
		cmocka_unit_test(test_vmstat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
