/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sides of records become one comparison: verdicts and their reasons. */
#include "analyze/budget.h"
#include "analyze/compare.h"
#include "analyze/pairs.h"
#include "tests/lib/records.h"

static void test_verdicts(void **state)
{
	struct comparison_facts c = compare_shapes(wobble, wobble, 1500);
	const struct comparison_metric *m = metric_of(&c, "wake.p99");

	(void)state;
	check_whole(&c, "regressed", "wake.p99 rose by 50 % (");
	assert_non_null(strstr(c.reason.v, ", margin 10 %"));
	assert_int_equal(m->change_permille.v, 500);
	assert_true(m->before_ns.known && m->after_ns.known && !m->before_ppm.known);
	assert_true(m->ci95_low_permille.v > 450 && m->ci95_high_permille.v < 550);
	assert_string_equal(m->unit.v, "repetitions");
	assert_int_equal(m->n_before.v, 10);
	assert_false(m->reason.known);
	assert_true(m->is_gated.v && m->is_boot_inside.v);
	assert_true(has_line(&c.notes, "one session per side"));

	c = compare_shapes(wobble, wobble, 500);
	check_whole(&c, "improved", "wake.p99 fell by 50 % (");
	c = compare_shapes(wobble, wobble, 1000);
	check_whole(&c, "no-change", "the one gated metric");
	c = compare_shapes(wild, wild, 1100);
	check_whole(&c, "inconclusive", "no number of them that can be measured would do; these ");
	assert_false(metric_of(&c, "wake.p99")->n_needed.known);
	c = compare_shapes(restless, restless, 1100);
	check_whole(&c, "inconclusive", "wake.p99: the repetitions lie too far apart; ");
	m = metric_of(&c, "wake.p99");
	assert_true(m->n_needed.v > 10);
	assert_non_null(strstr(m->reason.v, " of each would do; these 10 find a rise of "));
	assert_non_null(strstr(m->reason.v, " four times of five"));
}

static void test_whole_is_the_worst(void **state)
{
	static const struct {
		uint64_t p99, gap;
		const char *verdict;
	} cases[] = {
		{ 2000, 500, "regressed" },
		{ 500, 2000, "regressed" },
		{ 500, 1000, "improved" },
		{ 1000, 1000, "no-change" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct side b = { 0 }, a = { 0 };
		struct record_facts *before = add_session(&b), *after = add_session(&a);
		struct comparison_facts c;

		add_values(before, "wake.p99", wobble, 10, 1000);
		add_values(after, "wake.p99", wobble, 10, cases[i].p99);
		add_values(before, "guest.gap.p99.9", wobble, 10, 1000);
		add_values(after, "guest.gap.p99.9", wobble, 10, cases[i].gap);
		c = compare(&b, &a, NULL);
		check_whole(&c, cases[i].verdict, "");
	}
}

static void test_too_few(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	add_values(add_session(&b), "wake.p99", wobble, 1, 1000);
	add_values(add_session(&a), "wake.p99", wobble, 4, 5000);
	c = compare(&b, &a, NULL);
	check_whole(&c, "inconclusive", "too few repetitions: 1 before and 4 after, at least 5");
}

static void test_drift(void **state)
{
	uint64_t rising[10];
	struct comparison_facts c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++)
		rising[i] = 1000 + 100 * i;
	c = compare_shapes(rising, rising, 3000);
	check_whole(&c, "inconclusive", "the machine drifted while it was measured");
	assert_true(metric_of(&c, "wake.p99")->has_drifted.v);
	assert_true(has_line(&c.notes, "the machine drifted"));
}

static void test_small(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	/* From 1 us to 1.9 us: much more, and nobody feels it. */
	add_values(add_session(&b), "wake.p99", wobble, 10, 10);
	add_values(add_session(&a), "wake.p99", wobble, 10, 19);
	c = compare(&b, &a, NULL);
	check_whole(&c, "no-change", "");
	/* By 1 us, more or less. */
	a.v[0].metrics.n = 0;
	add_values(&a.v[0], "wake.p99", wobble, 10, 19);
	b.v[0].metrics.n = 0;
	add_values(&b.v[0], "wake.p99", restless, 10, 8);
	c = compare(&b, &a, NULL);
	check_whole(&c, "inconclusive",
		    "there is a change, but not by 1 us, the least that matters");
}

static void test_blocking(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	struct fingerprint_facts *f;

	(void)state;
	add_values(add_session(&b), "wake.p99", wobble, 10, 1000);
	add_values(add_session(&a), "wake.p99", wobble, 10, 9000);
	f = a.v[0].fingerprint.v;
	set_str(&f->cpu_model, "Intel");
	fact_set_u64(&f->rep_duration_ns, NS_PER_S);
	c = compare(&b, &a, NULL);
	check_whole(&c, "not-comparable", "they differ in cpu_model: AMD / Intel");
	assert_int_equal(c.blocking.n, 1);
	assert_int_equal(c.metrics.n, 0);
	assert_true(has_line(&c.notes, "rep_duration_ns (length of a repetition) is known after"));

	/* One of several sessions of a side is of another machine. */
	f = a.v[0].fingerprint.v;
	set_str(&f->cpu_model, "AMD");
	f = add_session(&a)->fingerprint.v;
	set_str(&f->guest_kind, "qemu");
	c = compare(&b, &a, NULL);
	check_whole(&c, "not-comparable", "they differ in guest_kind: builtin / qemu");
}

static void test_missing_metrics(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;

	(void)state;
	add_values(before, "wake.p99", wobble, 10, 1000);
	set_str(&add_metric(after, "wake.p99")->why, "needs 2 s a repetition, had 1 s");
	add_values(after, "irq.g_rate", wobble, 10, 1000);
	add_values(before, "wake.p50", wobble, 10, 1000);
	add_values(after, "made.up", wobble, 10, 1000);
	c = compare(&b, &a, NULL);
	check_whole(&c, "inconclusive", "no gated metric was measured on both sides");
	check_metric(&c, "wake.p99", "not-comparable");
	assert_string_equal(metric_of(&c, "wake.p99")->reason.v,
			    "after: needs 2 s a repetition, had 1 s");
	assert_true(metric_of(&c, "wake.p99")->is_gone.v);
	assert_true(gate_of(&c) == GATE_INCONCLUSIVE);
	check_metric(&c, "irq.g_rate", "not-comparable");
	assert_false(metric_of(&c, "irq.g_rate")->is_gone.known);
	assert_string_equal(metric_of(&c, "irq.g_rate")->reason.v, "before: not measured");
	assert_string_equal(metric_of(&c, "guest.lost")->reason.v, "not measured");
	/* What only explains has no row when it cannot. */
	assert_null(metric_of(&c, "wake.p50"));
	assert_null(metric_of(&c, "made.up"));
	/* Nothing at all. */
	b.v[0].metrics.n = a.v[0].metrics.n = 0;
	c = compare(&b, &a, NULL);
	check_whole(&c, "inconclusive", "no gated metric was measured on both sides");
}

static void test_exploratory_never_decides(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	static char ids[60][24];
	struct comparison_facts c;

	(void)state;
	add_values(before, "wake.p99", wobble, 10, 1000);
	add_values(after, "wake.p99", wobble, 10, 1000);
	for (int i = 0; i < 60; i++) {
		snprintf(ids[i], sizeof(ids[i]), "wake.p99/cpu%d", i);
		add_values(before, ids[i], wobble, 10, 1000);
		add_values(after, ids[i], wobble, 10, i < 30 ? 5000 : 1000);
	}
	c = compare(&b, &a, NULL);
	check_whole(&c, "no-change", "");
	check_metric(&c, "wake.p99/cpu3", "regressed");
	assert_false(metric_of(&c, "wake.p99/cpu3")->is_gated.v);
	/* 6 gated ones, 30 that moved, 20 others. */
	assert_int_equal(c.metrics.n, 6 + 30 + 20);
	assert_true(has_line(&c.notes, "10 more exploratory metrics did not move"));
}

static void test_sessions_and_calibration(void **state)
{
	struct side b = { 0 }, a = { 0 };
	const struct comparison_metric *m;
	struct comparison_facts c;

	(void)state;
	/* Boots differ by 30 %: what one session shows is inside that. */
	for (uint64_t i = 0; i < 4; i++)
		add_values(add_session(&b), "wake.p99", wobble, 10, 1000 + 100 * i);
	add_values(add_session(&a), "wake.p99", wobble, 10, 1450);
	c = compare(&b, &a, NULL);
	m = metric_of(&c, "wake.p99");
	assert_string_equal(m->margin_reason.v, "noise floor of 4 sessions");
	assert_true(m->margin_permille.v > 100);
	assert_false(fact_is(&c.verdict, "regressed"));
	/* Sessions enough are the units. */
	for (uint64_t i = 0; i < 4; i++)
		add_values(add_session(&b), "wake.p99", wobble, 10, 1000 + 100 * i);
	for (uint64_t i = 0; i < 6; i++)
		add_values(add_session(&a), "wake.p99", wobble, 10, 1000 + 50 * i);
	c = compare(&b, &a, NULL);
	m = metric_of(&c, "wake.p99");
	assert_string_equal(m->unit.v, "sessions");
	assert_int_equal(m->n_before.v, 8);
	assert_int_equal(m->n_after.v, 7);
	assert_false(m->is_boot_inside.v);
	assert_int_equal(((const struct comparison_side *)c.before.v)->n_sessions.v, 8);
}

/* Pairs that differ by a factor of two and more, up and down: more of them than ab takes are no
 * advice. */
static void test_more_pairs_than_can_be(void **state)
{
	static const uint64_t up_and_down[] = { 500,  1900, 700, 1300, 560, 1600,
						1000, 820,  600, 1150, 500 };
	const struct compare_wish paired = { .is_paired = true, .is_one_session = true };
	const struct compare_wish sides = { .is_one_session = true };
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	add_values(add_session(&b), "wake.p99", up_and_down + 1, 10, 1000);
	add_values(add_session(&a), "wake.p99", up_and_down, 10, 1000);
	c = compare(&b, &a, &sides);
	check_metric(&c, "wake.p99", "inconclusive");
	assert_in_range(metric_of(&c, "wake.p99")->n_needed.v, PAIRS_MAX + 1, 1000);
	assert_non_null(strstr(c.reason.v, " of each would do"));
	c = compare(&b, &a, &paired);
	check_metric(&c, "wake.p99", "inconclusive");
	assert_false(metric_of(&c, "wake.p99")->n_needed.known);
	assert_non_null(strstr(c.reason.v,
			       "; no number of them that 'vfiobench ab' measures (up to "
			       "100) would do"));
}

static void test_margin_and_pairs(void **state)
{
	const struct compare_wish wide = { .margin_permille = 800 },
				  paired = { .is_paired = true, .is_one_session = true };
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	struct compare_wish impossible = paired;
	struct record_metric *m;

	(void)state;
	add_values(add_session(&b), "wake.p99", wobble, 10, 1000);
	add_values(add_session(&a), "wake.p99", wobble, 10, 1500);
	c = compare(&b, &a, &wide);
	check_whole(&c, "no-change", "");
	assert_string_equal(metric_of(&c, "wake.p99")->margin_reason.v, "asked for");
	assert_int_equal(metric_of(&c, "wake.p99")->margin_permille.v, 800);

	/* The repetitions that both sides have: 0, 2, 3 … 9. */
	m = a.v[0].metrics.v;
	m->values.v[1].key = 100;
	m->values.n = 10;
	c = compare(&b, &a, &paired);
	check_metric(&c, "wake.p99", "inconclusive");
	m->values.v[1].key = 1;
	c = compare(&b, &a, &paired);
	check_metric(&c, "wake.p99", "regressed");
	assert_string_equal(metric_of(&c, "wake.p99")->unit.v, "pairs");
	assert_false(metric_of(&c, "wake.p99")->is_boot_inside.v);
	/* No pair at all. */
	for (size_t i = 0; i < 10; i++)
		m->values.v[i].key += 100;
	c = compare(&b, &a, &paired);
	check_metric(&c, "wake.p99", "not-comparable");

	add_session(&a);
	impossible.before = (struct compare_side){ b.p, b.n };
	impossible.after = (struct compare_side){ a.p, a.n };
	assert_int_equal(compare_records(&impossible, &arena, &c), -EINVAL);
	impossible = (struct compare_wish){ .before = impossible.before };
	assert_int_equal(compare_records(&impossible, &arena, &c), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_verdicts, release),
		cmocka_unit_test_teardown(test_whole_is_the_worst, release),
		cmocka_unit_test_teardown(test_too_few, release),
		cmocka_unit_test_teardown(test_drift, release),
		cmocka_unit_test_teardown(test_small, release),
		cmocka_unit_test_teardown(test_blocking, release),
		cmocka_unit_test_teardown(test_missing_metrics, release),
		cmocka_unit_test_teardown(test_exploratory_never_decides, release),
		cmocka_unit_test_teardown(test_sessions_and_calibration, release),
		cmocka_unit_test_teardown(test_margin_and_pairs, release),
		cmocka_unit_test_teardown(test_more_pairs_than_can_be, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
