/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of a comparison: whole, safe, small, well-formed. */
/* TEST_SOURCES: tests/lib/page.c tests/lib/sample.c tests/lib/sample_trace.c */
/* TEST_SOURCES: tests/lib/sample_comparison.c */
#include <math.h>
#include <string.h>

#include "report/html_comparison_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/page.h"
#include "tests/lib/sample_comparison.h"

static char *page_of_comparison(const struct comparison_facts *c)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	assert_int_equal(report_html_comparison(out, c), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(page), size);
	return page;
}

/* What strangers wrote is in no figure, and those take time. */
static char *page_without_figures(const struct comparison_facts *c)
{
	auto_free char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *page;

	setenv("PATH", "/nowhere", 1);
	page = page_of_comparison(c);
	setenv("PATH", path, 1);
	return page;
}

static bool has_gnuplot(void)
{
	return access("/usr/bin/gnuplot", X_OK) == 0;
}

static void test_red(void **state)
{
	static const char *const pieces[] = {
		"<title>vfiobench: Regressed</title>",
		"<div class=\"verdict is-problem\">",
		"<code>baselines/host.json</code> (3 sessions) “as it was” <span class=\"when\">last "
		"2024-05-31 14:00 UTC</span>",
		"<p class=\"next\"><b>Next:</b> look at what differs",
		"<dt>Got worse<dd><b>1</b>",
		"<dt>Did not change<dd><b>5</b>",
		"<li>2 of 12 repetitions had steal",
		/* metrics */
		"<th scope=\"row\">wake-up latency, 99.9 %<br><code>wake.p99.9</code><td>88&nbsp;µs"
		"<td>134&nbsp;µs<td>+52 %<td><svg class=\"interval is-problem\"",
		"<td>+38 to +71 %<td>25 %<td><span class=\"badge is-problem\"><span "
		"aria-hidden=\"true\">✗</span> Regressed</span>",
		"<th scope=\"row\">of a newer version<br><code>future.metric</code>",
		"<code>wake.p99.9 &lt; 100us</code><td>134 us",
		"</span> Broken</span>",
		"</span> Held</span>",
		"</span> Expired</span>",
		/* figures and their tables */
		"<figcaption>Timer wake-up latency by percentile",
		"<th scope=\"row\">p99.9<td>79.2&nbsp;µs<td>88.0&nbsp;µs",
		"<figcaption>Change at each percentile",
		"<th scope=\"row\">p99.9<td>+52 %<td>above +46 %",
		"<figcaption>late wake-ups<small><code>wake.stalls</code>",
		"<th scope=\"col\">Session before",
		/* lists */
		"isolation.isolcpus appeared, and wake.p99.9 rose by 52 %.",
		"<th scope=\"row\">Isolated CPUs<br><code>isolation.isolcpus</code>",
		"<code>kernel.cmdline</code><td class=\"wrap\">quiet isolcpus=2-5<td "
		"class=\"wrap\">quiet",
		"<code>wake.p99/cpu3</code>",
		"<td>repetitions<td>10<td>10<td>25 %, asked for",
	};
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	auto_free char *page = NULL;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	page = page_of_comparison(&c);
	page_keep(page, "comparison");
	page_check(page);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		page_has(page, pieces[i]);
	assert_int_equal(page_count(page, "<figure"), 8);
	assert_int_equal(page_count(page, "The numbers of this figure"), 8);
	if (has_gnuplot()) {
		assert_int_equal(page_count(page, "role=\"img\""), 8);
		page_has_not(page, "class=\"missing\"");
	}
}

/* Parts per million of a document, as the probabilities they are. */
static void test_probabilities(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct comparison_metric *m;
	auto_free char *page = NULL;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	m = c.metrics.v;
	m->p_regressed_ppm = (struct fact_u64){ true, 40100 };
	m->p_improved_ppm = (struct fact_u64){ true, 99 };
	m->p_same_ppm = (struct fact_u64){ true, 1000000 };
	page = page_without_figures(&c);
	page_has(page, "<td>0.0401<td>&lt;0.0001<td>1");
}

static void test_all_kinds(void **state)
{
	static const struct {
		enum sample_comparison which;
		const char *has, *has_not;
	} cases[] = {
		{ SAMPLE_GREEN, "</span> Improved</span>", "Why it cannot be told" },
		{ SAMPLE_INCONCLUSIVE,
		  "<h3>Why it cannot be told</h3>\n<ul class=\"reasons\">\n<li><code>wake.p99"
		  "</code>, <code>wake.p99.9</code>, <code>guest.lost</code>",
		  "</span> Regressed</span> <" },
		{ SAMPLE_NOT_COMPARABLE, "<li>cpu_model: one / other",
		  "<table class=\"numbers metrics\">\n<thead><tr><th scope=\"col\">Metric<th scope=\"col\">Before<th scope=\"col\">After<th scope=\"col\">Change<th scope=\"col\"><span class=\"ends\"><span>-90" },
		{ SAMPLE_WAIVED, "</span> Waived</span>", "</span> Broken</span>" },
		{ SAMPLE_BUDGETS, "<p>No metric was compared.</p>", "<figure" },
		{ SAMPLE_EMPTY, "<p>No metric was compared.</p>", "<figure" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		auto_free char *page = NULL;

		sample_comparison(cases[i].which, &a, &c);
		page = page_of_comparison(&c);
		page_check(page);
		page_has(page, cases[i].has);
		page_has_not(page, cases[i].has_not);
	}
}

/* Whatever strangers wrote into the document is text. */
static void test_hostile(void **state)
{
	static const char *const poisons[] = {
		"\"><script>alert(1)</script>",
		"' onload='x' x='",
		"<!-- --></style></svg></table>]]>",
		"\x01\x1b[31m\xff\xfe\xc0\xaf",
		"\xe2\x80\xae\xe2\x80\xaetxt.exe", /* right to left */
		"`touch /tmp/x` @m 'q' \"d\" %s %n %99999d {/=99 x} ^_^ \\",
		"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(poisons); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		auto_free char *page = NULL;

		sample_comparison(SAMPLE_RED, &a, &c);
		sample_comparison_poison(&c, poisons[i]);
		page = i == 0 ? page_of_comparison(&c) : page_without_figures(&c);
		page_check(page);
		page_has_not(page, "<script");
		page_has_not(page, "alert(1)</script>");
	}
}

static void test_long_names(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free char *name = malloc(10001), *page = NULL;
	struct comparison_facts c = { 0 };
	struct comparison_metric *m;

	(void)state;
	assert_non_null(name);
	memset(name, '<', 10000);
	name[10000] = '\0';
	sample_comparison(SAMPLE_RED, &a, &c);
	sample_comparison_poison(&c, name);
	m = c.metrics.v;
	for (size_t i = 0; i < c.metrics.n; i++)
		m[i].id.v = m[i].verdict.v = name;
	page = page_of_comparison(&c);
	page_check(page);
	page_has_not(page, "<<");
}

static const uint64_t extremes[] = { 0, 1, 999999, 1000000, INT64_MAX, UINT64_MAX };

/* Numbers that no measurement gives; whatever they are, there is a page. */
static void test_odd_numbers(void **state)
{
	static const int64_t changes[] = { INT64_MIN, -1000, -999, 0, 999999999, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct comparison_metric *m;
		struct comparison_quantile *q;
		auto_free char *page = NULL;

		sample_comparison(SAMPLE_RED, &a, &c);
		m = c.metrics.v;
		for (size_t k = 0; k < c.metrics.n; k++) {
			fact_set_i64(&m[k].change_permille, changes[i]);
			fact_set_i64(&m[k].ci95_low_permille, changes[i]);
			fact_set_i64(&m[k].ci95_high_permille, changes[(i + 1) % 6]);
			fact_set_u64(&m[k].margin_permille, extremes[i]);
			fact_set_u64(&m[k].p_same_ppm, extremes[i]);
			for (size_t u = 0; u < m[k].units_after.n; u++)
				m[k].units_after.v[u] =
					(struct fact_pair){ extremes[u % 6], extremes[i] };
		}
		q = c.wake_curve.v;
		for (size_t k = 0; k < c.wake_curve.n; k++) {
			fact_set_u64(&q[k].before_high_ns, extremes[i]);
			fact_set_u64(&q[k].after_ns, extremes[k]);
			fact_set_i64(&q[k].change_permille, changes[i]);
			fact_set_i64(&q[k].ci95_low_permille, changes[k]);
			if (k == 0)
				fact_set_u64(&q[k].quantile_ppm, extremes[i]);
		}
		page = page_of_comparison(&c);
		page_check(page);
		page_has_not(page, "nan");
	}
}

static void add_many(struct comparison_facts *c, struct arena *a, size_t n)
{
	struct comparison_metric *m = arena_calloc(a, n, sizeof(*m));
	struct comparison_difference *d = arena_calloc(a, n, sizeof(*d));
	struct comparison_quantile *q = arena_calloc(a, n, sizeof(*q));
	struct fact_pair *units = arena_calloc(a, n, sizeof(*units));

	assert_true(m && d && q && units);
	for (size_t i = 0; i < n; i++) {
		units[i] = (struct fact_pair){ i, 1000 + i };
		m[i] = ((struct comparison_metric *)c->metrics.v)[i % c->metrics.n];
		m[i].units_before = m[i].units_after = (struct fact_pairs){ true, n, units };
		d[i] = ((struct comparison_difference *)c->differences.v)[0];
		q[i] = ((struct comparison_quantile *)c->wake_curve.v)[i % c->wake_curve.n];
	}
	c->metrics = (struct fact_list){ true, n, m };
	c->differences = (struct fact_list){ true, n, d };
	c->wake_curve = (struct fact_list){ true, n, q };
}

/* A document of 10 MB makes no page of 10 MB. */
static void test_bounds(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	auto_free char *page = NULL;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	add_many(&c, &a, 20000);
	page = page_of_comparison(&c);
	page_check(page);
	page_has(page, " more.</p>");
	assert_true(page_count(page, "<svg ") < 140);
}

static void test_no_gnuplot(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	auto_free char *page = NULL;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	page = page_without_figures(&c);
	page_check(page);
	page_has_not(page, "role=\"img\"");
	assert_int_equal(page_count(page, "The figure is not here"), 8);
	assert_int_equal(page_count(page, "<details open>\n<summary>The numbers"), 8);
}

/* One axis for all rows of a table: as wide as what is known, no wider than tenfold. */
static void test_scale(void **state)
{
	static const struct {
		int64_t change, low, high;
		double end;
	} cases[] = {
		{ 0, -10, 10, 0.2343 },         /* a quarter at least */
		{ 500, 400, 1000, 0.7278 },     /* twofold */
		{ -1000, -1000, 10, 2.302585 }, /* all of it */
		{ 500, 400, 90000, 2.302585 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct comparison_metric m = { 0 };
		const struct comparison_metric *rows[] = { &m };

		fact_set_u64(&m.before_ns, 5);
		fact_set_i64(&m.change_permille, cases[i].change);
		fact_set_i64(&m.ci95_low_permille, cases[i].low);
		fact_set_i64(&m.ci95_high_permille, cases[i].high);
		assert_true(fabs(versus_scale(rows, 1).end - cases[i].end) < 0.001);
	}
	assert_true(isfinite(versus_scale(NULL, 0).end));
}

static void test_full_disk(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	FILE *out = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(out);
	sample_comparison(SAMPLE_RED, &a, &c);
	assert_int_equal(report_html_comparison(out, &c), -ENOSPC);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_red),        cmocka_unit_test(test_probabilities),
		cmocka_unit_test(test_all_kinds),  cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long_names), cmocka_unit_test(test_odd_numbers),
		cmocka_unit_test(test_bounds),     cmocka_unit_test(test_no_gnuplot),
		cmocka_unit_test(test_scale),      cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
