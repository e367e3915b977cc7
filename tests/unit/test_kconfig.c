/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/kconfig.h"
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

static void test_options(void **state)
{
	static const char text[] = "#\n"
				   "# Automatically generated file; DO NOT EDIT.\n"
				   "# CONFIG_ is not set\n"
				   "CONFIG_NO_HZ_FULL=y\n"
				   "# CONFIG_PREEMPT_RT is not set\n"
				   "CONFIG_KVM=m\n"
				   "CONFIG_HZ=250\n"
				   "CONFIG_LSM=\"lockdown,yama\"\n"
				   "CONFIG_EMPTY=\"\"\n"
				   "CONFIG_QUOTE=\"\n"
				   "CONFIG_NOTHING=\n"
				   "CONFIG_=y\n"
				   "CONFIG_WITHOUT_VALUE\n"
				   " not CONFIG_A=y\n"
				   "# CONFIG_ODD is not set yet\n"
				   "CONFIG_DOS=y\r\n"
				   "CONFIG_LAST=0x1000";
	static const char *const want[][2] = {
		{ "NO_HZ_FULL", "y" }, { "PREEMPT_RT", "n" },      { "KVM", "m" },
		{ "HZ", "250" },       { "LSM", "lockdown,yama" }, { "EMPTY", "" },
		{ "QUOTE", "\"" },     { "NOTHING", "" },          { "DOS", "y" },
		{ "LAST", "0x1000" },
	};
	struct text rest = text_of(text);
	struct kconfig_option option;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(kconfig_next(&rest, &option));
		assert_text(option.name, want[i][0]);
		assert_text(option.value, want[i][1]);
	}
	assert_false(kconfig_next(&rest, &option));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
