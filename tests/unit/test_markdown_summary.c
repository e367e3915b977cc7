/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary of a job: verdict in words, bounded, and text of strangers is only text. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c tests/lib/sample_comparison.c */
#include "analyze/measures.h"
#include "report/markdown.h"
#include "report/markdown_summary.h"
#include "report/words.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

static void summary_of(enum sample_comparison which, const char *poison, struct written *w)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };

	sample_comparison(which, &a, &c);
	if (poison)
		sample_comparison_poison(&c, poison);
	assert_int_equal(report_markdown_summary(written_open(w), &c), 0);
	is_clean(written_close(w));
}

static void test_verdicts(void **state)
{
	static const char *const heads[N_SAMPLE_COMPARISONS] = {
		/* One of its budgets is not known. */
		[SAMPLE_GREEN] = "## vfiobench: ⚠️ inconclusive\n",
		[SAMPLE_RED] = "## vfiobench: ❌ failed\n",
		[SAMPLE_INCONCLUSIVE] = "## vfiobench: ⚠️ inconclusive\n",
		[SAMPLE_NOT_COMPARABLE] = "## vfiobench: ⛔ not comparable\n",
		[SAMPLE_WAIVED] = "## vfiobench: ⚠️ inconclusive\n",
		[SAMPLE_BUDGETS] = "## vfiobench: ⚠️ inconclusive\n",
		[SAMPLE_EMPTY] = "## vfiobench: ⚠️ inconclusive\n",
	};

	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		struct written w;

		summary_of((enum sample_comparison)i, NULL, &w);
		if (strncmp(w.text, heads[i], strlen(heads[i])) != 0)
			fail_msg("%s: %s", sample_comparison_names[i], w.text);
		assert_int_equal(n_of(w.text, "<details>"), n_of(w.text, "</details>"));
		free(w.text);
	}
}

static void test_red(void **state)
{
	static const char *const pieces[] = {
		"7 passed, 2 failed, 2 skipped.\n",
		"- ❌ wake-up latency, 99.9 %: 88 us -&#62; 134 us (+52 %, 95 % +38 to "
		"+71 %), margin 25 %\n",
		"| wake-up latency, 99.9 % | 88 us | 134 us | +52 % | +38 to +71 % | 25 % | ❌ "
		"regressed |  |\n",
		"| wake.p99.9 &#60; 100us | 134 us | ❌ broken |  |\n",
		"<details><summary>Exploratory, decides nothing: 1</summary>",
		"| wake.p99/cpu3 | 40 us | 80 us | +100 % | - |",
		"<details><summary>Settings that differ: 1</summary>",
		"| kernel.cmdline | quiet isolcpus=2-5 | quiet |\n",
		"<details><summary>Findings that changed: 2</summary>",
		"- Before: baselines/host.json (sessions: 3), as it was\n",
	};
	struct written w;

	(void)state;
	summary_of(SAMPLE_RED, NULL, &w);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		holds(w.text, pieces[i]);
	free(w.text);
}

/* Tags, comments and bars of tables are as many as without a stranger. */
static void test_hostile(void **state)
{
	static const char *const marks[] = {
		"`", "*", "_", "[", "]", "!", "@", "www.", "://", "\\"
	};

	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		struct written plain, w;

		summary_of((enum sample_comparison)i, "x", &plain);
		summary_of((enum sample_comparison)i, HOSTILE, &w);
		assert_int_equal(n_of(w.text, "|"), n_of(plain.text, "|"));
		assert_int_equal(n_of(w.text, "\n"), n_of(plain.text, "\n"));
		assert_int_equal(n_of(w.text, "<") - n_of(w.text, "<!-- -->"),
				 n_of(plain.text, "<") - n_of(plain.text, "<!-- -->"));
		for (size_t k = 0; k < ARRAY_SIZE(marks); k++) {
			size_t n = n_of(w.text, marks[k]);

			if (!strcmp(marks[k], "!"))
				n -= n_of(w.text, "<!-- -->");
			assert_int_equal(n, 0);
		}
		free(plain.text);
		free(w.text);
	}
}

static void add_differences(struct comparison_facts *c, struct arena *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct comparison_difference *d = fact_add_item(&c->differences, a, sizeof(*d));

		assert_non_null(d);
		d->key = (struct fact_str){ true, "kernel.cmdline" };
		d->before = d->after = (struct fact_str){ true, "isolcpus=2-5 nohz_full=2-5" };
	}
}

/* What is too long goes as a whole, and is named. */
static void test_long(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	add_differences(&c, &a, 5000);
	assert_int_equal(report_markdown_summary(written_open(&w), &c), 0);
	written_close(&w);
	assert_true(w.size < MARKDOWN_SUMMARY_MAX);
	holds(w.text, "Settings that differ: 5001");
	holds_not(w.text, "Left out");
	free(w.text);

	add_differences(&c, &a, 10000);
	assert_int_equal(report_markdown_summary(written_open(&w), &c), 0);
	written_close(&w);
	assert_true(w.size < MARKDOWN_SUMMARY_MAX);
	holds_not(w.text, "Settings that differ:");
	holds(w.text, "Exploratory");
	holds(w.text, "*Left out, for the page would be too long: settings that differ.*\n");
	free(w.text);
}

static void test_text(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ NULL, "" },
		{ "plain words, 12.5 % (of x)", "plain words, 12.5 % (of x)" },
		{ "# head", "&#35;<!-- --> head" },
		{ "  - item", "&#45; item" },
		{ "1. item", "&#49;. item" },
		{ "a|b`c`", "a&#124;b&#96;c&#96;" },
		{ "WWW.e.vil", "WWW&#46;e.vil" },
		{ "note: :x: y:", "note: &#58;<!-- -->x: y&#58;<!-- -->" },
		{ "http://e.vil", "http&#58;<!-- -->//e.vil" },
		{ "a\nb\tc", "a?b?c" },
		{ "ä€", "ä€" },
	};
	char *long_text = calloc(1, MARKDOWN_TEXT_MAX + 2);
	struct written w;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		markdown_text(written_open(&w), rows[i].text);
		assert_string_equal(written_close(&w), rows[i].expected);
		free(w.text);
	}
	assert_non_null(long_text);
	memset(long_text, 'a', MARKDOWN_TEXT_MAX + 1);
	markdown_text(written_open(&w), long_text);
	written_close(&w);
	assert_int_equal(w.size, MARKDOWN_TEXT_MAX + strlen("…"));
	free(w.text);
	free(long_text);
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
	return -ENOMEM;
}

static void test_sections(void **state)
{
	struct written w;
	struct markdown_page page = { .out = written_open(&w), .max = MARKDOWN_SUMMARY_MAX };

	(void)state;
	assert_int_equal(markdown_section(&page, "a", put_nothing, NULL), 0);
	assert_int_equal(markdown_section(&page, "b", put_failing, NULL), -ENOMEM);
	assert_int_equal(markdown_end(&page), 0);
	assert_string_equal(written_close(&w), "");
	free(w.text);
}

/* As measured, like in all other forms: what coordinated omission adds is another number. */
static void holds_wake(const char *text, const struct host *h)
{
	static struct hist as_is, corrected;
	struct wake_summary sum;
	char line[64], other[64], words[32];

	assert_true(measure_wake(h, -1, false, &as_is, &sum));
	words_of_ns(hist_quantile_ns(&as_is, 999000), words, sizeof(words));
	snprintf(line, sizeof(line), "| p99.9 | %s |\n", words);
	assert_true(measure_wake(h, -1, true, &corrected, &sum));
	words_of_ns(hist_quantile_ns(&corrected, 999000), words, sizeof(words));
	snprintf(other, sizeof(other), "| p99.9 | %s |\n", words);
	assert_string_not_equal(line, other);
	holds(text, line);
}

static void test_findings(void **state)
{
	static const struct sample desktop = { 6, 24, 8, 20000 };
	struct host *h = sample_host(&desktop);
	struct findings f;
	struct written w;

	(void)state;
	assert_int_equal(engine_run(h, &f), 0);
	assert_int_equal(report_markdown_findings(written_open(&w), h, &f), 0);
	is_clean(written_close(&w));
	holds(w.text, "## vfiobench: ");
	holds_wake(w.text, h);
	assert_int_equal(n_of(w.text, "<details>"),
			 f.n_by_verdict[VERDICT_PROBLEM] + f.n_by_verdict[VERDICT_ADVICE]);
	free(w.text);

	sample_poison(h, HOSTILE);
	assert_int_equal(engine_run(h, &f), 0);
	assert_int_equal(report_markdown_findings(written_open(&w), h, &f), 0);
	is_clean(written_close(&w));
	holds_not(w.text, "<script");
	assert_int_equal(n_of(w.text, "<pre>"), n_of(w.text, "</pre>"));
	assert_int_equal(n_of(w.text, "<details>"), n_of(w.text, "</details>"));
	free(w.text);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts), cmocka_unit_test(test_red),
		cmocka_unit_test(test_hostile),  cmocka_unit_test(test_long),
		cmocka_unit_test(test_text),     cmocka_unit_test(test_sections),
		cmocka_unit_test(test_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
