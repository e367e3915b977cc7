/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What names somebody by its form alone, and that no text takes long to look through. */
#include <string.h>

#include "report/redact_shapes.h"
#include "report/redact_words.h"
#include "tests/lib/check.h"

static const struct {
	const char *text, *kind; /* NULL: none */
	size_t len;
} rows[] = {
	{ "52:54:00:12:34:56", "mac", 17 },
	{ "52-54-00-12-34-56 up", "mac", 17 },
	{ "5254.0012.3456", "mac", 14 },
	{ "52:54:00:12:34", NULL, 0 },
	{ "52:54:00:12:34:56g", NULL, 0 },
	{ "80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1", "mac", 59 },
	{ "5f0c1d2e-3b4a-4c5d-8e9f-0a1b2c3d4e5f", "uuid", 36 },
	{ "5f0c1d2e3b4a4c5d8e9f0a1b2c3d4e5f", "uuid", 32 },
	{ "5f0c1d2e3b4a4c5d8e9f0a1b2c3d4e5f6", NULL, 0 },
	{ "192.168.7.3", "ip", 11 },
	{ "192.168.7.300", NULL, 0 },
	{ "127.0.0.1", NULL, 0 },
	{ "0.0.0.0", NULL, 0 },
	{ "fe80::5054:ff:fe12:3456", "ip", 23 },
	{ "::1", NULL, 0 },
	{ "0000:01:00.0", NULL, 0 },
	{ "ada@example.org", "mail", 15 },
	{ "getty@tty1.service", NULL, 0 },
	{ "1@1", NULL, 0 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *kind = NULL;
		const size_t len = shape_at(text_of(rows[i].text), &kind);

		if (len != rows[i].len || !kind != !rows[i].kind ||
		    (kind && strcmp(kind, rows[i].kind) != 0))
			fail_msg("'%s': %zu of %s", rows[i].text, len, kind ? kind : "none");
	}
}

/* Each word of these begins as a shape does, which only the end of the text could tell. */
static void test_long(void **state)
{
	enum { LONG = 1 << 19 };
	static const char *const pieces[] = { "a.", "aa:", "aa-", "aaaa.", "a:", "1@" };
	static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";
	char *text = malloc(LONG + 4);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		const size_t n = strlen(pieces[i]);
		struct aliases aliases;
		FILE *out = fopen("/dev/null", "w");

		assert_non_null(out);
		for (size_t at = 0; at + n <= LONG; at += n)
			memcpy(text + at, pieces[i], n);
		memcpy(text + LONG / n * n, "aag", 4);
		aliases_init(&aliases, salt);
		assert_int_equal(words_redact_shapes(&aliases, text_of(text), out), 0);
		assert_int_equal(words_redact(&aliases, "name", NULL, text_of(text), out), 0);
		aliases_release(&aliases);
		fclose(out);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
