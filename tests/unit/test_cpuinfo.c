/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/cpuinfo.h"
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

static const char intel[] = "processor\t: 0\n"
			    "vendor_id\t: GenuineIntel\n"
			    "cpu family\t: 6\n"
			    "model\t\t: 158\n"
			    "model name\t: Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz\n"
			    "stepping\t: 10\n"
			    "microcode\t: 0xf4\n"
			    "flags\t\t: fpu vme tsc msr constant_tsc nonstop_tsc pdpe1gb vmx\n"
			    "vmx flags\t: vnmi preemption_timer\n"
			    "bugs\t\t: cpu_meltdown\n"
			    "\n"
			    "processor\t: 1\n"
			    "vendor_id\t: Other\n"
			    "cpu MHz\t\t: 800.000\n"
			    "power management:\n";

static const char arm64[] = "processor\t: 0\n"
			    "BogoMIPS\t: 48.00\n"
			    "Features\t: fp asimd\n"
			    "CPU implementer\t: 0x61\n"
			    "CPU architecture: 8\n"
			    "\n"
			    "processor\t: 1\n";

static void test_x86(void **state)
{
	struct cpuinfo info;

	(void)state;
	cpuinfo_parse(text_of(intel), &info);
	assert_string_equal(info.arch, "x86_64");
	assert_text(info.vendor, "GenuineIntel");
	assert_text(info.model, "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz");
	assert_text(info.family, "6");
	assert_text(info.stepping, "10");
	assert_text(info.microcode, "0xf4");
	assert_true(cpuinfo_has_flag(&info, "fpu"));
	assert_true(cpuinfo_has_flag(&info, "nonstop_tsc"));
	assert_true(cpuinfo_has_flag(&info, "vmx"));
	/* whole words only, and not of another line */
	assert_false(cpuinfo_has_flag(&info, "stop_tsc"));
	assert_false(cpuinfo_has_flag(&info, "constant"));
	assert_false(cpuinfo_has_flag(&info, "vnmi"));
	assert_false(cpuinfo_has_flag(&info, ""));
}

static void test_arm64(void **state)
{
	struct cpuinfo info;

	(void)state;
	cpuinfo_parse(text_of(arm64), &info);
	assert_string_equal(info.arch, "aarch64");
	assert_text(info.vendor, NULL);
	assert_text(info.model, NULL);
	assert_text(info.flags, NULL);
	assert_false(cpuinfo_has_flag(&info, "fp"));
}

static void test_arch(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "vendor_id : GenuineIntel\ncpu family : 6\n", "x86_64" },
		{ "vendor_id : AuthenticAMD\nflags : fpu tsc\n", "x86_64" },
		{ "vendor_id : IBM/S390\nfeatures : esan3 zarch\n", NULL },
		{ "processor : 0\nhart : 1\nisa : rv64imafdc\n", NULL },
		{ "processor : 0\ncpu : POWER9\n", NULL },
		/* one line of the second processor does not speak for the first */
		{ "processor : 0\n\nprocessor : 1\nCPU implementer : 0x41\n", NULL },
		{ "", NULL },
		{ "no colon at all", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpuinfo info;

		cpuinfo_parse(text_of(cases[i].text), &info);
		if (cases[i].want)
			assert_string_equal(info.arch, cases[i].want);
		else
			assert_null(info.arch);
	}
}

/* Flags of new processors make lines longer than a kilobyte; none may get lost. */
static void test_long_flags(void **state)
{
	enum { N = 2000 };
	auto_free char *text = malloc(N * 8 + 64);
	struct cpuinfo info;
	size_t n;

	(void)state;
	assert_non_null(text);
	n = (size_t)snprintf(text, 64, "vendor_id : GenuineIntel\nflags :");
	for (int i = 0; i < N; i++)
		n += (size_t)snprintf(text + n, 9, " f%d", i);
	cpuinfo_parse(text_make(text, n), &info);
	assert_true(cpuinfo_has_flag(&info, "f0"));
	assert_true(cpuinfo_has_flag(&info, "f1999"));
	assert_false(cpuinfo_has_flag(&info, "f2000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x86),
		cmocka_unit_test(test_arm64),
		cmocka_unit_test(test_arch),
		cmocka_unit_test(test_long_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
