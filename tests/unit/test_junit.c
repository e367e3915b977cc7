/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit: counts that agree, numbers in the sentences, nothing of strangers that is mark-up. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c tests/lib/sample_comparison.c */
#include "report/ci_cases.h"
#include "report/junit.h"
#include "report/xml_put.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

/* Sum of an attribute over all suites. */
static uint64_t sum_of(const char *text, const char *attribute)
{
	uint64_t sum = 0;

	for (; (text = strstr(text, attribute)); text++)
		sum += strtoull(text + strlen(attribute), NULL, 10);
	return sum;
}

static void check_counts(const char *text)
{
	assert_int_equal(sum_of(text, " tests=\""), n_of(text, "<testcase "));
	assert_int_equal(sum_of(text, " failures=\""), n_of(text, "<failure "));
	assert_int_equal(sum_of(text, " skipped=\""), n_of(text, "<skipped "));
	assert_int_equal(sum_of(text, " errors=\""), 0);
	assert_int_equal(n_of(text, "<testsuite "), n_of(text, "</testsuite>"));
	assert_int_equal(n_of(text, "</failure>"), n_of(text, "<failure "));
	assert_true(n_of(text, "<testcase ") > 0);
	is_clean(text);
}

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct ci_cases cases;
		struct written w;

		sample_comparison((enum sample_comparison)i, &a, &c);
		assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
		assert_int_equal(report_junit(written_open(&w), &c), 0);
		check_counts(written_close(&w));
		assert_int_equal(n_of(w.text, "<failure "), cases.n_by_state[CI_FAILED]);
		assert_int_equal(n_of(w.text, "<testcase "), cases.n);
		/* Measured once. */
		assert_int_equal(n_of(w.text, " time=\"12.345\""), c.after.known);
		free(w.text);
	}
}

static void test_red(void **state)
{
	static const char *const pieces[] = {
		"<testsuite name=\"wake\" package=\"vfiobench\" id=\"0\" tests=\"3\" failures=\"1\" "
		"errors=\"0\" skipped=\"0\" hostname=\"localhost\" "
		"timestamp=\"2024-06-01T14:00:00\" time=\"12.345\">",
		"<testcase classname=\"vfiobench.wake\" name=\"wake.p99.9\" time=\"0.000\">",
		"<failure type=\"regressed\" message=\"wake-up latency, 99.9 %: 88 us -&gt; 134 us "
		"(+52 %, 95 % +38 to +71 %), margin 25 %\">",
		"<property name=\"wake.p99.9.after_ns\" value=\"134000\"/>",
		"<property name=\"wake.p99.9.ci95_low_permille\" value=\"384\"/>",
		"<property name=\"verdict\" value=\"regressed\"/>",
		"<property name=\"before\" value=\"baselines/host.json\"/>",
		"<testsuite name=\"budgets\" package=\"vfiobench\" id=\"4\" tests=\"3\" "
		"failures=\"1\" errors=\"0\" skipped=\"1\"",
		"<skipped message=\"unknown: wake.max &lt; 2ms: n/a: needs 20 s a "
		"repetition\">",
		"<failure type=\"broken\" message=\"wake.p99.9 &lt; 100us: 134 us\">",
		"<system-out>Failed. Regressed: wake.p99.9 +52 % (88 us to 134 us). Over budget: "
		"wake.p99.9 &lt; 100us (134 us).\n2 of 12 repetitions had steal</system-out>",
	};
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	assert_int_equal(report_junit(written_open(&w), &c), 0);
	written_close(&w);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		holds(w.text, pieces[i]);
	free(w.text);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct written w;

		sample_comparison((enum sample_comparison)i, &a, &c);
		sample_comparison_poison(&c, HOSTILE);
		assert_int_equal(report_junit(written_open(&w), &c), 0);
		check_counts(written_close(&w));
		holds_not(w.text, "<script");
		holds_not(w.text, "]]>");
		holds_not(w.text, "\xef\xbf\xbe");
		holds_not(w.text, "\xef\xbf\xbf");
		free(w.text);
	}
}

static void test_findings(void **state)
{
	static const struct sample small = { 4, 3, 2, 100 };
	struct host *h = sample_host(&small);
	struct findings f;
	struct written w;

	(void)state;
	assert_int_equal(engine_run(h, &f), 0);
	assert_int_equal(report_junit_findings(written_open(&w), h, &f), 0);
	check_counts(written_close(&w));
	assert_int_equal(n_of(w.text, "<failure "), f.n_by_verdict[VERDICT_PROBLEM]);
	assert_int_equal(n_of(w.text, "<skipped "),
			 f.n_by_verdict[VERDICT_ADVICE] + f.n_by_verdict[VERDICT_UNKNOWN]);
	assert_int_equal(n_of(w.text, "<testcase "), f.n - f.n_by_verdict[VERDICT_NOT_APPLICABLE]);
	assert_int_equal(n_of(w.text, "<testsuite name=\"irq\""), 1);
	free(w.text);
	sample_poison(h, HOSTILE);
	assert_int_equal(engine_run(h, &f), 0);
	assert_int_equal(report_junit_findings(written_open(&w), h, &f), 0);
	check_counts(written_close(&w));
	holds_not(w.text, "<script");
	free(w.text);
	host_free(h);
}

static void test_text(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "a<b & \"c\" 'd'>", "a&lt;b &amp; &quot;c&quot; &#39;d&#39;&gt;" },
		{ "\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "??\xef\xbf\xbd" },
		{ "\xef\xbf", "??" },
		{ "x\x01y", "x?y" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct written w;

		xml_put(written_open(&w), rows[i].text, 100);
		assert_string_equal(written_close(&w), rows[i].expected);
		free(w.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_red),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_findings),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
