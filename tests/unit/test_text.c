/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "tests/lib/check.h"

/* Initialiser from a literal with its inner NUL bytes, without the one at its end. */
/* clang-format off */
#define LITERAL(s) { s, sizeof(s) - 1 }
/* clang-format on */

/* Copies t to a block of its size, so that a sanitizer sees a read behind the last byte. */
static struct text exact_copy(struct text t, char **ret_block)
{
	char *block = malloc(t.len ? t.len : 1);

	assert_non_null(block);
	if (t.len)
		memcpy(block, t.at, t.len);
	*ret_block = block;
	return text_make(block, t.len);
}

static void assert_text(struct text t, struct text want)
{
	assert_int_equal(t.len, want.len);
	if (want.len)
		assert_memory_equal(t.at, want.at, want.len);
}

static void test_make(void **state)
{
	(void)state;
	assert_int_equal(text_of(NULL).len, 0);
	assert_int_equal(text_make(NULL, 5).len, 0);
	assert_int_equal(text_of("abc").len, 3);
}

static void test_trim(void **state)
{
	static const struct {
		struct text in, want;
	} cases[] = {
		{ LITERAL(""), LITERAL("") },
		{ LITERAL("\n"), LITERAL("") },
		{ LITERAL("\0\n"), LITERAL("") },
		{ LITERAL("0\n\0"), LITERAL("0") },
		{ LITERAL("  (null)\n"), LITERAL("(null)") },
		{ LITERAL("\t a b\r\n"), LITERAL("a b") },
		{ LITERAL("a\0b\0\0"), LITERAL("a\0b") },
		{ LITERAL("\v\fx\x01"), LITERAL("x\x01") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *block = NULL;

		assert_text(text_trim(exact_copy(cases[i].in, &block)), cases[i].want);
	}
	assert_int_equal(text_trim(text_of(NULL)).len, 0);
}

static void test_compare(void **state)
{
	struct text t = text_make("vfio-msi[0]", 8); /* "vfio-msi" */
	struct text with_nul = LITERAL("a\0bc");

	(void)state;
	assert_true(text_equal(t, "vfio-msi"));
	assert_false(text_equal(t, "vfio-msi["));
	assert_false(text_equal(t, "vfio"));
	assert_false(text_equal(with_nul, "a"));
	assert_true(text_equal(text_of(NULL), ""));
	assert_true(text_starts(t, "vfio"));
	assert_true(text_starts(t, ""));
	assert_false(text_starts(t, "vfio-msi["));
	assert_false(text_starts(text_of(NULL), "x"));
	assert_true(text_ends(t, "msi"));
	assert_true(text_ends(t, ""));
	assert_false(text_ends(t, "vfio"));
	assert_false(text_ends(text_of(NULL), "x"));
	assert_ptr_equal(text_find(t, "io"), t.at + 2);
	assert_null(text_find(t, "["));
	assert_null(text_find(text_of(NULL), "x"));
	assert_ptr_equal(text_find(with_nul, "bc"), with_nul.at + 2);
}

enum cut { CUT_LINES, CUT_WORDS, CUT_COMMAS, CUT_NULS };

static bool cut_next(enum cut cut, struct text *rest, struct text *ret_piece)
{
	switch (cut) {
	case CUT_LINES:
		return text_next_line(rest, ret_piece);
	case CUT_WORDS:
		return text_next_word(rest, ret_piece);
	case CUT_COMMAS:
		return text_next_piece(rest, ',', ret_piece);
	case CUT_NULS:
		return text_next_piece(rest, '\0', ret_piece);
	}
	return false;
}

static void test_cut(void **state)
{
	static const struct {
		enum cut cut;
		struct text in;
		const char *want[4]; /* up to the first NULL */
	} cases[] = {
		{ CUT_LINES, LITERAL(""), { NULL } },
		{ CUT_LINES, LITERAL("\n"), { "" } },
		{ CUT_LINES, LITERAL("a"), { "a" } },
		{ CUT_LINES, LITERAL("a\n"), { "a" } },
		{ CUT_LINES, LITERAL("a\r\n\r\nb\rc"), { "a", "", "b\rc" } },
		{ CUT_LINES, LITERAL("a\n\nb\n"), { "a", "", "b" } },
		{ CUT_WORDS, LITERAL(""), { NULL } },
		{ CUT_WORDS, LITERAL(" \t\n"), { NULL } },
		{ CUT_WORDS, LITERAL("a"), { "a" } },
		{ CUT_WORDS, LITERAL(" a\tbc  d\n"), { "a", "bc", "d" } },
		{ CUT_WORDS, LITERAL("0\n\0"), { "0" } },
		{ CUT_COMMAS, LITERAL(""), { NULL } },
		{ CUT_COMMAS, LITERAL("a"), { "a" } },
		{ CUT_COMMAS, LITERAL("a,,b"), { "a", "", "b" } },
		{ CUT_COMMAS, LITERAL(",a,"), { "", "a" } },
		{ CUT_COMMAS, LITERAL(","), { "" } },
		{ CUT_NULS, LITERAL("qemu\0-name\0\0"), { "qemu", "-name", "" } },
		{ CUT_NULS, LITERAL("a\0b"), { "a", "b" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *block = NULL;
		struct text rest = exact_copy(cases[i].in, &block);
		struct text piece = { 0 };

		for (size_t k = 0; k < ARRAY_SIZE(cases[i].want) && cases[i].want[k]; k++) {
			assert_true(cut_next(cases[i].cut, &rest, &piece));
			assert_text(piece, text_of(cases[i].want[k]));
		}
		assert_false(cut_next(cases[i].cut, &rest, &piece));
		assert_false(cut_next(cases[i].cut, &rest, &piece));
	}
}

static void test_cut_of_null(void **state)
{
	(void)state;
	for (enum cut cut = CUT_LINES; cut <= CUT_NULS; cut++) {
		struct text rest = text_of(NULL);
		struct text piece = { 0 };

		assert_false(cut_next(cut, &rest, &piece));
	}
}

static void test_key_value(void **state)
{
	static const struct {
		const char *line, *key, *value; /* key NULL: refused */
	} cases[] = {
		{ "Cpus_allowed:\tff,00\n", "Cpus_allowed", "ff,00" },
		{ "model name\t: A: B", "model name", "A: B" },
		{ ":", "", "" },
		{ "a:", "a", "" },
		{ " :b", "", "b" },
		{ "a b", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text key = text_of("untouched"), value = key;
		bool is_pair = text_key_value(text_of(cases[i].line), ':', &key, &value);

		assert_int_equal(is_pair, cases[i].key != NULL);
		assert_text(key, text_of(is_pair ? cases[i].key : "untouched"));
		assert_text(value, text_of(is_pair ? cases[i].value : "untouched"));
	}
}

struct number_case {
	struct text in;
	int r;
	uint64_t want;
};

#define UNTOUCHED 0xdeadull

static void check_numbers(int (*parse)(struct text, uint64_t *), const struct number_case *cases,
			  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_free char *block = NULL;
		uint64_t v = UNTOUCHED;
		int r = parse(exact_copy(cases[i].in, &block), &v);

		if (r != cases[i].r || v != (r < 0 ? UNTOUCHED : cases[i].want))
			fail_msg("\"%.*s\": %d, %llu", (int)cases[i].in.len, cases[i].in.at, r,
				 (unsigned long long)v);
	}
}

static void test_u64(void **state)
{
	static const struct number_case cases[] = {
		{ LITERAL("0"), 0, 0 },
		{ LITERAL("007"), 0, 7 },
		{ LITERAL(" 42\n"), 0, 42 },
		{ LITERAL("1\n\0"), 0, 1 },
		{ LITERAL("18446744073709551615"), 0, UINT64_MAX },
		{ LITERAL("0000000000000000000000000000001"), 0, 1 },
		{ LITERAL("18446744073709551616"), -ERANGE, 0 },
		{ LITERAL("18446744073709551620"), -ERANGE, 0 },
		{ LITERAL("99999999999999999999999999"), -ERANGE, 0 },
		{ LITERAL("99999999999999999999999999x"), -EINVAL, 0 },
		{ LITERAL(""), -EINVAL, 0 },
		{ LITERAL(" \n"), -EINVAL, 0 },
		{ LITERAL("-1"), -EINVAL, 0 },
		{ LITERAL("+1"), -EINVAL, 0 },
		{ LITERAL("12abc"), -EINVAL, 0 },
		{ LITERAL("1 2"), -EINVAL, 0 },
		{ LITERAL("1\0002"), -EINVAL, 0 },
		{ LITERAL("1.0"), -EINVAL, 0 },
		{ LITERAL("0x10"), -EINVAL, 0 },
		{ LITERAL("\xd9\xa1"), -EINVAL, 0 }, /* an Arabic digit one */
	};

	(void)state;
	check_numbers(text_u64, cases, ARRAY_SIZE(cases));
}

static void test_hex(void **state)
{
	static const struct number_case cases[] = {
		{ LITERAL("0x8086\n"), 0, 0x8086 },
		{ LITERAL("0XfF"), 0, 0xff },
		{ LITERAL("DeadBeef"), 0, 0xdeadbeef },
		{ LITERAL("ffffffffffffffff"), 0, UINT64_MAX },
		{ LITERAL("00000000000000000001"), 0, 1 },
		{ LITERAL("10000000000000000"), -ERANGE, 0 },
		{ LITERAL("10000000000000000g"), -EINVAL, 0 },
		{ LITERAL(""), -EINVAL, 0 },
		{ LITERAL("0x"), -EINVAL, 0 },
		{ LITERAL("0x0x1"), -EINVAL, 0 },
		{ LITERAL("-1"), -EINVAL, 0 },
		{ LITERAL("1 2"), -EINVAL, 0 },
		{ LITERAL("g"), -EINVAL, 0 },
		{ LITERAL("@"), -EINVAL, 0 },
		{ LITERAL("\x10"), -EINVAL, 0 }, /* '0' without bit 5 */
		{ LITERAL("\xc1"), -EINVAL, 0 },
	};

	(void)state;
	check_numbers(text_hex, cases, ARRAY_SIZE(cases));
}

static void test_size(void **state)
{
	static const struct number_case cases[] = {
		{ LITERAL("0"), 0, 0 },
		{ LITERAL("4096\n"), 0, 4096 },
		{ LITERAL("48K"), 0, 48 * KIB },
		{ LITERAL("2m"), 0, 2 * MIB },
		{ LITERAL("1G"), 0, GIB },
		{ LITERAL("3t"), 0, 3072 * GIB },
		{ LITERAL("16777215T"), 0, 16777215ull << 40 },
		{ LITERAL("16777216T"), -ERANGE, 0 },
		{ LITERAL("99999999999999999999"), -ERANGE, 0 },
		{ LITERAL("99999999999999999999Q"), -EINVAL, 0 },
		{ LITERAL("K"), -EINVAL, 0 },
		{ LITERAL(""), -EINVAL, 0 },
		{ LITERAL("1 K"), -EINVAL, 0 },
		{ LITERAL("1KB"), -EINVAL, 0 },
		{ LITERAL("-1K"), -EINVAL, 0 },
		{ LITERAL("1.5G"), -EINVAL, 0 },
	};

	(void)state;
	check_numbers(text_size, cases, ARRAY_SIZE(cases));
}

static void test_duration(void **state)
{
	static const struct number_case cases[] = {
		{ LITERAL("100ns"), 0, 100 },
		{ LITERAL("500us"), 0, 500000 },
		{ LITERAL("250ms"), 0, 250000000 },
		{ LITERAL("10s"), 0, 10 * NS_PER_S },
		{ LITERAL("3min"), 0, 180 * NS_PER_S },
		{ LITERAL("2h"), 0, 7200 * NS_PER_S },
		{ LITERAL("0s"), 0, 0 },
		{ LITERAL("18446744073s"), 0, 18446744073ull * NS_PER_S },
		{ LITERAL("18446744074s"), -ERANGE, 0 },
		{ LITERAL("99999999999999999999ns"), -ERANGE, 0 },
		{ LITERAL("10"), -EINVAL, 0 },
		{ LITERAL("0"), -EINVAL, 0 },
		{ LITERAL("s"), -EINVAL, 0 },
		{ LITERAL(""), -EINVAL, 0 },
		{ LITERAL("1m"), -EINVAL, 0 },
		{ LITERAL("1S"), -EINVAL, 0 },
		{ LITERAL("10 s"), -EINVAL, 0 },
		{ LITERAL("-1s"), -EINVAL, 0 },
		{ LITERAL("1.5s"), -EINVAL, 0 },
		{ LITERAL("1s2"), -EINVAL, 0 },
	};

	(void)state;
	check_numbers(text_duration, cases, ARRAY_SIZE(cases));
}

static void test_i64(void **state)
{
	static const struct {
		const char *in;
		int r;
		int64_t want;
	} cases[] = {
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "-1\n", 0, -1 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "-9223372036854775809", -ERANGE, 0 },
		{ "-18446744073709551616", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
		{ "--1", -EINVAL, 0 },
		{ "- 1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1-", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t v = 77;

		assert_int_equal(text_i64(text_of(cases[i].in), &v), cases[i].r);
		assert_int_equal(v, cases[i].r < 0 ? 77 : cases[i].want);
	}
}

static void test_take_u64(void **state)
{
	static const struct {
		const char *in, *rest;
		int r;
		uint64_t want;
	} cases[] = {
		{ "12abc", "abc", 0, 12 },  { "7", "", 0, 7 },
		{ "", "", -EINVAL, 0 },     { "-1", "-1", -EINVAL, 0 },
		{ " 1", " 1", -EINVAL, 0 }, { "99999999999999999999-3", "-3", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i].in);
		uint64_t v = UNTOUCHED;

		assert_int_equal(text_take_u64(&rest, &v), cases[i].r);
		assert_int_equal(v, cases[i].r < 0 ? UNTOUCHED : cases[i].want);
		assert_text(rest, text_of(cases[i].rest));
	}
}

static void test_bool(void **state)
{
	static const struct {
		struct text in;
		int r;
		bool want;
	} cases[] = {
		{ LITERAL("1\n"), 0, true },       { LITERAL("Y\n"), 0, true },
		{ LITERAL("y"), 0, true },         { LITERAL("0\n\0"), 0, false },
		{ LITERAL("N\n"), 0, false },      { LITERAL("n"), 0, false },
		{ LITERAL(""), -EINVAL, false },   { LITERAL("\0"), -EINVAL, false },
		{ LITERAL("2"), -EINVAL, false },  { LITERAL("yes"), -EINVAL, false },
		{ LITERAL("on"), -EINVAL, false }, { LITERAL("10"), -EINVAL, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool was = !cases[i].want;
		bool v = was;

		assert_int_equal(text_bool(cases[i].in, &v), cases[i].r);
		assert_int_equal(v, cases[i].r < 0 ? was : cases[i].want);
	}
}

static void test_clean(void **state)
{
	static const struct {
		struct text in;
		const char *want;
	} cases[] = {
		{ LITERAL(""), "" },
		{ LITERAL("plain ~"), "plain ~" },
		{ LITERAL("a\nb\tc\0d\x7f\x1b[31m"), "a?b?c?d??[31m" },
		/* U+E9, U+20AC, U+1F600 */
		{ LITERAL("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
		  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		/* C1 controls, then U+A0 */
		{ LITERAL("\xc2\x80\xc2\x9f\xc2\xa0"), "??\xc2\xa0" },
		/* overlong forms of two, three and four bytes */
		{ LITERAL("\xc0\xaf\xc1\xbf"), "????" },
		{ LITERAL("\xe0\x9f\xbf"), "???" },
		{ LITERAL("\xf0\x8f\xbf\xbf"), "????" },
		/* U+D7FF, then surrogates */
		{ LITERAL("\xed\x9f\xbf"), "\xed\x9f\xbf" },
		{ LITERAL("\xed\xa0\x80\xed\xbf\xbf"), "??????" },
		/* U+10FFFF, then beyond */
		{ LITERAL("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf" },
		{ LITERAL("\xf4\x90\x80\x80\xf5\x80\x80\x80\xff"), "?????????" },
		/* no first byte; cut off by the end; cut off by a letter */
		{ LITERAL("\x80z\xbf"), "?z?" },
		{ LITERAL("\xe2\x82"), "??" },
		{ LITERAL("\xe2\x82x\xc3"), "??x?" },
		/* U+2027, U+202F; U+2028, U+202A, U+202E; U+2065, U+2066, U+2069, U+206A */
		{ LITERAL("\xe2\x80\xa7|\xe2\x80\xaf"), "\xe2\x80\xa7|\xe2\x80\xaf" },
		{ LITERAL("\xe2\x80\xa8\xe2\x80\xaa\xe2\x80\xae"), "???" },
		{ LITERAL("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa"),
		  "\xe2\x81\xa5??\xe2\x81\xaa" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *block = NULL;
		auto_free char *buf = malloc(cases[i].in.len + 1);
		struct text t = exact_copy(cases[i].in, &block);

		assert_non_null(buf);
		assert_int_equal(text_clean(t, buf, t.len + 1), strlen(cases[i].want));
		assert_string_equal(buf, cases[i].want);
	}
}

static void test_clean_cuts_at_character(void **state)
{
	/* want[size] of "a", U+E9, U+20AC: 1 + 2 + 3 bytes and a NUL */
	static const char *const want[] = {
		"", "", "a", "a", "a\xc3\xa9", "a\xc3\xa9", "a\xc3\xa9", "a\xc3\xa9\xe2\x82\xac",
	};
	struct text t = text_of("a\xc3\xa9\xe2\x82\xac");

	(void)state;
	for (size_t size = 1; size < ARRAY_SIZE(want); size++) {
		auto_free char *buf = malloc(size);

		assert_non_null(buf);
		assert_int_equal(text_clean(t, buf, size), strlen(want[size]));
		assert_string_equal(buf, want[size]);
	}
	assert_int_equal(text_clean(t, NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_of_null),
		cmocka_unit_test(test_key_value),
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_i64),
		cmocka_unit_test(test_take_u64),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_cuts_at_character),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
