/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for any data: swapped, scaled, shuffled, split, with one more. */
#include <math.h>
#include <string.h>

#include "analyze/judge_change.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

enum { N_MAX = 16, N_CASES = 200 };

struct data {
	uint64_t before[N_MAX], after[N_MAX];
	struct judge_session sessions[2];
	struct judge_metric metric;
};

static void link_up(struct data *d, size_t n_before, size_t n_after)
{
	d->sessions[0] = (struct judge_session){ d->before, n_before };
	d->sessions[1] = (struct judge_session){ d->after, n_after };
	d->metric.before = (struct judge_side){ &d->sessions[0], 1 };
	d->metric.after = (struct judge_side){ &d->sessions[1], 1 };
}

/* Of all kinds: quiet and bursty, changed or not, few different values or many, pairs or not. */
static void draw(struct data *d, struct stats_random *r)
{
	static const double ratios[] = { 0.5, 0.8, 0.95, 1, 1, 1.05, 1.12, 1.3, 2 };
	const double ratio = ratios[stats_random_below(r, ARRAY_SIZE(ratios))];
	const double sd = 0.02 + 0.3 * noise_unit(r);
	const uint64_t grain = stats_random_below(r, 3) ? 1 : 10000;
	const bool is_paired = stats_random_below(r, 3) == 0;
	const size_t n_before = 5 + stats_random_below(r, N_MAX - 5);
	const size_t n_after = is_paired ? n_before : 5 + stats_random_below(r, N_MAX - 5);

	memset(d, 0, sizeof(*d));
	for (size_t i = 0; i < N_MAX; i++) {
		d->before[i] = (noise_latency_ns(r, sd, 1) / grain + 1) * grain;
		d->after[i] = (noise_latency_ns(r, sd, ratio) / grain + 1) * grain;
	}
	d->metric = (struct judge_metric){ .margin_permille = 50 + stats_random_below(r, 200),
					   .is_gated = true,
					   .is_paired = is_paired,
					   .is_one_session = true };
	link_up(d, n_before, n_after);
}

static struct judgement judge(const struct data *d)
{
	struct judgement j;

	assert_int_equal(judge_changes(&d->metric, 1, &j), 0);
	return j;
}

static void assert_same(const struct judgement *a, const struct judgement *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->p_regressed_ppm, b->p_regressed_ppm);
	assert_int_equal(a->p_improved_ppm, b->p_improved_ppm);
	assert_int_equal(a->p_same_ppm, b->p_same_ppm);
	assert_true(llabs(a->change_permille - b->change_permille) <= 1);
	assert_true(llabs(a->low_permille - b->low_permille) <= 1);
	assert_true(llabs(a->high_permille - b->high_permille) <= 1);
}

/* The same the other way round: +25 % and -20 % are one ratio. */
static void assert_inverse(int64_t a_permille, int64_t b_permille)
{
	const double product = (1000.0 + (double)a_permille) * (1000.0 + (double)b_permille) / 1e6;

	assert_true(fabs(product - 1) < 0.01);
}

static void test_swapped(void **state)
{
	static const enum judge_verdict mirror[] = {
		[JUDGE_INCONCLUSIVE] = JUDGE_INCONCLUSIVE,
		[JUDGE_NO_CHANGE] = JUDGE_NO_CHANGE,
		[JUDGE_IMPROVED] = JUDGE_REGRESSED,
		[JUDGE_REGRESSED] = JUDGE_IMPROVED,
	};
	unsigned n[ARRAY_SIZE(mirror)] = { 0 };
	struct stats_random r;
	struct data d;

	(void)state;
	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < N_CASES; i++) {
		struct judgement there, back;
		struct judge_side side;

		draw(&d, &r);
		d.metric.floor = stats_random_below(&r, 2) ? 0 : 20000;
		there = judge(&d);
		side = d.metric.before;
		d.metric.before = d.metric.after;
		d.metric.after = side;
		back = judge(&d);
		/* The guard draws the two sides in turn: what is at its limit may differ. */
		if (there.has_drifted || back.has_drifted)
			continue;
		n[there.verdict]++;
		assert_int_equal(back.verdict, mirror[there.verdict]);
		assert_int_equal(back.reason, there.reason);
		assert_int_equal(back.p_regressed_ppm, there.p_improved_ppm);
		assert_int_equal(back.p_improved_ppm, there.p_regressed_ppm);
		assert_int_equal(back.p_same_ppm, there.p_same_ppm);
		assert_int_equal(back.n_units_needed, there.n_units_needed);
		assert_inverse(back.change_permille, there.change_permille);
		if (there.has_low && there.has_high)
			assert_inverse(back.low_permille, there.high_permille);
	}
	for (size_t v = 0; v < ARRAY_SIZE(n); v++)
		assert_true(n[v] >= 10);
}

static void test_scaled(void **state)
{
	static const uint64_t factors[] = { 2, 3, 1000, 999983 };
	struct stats_random r;
	struct data d;

	(void)state;
	stats_random_seed(&r, 2);
	for (unsigned i = 0; i < N_CASES; i++) {
		const uint64_t factor = factors[i % ARRAY_SIZE(factors)];
		struct judgement small, large;

		draw(&d, &r);
		small = judge(&d);
		for (size_t k = 0; k < N_MAX; k++) {
			d.before[k] *= factor;
			d.after[k] *= factor;
		}
		large = judge(&d);
		assert_same(&small, &large);
		assert_true(fabs((double)large.before - (double)(small.before * factor)) <=
			    (double)factor);
	}
}

static void shuffle(uint64_t *v, size_t n, struct stats_random *r)
{
	for (size_t i = n; i > 1; i--) {
		const size_t j = stats_random_below(r, (uint32_t)i);
		const uint64_t swap = v[j];

		v[j] = v[i - 1];
		v[i - 1] = swap;
	}
}

/* Order is nothing, but to the guard; nor is how repetitions lie in sessions too few to count. */
static void test_shuffled_and_split(void **state)
{
	struct stats_random r;
	struct data d;

	(void)state;
	stats_random_seed(&r, 3);
	for (unsigned i = 0; i < N_CASES; i++) {
		struct judgement first, other;
		struct judge_session halves[2];

		draw(&d, &r);
		d.metric.is_paired = false;
		first = judge(&d);
		halves[0] = (struct judge_session){ d.after + 3, d.sessions[1].n - 3 };
		halves[1] = (struct judge_session){ d.after, 3 };
		shuffle(d.before, d.sessions[0].n, &r);
		shuffle(d.after, d.sessions[1].n, &r);
		d.metric.after = (struct judge_side){ halves, 2 };
		other = judge(&d);
		if (!first.has_drifted && !other.has_drifted)
			assert_same(&first, &other);
	}
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median_of(const uint64_t *v, size_t n)
{
	uint64_t sorted[N_MAX];

	memcpy(sorted, v, n * sizeof(*v));
	qsort(sorted, n, sizeof(*sorted), compare_u64);
	return sorted[n / 2];
}

/* One more of the middle turns no change into no alarm. */
static void test_one_more(void **state)
{
	unsigned n_same = 0;
	struct stats_random r;
	struct data d;

	(void)state;
	stats_random_seed(&r, 4);
	for (unsigned i = 0; i < 2 * N_CASES; i++) {
		const bool is_after = i & 1;
		size_t n;

		draw(&d, &r);
		if (d.metric.is_paired || judge(&d).verdict != JUDGE_NO_CHANGE)
			continue;
		n_same++;
		n = d.sessions[is_after].n;
		(is_after ? d.after : d.before)[n] = median_of(d.sessions[is_after].values, n);
		d.sessions[is_after].n++;
		assert_int_not_equal(judge(&d).verdict, JUDGE_REGRESSED);
		assert_int_not_equal(judge(&d).verdict, JUDGE_IMPROVED);
	}
	assert_true(n_same > 40);
}

/* The worse it gets the more it is shown; the wider the margin the less. */
static void test_monotone(void **state)
{
	struct stats_random r;
	struct data d;

	(void)state;
	stats_random_seed(&r, 5);
	for (unsigned i = 0; i < N_CASES / 4; i++) {
		struct judgement last = { .p_regressed_ppm = 1000000, .change_permille = -1000 };
		uint64_t at_first[N_MAX];

		draw(&d, &r);
		memcpy(at_first, d.after, sizeof(at_first));
		for (unsigned percent = 50; percent <= 200; percent += 10) {
			struct judgement j;

			for (size_t k = 0; k < N_MAX; k++)
				d.after[k] = at_first[k] * percent / 100;
			j = judge(&d);
			assert_true(j.p_regressed_ppm <= last.p_regressed_ppm);
			assert_true(j.p_improved_ppm >= last.p_improved_ppm);
			assert_true(j.change_permille >= last.change_permille);
			last = j;
		}
		last = judge(&d);
		for (unsigned more = 0; more < 10; more++) {
			struct judgement j;

			d.metric.margin_permille += 50;
			j = judge(&d);
			assert_true(j.p_regressed_ppm >= last.p_regressed_ppm);
			assert_true(j.p_same_ppm <= last.p_same_ppm);
			last = j;
		}
	}
}

/* Exploratory rows take nothing from the gated ones, nor does their order. */
static void test_families_apart(void **state)
{
	static struct data d[6];
	struct judge_metric m[6];
	struct judgement gated[3], all[6];
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 6);
	for (unsigned i = 0; i < N_CASES / 4; i++) {
		for (size_t k = 0; k < 6; k++) {
			draw(&d[k], &r);
			m[5 - k] = d[k].metric;
			m[5 - k].is_gated = k < 3;
		}
		assert_int_equal(judge_changes(m + 3, 3, gated), 0);
		assert_int_equal(judge_changes(m, 6, all), 0);
		for (size_t k = 0; k < 3; k++)
			assert_same(&gated[k], &all[3 + k]);
	}
}

enum { N_BOOTS_BEFORE = 8, N_BOOTS_AFTER = 3, N_BOOTS = N_BOOTS_BEFORE + N_BOOTS_AFTER };

struct boots {
	uint64_t values[N_BOOTS][N_MAX];
	struct judge_session sessions[N_BOOTS];
};

static struct judgement judge_boots(const struct boots *b)
{
	const struct judge_metric m = {
		.before = { b->sessions, N_BOOTS_BEFORE },
		.after = { b->sessions + N_BOOTS_BEFORE, N_BOOTS_AFTER },
		.calibration = { b->sessions, N_BOOTS_BEFORE },
		.margin_permille = 100,
		.is_gated = true,
	};
	struct judgement j;

	assert_int_equal(judge_changes(&m, 1, &j), 0);
	assert_int_equal(j.unit, JUDGE_SESSIONS);
	return j;
}

static void swap_sessions(struct boots *b, size_t first, size_t n, struct stats_random *r)
{
	for (size_t i = n; i > 1; i--) {
		const size_t j = stats_random_below(r, (uint32_t)i);
		const struct judge_session swap = b->sessions[first + j];

		b->sessions[first + j] = b->sessions[first + i - 1];
		b->sessions[first + i - 1] = swap;
	}
}

/*
 * Sessions in any order, repetitions in any order within them, each repetition said three times:
 * a session is one unit, however much was measured in it.
 */
static void test_sessions(void **state)
{
	unsigned n[JUDGE_NOT_COMPARABLE] = { 0 };
	struct stats_random r;
	struct boots b;

	(void)state;
	stats_random_seed(&r, 7);
	for (unsigned i = 0; i < N_CASES; i++) {
		const double ratio = 0.5 + 0.25 * stats_random_below(&r, 7);
		struct judgement first, other;

		for (size_t k = 0; k < N_BOOTS; k++) {
			const double boot = exp(0.1 * noise_normal(&r));

			for (size_t v = 0; v < 5; v++) {
				const double side = k < N_BOOTS_BEFORE ? 1 : ratio;

				b.values[k][v] = noise_latency_ns(&r, 0.05, boot * side);
				b.values[k][v + 5] = b.values[k][v + 10] = b.values[k][v];
			}
			b.sessions[k] = (struct judge_session){ b.values[k], 5 };
		}
		first = judge_boots(&b);
		n[first.verdict]++;
		for (size_t k = 0; k < N_BOOTS; k++) {
			b.sessions[k].n = 15;
			shuffle(b.values[k], 15, &r);
		}
		swap_sessions(&b, 0, N_BOOTS_BEFORE, &r);
		swap_sessions(&b, N_BOOTS_BEFORE, N_BOOTS_AFTER, &r);
		other = judge_boots(&b);
		assert_same(&first, &other);
	}
	assert_true(n[JUDGE_REGRESSED] >= 10 && n[JUDGE_IMPROVED] >= 10);
	assert_true(n[JUDGE_INCONCLUSIVE] >= 10);
}

/* Any bits in any place, thousands of metrics: judged, and no number is out of its range. */
static void test_any_bits(void **state)
{
	enum { N_METRICS = 2000, N_VALUES = 8 };
	static uint64_t values[N_METRICS][3][N_VALUES];
	static struct judge_session sessions[N_METRICS][3];
	static struct judge_metric metrics[N_METRICS];
	static struct judgement judged[N_METRICS];
	struct stats_random r;

	(void)state;
	stats_random_seed(&r, 8);
	for (size_t m = 0; m < N_METRICS; m++) {
		for (size_t v = 0; v < 3 * N_VALUES; v++)
			values[m][v / N_VALUES][v % N_VALUES] =
				stats_random_next(&r) >> stats_random_below(&r, 64);
		for (size_t s = 0; s < 3; s++)
			sessions[m][s] = (struct judge_session){
				values[m][s], s == 0 ? N_VALUES : stats_random_below(&r, N_VALUES)
			};
		metrics[m] = (struct judge_metric){
			.before = { sessions[m], 1 },
			.after = { sessions[m] + 1, 1 },
			.calibration = { sessions[m], 3 },
			.offset = stats_random_next(&r) >> stats_random_below(&r, 64),
			.floor = stats_random_next(&r) >> stats_random_below(&r, 64),
			.margin_permille = (uint32_t)(stats_random_next(&r) >> 32),
			.is_gated = m % 2,
			.is_one_session = m % 3 == 0,
		};
		if (stats_random_below(&r, 2))
			metrics[m].margin_permille = 100;
	}
	assert_int_equal(judge_changes(metrics, N_METRICS, judged), 0);
	for (size_t m = 0; m < N_METRICS; m++) {
		const struct judgement *j = &judged[m];

		assert_true(j->verdict < JUDGE_NOT_COMPARABLE);
		assert_int_equal(j->verdict == JUDGE_INCONCLUSIVE, j->reason != JUDGE_CLEAR);
		assert_in_range(j->p_regressed_ppm, 1, 1000000);
		assert_in_range(j->p_improved_ppm, 1, 1000000);
		assert_in_range(j->p_same_ppm, 1, 1000000);
		assert_true(j->n_units_needed <= 1000);
		assert_true(j->change_permille >= -1000);
		if (j->has_low)
			assert_true(j->low_permille >= -1000 &&
				    j->low_permille <= j->change_permille);
		if (j->has_high)
			assert_true(j->high_permille >= j->change_permille);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swapped),
		cmocka_unit_test(test_scaled),
		cmocka_unit_test(test_shuffled_and_split),
		cmocka_unit_test(test_one_more),
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_families_apart),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_any_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
