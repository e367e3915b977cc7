/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What figures of a comparison stand on: values by repetition, percentiles of both sides. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include "analyze/compare_parts.h"
#include "analyze/record_parts.h"
#include "tests/lib/records.h"
#include "tests/lib/sample.h"

static void add_quantile(struct record_facts *r, uint64_t ppm, const uint64_t *shape, size_t n,
			 uint64_t per_mille)
{
	struct record_quantile *q = fact_add_item(&r->wake_curve, &arena, sizeof(*q));

	assert_non_null(q);
	r->wake_curve.known = true;
	fact_set_u64(&q->quantile_ppm, ppm);
	q->values_ns.known = true;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(fact_add_pair(&q->values_ns, &arena, i, shape[i] * per_mille / 10),
				 0);
}

static const struct comparison_quantile *point(const struct comparison_facts *c, uint64_t ppm)
{
	const struct comparison_quantile *q = c->wake_curve.v;

	for (size_t i = 0; i < c->wake_curve.n; i++) {
		if (q[i].quantile_ppm.v == ppm)
			return &q[i];
	}
	return NULL;
}

/* A value per repetition as far as its repetitions reach, the same as the metric's. */
static void test_of_a_result(void **state)
{
	static const struct sample desktop = { 6, 24, 8, 2000 };
	struct host *h = sample_host(&desktop);
	struct record_facts record = { 0 };
	const struct record_quantile *q;
	const struct record_metric *m;
	const char *why = NULL;
	size_t at = 0;

	(void)state;
	assert_int_equal(metrics_measure(h, &arena, &record, &why), 0);
	assert_int_equal(record_curve(h, &arena, &record), 0);
	q = record.wake_curve.v;
	assert_true(record.wake_curve.known);
	/* 8 CPUs with 2000 wake-ups each: 20 of them lie beyond p99.8. */
	assert_int_equal(record.wake_curve.n, 10);
	assert_int_equal(q[9].quantile_ppm.v, 998000);
	for (size_t i = 0; i < record.wake_curve.n; i++) {
		assert_int_equal(q[i].values_ns.n, 8);
		at = q[i].quantile_ppm.v == 990000 ? i : at;
		for (size_t k = 0; i && k < 8; k++)
			assert_true(q[i].values_ns.v[k].value >= q[i - 1].values_ns.v[k].value);
	}
	m = record.metrics.v;
	assert_string_equal(m[0].id.v, "wake.p99");
	assert_memory_equal(m[0].values.v, q[at].values_ns.v, 8 * sizeof(struct fact_pair));
	host_free(h);
}

static void test_both_sides(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	const struct comparison_quantile *q;
	const struct comparison_metric *m;
	struct comparison_facts c;

	(void)state;
	add_values(before, "wake.p99", wobble, 10, 1000);
	add_values(after, "wake.p99", wobble, 10, 1500);
	add_quantile(before, 500000, wobble, 10, 100);
	add_quantile(after, 500000, wobble, 10, 100);
	add_quantile(before, 990000, wobble, 10, 1000);
	add_quantile(after, 990000, wobble, 10, 1500);
	add_quantile(after, 999000, wobble, 10, 3000);
	c = compare(&b, &a, NULL);
	assert_int_equal(c.wake_curve.n, 3);
	q = point(&c, 500000);
	assert_int_equal(q->change_permille.v, 0);
	assert_true(q->ci95_low_permille.v <= 0 && q->ci95_high_permille.v >= 0);
	/* As the metric says. */
	q = point(&c, 990000);
	m = metric_of(&c, "wake.p99");
	assert_int_equal(q->change_permille.v, m->change_permille.v);
	assert_int_equal(q->ci95_low_permille.v, m->ci95_low_permille.v);
	assert_int_equal(q->ci95_high_permille.v, m->ci95_high_permille.v);
	assert_int_equal(q->before_low_ns.v, 98400);
	assert_int_equal(q->before_ns.v, 100150);
	assert_int_equal(q->before_high_ns.v, 101900);
	assert_int_equal(q->after_low_ns.v, 147600);
	/* One side reaches further. */
	q = point(&c, 999000);
	assert_false(q->before_ns.known || q->change_permille.known);
	assert_int_equal(q->after_high_ns.v, 305700);
	assert_int_equal(m->units_before.n, 10);
	assert_int_equal(m->units_after.n, 10);
	assert_int_equal(m->units_after.v[2].key, 0);
	assert_int_equal(m->units_after.v[2].value, 991 * 150);
}

/* Sessions keep apart; one that ends early ends the side. */
static void test_sessions(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	const struct comparison_metric *m;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct record_facts *r = add_session(i < 3 ? &b : &a);

		add_values(r, "wake.p99", wobble, 10, 1000 + i);
		add_quantile(r, 990000, wobble, 10, 1000 + i);
		if (i != 1)
			add_quantile(r, 999000, wobble, 10, 2000);
	}
	c = compare(&b, &a, NULL);
	assert_int_equal(c.wake_curve.n, 2);
	assert_false(point(&c, 999000)->before_ns.known);
	assert_true(point(&c, 999000)->after_ns.known);
	m = metric_of(&c, "wake.p99");
	assert_int_equal(m->units_before.n, 30);
	assert_int_equal(m->units_before.v[29].key, 2);
	/* A side without any: baselines made before there were curves. */
	for (size_t i = 0; i < 3; i++)
		b.v[i].wake_curve = (struct fact_list){ 0 };
	c = compare(&b, &a, NULL);
	assert_int_equal(c.wake_curve.n, 2);
	assert_false(point(&c, 990000)->before_ns.known ||
		     point(&c, 990000)->change_permille.known);
}

/* Pairs are of repetitions that both sides have; none of them is no change. */
static void test_pairs(void **state)
{
	const struct compare_wish wish = { .is_paired = true };
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct record_quantile *q;
	struct comparison_facts c;

	(void)state;
	add_values(before, "wake.p99", wild, 10, 1000);
	add_values(after, "wake.p99", wild, 10, 2000);
	add_quantile(before, 990000, wild, 10, 1000);
	add_quantile(after, 990000, wild, 10, 2000);
	add_quantile(before, 999000, wild, 10, 1000);
	add_quantile(after, 999000, wild, 10, 2000);
	q = after->wake_curve.v;
	for (size_t i = 0; i < 10; i++)
		q[1].values_ns.v[i].key += 100;
	c = compare(&b, &a, &wish);
	/* From one pair to the next it varies, in each pair it doubles. */
	assert_int_equal(point(&c, 990000)->change_permille.v, 1000);
	assert_int_equal(point(&c, 990000)->ci95_low_permille.v, 1000);
	assert_true(point(&c, 999000)->after_ns.known);
	assert_false(point(&c, 999000)->change_permille.known);
}

/* Records of strangers: no more is looked at than there is any use for. */
static void test_bounds(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *sides[] = { add_session(&b), add_session(&a) };
	struct comparison_facts c;
	uint64_t many[600];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = 1000 + i % 7;
	for (size_t s = 0; s < 2; s++) {
		add_values(sides[s], "wake.p99", many, ARRAY_SIZE(many), 1000);
		for (uint64_t i = 0; i < 300; i++)
			add_quantile(sides[s], 300 - i, wobble, 3, 0);
		add_quantile(sides[s], UINT64_MAX, wobble, 3, 1000);
		((struct record_quantile *)sides[s]->wake_curve.v)[3].quantile_ppm.v = 1000000;
		((struct record_quantile *)sides[s]->wake_curve.v)[4].quantile_ppm.known = false;
	}
	c = compare(&b, &a, NULL);
	assert_true(c.wake_curve.n > 50 && c.wake_curve.n <= 64);
	for (size_t i = 1; i < c.wake_curve.n; i++) {
		const struct comparison_quantile *q = c.wake_curve.v;

		assert_true(q[i - 1].quantile_ppm.v < q[i].quantile_ppm.v);
		assert_int_equal(q[i].after_high_ns.v, 0);
	}
	assert_int_equal(metric_of(&c, "wake.p99")->units_after.n, COMPARE_UNITS_MAX);
	assert_int_equal(metric_of(&c, "wake.p99")->units_after.v[COMPARE_UNITS_MAX - 1].value,
			 many[599] * 100);
	/* Not comparable: no curve either. */
	set_str(&((struct fingerprint_facts *)a.v[0].fingerprint.v)->cpu_model, "Intel");
	c = compare(&b, &a, NULL);
	assert_int_equal(c.wake_curve.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_of_a_result, release),
		cmocka_unit_test_teardown(test_both_sides, release),
		cmocka_unit_test_teardown(test_sessions, release),
		cmocka_unit_test_teardown(test_pairs, release),
		cmocka_unit_test_teardown(test_bounds, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
