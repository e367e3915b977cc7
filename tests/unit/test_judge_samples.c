/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From samples to verdict, bursts and all, beside what naive rules say of the same samples: nine
 * times in ten they find a difference between two runs of the same thing.
 */
#include <math.h>
#include <string.h>

#include "analyze/judge_change.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

enum { N_REPS = 10, N_SAMPLES = 4000, BUDGET_NS = 20000 };
enum metric { P50, P99, STALLS, N_METRICS };

/* Three samples in a hundred lie in bursts of ten; repetitions differ by 15 %. */
static const struct noise_model bursty = { .base_ns = 3000,
					   .sd = 0.3,
					   .sd_rep = 0.15,
					   .p_tick = 0.01,
					   .tick_ns = 8000,
					   .p_burst = 0.003,
					   .n_burst = 10,
					   .burst_ns = 20000 };

struct side {
	struct hist merged;
	uint64_t values[N_METRICS][N_REPS];
	struct judge_session sessions[N_METRICS];
};

static void measure(struct side *side, double ratio, struct hist *h, struct stats_random *r)
{
	hist_init(&side->merged);
	for (size_t i = 0; i < N_REPS; i++) {
		hist_init(h);
		noise_record(r, &bursty, ratio, N_SAMPLES, h);
		hist_merge(&side->merged, h);
		side->values[P50][i] = hist_quantile_ns(h, 500000);
		side->values[P99][i] = hist_quantile_ns(h, 990000);
		side->values[STALLS][i] = 2 * hist_n_above(h, BUDGET_NS);
	}
	for (size_t m = 0; m < N_METRICS; m++)
		side->sessions[m] = (struct judge_session){ side->values[m], N_REPS };
}

static void judge(const struct side *before, const struct side *after, uint32_t margin_permille,
		  struct judgement *ret_judgements)
{
	struct judge_metric metrics[N_METRICS];

	for (size_t m = 0; m < N_METRICS; m++) {
		metrics[m] = (struct judge_metric){
			.before = { &before->sessions[m], 1 },
			.after = { &after->sessions[m], 1 },
			.offset = m == STALLS, /* two are one event */
			.margin_permille = margin_permille,
			.is_gated = true,
			.is_one_session = true,
		};
	}
	assert_int_equal(judge_changes(metrics, N_METRICS, ret_judgements), 0);
}

/* Mann-Whitney on all samples, two-sided: what one must not do. */
static bool pooled_finds(const struct hist *a, const struct hist *b)
{
	const double n = (double)a->n, m = (double)b->n;
	double u = 0, below = 0, ties = 0;

	for (unsigned i = 0; i < HIST_N_BUCKETS; i++) {
		const double in_a = (double)a->count[i], in_b = (double)b->count[i];
		const double in_both = in_a + in_b;

		u += in_b * (below + in_a / 2);
		below += in_a;
		ties += in_both * in_both * in_both - in_both;
	}
	ties /= (n + m) * (n + m - 1);
	return fabs(u - n * m / 2) / sqrt(n * m / 12 * (n + m + 1 - ties)) > 1.96;
}

/* 95 % interval of a quantile as if samples did not depend on each other: nor this. */
static bool quantile_finds(const struct hist *a, const struct hist *b)
{
	const double q = 0.99, z = 1.96;
	const uint32_t reach = (uint32_t)(1e6 * z * sqrt(q * (1 - q) / (double)a->n));

	return hist_quantile_ns(a, 990000 + reach) < hist_quantile_ns(b, 990000 - reach) ||
	       hist_quantile_ns(b, 990000 + reach) < hist_quantile_ns(a, 990000 - reach);
}

static bool any_is(const struct judgement *j, enum judge_verdict verdict)
{
	for (size_t m = 0; m < N_METRICS; m++) {
		if (j[m].verdict == verdict)
			return true;
	}
	return false;
}

static void test_same(void **state)
{
	const unsigned n_runs = 200;
	unsigned n_alarms = 0, n_margin = 0, n_pooled = 0, n_quantile = 0;
	auto_free struct side *before = malloc(sizeof(*before));
	auto_free struct side *after = malloc(sizeof(*after));
	auto_free struct hist *h = malloc(sizeof(*h));
	struct stats_random r;

	(void)state;
	assert_true(before && after && h);
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < n_runs; i++) {
		struct judgement j[N_METRICS];

		measure(before, 1, h, &r);
		measure(after, 1, h, &r);
		judge(before, after, 0, j);
		n_alarms += any_is(j, JUDGE_REGRESSED);
		judge(before, after, 100, j);
		n_margin += any_is(j, JUDGE_REGRESSED);
		n_pooled += pooled_finds(&before->merged, &after->merged);
		n_quantile += quantile_finds(&before->merged, &after->merged);
	}
	assert_in_range(n_alarms, 0, 10 + 9);
	assert_in_range(n_margin, 0, 4);
	assert_in_range(n_pooled, 160, n_runs);
	assert_in_range(n_quantile, 80, n_runs);
}

/* Bursts and ticks twice as long: the tail says so, the median does not. */
static void test_twice(void **state)
{
	const unsigned n_runs = 50;
	unsigned n_found = 0, n_stalls = 0, n_median = 0, n_improved = 0;
	auto_free struct side *before = malloc(sizeof(*before));
	auto_free struct side *after = malloc(sizeof(*after));
	auto_free struct hist *h = malloc(sizeof(*h));
	struct stats_random r;

	(void)state;
	assert_true(before && after && h);
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < n_runs; i++) {
		struct judgement j[N_METRICS];

		measure(before, 1, h, &r);
		measure(after, 2, h, &r);
		judge(before, after, 100, j);
		n_found += j[P99].verdict == JUDGE_REGRESSED;
		n_stalls += j[STALLS].verdict == JUDGE_REGRESSED;
		n_median += j[P50].verdict == JUDGE_REGRESSED;
		n_improved += any_is(j, JUDGE_IMPROVED);
		judge(after, before, 100, j);
		n_improved += any_is(j, JUDGE_REGRESSED);
	}
	assert_in_range(n_found, 45, n_runs);
	assert_in_range(n_stalls, 20, n_runs); /* half as many more */
	assert_in_range(n_median, 0, 2);
	assert_int_equal(n_improved, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
