/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <zlib.h>

#include "core/text.h"
#include "probes/parse/gunzip.h"
#include "tests/lib/check.h"

/* Packs n bytes of c as gzip(1) does; the caller frees. */
static char *packed(size_t n, char c, size_t *ret_len)
{
	z_stream z = { 0 };
	char *plain = malloc(n ? n : 1);
	char *out;
	size_t size;

	assert_non_null(plain);
	memset(plain, c, n);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	size = deflateBound(&z, n);
	out = malloc(size);
	assert_non_null(out);
	z.next_in = (unsigned char *)plain;
	z.avail_in = (unsigned)n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	*ret_len = z.total_out;
	deflateEnd(&z);
	free(plain);
	return out;
}

/* Sizes around the room it begins with, and up to the limit. */
static void test_sizes(void **state)
{
	static const struct {
		size_t n;
		int want;
	} cases[] = {
		{ 0, 0 },
		{ 1, 0 },
		{ (256u << 10) - 1, 0 },
		{ 256u << 10, 0 },
		{ (256u << 10) + 1, 0 },
		{ 3u << 20, 0 },
		{ GUNZIP_MAX - 1, 0 },
		{ GUNZIP_MAX + 1, -EFBIG },
		{ 64u << 20, -EFBIG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *text = NULL;
		size_t len = 0, packed_len;
		auto_free char *data = packed(cases[i].n, 'x', &packed_len);

		assert_int_equal(gunzip(text_make(data, packed_len), &text, &len), cases[i].want);
		if (cases[i].want < 0)
			continue;
		assert_int_equal(len, cases[i].n);
		assert_int_equal(strlen(text), cases[i].n);
		assert_int_equal(strspn(text, "x"), cases[i].n);
	}
}

static void test_damage(void **state)
{
	size_t packed_len, len;
	auto_free char *data = packed(1000, 'x', &packed_len);
	char *text = NULL;

	(void)state;
	for (size_t n = 0; n < packed_len; n++)
		assert_int_equal(gunzip(text_make(data, n), &text, &len), -EBADMSG);
	data[packed_len - 5] ^= 1; /* the checksum */
	assert_int_equal(gunzip(text_make(data, packed_len), &text, &len), -EBADMSG);
	assert_int_equal(gunzip(text_of("CONFIG_HZ=250\n"), &text, &len), -EBADMSG);
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
