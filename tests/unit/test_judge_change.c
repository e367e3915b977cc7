/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>

#include "analyze/judge_change.h"
#include "analyze/judge_gate.h"
#include "analyze/stats_null.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

/* Ten repetitions about 100 us, 5 % apart, in no order. */
static const uint64_t quiet[] = { 101300, 97200, 104800, 99100,  95900,
				  106100, 98300, 102700, 100400, 94100 };
static const uint64_t again[] = { 98600, 103900, 96400, 100900, 107300,
				  95200, 101800, 99700, 93800,  104200 };

enum { N = ARRAY_SIZE(quiet) };

struct scaled {
	uint64_t values[N];
	struct judge_session session;
};

static void scale(struct scaled *s, const uint64_t *values, double factor)
{
	for (size_t i = 0; i < N; i++)
		s->values[i] = (uint64_t)llround((double)values[i] * factor);
	s->session = (struct judge_session){ s->values, N };
}

enum { N_SESSIONS = 5 };

struct scaled_sessions {
	struct scaled values[N_SESSIONS];
	struct judge_session sessions[N_SESSIONS];
};

static void scale_all(struct scaled_sessions *s, const double factors[N_SESSIONS])
{
	for (size_t i = 0; i < N_SESSIONS; i++) {
		scale(&s->values[i], quiet, factors[i]);
		s->sessions[i] = s->values[i].session;
	}
}

static struct judge_metric metric_of(const struct judge_session *before,
				     const struct judge_session *after)
{
	return (struct judge_metric){
		.before = { before, 1 },
		.after = { after, 1 },
		.margin_permille = 100,
		.is_gated = true,
		.is_one_session = true,
	};
}

static struct judgement judge(const struct judge_metric *m)
{
	struct judgement j;

	memset(&j, 0xff, sizeof(j));
	assert_int_equal(judge_changes(m, 1, &j), 0);
	assert_int_equal(j.verdict == JUDGE_INCONCLUSIVE, j.reason != JUDGE_CLEAR);
	return j;
}

static struct judgement judge_ratio(double ratio, struct judge_metric other)
{
	static struct scaled before, after;

	scale(&before, quiet, 1);
	scale(&after, again, ratio);
	other.before = (struct judge_side){ &before.session, 1 };
	other.after = (struct judge_side){ &after.session, 1 };
	return judge(&other);
}

static const struct judge_metric usual = { .margin_permille = 100,
					   .is_gated = true,
					   .is_one_session = true };

static void test_verdicts(void **state)
{
	static const struct {
		double ratio;
		enum judge_verdict verdict;
		int64_t low, high; /* where the change is */
	} rows[] = {
		{ 1, JUDGE_NO_CHANGE, -20, 20 },         { 1.03, JUDGE_NO_CHANGE, 10, 50 },
		{ 0.97, JUDGE_NO_CHANGE, -50, -10 },     { 1.1, JUDGE_INCONCLUSIVE, 80, 120 },
		{ 0.91, JUDGE_INCONCLUSIVE, -110, -70 }, { 1.3, JUDGE_REGRESSED, 270, 330 },
		{ 2, JUDGE_REGRESSED, 950, 1050 },       { 0.75, JUDGE_IMPROVED, -280, -220 },
		{ 0.001, JUDGE_IMPROVED, -1000, -990 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct judgement j = judge_ratio(rows[i].ratio, usual);

		if (j.verdict != rows[i].verdict)
			fail_msg("%g: %s", rows[i].ratio, judge_verdict_name(j.verdict));
		assert_int_equal(j.unit, JUDGE_REPETITIONS);
		assert_int_equal(j.n_before, N);
		assert_int_equal(j.n_after, N);
		assert_true(j.has_change && j.has_low && j.has_high);
		assert_true(j.change_permille >= rows[i].low && j.change_permille <= rows[i].high);
		assert_true(j.low_permille <= j.change_permille);
		assert_true(j.change_permille <= j.high_permille);
		assert_int_equal(j.margin_permille, 100);
		assert_false(j.is_boot_inside || j.is_noise_margin || j.is_exploratory);
		assert_int_equal(j.p_regressed_ppm <= 50000, j.verdict == JUDGE_REGRESSED);
		assert_int_equal(j.p_improved_ppm <= 50000, j.verdict == JUDGE_IMPROVED);
		assert_int_equal(j.p_same_ppm <= 50000, j.verdict == JUDGE_NO_CHANGE);
	}
}

static void test_numbers(void **state)
{
	const struct judgement j = judge_ratio(1.3, usual);

	(void)state;
	/* Middle of quiet: sqrt(99100 * 100400). */
	assert_int_equal(j.before, 99748);
	assert_int_equal(j.p_regressed_ppm, 6); /* 1 / C(20, 10) = 5.4e-6, rounded up */
	assert_int_equal(j.p_improved_ppm, 1000000);
	assert_int_equal(j.n_units_needed, 0);
	assert_true(j.visible_permille > 120 && j.visible_permille < 250);
}

static void test_inconclusive_says_what_would_do(void **state)
{
	struct judgement j = judge_ratio(1.1, usual);

	(void)state;
	assert_int_equal(j.reason, JUDGE_SPREAD);
	assert_in_range(j.n_units_needed, N + 1, 20);
	/* Nothing of the kind is ever shown at a margin of nothing. */
	j = judge_ratio(1, (struct judge_metric){ .is_gated = true, .is_one_session = true });
	assert_int_equal(j.verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(j.margin_permille, 0);
	assert_int_equal(j.n_units_needed, 0);
}

static void test_too_few(void **state)
{
	(void)state;
	for (size_t n_before = 0; n_before < 6; n_before++) {
		for (size_t n_after = 0; n_after < 6; n_after++) {
			const struct judge_session before = { quiet, n_before };
			const struct judge_session after = { again, n_after };
			const struct judge_metric m = metric_of(&before, &after);
			const struct judgement j = judge(&m);

			assert_int_equal(j.n_before, n_before);
			assert_int_equal(j.n_after, n_after);
			assert_int_equal(j.has_change, n_before > 0 && n_after > 0);
			if (n_before == 5 && n_after == 5) {
				assert_int_equal(j.verdict, JUDGE_NO_CHANGE);
				continue;
			}
			assert_int_equal(j.reason, JUDGE_TOO_FEW);
			assert_int_equal(j.p_regressed_ppm, 1000000);
			assert_int_equal(j.p_same_ppm, 1000000);
			assert_int_equal(j.visible_permille, 0);
			if (j.has_change)
				assert_in_range(j.n_units_needed, JUDGE_UNITS_MIN, 20);
			if (n_before + n_after < 6)
				assert_false(j.has_low || j.has_high);
		}
	}
}

static void test_all_equal(void **state)
{
	static const uint64_t zero[N] = { 0 }, one[N] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	const struct judge_session a = { zero, N }, b = { one, N };
	struct judge_metric m = metric_of(&a, &a);
	struct judgement j = judge(&m);

	(void)state;
	assert_int_equal(j.verdict, JUDGE_NO_CHANGE);
	assert_int_equal(j.change_permille, 0);
	assert_int_equal(j.before, 1); /* a latency of 0 has no logarithm */
	/* A count of 0 does, with half an event added: 0.5 -> 1.5, were the unit two halves. */
	m = metric_of(&a, &b);
	m.offset = 1;
	j = judge(&m);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_int_equal(j.before, 0);
	assert_int_equal(j.after, 1);
	assert_int_equal(j.change_permille, 1000);
	assert_int_equal(j.low_permille, 1000);
	assert_int_equal(j.high_permille, 1000);
}

/* +20 % of 2 us is nobody's stutter: a floor makes it no change, where it is shown. */
static void test_floor(void **state)
{
	struct judge_metric m = usual;

	(void)state;
	m.floor = 40000;
	assert_int_equal(judge_ratio(1.3, m).verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(1 / 1.3, m).verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(1.6, m).verdict, JUDGE_REGRESSED);
	assert_int_equal(judge_ratio(0.4, m).verdict, JUDGE_IMPROVED);
	assert_int_equal(judge_ratio(1.38, m).verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(judge_ratio(1.38, m).reason, JUDGE_SMALL);
	assert_true(judge_ratio(1.38, m).n_units_needed > N);
	assert_int_equal(judge_ratio(1, m).verdict, JUDGE_NO_CHANGE);
	m.floor = UINT64_MAX;
	assert_int_equal(judge_ratio(1000, m).verdict, JUDGE_NO_CHANGE);
}

static void test_margin(void **state)
{
	struct judge_metric m = usual;

	(void)state;
	m.margin_permille = 250;
	assert_int_equal(judge_ratio(1.2, m).verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(1.45, m).verdict, JUDGE_REGRESSED);
	m.margin_permille = UINT32_MAX;
	assert_int_equal(judge_ratio(1000, m).verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(1000, m).margin_permille, UINT32_MAX);
}

/* Sessions that differ by 20 %: then a change of 30 % between two of them is nothing. */
static void test_noise_floor(void **state)
{
	static const double factors[N_SESSIONS] = { 1, 1.22, 0.83, 1.1, 0.9 };
	struct scaled_sessions calibration;
	struct judge_metric m = usual;
	struct judgement j;

	(void)state;
	scale_all(&calibration, factors);
	m.is_one_session = false;
	j = judge_ratio(1.3, m);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_true(j.is_boot_inside);
	m.calibration = (struct judge_side){ calibration.sessions, 2 };
	assert_true(judge_ratio(1.3, m).is_boot_inside);

	m.calibration.n = N_SESSIONS;
	j = judge_ratio(1.3, m);
	assert_false(j.is_boot_inside);
	assert_true(j.is_noise_margin);
	assert_in_range(j.margin_permille, 400, 700);
	assert_int_equal(j.verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(2, m).verdict, JUDGE_REGRESSED);

	/* Between the sides of one session there was no boot. */
	m.is_one_session = true;
	j = judge_ratio(1.3, m);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_int_equal(j.margin_permille, 100);
}

/*
 * Sessions that differ by as much as doublings: what stays within that is not shown to be the same,
 * and what goes beyond is worse all the same.
 */
static void test_too_noisy(void **state)
{
	static const double factors[N_SESSIONS] = { 1, 1.7, 0.6, 1.4, 0.8 };
	struct scaled_sessions calibration;
	struct judge_metric m = usual;
	struct judgement j;

	(void)state;
	scale_all(&calibration, factors);
	m.is_one_session = false;
	m.calibration = (struct judge_side){ calibration.sessions, N_SESSIONS };
	for (unsigned i = 0; i < 2; i++) {
		j = judge_ratio(i ? 2 : 1, m);
		assert_int_equal(j.verdict, JUDGE_INCONCLUSIVE);
		assert_int_equal(j.reason, JUDGE_NOISY);
		assert_true(j.is_noise_margin && j.margin_permille > 1000);
		assert_int_equal(j.n_noise_sessions, 5);
		assert_int_equal(j.n_units_needed, 0);
	}
	assert_int_equal(judge_ratio(6, m).verdict, JUDGE_REGRESSED);
	assert_int_equal(judge_ratio(1.0 / 6, m).verdict, JUDGE_IMPROVED);
	/* A margin that was asked for is what was wanted. */
	m.margin_permille = 9000;
	assert_int_equal(judge_ratio(1, m).verdict, JUDGE_NO_CHANGE);
	m.margin_permille = 100;
	/* So small that even a multiple is below what matters: that is shown. */
	m.floor = UINT64_MAX / 2;
	assert_int_equal(judge_ratio(2, m).verdict, JUDGE_NO_CHANGE);
	m.floor = 0;
	/* Between the sides of one session there was no boot. */
	m.is_one_session = true;
	assert_int_equal(judge_ratio(1, m).verdict, JUDGE_NO_CHANGE);
}

/* Both ask the same: up to a doubling, the spread's share included. */
static void test_gate(void **state)
{
	struct judge_gate gate = { .margin = log(1.9), .sd = 0.001, .n_family = 6 };

	(void)state;
	assert_true(judge_is_fit(&gate));
	gate.sd = 0.2;
	assert_false(judge_is_fit(&gate));
	assert_true(judge_gate_visible(&gate) > log(2) && judge_gate_visible(&gate) < log(4));
	gate.floor = log(4);
	assert_true(judge_is_fit(&gate));
	gate = (struct judge_gate){ .margin = log(2.1), .n_family = 1 };
	assert_false(judge_is_fit(&gate));
}

/* Eight sessions against three: sessions are the units, and the noise floor is not needed. */
static void test_sessions(void **state)
{
	static const double factors[] = { 1, 1.12, 0.93, 1.05, 0.96, 1.08, 0.9, 1.02 };
	struct scaled before[8], after[3];
	struct judge_session a[8], b[3];
	struct judge_metric m = { .before = { a, 8 },
				  .after = { b, 3 },
				  .calibration = { a, 8 },
				  .margin_permille = 100,
				  .is_gated = true };
	struct judgement j;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		scale(&before[i], quiet, factors[i]);
		a[i] = before[i].session;
	}
	for (size_t i = 0; i < 3; i++) {
		scale(&after[i], again, 1.5 * factors[i]);
		b[i] = after[i].session;
	}
	j = judge(&m);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_int_equal(j.unit, JUDGE_SESSIONS);
	assert_int_equal(j.n_before, 8);
	assert_int_equal(j.n_after, 3);
	assert_int_equal(j.p_regressed_ppm, 6061); /* 1 / 165 */
	assert_int_equal(j.margin_permille, 100);
	assert_false(j.is_boot_inside);
	m.after.n = 1; /* C(9, 1) = 9: repetitions, and the noise between sessions counts */
	j = judge(&m);
	assert_int_equal(j.unit, JUDGE_REPETITIONS);
	assert_int_equal(j.n_before, 80);
	assert_true(j.is_noise_margin);
}

/* Rising through both sides: what is seen after need not come from the change. */
static void test_drift(void **state)
{
	struct scaled before, after;
	struct judge_metric m;
	struct judgement j;

	(void)state;
	scale(&before, quiet, 1);
	scale(&after, again, 1);
	for (size_t i = 0; i < N; i++) {
		before.values[i] = 100000 + 4000 * i;
		after.values[i] = 100000 + 4000 * (N + i) + 90000;
	}
	m = metric_of(&before.session, &after.session);
	j = judge(&m);
	assert_int_equal(j.verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(j.reason, JUDGE_DRIFT);
	assert_true(j.has_drifted);
	assert_true(j.p_regressed_ppm < 50000);
	assert_int_equal(j.n_units_needed, 0);
	/* In turns it moves both of a pair. */
	m.is_paired = true;
	for (size_t i = 0; i < N; i++)
		after.values[i] = before.values[i] / 1000 * (1450 + 7 * (i * 7 % N));
	j = judge(&m);
	assert_int_equal(j.unit, JUDGE_PAIRS);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
}

static void test_pairs(void **state)
{
	struct judge_metric m = usual;
	struct judgement j;

	(void)state;
	m.is_paired = true;
	j = judge_ratio(1.5, m);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_int_equal(j.n_before, N);
	assert_int_equal(j.n_after, N);
	assert_int_equal(j.p_regressed_ppm, 977); /* 2^-10 */
	assert_int_equal(judge_ratio(0.6, m).verdict, JUDGE_IMPROVED);
	assert_int_equal(judge_ratio(1, m).verdict, JUDGE_NO_CHANGE);
	assert_int_equal(judge_ratio(1.08, m).verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(judge_ratio(1.08, m).reason, JUDGE_SPREAD);
}

static void test_pairs_that_are_none(void **state)
{
	const struct judge_session before = { quiet, N }, after = { again, N - 1 };
	struct judge_metric m[2] = { usual, metric_of(&before, &after) };
	struct judgement j[2], untouched[2];

	(void)state;
	m[1].is_paired = true;
	memset(j, 0x55, sizeof(j));
	memcpy(untouched, j, sizeof(j));
	assert_int_equal(judge_changes(m, 2, j), -EINVAL);
	assert_memory_equal(j, untouched, sizeof(j));
}

/* Alone it alarms, among twenty it does not; exploratory ones neither count nor alarm. */
static void test_family(void **state)
{
	static const uint64_t higher[] = { 116000, 112900, 118200, 114700, 121000 };
	const struct judge_session before = { quiet, 5 }, after = { higher, 5 };
	struct judge_metric m[20];
	struct judgement j[20];

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		m[i] = metric_of(&before, i ? &before : &after);
		m[i].margin_permille = 70;
	}
	assert_int_equal(judge_changes(m, 1, j), 0);
	assert_int_equal(j[0].verdict, JUDGE_REGRESSED);
	assert_int_equal(judge_changes(m, 20, j), 0);
	assert_int_equal(j[0].verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(j[1].verdict, JUDGE_NO_CHANGE);
	for (size_t i = 1; i < 20; i++)
		m[i].is_gated = false;
	assert_int_equal(judge_changes(m, 20, j), 0);
	assert_int_equal(j[0].verdict, JUDGE_REGRESSED);
	assert_false(j[0].is_exploratory);
	assert_true(j[1].is_exploratory);
	/* A gated one that was not measured takes nothing from the others. */
	for (size_t i = 1; i < 20; i++) {
		m[i].is_gated = true;
		m[i].before.n = 0;
	}
	assert_int_equal(judge_changes(m, 20, j), 0);
	assert_int_equal(j[0].verdict, JUDGE_REGRESSED);
	assert_int_equal(j[7].reason, JUDGE_TOO_FEW);
	assert_int_equal(judge_changes(NULL, 0, NULL), 0);
}

/* p is 19/252 = 0.075: enough for a list to look through, not for what decides. */
static void test_exploratory(void **state)
{
	static const uint64_t low[] = { 30000, 10000, 50000, 20000, 40000 };
	static const uint64_t high[] = { 70000, 25000, 60000, 80000, 35000 };
	const struct judge_session before = { low, 5 }, after = { high, 5 };
	struct judge_metric m = metric_of(&before, &after);

	(void)state;
	m.margin_permille = 0;
	assert_int_equal(judge(&m).verdict, JUDGE_INCONCLUSIVE);
	assert_int_equal(judge(&m).p_regressed_ppm, 75397);
	m.is_gated = false;
	assert_int_equal(judge(&m).verdict, JUDGE_REGRESSED);
	assert_true(judge(&m).is_exploratory);
}

/* Three sessions against three carry one metric that decides, however many explain. */
static void test_exploratory_rows_need_no_sessions(void **state)
{
	const struct judge_session sessions[] = { { quiet, 5 }, { again, 5 }, { quiet + 5, 5 },
						  { again, 4 }, { quiet, 4 }, { again + 5, 5 } };
	struct judge_metric m[5];
	struct judgement j[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		m[i] = usual;
		m[i].before = (struct judge_side){ sessions, 3 };
		m[i].after = (struct judge_side){ sessions + 3, 3 };
		m[i].is_gated = i == 0;
	}
	assert_int_equal(judge_changes(m, 5, j), 0);
	assert_int_equal(j[0].unit, JUDGE_SESSIONS);
	m[1].is_gated = true;
	assert_int_equal(judge_changes(m, 5, j), 0);
	assert_int_equal(j[0].unit, JUDGE_REPETITIONS);
}

/* The far ends of what a file may hold. */
static void test_hostile_values(void **state)
{
	static const uint64_t large[] = { UINT64_MAX, UINT64_MAX, UINT64_MAX,
					  UINT64_MAX, UINT64_MAX, UINT64_MAX };
	static const uint64_t zero[6] = { 0 };
	static const uint64_t mixed[] = { 0, UINT64_MAX, 1, UINT64_MAX / 2, 7, 1000000 };
	const struct judge_session s[] = { { large, 6 }, { zero, 6 }, { mixed, 6 } };

	(void)state;
	for (size_t a = 0; a < 3; a++) {
		for (size_t b = 0; b < 3; b++) {
			for (unsigned flags = 0; flags < 8; flags++) {
				struct judge_metric m = metric_of(&s[a], &s[b]);
				struct judgement j;

				m.offset = flags & 1 ? UINT64_MAX : 0;
				m.floor = flags & 2 ? UINT64_MAX : 0;
				m.is_paired = flags & 4;
				j = judge(&m);
				assert_true(j.change_permille >= -1000);
				assert_true(j.low_permille <= j.high_permille);
				if (a == b)
					assert_int_equal(j.change_permille, 0);
				assert_false(a == b && j.verdict > JUDGE_NO_CHANGE);
			}
		}
	}
}

/* More values than anybody measures: bounded, and still right. */
static void test_huge(void **state)
{
	const size_t n = 300000;
	auto_free uint64_t *values = calloc(2 * n, sizeof(*values));
	struct judge_session before, after;
	struct stats_random r;
	struct judge_metric m;
	struct judgement j;

	(void)state;
	assert_non_null(values);
	stats_random_seed(&r, 1);
	for (size_t i = 0; i < 2 * n; i++)
		values[i] = 100000 + stats_random_below(&r, 50000) + (i < n ? 0 : 40000);
	before = (struct judge_session){ values, n };
	after = (struct judge_session){ values + n, n };
	m = metric_of(&before, &after);
	j = judge(&m);
	assert_int_equal(j.n_before, STATS_UNITS_MAX);
	assert_int_equal(j.verdict, JUDGE_REGRESSED);
	assert_in_range(j.change_permille, 310, 330);
	m.is_paired = true;
	assert_int_equal(judge(&m).verdict, JUDGE_REGRESSED);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(judge_verdict_name(JUDGE_INCONCLUSIVE), "inconclusive");
	assert_string_equal(judge_verdict_name(JUDGE_NO_CHANGE), "no-change");
	assert_string_equal(judge_verdict_name(JUDGE_IMPROVED), "improved");
	assert_string_equal(judge_verdict_name(JUDGE_REGRESSED), "regressed");
	assert_string_equal(judge_verdict_name(JUDGE_NOT_COMPARABLE), "not-comparable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_inconclusive_says_what_would_do),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_all_equal),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_margin),
		cmocka_unit_test(test_noise_floor),
		cmocka_unit_test(test_too_noisy),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_pairs_that_are_none),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_exploratory),
		cmocka_unit_test(test_exploratory_rows_need_no_sessions),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
