/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for a terminal: width, indent, and bytes that a terminal would obey. */
#include <string.h>

#include "report/words.h"
#include "tests/lib/check.h"

struct line_case {
	const char *lead;
	unsigned width;
	const char *text, *expected;
};

static void check_lines(void (*print)(FILE *, const char *, unsigned, const char *),
			const struct line_case *c)
{
	auto_free char *got = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	assert_non_null(out);
	print(out, c->lead, c->width, c->text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, c->expected);
}

static void test_line(void **state)
{
	static const struct line_case cases[] = {
		{ "", 30, "", "\n" },
		{ "  - ", 80, "one", "  - one\n" },
		{ "  - ", 24, "aaaa bbbb cccc dddd eeee", "  - aaaa bbbb cccc dddd\n    eeee\n" },
		{ "", 20, "12345678901234567890", "12345678901234567890\n" },
		{ "", 20, "1234567890123456789012345 b", "1234567890123456789012345\nb\n" },
		/* An escape sequence, a bell, a forged line, C1 and a direction override. */
		{ "", 80, "a\033[31mb\a\nadvice\xc2\x9b\xe2\x80\xae.", "a?[31mb??advice??.\n" },
		{ "", 80, "a\xff", "a?\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_lines(print_line, &cases[i]);
}

static void test_wrapped(void **state)
{
	static const struct line_case cases[] = {
		{ "  ", 80, "", "" },
		{ "  ", 80, "one\ntwo", "  one\n  two\n" },
		{ "  ", 22, "aaaa bbbb cccc dddd eeee", "  aaaa bbbb cccc dddd\n  eeee\n" },
		{ "  ", 80, "a\033[31mb\nc\r", "  a?[31mb\n  c?\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_lines(print_wrapped, &cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
