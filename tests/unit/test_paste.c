/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for forums: ASCII, never longer than asked, cut by sections, and nobody leaves the block. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c tests/lib/sample_comparison.c */
#include "report/paste_parts.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

/* Whoever is pasted into a block wants out of it. */
#define ESCAPE                                                                                          \
	"``` ```` ~~~ [/code] [/CODE][code][/ code][/quote]\n\n# out\n```\n[/code]\n<script>\t\x1b[31m" \
	"\xff µ “x” \xe2\x80\xae ünï"

static const char *const marks[N_PASTE_MARKUPS] = { "", "```", "[code]\n", "    " };

struct pasted {
	struct host *h;
	struct findings f;
};

static void setup_pasted(struct pasted *p, const char *poison)
{
	static const struct sample desktop = { 6, 24, 8, 20000 };

	p->h = sample_host(&desktop);
	if (poison)
		sample_poison(p->h, poison);
	assert_int_equal(engine_run(p->h, &p->f), 0);
}

static void paste(const struct pasted *p, enum paste_markup markup, size_t max, struct written *w)
{
	const struct paste_style style = { markup, max };

	assert_int_equal(report_paste(written_open(w), p->h, &p->f, &style), 0);
	written_close(w);
}

static bool is_code(const char *line)
{
	line += strspn(line, " ");
	return strchr(line, '=') || strchr(line, '/') || *line == '<';
}

/* ASCII, and no wider than it may be, but for what is to be copied as it is. */
static void check_lines(const char *text, enum paste_markup markup)
{
	const size_t max = PASTE_COLUMNS + (markup == PASTE_REDDIT ? 4 : 0);

	for (const char *line = text; *line;) {
		const size_t len = strcspn(line, "\n");

		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] > '~')
				fail_msg("byte %02x in: %.*s", (unsigned char)line[i], (int)len,
					 line);
		}
		if (len > max && !is_code(line))
			fail_msg("%zu columns: %.*s", len, (int)len, line);
		if (len && line[len - 1] == ' ' && markup != PASTE_REDDIT)
			fail_msg("a blank at the end: %.*s", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void check_markdown(const char *text)
{
	const size_t fence = strspn(text, "`");
	const char *last = text + strlen(text) - fence - 1;
	size_t run = 0;

	assert_true(fence >= 3);
	assert_int_equal(strspn(last, "`"), fence);
	for (const char *p = text + fence; p < last; p++) {
		run = *p == '`' ? run + 1 : 0;
		assert_true(run < fence);
	}
}

static void check_bbcode(const char *text)
{
	char *low = strdup(text);

	assert_non_null(low);
	for (char *c = low; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c;
	assert_int_equal(n_of(low, "[code]"), 1);
	assert_int_equal(n_of(low, "[/code]"), 1);
	assert_int_equal(n_of(low, "[/"), 1);
	assert_string_equal(low + strlen(low) - strlen("[/code]\n"), "[/code]\n");
	free(low);
}

static void check_reddit(const char *text)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, "    ", 4) != 0)
			fail_msg("outside: %.40s", line);
	}
}

static void check_block(const char *text, enum paste_markup markup)
{
	assert_int_equal(strncmp(text, marks[markup], strlen(marks[markup])), 0);
	check_lines(text, markup);
	if (markup == PASTE_MARKDOWN)
		check_markdown(text);
	else if (markup == PASTE_BBCODE)
		check_bbcode(text);
	else if (markup == PASTE_REDDIT)
		check_reddit(text);
}

static void test_whole(void **state)
{
	static const char *const pieces[] = {
		"vfiobench ",      ", report ",
		"\nHost   Linux ", "\nCPU    ",
		"\nGuest  ",       "\nPins   vCPU ",
		"\nproblem ",      "Who took the guest's time: ",
		"OF LOST   TOTAL", "\n1. ",
		"needs: ",         "Timer wake-up latency: p50 ",
		"percentile of",
	};
	struct pasted p;

	(void)state;
	setup_pasted(&p, NULL);
	for (enum paste_markup m = 0; m < N_PASTE_MARKUPS; m++) {
		struct written w;

		paste(&p, m, 0, &w);
		check_block(w.text, m);
		assert_true(w.size <= paste_usual_max(m));
		holds_not(w.text, "Left out");
		for (size_t i = 0; m == PASTE_PLAIN && i < ARRAY_SIZE(pieces); i++) {
			if (i + 1 < ARRAY_SIZE(pieces) || access("/usr/bin/gnuplot", X_OK) == 0)
				holds(w.text, pieces[i]);
		}
		free(w.text);
	}
	host_free(p.h);
}

static void test_hostile(void **state)
{
	struct pasted p;

	(void)state;
	setup_pasted(&p, ESCAPE);
	for (enum paste_markup m = 0; m < N_PASTE_MARKUPS; m++) {
		static const size_t sizes[] = { 0, PASTE_CHARS_MIN, 5000 };

		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			struct written w;

			paste(&p, m, sizes[i], &w);
			check_block(w.text, m);
			assert_true(w.size <= (sizes[i] ? sizes[i] : paste_usual_max(m)));
			free(w.text);
		}
	}
	host_free(p.h);
}

/* Of long words only, in every field. */
static void test_long(void **state)
{
	static char word[10001];
	struct pasted p;

	(void)state;
	for (size_t i = 0; i < sizeof(word) - 1; i++)
		word[i] = i % 100 < 99 ? '`' : ']';
	setup_pasted(&p, word);
	for (enum paste_markup m = 0; m < N_PASTE_MARKUPS; m++) {
		struct written w;

		paste(&p, m, PASTE_CHARS_MIN, &w);
		assert_true(w.size <= PASTE_CHARS_MIN);
		holds(w.text, "Left out to stay within 1600 characters:");
		free(w.text);
	}
	host_free(p.h);
}

static int put_letters(FILE *out, const void *arg)
{
	for (size_t i = 0; i < *(const size_t *)arg; i++)
		fputs("letters\n", out);
	return 0;
}

static int put_nothing(FILE *out, const void *arg)
{
	(void)out;
	(void)arg;
	return 0;
}

static int put_failing(FILE *out, const void *arg)
{
	fputs("half", out);
	(void)arg;
	return -ENODATA;
}

static void fill(struct paste *p, const size_t sizes[3])
{
	*p = (struct paste){ .id = "0a1b2c3d" };
	assert_int_equal(paste_add(p, NULL, 0, put_letters, &sizes[0]), 0);
	assert_int_equal(paste_add(p, "nothing", 0, put_nothing, NULL), 0);
	assert_int_equal(paste_add(p, "failing", 0, put_failing, NULL), -ENODATA);
	assert_int_equal(paste_add(p, "large", 1, put_letters, &sizes[1]), 0);
	assert_int_equal(paste_add(p, "small", 2, put_letters, &sizes[2]), 0);
	assert_int_equal(p->n, 3);
}

static void put(const size_t sizes[3], size_t max, struct written *w)
{
	const struct paste_style style = { PASTE_PLAIN, max };
	struct paste p;

	fill(&p, sizes);
	assert_int_equal(paste_put(&p, written_open(w), &style), 0);
	written_close(w);
	paste_release(&p);
}

/* A section is there as a whole or not at all; one that has room is not left out for another. */
static void test_sections(void **state)
{
	static const struct {
		size_t sizes[3], max, n;
		const char *note;
	} rows[] = {
		{ { 1, 1, 1 }, 1600, 3, NULL },
		/* 8 bytes each, three empty lines and "Report 0a1b2c3d.\n" */
		{ { 100, 50, 50 }, 1620, 200, NULL },
		{ { 100, 50, 50 }, 1619, 150, "characters:\n  small\n" },
		{ { 100, 200, 50 }, 1600, 150, "characters:\n  large\n" },
		{ { 100, 200, 200 }, 1600, 100, "characters:\n  large, small\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct written w;

		put(rows[i].sizes, rows[i].max, &w);
		assert_int_equal(n_of(w.text, "letters\n"), rows[i].n);
		assert_true(w.size <= rows[i].max);
		if (rows[i].note)
			holds(w.text, rows[i].note);
		else
			holds_not(w.text, "Left out");
		holds(w.text, "Report 0a1b2c3d.\n");
		free(w.text);
	}
}

static void test_too_small(void **state)
{
	static const size_t sizes[3] = { 1000, 1, 1 };
	struct paste_style style = { PASTE_PLAIN, 1600 };
	struct written w;
	struct paste p;

	(void)state;
	fill(&p, sizes);
	assert_int_equal(paste_put(&p, written_open(&w), &style), -EINVAL);
	style.max_chars = PASTE_CHARS_MIN - 1;
	assert_int_equal(paste_put(&p, w.out, &style), -EINVAL);
	assert_string_equal(written_close(&w), "");
	free(w.text);
	paste_release(&p);
}

/* Every number of characters is kept to, and more of them never show less. */
static void test_every_size(void **state)
{
	struct pasted p;
	struct written whole;

	(void)state;
	/* Without gnuplot, which would be asked a hundred times. */
	setenv("PATH", "/nonexistent", 1);
	setup_pasted(&p, NULL);
	paste(&p, PASTE_REDDIT, 0, &whole);
	for (size_t max = PASTE_CHARS_MIN; max < whole.size + 100; max += 97) {
		struct written w;

		paste(&p, PASTE_REDDIT, max, &w);
		assert_true(w.size <= max);
		if (max >= whole.size)
			assert_string_equal(w.text, whole.text);
		else
			holds(w.text, "Left out to stay within ");
		free(w.text);
	}
	holds(whole.text, "No curve: gnuplot is not installed");
	free(whole.text);
	host_free(p.h);
}

static void test_fix(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "sudo true", "  sudo true\n" },
		{ "sudo sh -c 'a  b' aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbb "
		  "'c c cccccccccccccccccccccccccccccccccccccccccccccc' d",
		  "  sudo sh -c 'a  b' aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \\\n"
		  "    bbbbbbbbbbbbbbbbbbbbbbbbbbbb \\\n"
		  "    'c c cccccccccccccccccccccccccccccccccccccccccccccc' d\n" },
		/* No shell reads these. */
		{ "options vfio-pci ids=10de:1b80,10de:10f0,1912:0014,144d:a808,144d:a809 "
		  "disable_vga=1 disable_idle_d3=1",
		  "  options vfio-pci ids=10de:1b80,10de:10f0,1912:0014,144d:a808,144d:a809 "
		  "disable_vga=1 disable_idle_d3=1\n" },
		{ "one\ntwo\nthree\nfour\nfive", "  one\n  two\n  three\n  (and 2 more lines)\n" },
		{ "A sentence of more than seventy-six columns is broken where it has a blank, as "
		  "it is in a terminal.",
		  "  A sentence of more than seventy-six columns is broken where it has a\n"
		  "  blank, as it is in a terminal.\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct written w;

		paste_fix(written_open(&w), "  ", rows[i].text, 3);
		assert_string_equal(written_close(&w), rows[i].expected);
		free(w.text);
	}
}

static void test_prose(void **state)
{
	static const struct {
		const char *lead, *text;
		size_t max;
		const char *expected;
	} rows[] = {
		{ "- ", "", 9, "" },
		{ "- ", "a\tb\n“ä” µs…", 9, "- a?b?\"?\" us...\n" },
		{ "- ", "\xff\xf0\x9f\x98\x80", 9, "- ??\n" },
		{ "",
		  "0123456789012345678901234567890123456789012345678901234567890123456789 12345 x",
		  9,
		  "0123456789012345678901234567890123456789012345678901234567890123456789 12345\nx\n" },
		{ "",
		  "0123456789012345678901234567890123456789012345678901234567890123456789 12345 x",
		  1,
		  "0123456789012345678901234567890123456789012345678901234567890123456789...\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct written w;

		paste_prose(written_open(&w), rows[i].lead, rows[i].text, rows[i].max);
		assert_string_equal(written_close(&w), rows[i].expected);
		free(w.text);
	}
}

static void test_comparisons(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		for (enum paste_markup m = 0; m < N_PASTE_MARKUPS; m++) {
			const struct paste_style style = { m, i % 2 ? 0 : PASTE_CHARS_MIN };
			auto_arena struct arena a = { 0 };
			struct comparison_facts c = { 0 };
			struct written w;

			sample_comparison((enum sample_comparison)i, &a, &c);
			if (i == SAMPLE_EMPTY)
				continue;
			if (m != PASTE_PLAIN)
				sample_comparison_poison(&c, ESCAPE);
			assert_int_equal(report_paste_comparison(written_open(&w), &c, &style), 0);
			check_block(written_close(&w), m);
			assert_true(w.size <= (style.max_chars ? style.max_chars : 32000));
			if (m == PASTE_PLAIN && i == SAMPLE_RED)
				holds(w.text, "+52 %");
			holds(w.text, "Report ");
			free(w.text);
		}
	}
}

/* One report has one name, another one another. */
static void test_id(void **state)
{
	struct pasted p;
	struct written w, again;
	const char *id;

	(void)state;
	setup_pasted(&p, NULL);
	paste(&p, PASTE_PLAIN, 0, &w);
	paste(&p, PASTE_PLAIN, 0, &again);
	assert_string_equal(w.text, again.text);
	free(again.text);
	id = strstr(w.text, "report ") + strlen("report ");
	assert_int_equal(strspn(id, "0123456789abcdef"), 8);
	p.h->run.started_unix_ns.v += NS_PER_S;
	paste(&p, PASTE_PLAIN, 0, &again);
	assert_true(strncmp(strstr(again.text, "report ") + strlen("report "), id, 8) != 0);
	free(w.text);
	free(again.text);
	host_free(p.h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),     cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long),      cmocka_unit_test(test_sections),
		cmocka_unit_test(test_too_small), cmocka_unit_test(test_fix),
		cmocka_unit_test(test_prose),     cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_id),        cmocka_unit_test(test_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
