/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/cpus.h"
#include "tests/lib/check.h"

/* clang-format off */
#define LITERAL(s) { s, sizeof(s) - 1 }
/* clang-format on */

struct set_case {
	struct text in;
	int r;
	const char *want; /* as cpus_format_list() writes it */
};

/* cpus_parse_list() or cpus_parse_mask(); the text ends where its block ends. */
static void check_sets(int (*parse)(struct text, struct cpus *), const struct set_case *cases,
		       size_t n)
{
	static char got[CPUS_LIST_SIZE];

	for (size_t i = 0; i < n; i++) {
		struct text in = cases[i].in;
		auto_free char *block = malloc(in.len + 1);
		struct cpus set = { .word = { 0x20 } }; /* 5: untouched */
		int r;

		assert_non_null(block);
		memcpy(block + 1, in.at, in.len);
		r = parse(text_make(block + 1, in.len), &set);
		assert_int_equal(cpus_format_list(&set, got, sizeof(got)), 0);
		if (r != cases[i].r || strcmp(got, r < 0 ? "5" : cases[i].want))
			fail_msg("\"%.*s\": %d, \"%s\"", (int)in.len, in.at, r, got);
	}
}

static void test_parse_list(void **state)
{
	static const struct set_case cases[] = {
		{ LITERAL("0"), 0, "0" },
		{ LITERAL("0-3,8,10-12\n"), 0, "0-3,8,10-12" },
		{ LITERAL("12,3,2,1,2-4"), 0, "1-4,12" },
		{ LITERAL("63-64,127,128"), 0, "63-64,127-128" },
		{ LITERAL("8191"), 0, "8191" },
		{ LITERAL("0-8191"), 0, "0-8191" },
		{ LITERAL("007-009"), 0, "7-9" },
		/* strides */
		{ LITERAL("0-10:2/4"), 0, "0-1,4-5,8-9" },
		{ LITERAL("0-6:2/4"), 0, "0-1,4-5" },
		{ LITERAL("0-4:2/4"), 0, "0-1,4" },
		{ LITERAL("3-9:1/3,20"), 0, "3,6,9,20" },
		{ LITERAL("0-10:4/4"), 0, "0-10" },
		{ LITERAL("1-2:0/4"), 0, "" },
		{ LITERAL("0-8191:1/18446744073709551615"), 0, "0" },
		/* what kernels of all ages write for nothing, and around a list */
		{ LITERAL(""), 0, "" },
		{ LITERAL("\n"), 0, "" },
		{ LITERAL("  (null)\n"), 0, "" },
		{ LITERAL("\0\n"), 0, "" },
		{ LITERAL("0\n\0"), 0, "0" },
		{ LITERAL(" 1-2 \n"), 0, "1-2" },
		/* separators as in the kernel */
		{ LITERAL("1, 2\t4"), 0, "1-2,4" },
		{ LITERAL("1,,2,"), 0, "1-2" },
		/* too high */
		{ LITERAL("8192"), -ERANGE, NULL },
		{ LITERAL("0-8192"), -ERANGE, NULL },
		{ LITERAL("0-4294967295"), -ERANGE, NULL },
		{ LITERAL("0-18446744073709551615"), -ERANGE, NULL },
		{ LITERAL("4294967296"), -ERANGE, NULL },
		{ LITERAL("99999999999999999999"), -ERANGE, NULL },
		{ LITERAL("0-99999999999999999999"), -ERANGE, NULL },
		{ LITERAL("0-1:1/99999999999999999999"), -ERANGE, NULL },
		{ LITERAL("18446744073709551615-18446744073709551615:1/1"), -ERANGE, NULL },
		/* no list */
		{ LITERAL("3-1"), -EINVAL, NULL },
		{ LITERAL("-1"), -EINVAL, NULL },
		{ LITERAL("-"), -EINVAL, NULL },
		{ LITERAL("1-"), -EINVAL, NULL },
		{ LITERAL("1--2"), -EINVAL, NULL },
		{ LITERAL("1-2-3"), -EINVAL, NULL },
		{ LITERAL("1 -2"), -EINVAL, NULL },
		{ LITERAL("1- 2"), -EINVAL, NULL },
		{ LITERAL("+1"), -EINVAL, NULL },
		{ LITERAL("0x1"), -EINVAL, NULL },
		{ LITERAL("1;2"), -EINVAL, NULL },
		{ LITERAL("0\n2"), -EINVAL, NULL },
		{ LITERAL("0\n,2"), -EINVAL, NULL },
		{ LITERAL("all"), -EINVAL, NULL },
		{ LITERAL("N"), -EINVAL, NULL },
		{ LITERAL("^1"), -EINVAL, NULL },
		{ LITERAL("(null),1"), -EINVAL, NULL },
		{ LITERAL("1:1/2"), -EINVAL, NULL },
		{ LITERAL("0-3:"), -EINVAL, NULL },
		{ LITERAL("0-3:1"), -EINVAL, NULL },
		{ LITERAL("0-3:1/"), -EINVAL, NULL },
		{ LITERAL("0-3:1/0"), -EINVAL, NULL },
		{ LITERAL("0-3:0/0"), -EINVAL, NULL },
		{ LITERAL("0-3:5/4"), -EINVAL, NULL },
		{ LITERAL("0-3:1/2/3"), -EINVAL, NULL },
	};

	(void)state;
	check_sets(cpus_parse_list, cases, ARRAY_SIZE(cases));
}

static void test_parse_mask(void **state)
{
	static const struct set_case cases[] = {
		{ LITERAL("0"), 0, "" },
		{ LITERAL("1"), 0, "0" },
		{ LITERAL("ff\n"), 0, "0-7" },
		{ LITERAL("FFF"), 0, "0-11" },
		{ LITERAL("0x3"), 0, "0-1" },
		{ LITERAL("0XF0"), 0, "4-7" },
		{ LITERAL("00000c00,f000c00f"), 0, "0-3,14-15,28-31,42-43" },
		{ LITERAL("c00,f000c00f"), 0, "0-3,14-15,28-31,42-43" },
		{ LITERAL("c00f000c00f"), 0, "0-3,14-15,28-31,42-43" },
		{ LITERAL("1,00000000,00000000"), 0, "64" },
		{ LITERAL("1,2"), 0, "1,32" }, /* a short word is the low end of its 32 bits */
		{ LITERAL("80000000,00000000\n\0"), 0, "63" },
		{ LITERAL("00000000000000000000000000000001"), 0, "0" },
		{ LITERAL(""), 0, "" },
		{ LITERAL("\n"), 0, "" },
		{ LITERAL("  (null)\n"), 0, "" },
		{ LITERAL("\0\n"), 0, "" },
		{ LITERAL("0x"), -EINVAL, NULL },
		{ LITERAL("0x0x1"), -EINVAL, NULL },
		{ LITERAL(","), -EINVAL, NULL },
		{ LITERAL("1,"), -EINVAL, NULL },
		{ LITERAL(",1"), -EINVAL, NULL },
		{ LITERAL("0x,1"), -EINVAL, NULL },
		{ LITERAL("1,,2"), -EINVAL, NULL },
		{ LITERAL("000000001,00000000"), -EINVAL, NULL },
		{ LITERAL("1,000000000"), -EINVAL, NULL },
		{ LITERAL("1 2"), -EINVAL, NULL },
		{ LITERAL("f\nf"), -EINVAL, NULL },
		{ LITERAL("f\0f"), -EINVAL, NULL },
		{ LITERAL("-1"), -EINVAL, NULL },
		{ LITERAL("fg"), -EINVAL, NULL },
		{ LITERAL("0-3"), -EINVAL, NULL },
	};

	(void)state;
	check_sets(cpus_parse_mask, cases, ARRAY_SIZE(cases));
}

/* n words, all zero but the first. The caller frees. */
static char *long_mask(const char *first, size_t n)
{
	char *s = malloc(n * 9 + 1);
	size_t len = 0;

	assert_non_null(s);
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(s + len, n * 9 + 1 - len, "%s%s", i ? "," : "",
					i ? "00000000" : first);
	return s;
}

static void test_parse_mask_of_all_words(void **state)
{
	static const struct {
		const char *first;
		size_t n;
		int r;
	} cases[] = {
		{ "80000000", CPUS_MAX / 32, 0 },
		{ "80000000", CPUS_MAX / 32 + 1, -ERANGE },
		{ "1", CPUS_MAX / 32 + 1, -ERANGE },
		{ "00000000", CPUS_MAX / 32 + 1, 0 },
		{ "00000000", CPUS_TEXT_MAX / 9 + 2, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *s = long_mask(cases[i].first, cases[i].n);
		struct cpus set;

		assert_int_equal(cpus_parse_mask(text_of(s), &set), cases[i].r);
		if (!cases[i].r)
			assert_int_equal(cpus_count(&set), cases[i].first[0] == '8');
		if (!cases[i].r && cases[i].first[0] == '8')
			assert_true(cpus_has(&set, CPUS_MAX - 1));
	}
}

static void test_parse_list_too_long(void **state)
{
	struct cpus set = { 0 };
	auto_free char *s = malloc(CPUS_TEXT_MAX + 1);

	(void)state;
	assert_non_null(s);
	memset(s, '0', CPUS_TEXT_MAX + 1);
	assert_int_equal(cpus_parse_list(text_make(s, CPUS_TEXT_MAX), &set), 0);
	assert_int_equal(cpus_parse_list(text_make(s, CPUS_TEXT_MAX + 1), &set), -EINVAL);
	memset(s + 1, ' ', CPUS_TEXT_MAX); /* blanks around do not count */
	assert_int_equal(cpus_parse_list(text_make(s, CPUS_TEXT_MAX + 1), &set), 0);
}

static void test_null_text(void **state)
{
	struct cpus set = { .word = { 1 } };

	(void)state;
	assert_int_equal(cpus_parse_list(text_of(NULL), &set), 0);
	assert_true(cpus_is_empty(&set));
	cpus_add(&set, 1);
	assert_int_equal(cpus_parse_mask(text_of(NULL), &set), 0);
	assert_true(cpus_is_empty(&set));
}

static struct cpus set_of(const char *list)
{
	struct cpus set;

	assert_int_equal(cpus_parse_list(text_of(list), &set), 0);
	return set;
}

static void test_format(void **state)
{
	static const struct {
		const char *list, *mask;
	} cases[] = {
		{ "", "0" },
		{ "0", "1" },
		{ "31", "80000000" },
		{ "32", "1,00000000" },
		{ "1-4,7-10", "79e" },
		{ "0-1,3", "b" },
		{ "0-63", "ffffffff,ffffffff" },
		{ "0,64,100", "10,00000001,00000000,00000001" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpus set = set_of(cases[i].list), again;
		auto_free char *list = cpus_list_new(&set);
		auto_free char *mask = cpus_mask_new(&set);

		assert_string_equal(list, cases[i].list);
		assert_string_equal(mask, cases[i].mask);
		assert_int_equal(cpus_parse_mask(text_of(mask), &again), 0);
		assert_true(cpus_equal(&set, &again));
	}
}

static void test_format_small_buffer(void **state)
{
	static const struct {
		int (*format)(const struct cpus *, char *, size_t);
		const char *want;
	} cases[] = {
		{ cpus_format_list, "1-4,32" },
		{ cpus_format_mask, "1,0000001e" },
	};
	struct cpus set = set_of("1-4,32"), none = { 0 };
	char byte = 'x';

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t enough = strlen(cases[i].want) + 1;

		for (size_t size = 0; size <= enough; size++) {
			auto_free char *buf = malloc(size + 1);

			assert_non_null(buf);
			memset(buf, 'x', size + 1);
			assert_int_equal(cases[i].format(&set, buf, size),
					 size < enough ? -ENOSPC : 0);
			if (size)
				assert_string_equal(buf, size < enough ? "" : cases[i].want);
			assert_int_equal(buf[size], 'x');
		}
	}
	assert_int_equal(cpus_format_list(&none, &byte, 0), -ENOSPC);
	assert_int_equal(byte, 'x');
	assert_int_equal(cpus_format_list(&none, &byte, 1), 0);
	assert_int_equal(byte, '\0');
}

static void test_format_longest(void **state)
{
	static const char *const patterns[] = { "0-8191",     "0-8191:1/2", "1-8191:1/2",
						"0-8191:2/3", "1-8191:2/3", "2-8191:2/3",
						"0-8191:3/4", "8191" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		struct cpus set = set_of(patterns[i]), again;
		auto_free char *list = cpus_list_new(&set);
		auto_free char *mask = cpus_mask_new(&set);

		assert_non_null(list);
		assert_non_null(mask);
		assert_true(strlen(list) < CPUS_LIST_SIZE);
		assert_int_equal(strlen(mask), CPUS_MASK_SIZE - 1);
		assert_int_equal(cpus_parse_list(text_of(list), &again), 0);
		assert_true(cpus_equal(&set, &again));
	}
}

static void test_members(void **state)
{
	struct cpus set = { 0 };

	(void)state;
	cpus_add(&set, CPUS_MAX);
	cpus_add(&set, UINT32_MAX);
	assert_true(cpus_is_empty(&set));
	cpus_add(&set, 0);
	cpus_add(&set, 63);
	cpus_add(&set, 64);
	cpus_add(&set, CPUS_MAX - 1);
	cpus_add(&set, CPUS_MAX - 1);
	assert_int_equal(cpus_count(&set), 4);
	assert_true(cpus_has(&set, 63));
	assert_false(cpus_has(&set, 62));
	assert_true(cpus_has(&set, CPUS_MAX - 1));
	assert_false(cpus_has(&set, CPUS_MAX));
	assert_false(cpus_has(&set, UINT32_MAX));
	cpus_remove(&set, 63);
	cpus_remove(&set, 1);
	cpus_remove(&set, CPUS_MAX);
	assert_int_equal(cpus_count(&set), 3);
	assert_false(cpus_has(&set, 63));
}

static void test_next(void **state)
{
	static const int want[] = { 0, 5, 63, 64, 4000, 8191 };
	struct cpus set = set_of("0,5,63,64,4000,8191"), none = { 0 };
	size_t n = 0;

	(void)state;
	for (int c = cpus_next(&set, 0); c >= 0; c = cpus_next(&set, (unsigned)c + 1)) {
		assert_true(n < ARRAY_SIZE(want));
		assert_int_equal(c, want[n++]);
	}
	assert_int_equal(n, ARRAY_SIZE(want));
	assert_int_equal(cpus_next(&set, 6), 63);
	assert_int_equal(cpus_next(&set, 8191), 8191);
	assert_int_equal(cpus_next(&set, 8192), -1);
	assert_int_equal(cpus_next(&set, UINT32_MAX), -1);
	assert_int_equal(cpus_next(&none, 0), -1);
}

static void assert_set(struct cpus set, const char *want)
{
	auto_free char *list = cpus_list_new(&set);

	assert_string_equal(list, want);
}

static void test_algebra(void **state)
{
	static const struct {
		const char *a, *b, *and, * or, *minus;
		bool is_subset; /* a of b */
	} cases[] = {
		{ "", "", "", "", "", true },
		{ "", "1-2", "", "1-2", "", true },
		{ "1-2", "", "", "1-2", "1-2", false },
		{ "1-4,100", "3-5,100", "3-4,100", "1-5,100", "1-2", false },
		{ "8191", "0-8191", "8191", "0-8191", "", true },
		{ "0-63", "64-127", "", "0-127", "0-63", false },
		{ "7,70", "7,70", "7,70", "7,70", "", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpus a = set_of(cases[i].a), b = set_of(cases[i].b);

		assert_set(cpus_and(&a, &b), cases[i].and);
		assert_set(cpus_or(&a, &b), cases[i].or);
		assert_set(cpus_minus(&a, &b), cases[i].minus);
		assert_int_equal(cpus_intersects(&a, &b), cases[i].and[0] != '\0');
		assert_int_equal(cpus_is_subset(&a, &b), cases[i].is_subset);
		assert_int_equal(cpus_equal(&a, &b), !strcmp(cases[i].a, cases[i].b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_list),
		cmocka_unit_test(test_parse_mask),
		cmocka_unit_test(test_parse_mask_of_all_words),
		cmocka_unit_test(test_parse_list_too_long),
		cmocka_unit_test(test_null_text),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_format_small_buffer),
		cmocka_unit_test(test_format_longest),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_algebra),
	};

	return cmocka_run_group_tests_name("cpus", tests, NULL, NULL);
}
