/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "analyze/judge_units.h"
#include "analyze/stats_null.h"
#include "tests/lib/check.h"

#define SIDE(...)                                                                     \
	((struct judge_side){ (const struct judge_session[]){ __VA_ARGS__ },          \
			      sizeof((const struct judge_session[]){ __VA_ARGS__ }) / \
				      sizeof(struct judge_session) })

static const uint64_t three[] = { 10, 1000, 100 };
static const uint64_t four[] = { 1, 2, 8, 4 };

static void assert_logs(const struct judge_logs *logs, const double *expected, size_t n)
{
	assert_int_equal(logs->n, n);
	for (size_t i = 0; i < n; i++)
		assert_true(fabs(exp(logs->v[i]) - expected[i]) < 1e-9 * expected[i]);
}

/* One session a side: repetitions, in order, each session a series. */
static void test_repetitions(void **state)
{
	const struct judge_wish wish = { .before = SIDE({ three, 3 }, { NULL, 0 }, { four, 4 }),
					 .after = SIDE({ four, 4 }),
					 .n_family = 1 };
	auto_arms struct judge_arms arms = { 0 };

	(void)state;
	assert_int_equal(judge_arms_init(&wish, &arms), 0);
	assert_int_equal(arms.unit, JUDGE_REPETITIONS);
	assert_logs(&arms.before, (double[]){ 10, 1000, 100, 1, 2, 8, 4 }, 7);
	assert_int_equal(arms.before.n_series, 2);
	assert_int_equal(arms.before.series[0].n, 3);
	assert_int_equal(arms.before.series[1].n, 4);
	assert_ptr_equal(arms.before.series[1].v, arms.before.v + 3);
	assert_logs(&arms.after, (double[]){ 1, 2, 8, 4 }, 4);
	assert_int_equal(arms.after.n_series, 1);
}

/* C(K + m, m) >= 20 n_family, sessions without values do not count. */
static void test_when_sessions_are_units(void **state)
{
	static const struct {
		size_t n_before, n_after, n_family;
		enum judge_unit unit;
	} rows[] = {
		{ 1, 1, 1, JUDGE_REPETITIONS },  { 3, 2, 1, JUDGE_REPETITIONS }, /* 10 */
		{ 3, 3, 1, JUDGE_SESSIONS },     { 3, 3, 2, JUDGE_REPETITIONS }, /* 20 */
		{ 8, 3, 6, JUDGE_SESSIONS },     { 7, 3, 6, JUDGE_SESSIONS },    /* 165, 120 */
		{ 6, 3, 6, JUDGE_REPETITIONS },  { 20, 1, 1, JUDGE_SESSIONS },   /* 84, 21 */
		{ 40, 0, 1, JUDGE_REPETITIONS },
	};
	struct judge_session sessions[48];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sessions); i++)
		sessions[i] = (struct judge_session){ three, i < 40 ? 3 : 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct judge_wish wish = {
			/* The last ones are empty. */
			.before = { sessions + 40 - rows[i].n_before, rows[i].n_before + 8 },
			.after = { sessions, rows[i].n_after },
			.n_family = rows[i].n_family,
		};
		auto_arms struct judge_arms arms = { 0 };

		assert_int_equal(judge_n_sessions(&wish.before), rows[i].n_before);
		assert_int_equal(judge_arms_init(&wish, &arms), 0);
		assert_int_equal(arms.unit, rows[i].unit);
		if (arms.unit == JUDGE_SESSIONS) {
			assert_int_equal(arms.before.n, rows[i].n_before);
			assert_int_equal(arms.before.n_series, 0);
			assert_true(fabs(exp(arms.before.v[0]) - 100) < 1e-9);
		}
	}
}

static void test_session_medians(void **state)
{
	const struct judge_side side = SIDE({ three, 3 }, { four, 4 }, { NULL, 0 });
	const struct judge_side none = { NULL, 0 };
	auto_logs struct judge_logs logs = { 0 }, empty = { 0 };

	(void)state;
	assert_int_equal(judge_session_logs(&side, 0, &logs), 0);
	assert_logs(&logs, (double[]){ 100, sqrt(8) }, 2);
	assert_int_equal(judge_session_logs(&none, 0, &empty), 0);
	assert_int_equal(empty.n, 0);
}

static void test_offset_and_extremes(void **state)
{
	static const uint64_t values[] = { 0, 1, UINT64_MAX };
	struct judge_wish wish = { .before = SIDE({ values, 3 }), .n_family = 1 };
	auto_arms struct judge_arms arms = { 0 }, shifted = { 0 };

	(void)state;
	assert_int_equal(judge_arms_init(&wish, &arms), 0);
	assert_logs(&arms.before, (double[]){ 1, 1, 0x1p64 }, 3);
	assert_int_equal(arms.after.n, 0);
	wish.offset = UINT64_MAX;
	assert_int_equal(judge_arms_init(&wish, &shifted), 0);
	assert_logs(&shifted.before, (double[]){ 0x1p64, 0x1p64, 0x1p65 }, 3);
}

static void test_pairs(void **state)
{
	static const uint64_t twice[] = { 2, 4, 16, 4 };
	struct judge_wish wish = { .before = SIDE({ four, 4 }),
				   .after = SIDE({ twice, 4 }),
				   .is_paired = true,
				   .n_family = 1 };
	auto_arms struct judge_arms arms = { 0 };

	(void)state;
	assert_int_equal(judge_arms_init(&wish, &arms), 0);
	assert_int_equal(arms.unit, JUDGE_PAIRS);
	assert_logs(&arms.difference, (double[]){ 2, 2, 2, 1 }, 4);
	assert_int_equal(arms.difference.n_series, 1);
	judge_arms_release(&arms);

	wish.after = SIDE({ twice, 3 });
	assert_int_equal(judge_arms_init(&wish, &arms), -EINVAL);
	wish.after = SIDE({ twice, 4 }, { twice, 4 });
	assert_int_equal(judge_arms_init(&wish, &arms), -EINVAL);
	wish.after = (struct judge_side){ NULL, 0 };
	assert_int_equal(judge_arms_init(&wish, &arms), -EINVAL);
	assert_null(arms.before.v);
}

/* However many: at most STATS_UNITS_MAX, each session keeps its share, order in time stays. */
static void test_many(void **state)
{
	const size_t n = 100000;
	auto_free uint64_t *rising = calloc(n, sizeof(*rising));
	auto_free struct judge_session *sessions = calloc(1000, sizeof(*sessions));
	struct judge_wish wish = { .n_family = 1 };
	auto_arms struct judge_arms long_one = { 0 }, two = { 0 }, lots = { 0 }, paired = { 0 };

	(void)state;
	assert_true(rising && sessions);
	for (size_t i = 0; i < n; i++)
		rising[i] = 1000 + i;
	sessions[0] = (struct judge_session){ rising, n };
	wish.before = wish.after = (struct judge_side){ sessions, 1 };
	assert_int_equal(judge_arms_init(&wish, &long_one), 0);
	assert_int_equal(long_one.before.n, STATS_UNITS_MAX);
	for (size_t i = 1; i < STATS_UNITS_MAX; i++)
		assert_true(long_one.before.v[i] > long_one.before.v[i - 1]);

	sessions[0].n = 3 * n / 4;
	sessions[1] = (struct judge_session){ rising, n / 4 };
	wish.before.n = 2;
	assert_int_equal(judge_arms_init(&wish, &two), 0);
	assert_int_equal(two.before.n, STATS_UNITS_MAX);
	assert_int_equal(two.before.series[0].n, STATS_UNITS_MAX * 3 / 4);
	assert_int_equal(two.before.series[1].n, STATS_UNITS_MAX / 4);

	for (size_t i = 0; i < 1000; i++)
		sessions[i] = (struct judge_session){ rising, 2 };
	wish.before = wish.after = (struct judge_side){ sessions, 1000 };
	wish.n_family = SIZE_MAX; /* C(2000, 1000) is more than a double, so are the outcomes */
	assert_int_equal(judge_arms_init(&wish, &lots), 0);
	assert_int_equal(lots.unit, JUDGE_SESSIONS);
	assert_int_equal(lots.before.n, STATS_UNITS_MAX);
	judge_arms_release(&lots);
	wish.after.n = 1;
	assert_int_equal(judge_arms_init(&wish, &lots), 0);
	assert_int_equal(lots.unit, JUDGE_REPETITIONS);
	assert_int_equal(lots.before.n, STATS_UNITS_MAX);
	assert_int_equal(lots.before.n_series, 0);
	assert_int_equal(lots.after.n, 2);

	sessions[0].n = n;
	wish.before = wish.after = (struct judge_side){ sessions, 1 };
	wish.is_paired = true;
	assert_int_equal(judge_arms_init(&wish, &paired), 0);
	assert_int_equal(paired.difference.n, STATS_UNITS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repetitions),
		cmocka_unit_test(test_when_sessions_are_units),
		cmocka_unit_test(test_session_medians),
		cmocka_unit_test(test_offset_and_extremes),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
