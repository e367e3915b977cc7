/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/lspci_hex.h"
#include "tests/lib/check.h"

#define LINE(offset) offset ": 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n"

static void test_functions(void **state)
{
	struct text rest = text_of("what came before\n"
				   "00:00.0 Host bridge: of someone (rev 07)\n"
				   "\tSubsystem: 00:01.0 is not at the start\n"
				   "\tCapabilities: [40] MSI\n" LINE("00") LINE("10") "\n" LINE(
					   "20") "0001:02:1f.7 VGA compatible controller\r\n"
						 "00: FF fe\r\n"
						 "10000:e1:00.0 NVMe\n"
						 "00: 86 80\n");
	struct lspci_function f;

	(void)state;
	assert_true(lspci_hex_next(&rest, &f));
	assert_int_equal(f.address.domain, 0);
	assert_int_equal(f.n, 32);
	for (size_t i = 0; i < f.n; i++)
		assert_int_equal(f.bytes[i], i % 16);
	assert_true(lspci_hex_next(&rest, &f));
	assert_int_equal(f.address.domain, 1);
	assert_int_equal(f.address.bus, 2);
	assert_int_equal(f.address.device, 0x1f);
	assert_int_equal(f.address.function, 7);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.bytes[0], 0xff);
	assert_int_equal(f.bytes[1], 0xfe);
	assert_true(lspci_hex_next(&rest, &f));
	assert_int_equal(f.address.domain, 0x10000);
	assert_int_equal(f.n, 2);
	assert_false(lspci_hex_next(&rest, &f));
}

/* Bytes behind a hole or a broken line have no known place. */
static void test_broken(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "00:00.0 x\n", 0 },
		{ "00:00.0 x\n" LINE("10"), 0 },
		{ "00:00.0 x\n" LINE("00") LINE("20"), 16 },
		{ "00:00.0 x\n" LINE("00") LINE("00"), 16 },
		{ "00:00.0 x\n" LINE("00") "10: 00 0\n" LINE("20"), 17 },
		{ "00:00.0 x\n" LINE("00") "10: 00 zz 02\n" LINE("12"), 17 },
		{ "00:00.0 x\n" LINE("00") "10: 00 111\n", 17 },
		{ "00:00.0 x\n" LINE("00") "10:00 01\n", 16 },
		{ "00:00.0 x\n" LINE("00") "10:", 16 },
		{ "00:00.0 x\n" LINE("00") "0010: 00 01\n", 18 },
		{ "00:00.0 x\n" LINE("00") "00010: 00 01\n", 16 },
		{ "00:00.0 x\n" LINE("00") "\tsaid by -v\n" LINE("10"), 32 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i].text);
		struct lspci_function f;

		assert_true(lspci_hex_next(&rest, &f));
		if (f.n != cases[i].n)
			fail_msg("case %zu: %zu bytes, expected %zu", i, f.n, cases[i].n);
		assert_false(lspci_hex_next(&rest, &f));
	}
}

static void test_no_function(void **state)
{
	static const char *const cases[] = { "",
					     "\n\n",
					     LINE("00"),
					     " 00:00.0 indented\n",
					     "00:20.0 no such device\n",
					     "00:00.8 no such function\n",
					     "100000:00:00.0 no such domain\n",
					     "00:00.0:x y\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i]);
		struct lspci_function f;

		if (lspci_hex_next(&rest, &f))
			fail_msg("'%s' is a function", cases[i]);
	}
}

/* 4096 bytes and not one more. */
static void test_whole_space(void **state)
{
	auto_free char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	struct lspci_function one;
	struct text rest;

	(void)state;
	assert_non_null(f);
	fputs("00:00.0 x\n", f);
	for (unsigned at = 0; at < 0x1010; at += 16)
		fprintf(f, "%02x: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n", at);
	fclose(f);
	rest = text_make(text, size);
	assert_true(lspci_hex_next(&rest, &one));
	assert_int_equal(one.n, LSPCI_BYTES_MAX);
	assert_int_equal(one.bytes[LSPCI_BYTES_MAX - 1], 0xf);
	assert_false(lspci_hex_next(&rest, &one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_no_function),
		cmocka_unit_test(test_whole_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
