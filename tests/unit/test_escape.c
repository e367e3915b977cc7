/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "report/escape.h"
#include "tests/lib/check.h"

struct capture {
	FILE *out;
	char *text;
	size_t size;
};

static void capture_start(struct capture *c)
{
	*c = (struct capture){ 0 };
	c->out = open_memstream(&c->text, &c->size);
	assert_non_null(c->out);
}

static void check_captured(struct capture *c, const char *expected)
{
	assert_int_equal(fclose(c->out), 0);
	assert_string_equal(c->text, expected);
	free(c->text);
}

static void test_text(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ NULL, "" },
		{ "", "" },
		{ "nvme0q3", "nvme0q3" },
		{ "a & b < c > d \" e ' f", "a &amp; b &lt; c &gt; d &quot; e &#39; f" },
		{ "&amp;", "&amp;amp;" },
		{ "\"><script>", "&quot;&gt;&lt;script&gt;" },
		{ "one\n\ttwo\n", "one\n\ttwo\n" },
		{ "bell\a esc\033[31m cr\r del\177", "bell? esc?[31m cr? del?" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "bad \xff\xfe \xc3 \xe2\x80", "bad ?? ? ??" },
		{ "right \xe2\x80\xae left", "right ? left" },
		{ "isolate \xe2\x81\xa6x\xe2\x81\xa9", "isolate ?x?" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct capture c;

		capture_start(&c);
		escape_html(c.out, rows[i].in);
		check_captured(&c, rows[i].out);
	}
}

/* Pieces of any length meet at characters: no two-byte letter is torn. */
static void test_long(void **state)
{
	static char text[3 * 2000 + 1], expected[sizeof(text)];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		const size_t n = 3 * 1999;
		struct capture c;

		memset(text, 'x', shift);
		for (size_t i = 0; i < n; i += 3)
			memcpy(text + shift + i, "\xe2\x82\xac", 3);
		text[shift + n] = '\0';
		memcpy(expected, text, sizeof(expected));
		capture_start(&c);
		escape_html(c.out, text);
		check_captured(&c, expected);
	}
	/* Nothing but continuation bytes: all are broken, none is lost. */
	memset(text, 0x80, sizeof(text) - 1);
	memset(expected, '?', sizeof(expected) - 1);
	text[sizeof(text) - 1] = expected[sizeof(expected) - 1] = '\0';
	{
		struct capture c;

		capture_start(&c);
		escape_html(c.out, text);
		check_captured(&c, expected);
	}
}

static void test_cut(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} rows[] = {
		{ NULL, 3, "" },
		{ "abc", 3, "abc" },
		{ "abcd", 3, "abc…" },
		{ "a<b", 2, "a&lt;…" },
		{ "a\xc3\xbc"
		  "b",
		  2, "a…" },
		{ "a\xc3\xbc"
		  "b",
		  3, "a\xc3\xbc…" },
		{ "\xe2\x82\xac\xe2\x82\xac", 5, "\xe2\x82\xac…" },
		{ "\x80\x80\x80\x80\x80\x80", 5, "?????…" },
		{ "\"\"\"\"", 4, "&quot;&quot;&quot;&quot;" },
		{ "\"\"\"\"\"", 5, "&quot;&quot;&quot;&quot;…" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct capture c;

		capture_start(&c);
		escape_cut(c.out, rows[i].in, rows[i].max);
		check_captured(&c, rows[i].out);
	}
}

static void test_put(void **state)
{
	static char name[HTML_VALUE_MAX + 100];
	struct capture c;

	(void)state;
	capture_start(&c);
	html_put(c.out, "<b title=\"%s\">%s</b>", "\" onclick=\"x", "<i>");
	check_captured(&c, "<b title=\"&quot; onclick=&quot;x\">&lt;i&gt;</b>");
	capture_start(&c);
	html_put(c.out, "%u %d %zu %" PRIu64 " %" PRId64 " %llu 100%%", 7u, -7, (size_t)8,
		 UINT64_MAX, INT64_MIN, 9ULL);
	check_captured(&c, "7 -7 8 18446744073709551615 -9223372036854775808 9 100%");
	/* The value is a value, whatever is in it. */
	capture_start(&c);
	html_put(c.out, "%s", "%s%n%d");
	check_captured(&c, "%s%n%d");
	memset(name, 'n', sizeof(name) - 1);
	capture_start(&c);
	html_put(c.out, "%s", name);
	fflush(c.out);
	assert_int_equal(c.size, HTML_VALUE_MAX + strlen("…"));
	fclose(c.out);
	free(c.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
