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

/* To the nearest, never cut. */
static void test_ns(void **state)
{
	static const struct {
		uint64_t ns;
		const char *words;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.00 us" },
		{ 9994, "9.99 us" },
		{ 9995, "10.0 us" },
		{ 99949, "99.9 us" },
		{ 99950, "100 us" },
		{ 999499, "999 us" },
		{ 999500, "1.00 ms" },
		{ 1845700, "1.85 ms" },
		{ 35990000, "36.0 ms" },
		{ 1489998000, "1.49 s" },
		{ 999999999, "1.00 s" },
		{ UINT64_C(123456789012), "123 s" },
		{ UINT64_MAX, "18446744074 s" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char words[32];

		words_of_ns(cases[i].ns, words, sizeof(words));
		assert_string_equal(words, cases[i].words);
	}
}

static void test_kib(void **state)
{
	static const struct {
		uint64_t kib;
		const char *words;
	} cases[] = { { 1023, "1023 KiB" },
		      { 1024, "1.00 MiB" },
		      { 1536, "1.50 MiB" },
		      { 1048575, "1.00 GiB" },
		      { 12582912, "12.0 GiB" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char words[32];

		words_of_kib(cases[i].kib, words, sizeof(words));
		assert_string_equal(words, cases[i].words);
	}
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
		{ "", 20, "aaaa bbbb cccc (35 %) d", "aaaa bbbb cccc\n(35 %) d\n" },
		{ "", 20, "aaaaaaaaaaaaaaaaaaa %", "aaaaaaaaaaaaaaaaaaa\n%\n" },
		{ "  ", 80, "a\033[31mb\nc\r", "  a?[31mb\n  c?\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_lines(print_wrapped, &cases[i]);
}

static void test_share(void **state)
{
	static const struct {
		uint64_t part, whole;
		const char *expected;
	} cases[] = {
		{ 0, 0, "0 %" },
		{ 5, 0, "0 %" },
		{ 0, 9, "0 %" },
		{ 1, 1000000, "<0.01 %" },
		{ 231, 10000, "2.31 %" },
		{ 999, 10000, "9.99 %" },
		{ 1009, 10000, "10.0 %" },
		{ 99999, 100000, "99.9 %" },
		{ 7, 7, "100 %" },
		{ UINT64_MAX, UINT64_MAX, "100 %" },
		{ UINT64_MAX / 2, UINT64_MAX, "49.9 %" },
	};
	char words[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		words_of_share(cases[i].part, cases[i].whole, words, sizeof(words));
		assert_string_equal(words, cases[i].expected);
	}
}

/* Sentences are broken, commands never. */
static void test_fix(void **state)
{
	static const struct line_case cases[] = {
		{ "  ", 24, "Update the firmware of the board.",
		  "  Update the firmware of\n  the board.\n" },
		{ "  ", 24, "sudo systemctl disable --now numad",
		  "  sudo systemctl disable --now numad\n" },
		{ "  ", 24, "Install it and its tools: sudo apt install swtpm",
		  "  Install it and its tools: sudo apt install swtpm\n" },
		{ "  ", 24, "GRUB_CMDLINE_LINUX=\"isolcpus=1 nohz_full=1\"",
		  "  GRUB_CMDLINE_LINUX=\"isolcpus=1 nohz_full=1\"\n" },
		{ "  ", 24, "<vcpupin vcpu='0' cpuset='1'/>",
		  "  <vcpupin vcpu='0' cpuset='1'/>\n" },
		{ "  ", 24, "Nice=-10\nLog in again, whoever you may be.",
		  "  Nice=-10\n  Log in again, whoever\n  you may be.\n" },
		{ "  ", 24, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_lines(print_fix, &cases[i]);
}

static void test_moved(void **state)
{
	static const struct line_case cases[] = {
		{ "Changed: ", 60, "cpu.governor: performance, then powersave",
		  "Changed: cpu.governor: performance, then powersave\n" },
		{ "Changed: ", 30, "cpu.governor: performance, then powersave",
		  "Changed: cpu.governor\n" },
		{ "Changed: ", 200, "cpu.idle: [{\"name\":\"POLL\"}], then []",
		  "Changed: cpu.idle\n" },
		{ "Changed: ", 200, "cpu.idle: unknown, then [{}]", "Changed: cpu.idle\n" },
		{ "", 80, "no colon", "no colon\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_lines(print_moved, &cases[i]);
}

static void test_time_and_count(void **state)
{
	char words[32];

	(void)state;
	words_of_time(UINT64_C(1717250460) * NS_PER_S + 123456789, words, sizeof(words));
	assert_string_equal(words, "14:01:00.123456");
	words_of_time(UINT64_MAX, words, sizeof(words));
	assert_string_equal(words, "23:34:33.709551");
	words_of_count(999999, words, sizeof(words));
	assert_string_equal(words, "999999");
	words_of_count(1234567, words, sizeof(words));
	assert_string_equal(words, "1.23M");
	words_of_count(45600000000, words, sizeof(words));
	assert_string_equal(words, "45.6G");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ns),    cmocka_unit_test(test_kib),
		cmocka_unit_test(test_line),  cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_share), cmocka_unit_test(test_fix),
		cmocka_unit_test(test_moved), cmocka_unit_test(test_time_and_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
