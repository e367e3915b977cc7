/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/qemu_json.h"
#include "probes/parse/qemu_options.h"
#include "tests/lib/check.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text, *implied;
		int r;
		struct qemu_pair want[5]; /* up to the first without a key */
	} cases[] = {
		{ "", "driver", 0, { { 0 } } },
		{ "nvme,drive=d0,num_queues=4",
		  "driver",
		  0,
		  { { "driver", "nvme" }, { "drive", "d0" }, { "num-queues", "4" } } },
		{ "file=/a,,b.img,if=virtio,readonly",
		  NULL,
		  0,
		  { { "file", "/a,b.img" }, { "if", "virtio" }, { "readonly", "on" } } },
		{ "file=a=b", "x", 0, { { "file", "a=b" } } },
		{ "one,two", NULL, 0, { { "one", "on" }, { "two", "on" } } },
		{ "a=,b=,,", NULL, 0, { { "a", "" }, { "b", "," } } },
		{ "a=1,,,b=2", NULL, 0, { { "a", "1," }, { "b", "2" } } },
		{ ",a=1", "k", 0, { { "k", "" }, { "a", "1" } } },
		{ "{\"driver\":\"qcow2\",\"cache\":{\"direct\":true,\"no-flush\":false},"
		  "\"host-nodes\":[0,2]}",
		  NULL,
		  0,
		  { { "driver", "qcow2" },
		    { "cache.direct", "on" },
		    { "cache.no-flush", "off" },
		    { "host-nodes", "0" },
		    { "host-nodes", "2" } } },
		{ "{\"num_queues\" : 4 , \"x\":[ ] , \"y\":{ } }\n",
		  NULL,
		  0,
		  { { "num-queues", "4" } } },
		{ "{}", NULL, 0, { { 0 } } },
		{ "{\"a\":\"\\u0041\\u00e9\\u20AC\\n\\\"\\\\\\/\"}",
		  NULL,
		  0,
		  { { "a", "A\xc3\xa9\xe2\x82\xac\n\"\\/" } } },
		{ "{\"a\":\"\\u00\"}", NULL, 0, { { "a", "u00" } } },
		{ "{\"a\":-1.5e3,\"b\":null}", NULL, 0, { { "a", "-1.5e3" }, { "b", "null" } } },
		{ "{", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\"", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":1", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":1,}", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":\"x}", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":\"x\\", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":[1}", NULL, -EBADMSG, { { 0 } } },
		{ "{a:1}", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":1} x", NULL, -EBADMSG, { { 0 } } },
		{ "{\"a\":'1'}", NULL, -EBADMSG, { { 0 } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		struct qemu_options o = { 0 };
		size_t n = 0;
		int r = qemu_options_parse(text_of(cases[i].text), cases[i].implied, &a, &o);

		if (r != cases[i].r)
			fail_msg("%s: %d", cases[i].text, r);
		for (; n < ARRAY_SIZE(cases[i].want) && cases[i].want[n].key; n++) {
			assert_true(n < o.n);
			assert_string_equal(o.v[n].key, cases[i].want[n].key);
			assert_string_equal(o.v[n].value, cases[i].want[n].value);
		}
		assert_int_equal(o.n, n);
	}
}

static int count(void *arg, const char *key, const char *value)
{
	size_t *n = arg;

	(void)key;
	(void)value;
	(*n)++;
	return *n == 3 ? -ECANCELED : 0;
}

static void test_json_bounds(void **state)
{
	auto_arena struct arena a = { 0 };
	char deep[64], *key = malloc(600);
	size_t n = 0;

	(void)state;
	assert_non_null(key);
	/* Deeper than anything QEMU takes. */
	memset(deep, '[', sizeof(deep));
	assert_int_equal(qemu_json_each(text_make(deep, sizeof(deep)), &a, count, &n), -EBADMSG);
	memset(deep, '[', 16);
	memset(deep + 16, ']', 16);
	assert_int_equal(qemu_json_each(text_make(deep, 32), &a, count, &n), 0);
	/* A key that is none of QEMU's is passed over, with what is below it. */
	snprintf(key, 600, "{\"%0400d\":{\"a\":1},\"b\":2}", 0);
	assert_int_equal(qemu_json_each(text_of(key), &a, count, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(qemu_json_each(text_of("[1,2,3,4]"), &a, count, &n), -ECANCELED);
	assert_int_equal(n, 3);
	assert_int_equal(qemu_json_each(text_of(""), &a, count, &n), -EBADMSG);
	free(key);
}

static void test_many_pairs(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free char *text = malloc(2 * 5000 + 1);
	struct qemu_options o = { 0 };

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 5000; i++)
		memcpy(text + 2 * i, "a,", 2);
	assert_int_equal(qemu_options_parse(text_make(text, 10000), NULL, &a, &o), 0);
	assert_int_equal(o.n, 1024);
}

static void test_look_up(void **state)
{
	auto_arena struct arena a = { 0 };
	struct qemu_options o = { 0 };

	(void)state;
	assert_int_equal(
		qemu_options_parse(text_of("a=1,b=on,c=off,d=no,e=maybe,a=2"), NULL, &a, &o), 0);
	assert_string_equal(qemu_option(&o, "a"), "2");
	assert_null(qemu_option(&o, "z"));
	assert_true(qemu_option_is(&o, "a", "2"));
	assert_false(qemu_option_is(&o, "a", "1"));
	assert_false(qemu_option_is(&o, "z", "1"));
	assert_true(qemu_option_is_on(&o, "b"));
	assert_false(qemu_option_is_on(&o, "c"));
	assert_true(qemu_option_is_off(&o, "c"));
	assert_true(qemu_option_is_off(&o, "d"));
	assert_false(qemu_option_is_on(&o, "e") || qemu_option_is_off(&o, "e"));
	assert_false(qemu_option_is_on(&o, "z") || qemu_option_is_off(&o, "z"));
}

static void test_size(void **state)
{
	static const struct {
		const char *text;
		uint64_t unit;
		int r;
		uint64_t bytes;
	} cases[] = {
		{ "8192", MIB, 0, 8192 * MIB },
		{ "8G", MIB, 0, 8 * GIB },
		{ "16g", MIB, 0, 16 * GIB },
		{ "1.5G", MIB, 0, 3 * GIB / 2 },
		{ "0.5", MIB, 0, MIB / 2 },
		{ "33554432k", MIB, 0, 32 * GIB },
		{ "512b", MIB, 0, 512 },
		{ "1073741824", 1, 0, GIB },
		{ "0x40000000", 1, 0, GIB },
		{ "1T", 1, 0, 1024 * GIB },
		{ "1E", 1, 0, 1ull << 60 },
		{ "16E", 1, -ERANGE, 0 },
		{ "99999999999999999999", 1, -ERANGE, 0 },
		{ "8GB", MIB, -EINVAL, 0 },
		{ "$RAM", MIB, -EINVAL, 0 },
		{ "", MIB, -EINVAL, 0 },
		{ "G", MIB, -EINVAL, 0 },
		{ "-1G", MIB, -EINVAL, 0 },
		{ "1.G", MIB, -EINVAL, 0 },
		{ "1.5.5", MIB, -EINVAL, 0 },
		{ "1.0000000000", MIB, -EINVAL, 0 },
		{ "8 G", MIB, -EINVAL, 0 },
		{ "0x", 1, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t bytes = 77;
		int r = qemu_size(cases[i].text, cases[i].unit, &bytes);

		if (r != cases[i].r || bytes != (r < 0 ? 77 : cases[i].bytes))
			fail_msg("%s: %d, %llu", cases[i].text, r, (unsigned long long)bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),      cmocka_unit_test(test_json_bounds),
		cmocka_unit_test(test_many_pairs), cmocka_unit_test(test_look_up),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
