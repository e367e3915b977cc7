/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From wake-ups to verdict, bursts and all, beside what naive rules say of the same wake-ups: nine
 * times in ten they find a difference between two runs of the same thing.
 *
 * TEST_SOURCES: tests/lib/study_samples.c tests/lib/naive.c
 */
#include "tests/lib/check.h"
#include "tests/lib/naive.h"
#include "tests/lib/study.h"

/* Nothing changed, 2000 times; 50 + 3 sqrt(50 * 950 / 2000) = 64.6 per mille. */
static void test_same(void **state)
{
	const struct study_samples_plan plan = { .ratio = 1, .n_runs = 2000, .seed = 1 };
	struct study_samples_outcome o;
	const struct study_verdicts *bare[] = { &o.five_bare, &o.ten_bare };
	const struct study_verdicts *judged[] = { &o.five, &o.ten };

	(void)state;
	assert_int_equal(study_samples(&plan, &o), 0);
	for (size_t i = 0; i < 2; i++) {
		/* Without a margin the level of the family is all there is, and it is used. */
		assert_in_range(bare[i]->n_any_regressed, 30, 129);
		assert_in_range(bare[i]->n_any_improved, 30, 129);
		assert_in_range(judged[i]->n_any_regressed, 1, 40);
		assert_in_range(judged[i]->n_any_improved, 1, 40);
	}
	/* Known rates: 92.8, 97.7, 48 and 15 %. */
	assert_in_range(o.n_naive[STUDY_RANK_SUM], 1800, 1910);
	assert_in_range(o.n_naive[STUDY_DISTANCE], 1920, 1985);
	assert_in_range(o.n_naive[STUDY_INTERVAL], 850, 1080);
	assert_in_range(o.n_naive[STUDY_RATIO], 240, 360);
}

/* Bursts and ticks twice as long: the tail says so, the median does not. */
static void test_twice(void **state)
{
	const struct study_samples_plan plan = { .ratio = 2, .n_runs = 600, .seed = 2 };
	struct study_samples_outcome o;

	(void)state;
	assert_int_equal(study_samples(&plan, &o), 0);
	assert_in_range(o.ten.n_any_regressed, 540, 600);
	assert_in_range(o.ten.n_regressed[STUDY_P99], 500, 600);
	assert_in_range(o.ten.n_regressed[STUDY_P50], 0, 6);
	assert_in_range(o.five.n_any_regressed, 330, 450);
	assert_in_range(o.ten.n_any_improved, 0, 6);
	assert_in_range(o.five.n_any_improved, 0, 6);
}

/* Half as long, and nothing got worse. */
static void test_half(void **state)
{
	const struct study_samples_plan plan = { .ratio = 0.5, .n_runs = 200, .seed = 3 };
	struct study_samples_outcome o;

	(void)state;
	assert_int_equal(study_samples(&plan, &o), 0);
	assert_in_range(o.ten.n_any_improved, 130, 200);
	assert_in_range(o.ten.n_any_regressed, 0, 4);
}

static struct hist *filled(const uint64_t *values, size_t n, uint64_t plus)
{
	struct hist *h = malloc(sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	for (size_t i = 0; i < 1000; i++)
		hist_add(h, values[i % n] + plus);
	return h;
}

/* What is shown to fail must be the real thing: right where wake-ups do not depend on each other.
 */
static void test_naive_rules_are_themselves(void **state)
{
	static const uint64_t few[] = { 10, 20, 30, 40, 50, 60, 70, 80, 90, 100 };
	auto_free struct hist *same = filled(few, ARRAY_SIZE(few), 0);
	auto_free struct hist *more = filled(few, ARRAY_SIZE(few), 15);

	(void)state;
	assert_false(naive_rank_sum(same, same) || naive_distance(same, same));
	assert_false(naive_interval(same, same) || naive_ratio(same, same));
	assert_true(naive_rank_sum(same, more) && naive_distance(same, more));
	assert_true(naive_interval(same, more) && naive_ratio(same, more));
	assert_true(naive_rank_sum(more, same) && naive_interval(more, same));
	assert_false(naive_ratio(more, same));
}

/* And right in five of a hundred, no more, where they may be used at all. */
static void test_naive_rules_where_they_hold(void **state)
{
	auto_free struct hist *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));
	unsigned n_rank_sum = 0, n_distance = 0;
	struct stats_random r;

	(void)state;
	assert_true(a && b);
	stats_random_seed(&r, 4);
	for (unsigned i = 0; i < 1000; i++) {
		hist_init(a);
		hist_init(b);
		for (unsigned k = 0; k < 500; k++) {
			hist_add(a, noise_latency_ns(&r, 0.5, 1));
			hist_add(b, noise_latency_ns(&r, 0.5, 1));
		}
		n_rank_sum += naive_rank_sum(a, b);
		n_distance += naive_distance(a, b);
	}
	assert_in_range(n_rank_sum, 30, 71);
	assert_in_range(n_distance, 20, 71);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_naive_rules_are_themselves),
		cmocka_unit_test(test_naive_rules_where_they_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
