/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a gate does not let count: other CPUs, and rises that a session may have brought. */
#include "analyze/budget.h"
#include "analyze/judge_gate.h"
#include "tests/lib/records.h"

static struct record_facts *add_run(struct side *s, uint64_t permille)
{
	struct record_facts *r = add_session(s);

	add_values(r, "wake.p99", wobble, 10, permille);
	return r;
}

static struct comparison_facts gated(const struct side *before, const struct side *after,
				     uint32_t margin_permille)
{
	const struct compare_wish wish = { .before = { before->p, before->n },
					   .after = { after->p, after->n },
					   .margin_permille = margin_permille };
	struct comparison_facts c = compare(before, after, &wish);

	assert_int_equal(compare_hold_back(&wish, &arena, &c), 0);
	return c;
}

static void test_sure(void **state)
{
	(void)state;
	assert_int_equal(judge_sure_permille(100), 1000);
	assert_int_equal(judge_sure_permille(500), 1000);
	assert_int_equal(judge_sure_permille(501), 1002);
	assert_true(judge_sure_permille(UINT64_MAX) > 0);
	assert_false(judge_is_sure(false, 5000, 100));
	assert_false(judge_is_sure(true, 999, 100));
	assert_true(judge_is_sure(true, 1000, 100));
	assert_false(judge_is_sure(true, 1000, 501));
	assert_false(judge_is_sure(true, -1000, 100));
}

/* Sessions before, the rise after them, and whether it is an alarm then. */
static void test_few_sessions(void **state)
{
	static const struct {
		size_t n_before;
		uint64_t permille;
		uint32_t margin_permille;
		const char *verdict;
	} rows[] = {
		{ 1, 1000, 0, "no-change" },
		{ 1, 1600, 0, "inconclusive" },
		{ 2, 1600, 0, "inconclusive" },
		{ 3, 1600, 0, "regressed" },
		/* The interval decides, not the change. */
		{ 1, 2010, 0, "inconclusive" },
		{ 1, 2200, 0, "regressed" },
		{ 2, 2200, 0, "regressed" },
		/* Twice the margin is 100, 140 %. */
		{ 1, 2200, 500, "regressed" },
		{ 1, 2200, 700, "inconclusive" },
		/* Better is no alarm. */
		{ 1, 500, 0, "improved" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct side b = { 0 }, a = { 0 };
		struct comparison_facts c;
		bool is_held;

		for (size_t k = 0; k < rows[i].n_before; k++)
			add_run(&b, 1000 + 5 * k);
		add_run(&a, rows[i].permille);
		c = gated(&b, &a, rows[i].margin_permille);
		check_whole(&c, rows[i].verdict, "");
		check_metric(&c, "wake.p99", rows[i].verdict);
		is_held = metric_of(&c, "wake.p99")->is_held_back.v;
		assert_int_equal(is_held, !strcmp(rows[i].verdict, "inconclusive"));
		assert_int_equal(gate_of(&c), is_held                            ? GATE_INCONCLUSIVE
					      : fact_is(&c.verdict, "regressed") ? GATE_FAILED
										 : GATE_PASSED);
	}
}

static void test_words(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	add_run(&b, 1000);
	add_run(&a, 1600);
	c = gated(&b, &a, 0);
	check_whole(&c, "inconclusive",
		    "wake.p99: it rose by 60 % (100 us to 160 us), but with fewer than 3 sessions "
		    "before only what surely is above +100 % counts");
	/* What stands beside it. */
	add_values(&b.v[0], "wake.p99.9", wobble, 10, 1000);
	add_values(&a.v[0], "wake.p99.9", wobble, 10, 3000);
	c = gated(&b, &a, 0);
	check_whole(&c, "regressed", "wake.p99.9 rose by 200 %");
	check_metric(&c, "wake.p99", "inconclusive");
	((struct record_metric *)a.v[0].metrics.v)[1].id.v = "guest.gap.p99.9";
	((struct record_metric *)b.v[0].metrics.v)[1].id.v = "guest.gap.p99.9";
	/* Nor does one that got better hide it. */
	for (size_t i = 0; i < 10; i++)
		((struct record_metric *)a.v[0].metrics.v)[1].values.v[i].value /= 9;
	c = gated(&b, &a, 0);
	check_metric(&c, "guest.gap.p99.9", "improved");
	check_whole(&c, "inconclusive", "wake.p99: it rose by 60 %");
	assert_int_equal(gate_of(&c), GATE_INCONCLUSIVE);
}

/* Both looks are held to it. */
static void test_confirmation(void **state)
{
	static const struct {
		uint64_t first, fresh;
		const char *verdict;
	} rows[] = {
		{ 2500, 2500, "regressed" },
		{ 2500, 1600, "inconclusive" },
		{ 1600, 2500, "inconclusive" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct side b = { 0 }, a = { 0 }, fresh = { 0 };
		struct comparison_facts c, again;

		add_run(&b, 1000);
		add_run(&a, rows[i].first);
		add_run(&fresh, rows[i].fresh);
		c = gated(&b, &a, 0);
		again = gated(&b, &fresh, 0);
		assert_int_equal(compare_confirm(&c, &again, &arena), 0);
		check_whole(&c, rows[i].verdict, "");
	}
}

static void test_other_cpus(void **state)
{
	static const uint64_t changes[] = { 1000, 500, 5000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct side b = { 0 }, a = { 0 };
		struct comparison_facts c;

		for (size_t k = 0; k < 4; k++)
			set_cpus(&add_run(&b, 1000 + 5 * k)->measured_cpus, "2-3");
		set_cpus(&add_run(&a, changes[i])->measured_cpus, "4-5");
		add_values(&a.v[0], "guest.lost", wobble, 10, 1000);
		c = compare(&b, &a, NULL);
		/* To compare is to look: it says so, and no more. */
		assert_false(fact_is(&c.verdict, "inconclusive"));
		assert_true(c.has_other_cpus.v);
		assert_string_equal(c.notes.v[0], "measured on CPUs 2-3 before, 4-5 after: that "
						  "may be all that differs");
		c = gated(&b, &a, 0);
		check_whole(&c, "inconclusive", "measured on CPUs 2-3 before, 4-5 after");
		check_metric(&c, "wake.p99", "inconclusive");
		check_metric(&c, "guest.lost", "not-comparable");
		assert_true(metric_of(&c, "wake.p99")->is_held_back.v);
		assert_int_equal(gate_of(&c), GATE_INCONCLUSIVE);
		set_cpus(&a.v[0].measured_cpus, "2,3");
		c = gated(&b, &a, 0);
		assert_false(c.has_other_cpus.v);
		assert_false(fact_is(&c.verdict, "inconclusive"));
	}
}

static void test_mixed_cpus(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	set_cpus(&add_run(&b, 1000)->measured_cpus, "0");
	set_cpus(&add_run(&b, 1005)->measured_cpus, "2-3");
	set_cpus(&add_run(&a, 1000)->measured_cpus, "2-3");
	c = gated(&b, &a, 0);
	check_whole(&c, "inconclusive", "the sessions before were measured on CPUs 2-3 and on 0");
	/* Not known forbids nothing. */
	b.v[0].measured_cpus.known = false;
	c = gated(&b, &a, 0);
	check_whole(&c, "no-change", "");
	b.v[1].measured_cpus.known = false;
	c = gated(&b, &a, 0);
	check_whole(&c, "no-change", "");
	assert_true(has_line(&c.notes, "which CPUs were measured is known after only: 2-3"));
	a.v[0].measured_cpus.known = false;
	c = gated(&b, &a, 0);
	assert_false(has_line(&c.notes, "CPUs"));
}

static void test_blocked(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	set_cpus(&add_run(&b, 1000)->measured_cpus, "2-3");
	set_cpus(&add_run(&a, 1600)->measured_cpus, "4-5");
	set_str(&((struct fingerprint_facts *)a.v[0].fingerprint.v)->cpu_model, "Intel");
	c = gated(&b, &a, 0);
	check_whole(&c, "not-comparable", "they differ in cpu_model: AMD / Intel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_sure, release),
		cmocka_unit_test_teardown(test_few_sessions, release),
		cmocka_unit_test_teardown(test_words, release),
		cmocka_unit_test_teardown(test_confirmation, release),
		cmocka_unit_test_teardown(test_other_cpus, release),
		cmocka_unit_test_teardown(test_mixed_cpus, release),
		cmocka_unit_test_teardown(test_blocked, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
