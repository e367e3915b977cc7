/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "analyze/fix.h"
#include "core/base.h"
#include "tests/lib/check.h"

static const char *lookup(void *arg, const char *name)
{
	(void)arg;
	if (!strcmp(name, "G"))
		return "1-4,7-10";
	if (!strcmp(name, "two"))
		return "a\nb";
	if (!strcmp(name, "brace"))
		return "{G}";
	return NULL;
}

static void test_fill(void **state)
{
	static const struct {
		const char *text, *expected, *missing;
	} cases[] = {
		{ "", "", NULL },
		{ "nothing to fill", "nothing to fill", NULL },
		{ "isolcpus={G}", "isolcpus=1-4,7-10", NULL },
		{ "{G}{G}", "1-4,7-101-4,7-10", NULL },
		{ "{two}!", "a\nb!", NULL },
		{ "{brace}", "{G}", NULL }, /* values are not filled again */
		{ "{{G}", "{G}", NULL },
		{ "{unknown}", "{unknown}", "unknown" },
		{ "{", "{", NULL },
		{ "{}", "{}", NULL },
		{ "{G", "{G", NULL },
		{ "awk '{ print $1 }'", "awk '{ print $1 }'", NULL },
		{ "${HOME}/x", "${HOME}/x", "HOME" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		const char *missing = "not set";

		assert_string_equal(fix_fill(&a, cases[i].text, lookup, NULL, &missing),
				    cases[i].expected);
		if (cases[i].missing)
			assert_string_equal(missing, cases[i].missing);
		else
			assert_null(missing);
	}
}

static void test_quote(void **state)
{
	static const struct {
		const char *value, *expected;
	} cases[] = {
		{ "win10", "win10" },         { "", "''" },
		{ "my guest", "'my guest'" }, { "$(reboot)", "'$(reboot)'" },
		{ "it's", "'it'\\''s'" },     { "a;b", "'a;b'" },
		{ "a\nb", "'a\nb'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };

		assert_string_equal(fix_quote(&a, cases[i].value), cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_quote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
