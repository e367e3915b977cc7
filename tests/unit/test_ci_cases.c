/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What passed and failed: one list for all outputs. */
/* TEST_SOURCES: tests/lib/sample_comparison.c */
#include <string.h>

#include "analyze/budget.h"
#include "report/ci_cases.h"
#include "tests/lib/check.h"
#include "tests/lib/sample_comparison.h"

static const struct ci_case *find(const struct ci_cases *cases, const char *id)
{
	for (size_t i = 0; i < cases->n; i++) {
		if (!strcmp(cases->v[i].id, id))
			return &cases->v[i];
	}
	fail_msg("no case %s", id);
	return NULL;
}

static void make(enum sample_comparison which, struct arena *a, struct comparison_facts *c,
		 struct ci_cases *cases)
{
	*c = (struct comparison_facts){ 0 };
	sample_comparison(which, a, c);
	assert_int_equal(ci_cases_make(c, a, cases), 0);
}

static void test_counts(void **state)
{
	static const struct {
		size_t passed, failed, skipped;
	} expected[N_SAMPLE_COMPARISONS] = {
		[SAMPLE_GREEN] = { 6 + 2 + 1, 0, 1 + 1 },
		[SAMPLE_RED] = { 5 + 1 + 1, 2, 1 + 1 },
		[SAMPLE_INCONCLUSIVE] = { 2 + 1, 0, 6 + 1 + 1 },
		[SAMPLE_NOT_COMPARABLE] = { 2 + 1, 0, 7 + 1 + 1 },
		[SAMPLE_WAIVED] = { 5 + 1 + 1, 0, 1 + 2 + 1 },
		[SAMPLE_BUDGETS] = { 2, 0, 1 },
		[SAMPLE_EMPTY] = { 0, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c;
		struct ci_cases cases;

		make((enum sample_comparison)i, &a, &c, &cases);
		if (cases.n_by_state[CI_PASSED] != expected[i].passed ||
		    cases.n_by_state[CI_FAILED] != expected[i].failed ||
		    cases.n_by_state[CI_SKIPPED] != expected[i].skipped)
			fail_msg("%s: %zu passed, %zu failed, %zu skipped",
				 sample_comparison_names[i], cases.n_by_state[CI_PASSED],
				 cases.n_by_state[CI_FAILED], cases.n_by_state[CI_SKIPPED]);
		assert_int_equal(cases.n,
				 expected[i].passed + expected[i].failed + expected[i].skipped);
		/* What fails here is what the exit status says. */
		assert_int_equal(cases.n_by_state[CI_FAILED] > 0, gate_of(&c) == GATE_FAILED);
		for (size_t k = 1; k < cases.n; k++)
			assert_true(cases.v[k - 1].group <= cases.v[k].group);
	}
}

static void test_sentences(void **state)
{
	static const struct {
		enum sample_comparison which;
		const char *id, *message;
	} rows[] = {
		{ SAMPLE_RED, "wake.p99.9",
		  "wake-up latency, 99.9 %: 88 us -> 134 us (+52 %, 95 % +38 to +71 %), margin "
		  "25 %" },
		{ SAMPLE_GREEN, "guest.lost",
		  "time the vCPUs lost: 0.18 % -> 0.179 % (-0.5 %, 95 % -9 to +8 %), margin 25 %" },
		{ SAMPLE_GREEN, "irq.g_rate",
		  "device interrupts: 5.2/s -> 5.3/s (+2 %, 95 % -5 to +9 %), margin 25 %" },
		{ SAMPLE_GREEN, "wake.stalls",
		  "late wake-ups: 0.6/min -> 0.61/min (+1 %, 95 % -7 to +9 %), margin 25 %" },
		{ SAMPLE_INCONCLUSIVE, "wake.p99",
		  "wake-up latency, 99 %: 41.2 us -> 42 us (+1.9 %, 95 % -1.2 to +5.5 %), margin "
		  "25 %: spread; 34 repetitions would do" },
		{ SAMPLE_WAIVED, "wake.p99.9",
		  "wake-up latency, 99.9 %: 88 us -> 134 us (+52 %, 95 % +38 to +71 %), margin "
		  "25 %; waived until 2099-12-31: new board" },
		{ SAMPLE_RED, "wake.p99.9 < 100us", "wake.p99.9 < 100us: 134 us" },
		{ SAMPLE_RED, "wake.max < 2ms", "wake.max < 2ms: n/a: needs 20 s a repetition" },
		{ SAMPLE_RED, "isolation.isolcpus", "pass -> advice: No CPU is isolated." },
		{ SAMPLE_NOT_COMPARABLE, "comparison",
		  "The machines differ; cpu_model: one / other" },
		{ SAMPLE_EMPTY, "comparison", "nothing was compared" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c;
		struct ci_cases cases;

		make(rows[i].which, &a, &c, &cases);
		assert_string_equal(find(&cases, rows[i].id)->message, rows[i].message);
	}
}

/* What let off a regression must name that metric and still hold. */
static void test_waivers(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c;
	struct comparison_waiver *w;
	struct ci_cases cases;

	(void)state;
	make(SAMPLE_WAIVED, &a, &c, &cases);
	assert_string_equal(find(&cases, "wake.p99.9")->verdict, "waived");
	w = c.waivers.v;
	w->state.v = "expired";
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_int_equal(find(&cases, "wake.p99.9")->state, CI_FAILED);
	w->state.v = "unused";
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_int_equal(find(&cases, "wake.p99.9")->state, CI_FAILED);
	w->state.v = "used";
	w->id.v = "wake.p99";
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_int_equal(find(&cases, "wake.p99.9")->state, CI_FAILED);
}

static void test_not_measured(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c;
	struct comparison_metric *m;
	struct ci_cases cases;

	(void)state;
	make(SAMPLE_GREEN, &a, &c, &cases);
	m = c.metrics.v;
	m->before_ns.known = m->after_ns.known = false;
	m->verdict.v = "not-comparable";
	m->reason = (struct fact_str){ true, "needs 20 s a repetition" };
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_string_equal(find(&cases, "wake.p99")->message,
			    "wake-up latency, 99 %: needs 20 s a repetition");
	assert_int_equal(find(&cases, "wake.p99")->state, CI_SKIPPED);
	m->after_ns.known = true;
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_non_null(strstr(find(&cases, "wake.p99")->message, "99 %: - -> 42 us"));
}

/* A key that differs is told once, and each of them is. */
static void test_blocking(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { .verdict = { true, "not-comparable" },
				      .reason = { true,
						  "they differ in arch: x / y (and 1 more)" } };
	struct ci_cases cases;

	(void)state;
	assert_int_equal(fact_add_str(&c.blocking, &a, "arch: x / y"), 0);
	assert_int_equal(fact_add_str(&c.blocking, &a, "guest_kind: none / qemu"), 0);
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	assert_string_equal(find(&cases, "comparison")->message,
			    "they differ in arch: x / y (and 1 more); guest_kind: none / qemu");
}

/* A stranger's file may name very many; each is looked for in what was said before. */
static void test_very_many(void **state)
{
	enum { MANY = 5000 };
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { .verdict = { true, "not-comparable" } };
	struct ci_cases cases;
	const char *message;
	char key[32];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key%u: x / y", i);
		assert_int_equal(fact_add_str(&c.blocking, &a, key), 0);
	}
	assert_int_equal(ci_cases_make(&c, &a, &cases), 0);
	message = find(&cases, "comparison")->message;
	assert_memory_equal(message, "key0: x / y; key1: x / y; ", 26);
	assert_string_equal(strstr(message, "key39"), "key39: x / y; and 4960 more");
}

static void test_words(void **state)
{
	auto_arena struct arena a = { 0 };
	struct comparison_metric m = { 0 };
	struct ci_words w;
	char stamp[32];

	(void)state;
	assert_int_equal(ci_words(&m, &a, &w), 0);
	assert_string_equal(w.before, "-");
	assert_string_equal(w.after, "-");
	assert_string_equal(w.change, "-");
	assert_string_equal(w.interval, "-");
	assert_string_equal(w.margin, "-");
	fact_set_i64(&m.change_permille, 0);
	assert_int_equal(ci_words(&m, &a, &w), 0);
	assert_string_equal(w.change, "0 %");
	fact_set_i64(&m.change_permille, INT64_MIN);
	fact_set_u64(&m.margin_permille, UINT64_MAX);
	fact_set_i64(&m.ci95_low_permille, -45);
	assert_int_equal(ci_words(&m, &a, &w), 0);
	assert_string_equal(w.change, "-922337203685477581 %");
	assert_string_equal(w.margin, "922337203685477581 %");
	assert_string_equal(w.interval, "above -4.5 %");
	m.ci95_low_permille.known = false;
	fact_set_i64(&m.ci95_high_permille, 70);
	assert_int_equal(ci_words(&m, &a, &w), 0);
	assert_string_equal(w.interval, "below +7 %");
	ci_time(UINT64_C(1717250405) * NS_PER_S, stamp, sizeof(stamp));
	assert_string_equal(stamp, "2024-06-01T14:00:05");
	ci_time(UINT64_MAX, stamp, sizeof(stamp));
	assert_int_equal(strlen(stamp), 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),    cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_waivers),   cmocka_unit_test(test_not_measured),
		cmocka_unit_test(test_words),     cmocka_unit_test(test_blocking),
		cmocka_unit_test(test_very_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
