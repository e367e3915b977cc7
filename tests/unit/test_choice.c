/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/choice.h"
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

static void test_choice(void **state)
{
	static const char *const cases[][2] = {
		{ "always [madvise] never\n", "madvise" },
		{ "[always] madvise never", "always" },
		{ "always defer defer+madvise madvise [never]", "never" },
		{ "[mq-deadline] none", "mq-deadline" },
		{ "always madvise never\n", NULL },
		{ "none voluntary (full) lazy\n", "full" },
		{ "[a] [b]", NULL },
		{ "[a] (b)", NULL },
		{ "[a)", NULL },
		{ "()", NULL },
		{ "[]", NULL },
		{ "[a", NULL },
		{ "a]", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text word = { 0 };

		assert_int_equal(choice_parse(text_of(cases[i][0]), &word), cases[i][1] != NULL);
		assert_text(word, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
