/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What check ends with, and in which words. */
#include <string.h>

#include "analyze/budget.h"
#include "tests/lib/host.h"

struct gated { /* verdicts of wake.p99 and wake.p99.9; NULL: not compared */
	const char *whole, *p99, *p999;
	const char *waived; /* id of a waiver that let something off */
	const char *budget; /* verdict of one budget */
	enum gate gate;
	const char *piece;
};

static const struct gated rows[] = {
	{ NULL, NULL, NULL, NULL, NULL, GATE_INCONCLUSIVE, "there was nothing to compare with." },
	{ NULL, NULL, NULL, NULL, "held", GATE_PASSED, "Passed: The budget is held." },
	{ NULL, NULL, NULL, NULL, "waived", GATE_PASSED, "0 of 1 budgets are held, the others" },
	{ NULL, NULL, NULL, NULL, "broken", GATE_FAILED,
	  "Failed. Over budget: wake.max < 2ms (4 ms)." },
	{ NULL, NULL, NULL, NULL, "unknown", GATE_INCONCLUSIVE,
	  "Inconclusive: Could not be judged: wake.max < 2ms (4 ms)." },
	{ "no-change", "no-change", "no-change", NULL, NULL, GATE_PASSED,
	  "Passed: no gated metric regressed." },
	{ "improved", "improved", "inconclusive", NULL, NULL, GATE_PASSED, "Passed: " },
	{ "inconclusive", "inconclusive", "no-change", NULL, "held", GATE_INCONCLUSIVE,
	  "Inconclusive: What decided." },
	{ "inconclusive", NULL, NULL, NULL, NULL, GATE_INCONCLUSIVE, "What decided." },
	{ "no-change", "no-change", NULL, NULL, "unknown", GATE_INCONCLUSIVE,
	  "Inconclusive: Could not be judged" },
	{ "regressed", "regressed", "improved", NULL, NULL, GATE_FAILED,
	  "Failed. Regressed: wake.p99 +52 % (88 us to 134 us)." },
	{ "regressed", "regressed", "regressed", NULL, "broken", GATE_FAILED,
	  "Failed. Regressed: wake.p99 +52 % (88 us to 134 us), wake.p99.9 +52 % (88 us to 134 "
	  "us). Over budget: wake.max < 2ms (4 ms)." },
	/* A waiver takes one away; the rest decides as compare would have. */
	{ "regressed", "regressed", "no-change", "wake.p99", "held", GATE_PASSED,
	  "The budget is held. Let off by a waiver: wake.p99 +52 % (88 us to 134 us)." },
	{ "regressed", "regressed", "inconclusive", "wake.p99", NULL, GATE_INCONCLUSIVE,
	  "Inconclusive: What decided. Let off by a waiver: wake.p99" },
	{ "regressed", "regressed", "improved", "wake.p99", NULL, GATE_PASSED, "Passed: " },
	{ "regressed", "regressed", "regressed", "wake.p99", NULL, GATE_FAILED,
	  "Failed. Regressed: wake.p99.9 +52 % (88 us to 134 us). Let off by a waiver: wake.p99 " },
	{ "regressed", "regressed", "no-change", "wake.p99.9", NULL, GATE_FAILED, "Failed. " },
	{ "not-comparable", NULL, NULL, NULL, NULL, GATE_NOT_COMPARABLE,
	  "Not comparable: What decided." },
	{ "not-comparable", NULL, NULL, NULL, "held", GATE_NOT_COMPARABLE, "Not comparable: " },
	{ "not-comparable", NULL, NULL, NULL, "unknown", GATE_NOT_COMPARABLE, "Not comparable: " },
	/* What is certain stays so on another machine. */
	{ "not-comparable", NULL, NULL, NULL, "broken", GATE_FAILED,
	  "Failed. Over budget: wake.max < 2ms (4 ms). Not comparable: What decided." },
};

static void put_metric(struct comparison_facts *c, struct arena *a, const char *id,
		       const char *verdict, bool is_gated)
{
	struct comparison_metric *m;

	if (!verdict)
		return;
	m = fact_add_item(&c->metrics, a, sizeof(struct comparison_metric));
	assert_non_null(m);
	set_str(&m->id, id);
	set_str(&m->verdict, verdict);
	fact_set_bool(&m->is_gated, is_gated);
	fact_set_u64(&m->before_ns, 88 * NS_PER_US);
	fact_set_u64(&m->after_ns, 134 * NS_PER_US);
	fact_set_i64(&m->change_permille, 523);
}

static void put_rest(struct comparison_facts *c, struct arena *a, const struct gated *g)
{
	struct comparison_budget *b;
	struct comparison_waiver *w;

	if (g->budget) {
		b = fact_add_item(&c->budgets, a, sizeof(struct comparison_budget));
		assert_non_null(b);
		set_str(&b->rule, "wake.max < 2ms");
		set_str(&b->verdict, g->budget);
		set_str(&b->value, "4 ms");
	}
	if (g->waived) {
		w = fact_add_item(&c->waivers, a, sizeof(struct comparison_waiver));
		assert_non_null(w);
		set_str(&w->id, g->waived);
		set_str(&w->state, "used");
	}
}

static void test_precedence(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct gated *g = &rows[i];
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		const char *words;

		if (g->whole) {
			set_str(&c.verdict, g->whole);
			set_str(&c.reason, "What decided.");
		}
		put_metric(&c, &a, "wake.p99", g->p99, true);
		put_metric(&c, &a, "wake.p99.9", g->p999, true);
		/* Exploratory ones decide nothing. */
		put_metric(&c, &a, "wake.p50", "regressed", false);
		put_rest(&c, &a, g);
		words = gate_sentence(&c, &a);
		assert_non_null(words);
		if (gate_of(&c) != g->gate || !strstr(words, g->piece))
			fail_msg("row %zu: gate %d, '%s'; expected %d, '…%s…'", i, gate_of(&c),
				 words, g->gate, g->piece);
		assert_true(words[strlen(words) - 1] == '.');
	}
}

/* An expired or unused waiver lets nothing off. */
static void test_states(void **state)
{
	static const char *const states[] = { "expired", "unused" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct comparison_waiver *w;

		set_str(&c.verdict, "regressed");
		put_metric(&c, &a, "wake.p99", "regressed", true);
		w = fact_add_item(&c.waivers, &a, sizeof(struct comparison_waiver));
		assert_non_null(w);
		set_str(&w->id, "wake.p99");
		set_str(&w->state, states[i]);
		assert_int_equal(gate_of(&c), GATE_FAILED);
	}
}

/* Measured before and not now: nobody looked, whatever the others did. */
static void test_gone(void **state)
{
	static const struct {
		const char *whole, *other;
		enum gate gate;
		const char *piece;
	} gone[] = {
		{ "no-change", "no-change", GATE_INCONCLUSIVE,
		  "Inconclusive: wake.p99, wake.stalls were measured before and are not now "
		  "(after: not permitted)." },
		{ "improved", "improved", GATE_INCONCLUSIVE, "Inconclusive: wake.p99, " },
		{ "regressed", "regressed", GATE_FAILED, "were measured before and are not now" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++) {
		auto_arena struct arena a = { 0 };
		struct comparison_facts c = { 0 };
		struct comparison_metric *m;
		const char *words;

		set_str(&c.verdict, gone[i].whole);
		set_str(&c.reason, "What decided.");
		put_metric(&c, &a, "wake.p99", "not-comparable", true);
		put_metric(&c, &a, "wake.stalls", "not-comparable", true);
		put_metric(&c, &a, "irq.g_rate", gone[i].other, true);
		put_metric(&c, &a, "guest.lost", "not-comparable", true);
		m = c.metrics.v;
		fact_set_bool(&m[0].is_gone, true);
		fact_set_bool(&m[1].is_gone, true);
		set_str(&m[0].reason, "after: not permitted");
		words = gate_sentence(&c, &a);
		assert_non_null(words);
		assert_int_equal(gate_of(&c), gone[i].gate);
		assert_non_null(strstr(words, gone[i].piece));
		assert_null(strstr(words, "guest.lost"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
