/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workflow commands: one line each, nine at most of each type, nothing of strangers that is one. */
/* TEST_SOURCES: tests/lib/sample_comparison.c */
#include "report/annotations.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

static void test_samples(void **state)
{
	static const struct {
		size_t errors, warnings;
	} expected[N_SAMPLE_COMPARISONS] = {
		[SAMPLE_GREEN] = { 0, 1 }, /* a budget is unknown */
		[SAMPLE_RED] = { 2, 2 },   /* and a waiver expired */
		[SAMPLE_INCONCLUSIVE] = { 0, 7 }, [SAMPLE_NOT_COMPARABLE] = { 0, 2 },
		[SAMPLE_WAIVED] = { 0, 1 },       [SAMPLE_BUDGETS] = { 0, 1 },
		[SAMPLE_EMPTY] = { 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct written w;

		sample_comparison((enum sample_comparison)i, &a, &c);
		assert_int_equal(report_annotations(written_open(&w), &c), 0);
		written_close(&w);
		assert_int_equal(n_of(w.text, "::error title="), expected[i].errors);
		assert_int_equal(n_of(w.text, "::warning title="), expected[i].warnings);
		assert_int_equal(n_of(w.text, "\n"), expected[i].errors + expected[i].warnings);
		free(w.text);
	}
}

static void test_lines(void **state)
{
	static const char *const lines[] = {
		"::error title=wake.p99.9 regressed::wake-up latency, 99.9 %25: 88 us -> 134 us "
		"(+52 %25, 95 %25 +38 to +71 %25), margin 25 %25\n",
		"::error title=wake.p99.9 < 100us broken::wake.p99.9 < 100us: 134 us\n",
		"::warning title=irq.g_rate waiver expired::the waiver of irq.g_rate ended on "
		"2099-12-31: new board\n",
	};
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	assert_int_equal(report_annotations(written_open(&w), &c), 0);
	written_close(&w);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		holds(w.text, lines[i]);
	free(w.text);
}

static void test_many(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	for (size_t i = 0; i < 30; i++) {
		struct comparison_budget *b = fact_add_item(&c.budgets, &a, sizeof(*b));

		assert_non_null(b);
		b->rule = (struct fact_str){ true, "aio.headroom > 25%" };
		b->verdict = (struct fact_str){ true, i < 11 ? "broken" : "unknown" };
	}
	assert_int_equal(report_annotations(written_open(&w), &c), 0);
	written_close(&w);
	assert_int_equal(n_of(w.text, "::error "), 9);
	assert_int_equal(n_of(w.text, "::warning "), 9);
	holds(w.text, "::error title=vfiobench::3 more of these");
	holds(w.text, "::warning title=vfiobench::11 more of these");
	free(w.text);
}

/* What neither side has is silent; what only the side before has is told. */
static void test_gone(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct comparison_metric *m = fact_add_item(&c.metrics, &a, sizeof(*m));

		assert_non_null(m);
		m->id = (struct fact_str){ true, i ? "wake.p99" : "guest.lost" };
		m->verdict = (struct fact_str){ true, "not-comparable" };
		m->reason = (struct fact_str){ true, "after: not permitted" };
		m->is_gated = (struct fact_bool){ true, true };
		m->is_gone = (struct fact_bool){ i == 1, i == 1 };
	}
	assert_int_equal(report_annotations(written_open(&w), &c), 0);
	written_close(&w);
	assert_int_equal(n_of(w.text, "::warning "), 1);
	holds(w.text, "::warning title=wake.p99 not-comparable::wake.p99: after: not permitted");
	free(w.text);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct written w;
		size_t n = 0;

		sample_comparison((enum sample_comparison)i, &a, &c);
		sample_comparison_poison(&c, HOSTILE ":,%");
		assert_int_equal(report_annotations(written_open(&w), &c), 0);
		is_clean(written_close(&w));
		for (char *line = w.text, *end; (end = strchr(line, '\n')); line = end + 1) {
			const char *title = strstr(line, "title="), *message;

			*end = '\0';
			n++;
			assert_true(!strncmp(line, "::error title=", 14) ||
				    !strncmp(line, "::warning title=", 16));
			message = strstr(title, "::");
			assert_non_null(message);
			/* One property, and no mark of percent that stands for itself. */
			assert_true(!memchr(title, ',', (size_t)(message - title)));
			for (const char *p = title; (p = strchr(p, '%')); p++)
				assert_true(!strncmp(p, "%25", 3) || !strncmp(p, "%3A", 3) ||
					    !strncmp(p, "%2C", 3));
		}
		assert_true(n > 0);
		free(w.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_many),    cmocka_unit_test(test_gone),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
