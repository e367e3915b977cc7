/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <string.h>

#include "core/doc.h"
#include "tests/lib/check.h"

static struct doc *parse(const char *text)
{
	struct doc_error error;
	struct doc *d;

	assert_int_equal(doc_parse(text, strlen(text), &d, &error), 0);
	return d;
}

static void test_print_lines(void **state)
{
	static const struct {
		unsigned depth;
		const char *text;
	} cases[] = {
		{ 0, "{\"a\":[{\"x\\n\":1,\"y\":[1,2]},{}],\"b\":\"\\u0001\",\"c\":{}}\n" },
		{ 1,
		  "{\n \"a\": [{\"x\\n\":1,\"y\":[1,2]},{}],\n \"b\": \"\\u0001\",\n \"c\": {}\n}\n" },
		{ 2, "{\n \"a\": [\n  {\"x\\n\":1,\"y\":[1,2]},\n  {}\n ],\n \"b\": \"\\u0001\",\n "
		     "\"c\": {}\n}\n" },
	};
	auto_doc struct doc *d = parse(cases[0].text);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *text = doc_print_lines(d, cases[i].depth);
		auto_doc struct doc *back = NULL;

		assert_string_equal(text, cases[i].text);
		back = parse(text);
		assert_true(doc_equal(back, d));
	}
}

static void test_written_order(void **state)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *list = doc_array_new();
	auto_free char *text = NULL;

	(void)state;
	assert_int_equal(doc_put_str(d, "z", "last letter"), 0);
	assert_int_equal(doc_put_u64(d, "a", INT64_MAX), 0);
	assert_int_equal(doc_put_i64(d, "m", -5), 0);
	assert_int_equal(doc_put_bool(d, "b", true), 0);
	assert_int_equal(doc_append_u64(list, 1), 0);
	assert_int_equal(doc_append_str(list, "x"), 0);
	assert_int_equal(doc_put(d, "l", doc_ref(list)), 0);
	text = doc_print(d, false);
	assert_string_equal(text, "{\"z\":\"last letter\",\"a\":9223372036854775807,\"m\":-5,"
				  "\"b\":true,\"l\":[1,\"x\"]}\n");
}

static void test_limits(void **state)
{
	auto_doc struct doc *d = doc_object_new();

	(void)state;
	assert_int_equal(doc_put_u64(d, "a", (uint64_t)INT64_MAX + 1), -ERANGE);
	assert_int_equal(doc_put(d, "a", NULL), -ENOMEM);
	assert_null(doc_get(d, "a"));
}

static void test_hostile_text(void **state)
{
	auto_doc struct doc *d = doc_object_new();
	const char *s;

	(void)state;
	assert_int_equal(doc_put_str(d, "k", "a\033[31m\xff\xfe b"), 0);
	assert_int_equal(doc_get_str(d, "k", &s), 0);
	assert_null(strchr(s, '\033'));
	assert_non_null(strstr(s, "[31m"));
	assert_int_equal(doc_put_str(d, "n", NULL), 0);
	assert_int_equal(doc_get_str(d, "n", &s), 0);
	assert_string_equal(s, "");
}

static void test_lines(void **state)
{
	static const struct {
		const char *value, *expected;
	} rows[] = {
		{ "one", "one" },
		{ "one\ntwo", "one\ntwo" },
		{ "one\n\ntwo\n", "one\n\ntwo" },
		{ "\ntwo", "\ntwo" },
		{ "a\033b\nc\td", "a?b\nc?d" },
		{ "", "" },
		{ NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_doc struct doc *d = doc_object_new();
		const char *s;

		assert_int_equal(doc_put_lines(d, "k", rows[i].value), 0);
		assert_int_equal(doc_get_str(d, "k", &s), 0);
		assert_string_equal(s, rows[i].expected);
	}
}

static void test_wrong_types(void **state)
{
	auto_doc struct doc *d =
		parse("{\"s\":\"x\",\"n\":-1,\"f\":1.5,\"z\":null,\"o\":{},\"l\":[7]}");
	const char *s;
	uint64_t u = 42;
	int64_t i;
	bool b;

	(void)state;
	assert_int_equal(doc_get_u64(d, "s", &u), -EBADMSG);
	assert_int_equal(doc_get_u64(d, "n", &u), -EBADMSG);
	assert_int_equal(doc_get_u64(d, "f", &u), -EBADMSG);
	assert_int_equal(doc_get_u64(d, "z", &u), -EBADMSG);
	assert_int_equal(doc_get_u64(d, "none", &u), -ENOENT);
	assert_int_equal(u, 42);
	assert_int_equal(doc_as_i64(doc_get(d, "n"), &i), 0);
	assert_int_equal(i, -1);
	assert_int_equal(doc_as_bool(doc_get(d, "n"), &b), -EBADMSG);
	assert_int_equal(doc_get_str(d, "n", &s), -EBADMSG);
	assert_int_equal(doc_n(doc_get(d, "o")), 0);
	assert_int_equal(doc_n(doc_get(d, "l")), 1);
	assert_null(doc_at(doc_get(d, "l"), 1));
	assert_null(doc_get(doc_get(d, "l"), "x"));
	assert_null(doc_get(NULL, "x"));
}

static void test_parse_errors(void **state)
{
	static const char *const bad[] = { "",
					   "{",
					   "{\"a\":1,\"a\":2}",
					   "[1] 2",
					   "\xff",
					   "{\"a\":99999999999999999999}",
					   "{\"a\":\"\xc3\x28\"}" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct doc_error error = { 0 };
		struct doc *d = NULL;

		assert_int_equal(doc_parse(bad[i], strlen(bad[i]), &d, &error), -EBADMSG);
		assert_null(d);
		assert_true(error.message[0] != '\0');
	}
}

/* A file that nests without end must be an error, not a crash. */
static void test_deep_nesting(void **state)
{
	const size_t n = 1000000;
	auto_free char *text = malloc(n);
	struct doc_error error;
	struct doc *d;

	(void)state;
	assert_non_null(text);
	memset(text, '[', n);
	assert_int_equal(doc_parse(text, n, &d, &error), -EBADMSG);
}

static void test_check_format(void **state)
{
	static const struct {
		const char *text;
		int expected;
	} cases[] = {
		{ "{\"format\":\"f\",\"version\":1}", 0 },
		{ "{\"format\":\"f\",\"version\":2}", 0 },
		{ "{\"format\":\"f\",\"version\":3}", -ENOTSUP },
		{ "{\"format\":\"g\",\"version\":1}", -EBADMSG },
		{ "{\"format\":\"f\",\"version\":0}", -EBADMSG },
		{ "{\"format\":\"f\",\"version\":\"1\"}", -EBADMSG },
		{ "{\"format\":\"f\"}", -EBADMSG },
		{ "[]", -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_doc struct doc *d = parse(cases[i].text);
		uint64_t version;

		assert_int_equal(doc_check_format(d, "f", 2, &version), cases[i].expected);
	}
}

static int stop_at_b(void *arg, const char *key, const struct doc *value)
{
	(void)value;
	strncat(arg, key, 1);
	return *key == 'b' ? 7 : 0;
}

static void test_each(void **state)
{
	auto_doc struct doc *d = parse("{\"c\":1,\"b\":2,\"a\":3}");
	char seen[8] = "";

	(void)state;
	assert_int_equal(doc_each(d, stop_at_b, seen), 7);
	assert_string_equal(seen, "cb");
}

static void test_in_arena(void **state)
{
	static const char text[] =
		"{\"a\":[1,[2,-3]],\"b\":{\"c\":\"\\u00fc text\"},\"d\":true,\"e\":[]}";
	auto_arena struct arena a = { 0 }, small = { .max = 1 };
	auto_doc struct doc *d = NULL, *copy = doc_object_new();
	const struct doc *lent = NULL;
	struct doc_error error;

	(void)state;
	assert_int_equal(doc_parse(text, sizeof(text) - 1, &d, &error), 0);
	assert_int_equal(doc_parse_in(&a, text, sizeof(text) - 1, &lent, &error), 0);
	assert_true(doc_equal(d, lent));
	assert_true(a.size > 0);
	/* A second owner may let go of it. */
	assert_int_equal(doc_put(copy, "part", doc_ref(doc_get(lent, "a"))), 0);
	doc_free(copy);
	copy = NULL;
	assert_true(doc_equal(d, lent));

	lent = NULL;
	assert_int_equal(doc_parse_in(&a, "{\"a\":", 5, &lent, &error), -EBADMSG);
	assert_int_equal(error.line, 1);
	assert_int_equal(doc_parse_in(&small, text, sizeof(text) - 1, &lent, &error), -ENOMEM);
	assert_null(lent);
	/* And others are as they were. */
	doc_free(d);
	assert_int_equal(doc_parse(text, sizeof(text) - 1, &d, &error), 0);
}

static void *parse_often(void *arg)
{
	static const char text[] = "{\"list\":[[1,2],[3,4],[5,6]],\"text\":\"some\"}";

	for (int i = 0; i < 2000; i++) {
		auto_arena struct arena a = { 0 };
		auto_doc struct doc *d = NULL;
		const struct doc *lent;
		struct doc_error error;

		if (doc_parse_in(&a, text, sizeof(text) - 1, &lent, &error) < 0 ||
		    doc_parse(text, sizeof(text) - 1, &d, &error) < 0 || !doc_equal(lent, d))
			*(bool *)arg = false;
	}
	return NULL;
}

static void test_threads(void **state)
{
	bool is_fine[2] = { true, true };
	pthread_t other;

	(void)state;
	assert_int_equal(pthread_create(&other, NULL, parse_often, &is_fine[1]), 0);
	parse_often(&is_fine[0]);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_true(is_fine[0] && is_fine[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_order), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_hostile_text),  cmocka_unit_test(test_lines),
		cmocka_unit_test(test_wrong_types),   cmocka_unit_test(test_parse_errors),
		cmocka_unit_test(test_deep_nesting),  cmocka_unit_test(test_check_format),
		cmocka_unit_test(test_each),          cmocka_unit_test(test_in_arena),
		cmocka_unit_test(test_threads),       cmocka_unit_test(test_print_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
