/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often the method is right, by seeded simulation: false alarms, changes found, sameness shown.
 * The numbers are the same on each machine; the bounds leave three spreads of a fresh simulation.
 *
 * TEST_SOURCES: tests/lib/study_reps.c tests/lib/study_boots.c
 */
#include "analyze/compare.h"
#include "tests/lib/check.h"
#include "tests/lib/study.h"

struct outcome { /* per mille of the runs */
	unsigned regressed, improved, same, drifted, alarms_undrifted, false_alarm;
};

static unsigned permille(size_t n, size_t n_all)
{
	return (unsigned)(n * 1000 / n_all);
}

static struct outcome simulate(const struct study_plan *p)
{
	struct study_outcome o;

	assert_int_equal(study_reps(p, &o), 0);
	assert_int_equal(o.n_boot_inside, p->tau > 0 ? p->n_runs : 0);
	return (struct outcome){
		.regressed = permille(o.n_regressed, p->n_runs),
		.improved = permille(o.n_improved, p->n_runs),
		.same = permille(o.n_same, p->n_runs),
		.drifted = permille(o.n_drifted, p->n_runs),
		.alarms_undrifted = permille(o.n_alarms_undrifted, p->n_runs),
		.false_alarm = permille(o.n_false_alarms, p->n_runs),
	};
}

static void expect(const struct study_plan *p, const char *what, unsigned got, unsigned least,
		   unsigned most)
{
	if (got < least || got > most)
		fail_msg("%s: %s in %u of 1000, expected %u to %u", p->what, what, got, least,
			 most);
}

/* One metric of six changed. */
static void test_table(void **state)
{
	static const struct {
		const char *what;
		double sd, ratio;
		size_t n_reps;
		uint32_t margin_permille;
		bool is_paired;
		unsigned regressed_least, regressed_most, same_least, same_most;
	} rows[] = {
		{ "quiet, 5, same", 0.05, 1, 5, 100, false, 0, 0, 560, 800 },
		{ "quiet, 5, x1.25", 0.05, 1.25, 5, 100, false, 650, 850, 0, 0 },
		{ "quiet, 10, same", 0.05, 1, 10, 100, false, 0, 0, 900, 1000 },
		{ "quiet, 10, x1.25", 0.05, 1.25, 10, 100, false, 930, 1000, 0, 0 },
		{ "usual, 5, x1.5", 0.1, 1.5, 5, 100, false, 820, 970, 0, 0 },
		{ "usual, 10, same", 0.1, 1, 10, 100, false, 0, 0, 150, 370 },
		{ "usual, 10, x1.1", 0.1, 1.1, 10, 100, false, 0, 30, 0, 100 },
		{ "usual, 10, x1.25", 0.1, 1.25, 10, 100, false, 430, 680, 0, 0 },
		{ "usual, 10, x1.5", 0.1, 1.5, 10, 100, false, 950, 1000, 0, 0 },
		{ "busy, 10, x1.5", 0.2, 1.5, 10, 100, false, 610, 840, 0, 0 },
		{ "busy, 20, x1.5", 0.2, 1.5, 20, 100, false, 920, 1000, 0, 0 },
		{ "bursty, 10, same", 0.4, 1, 10, 100, false, 0, 20, 0, 0 },
		{ "bursty, 10, x2", 0.4, 2, 10, 100, false, 560, 800, 0, 0 },
		{ "usual, 10, same, 25 %", 0.1, 1, 10, 250, false, 0, 0, 950, 1000 },
		{ "usual, 10, x1.5, 25 %", 0.1, 1.5, 10, 250, false, 780, 950, 0, 0 },
		{ "pairs, 10, x1.5", 0.1, 1.5, 10, 100, true, 900, 1000, 0, 0 },
		{ "pairs, 10, same", 0.05, 1, 10, 100, true, 0, 0, 800, 1000 },
	};
	unsigned n_false = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct study_plan p = { .what = rows[i].what,
					      .sd = rows[i].sd,
					      .ratio = rows[i].ratio,
					      .ratio_rest = 1,
					      .n_reps = rows[i].n_reps,
					      .n_runs = 150,
					      .margin_permille = rows[i].margin_permille,
					      .is_paired = rows[i].is_paired };
		const struct outcome o = simulate(&p);

		expect(&p, "regressed", o.regressed, rows[i].regressed_least,
		       rows[i].regressed_most);
		expect(&p, "no change", o.same, rows[i].same_least, rows[i].same_most);
		expect(&p, "improved", o.improved, 0, 10);
		expect(&p, "false alarm", o.false_alarm, 0, 40);
		n_false += o.false_alarm;
		expect(&p, "drift", o.drifted, 0, 60);
	}
	/* The other five never changed: well below 1 % of all runs. */
	assert_in_range(n_false, 1, 8 * ARRAY_SIZE(rows));
}

/* The worst case: all six just at the margin. Holm holds the family at 5 %. */
static void test_family_level(void **state)
{
	const struct study_plan p = { .what = "all at the margin",
				      .sd = 0.1,
				      .ratio = 1.1,
				      .ratio_rest = 1.1,
				      .n_reps = 10,
				      .n_runs = 400,
				      .margin_permille = 100 };
	const struct outcome o = simulate(&p);

	(void)state;
	expect(&p, "false alarm", o.false_alarm, 10, 50 + 33);
}

/* Only the spread changes, four times as much: the test is not exact then, and all but. */
static void test_unequal_spread(void **state)
{
	struct study_plan p = { .what = "unequal spread",
				.sd = 0.1,
				.sd_after = 0.4,
				.ratio = 1,
				.n_family = 1,
				.n_reps = 10,
				.n_runs = 2000 };
	struct outcome o = simulate(&p);

	(void)state;
	expect(&p, "regressed", o.regressed, 30, 85);
	p.margin_permille = 100;
	o = simulate(&p);
	expect(&p, "regressed", o.regressed, 5, 35);
}

/* A machine that warms up: the guard caps what looks like a change; in turns nothing looks so. */
static void test_rise(void **state)
{
	struct study_plan p = { .what = "rising by e",
				.sd = 0.1,
				.rise = 1,
				.ratio = 1,
				.ratio_rest = 1,
				.n_reps = 10,
				.n_runs = 100,
				.margin_permille = 100 };
	struct outcome o = simulate(&p);

	(void)state;
	expect(&p, "drift", o.drifted, 950, 1000);
	expect(&p, "regressed", o.regressed, 0, 50);
	p.what = "rising by e, in turns";
	p.is_paired = true;
	o = simulate(&p);
	expect(&p, "regressed", o.regressed, 0, 10);
	expect(&p, "drift", o.drifted, 0, 60);
	p.what = "rising by 20 %, in turns";
	p.rise = 0.2;
	p.ratio = 1.5;
	o = simulate(&p);
	expect(&p, "regressed", o.regressed, 900, 1000);
}

/*
 * Rising by 20 % while one side is measured after the other. The guard sees it where it stands out
 * of the spread; where it does not, the margin is what holds. In turns neither is needed.
 */
static void test_slow_rise(void **state)
{
	static const struct {
		double sd;
		uint32_t margin_permille;
		bool is_paired;
		unsigned undrifted_least, undrifted_most, drifted_least, drifted_most, most;
	} rows[] = {
		{ 0.02, 0, false, 980, 1000, 950, 1000, 30 },
		{ 0.05, 0, false, 900, 1000, 280, 500, 700 },
		{ 0.05, 100, false, 0, 10, 280, 500, 10 },
		{ 0.1, 0, false, 270, 450, 50, 170, 420 },
		{ 0.1, 100, false, 0, 20, 50, 170, 10 },
		{ 0.02, 0, true, 0, 30, 0, 60, 30 },
		{ 0.05, 0, true, 0, 50, 0, 60, 50 },
		{ 0.1, 0, true, 0, 50, 0, 60, 50 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct study_plan p = { .what = rows[i].is_paired ? "slow, in turns" : "slow",
					      .sd = rows[i].sd,
					      .rise = 0.2,
					      .ratio = 1,
					      .ratio_rest = 1,
					      .n_reps = 10,
					      .n_runs = 200,
					      .margin_permille = rows[i].margin_permille,
					      .is_paired = rows[i].is_paired };
		const struct outcome o = simulate(&p);

		expect(&p, "an alarm but for the guard", o.alarms_undrifted,
		       rows[i].undrifted_least, rows[i].undrifted_most);
		expect(&p, "drift", o.drifted, rows[i].drifted_least, rows[i].drifted_most);
		expect(&p, "regressed", o.regressed, 0, rows[i].most);
	}
}

/* Boots that differ: sessions as units are right; repetitions are not, unless calibrated. */
static void test_boots(void **state)
{
	static const struct {
		double tau, ratio;
		size_t n_before, n_after, n_calibration, n_again;
		uint32_t margin_permille;
		unsigned least, most;
	} rows[] = {
		/* Sessions: the level holds without any margin, however much boots differ. */
		{ 0.1, 1, 8, 3, 0, 0, 0, 5, 65 },
		{ 0.2, 1, 8, 3, 0, 0, 0, 5, 65 },
		{ 0.4, 1, 8, 3, 0, 0, 0, 5, 65 },
		{ 0.15, 1, 8, 3, 0, 0, 100, 0, 30 },
		{ 0.15, 1.5, 8, 3, 0, 0, 100, 560, 900 },
		{ 0.15, 2, 8, 3, 0, 0, 100, 950, 1000 },
		/* Repetitions of two boots: the caveat is the least that must be said. */
		{ 0.2, 1, 1, 1, 0, 0, 0, 220, 360 },
		{ 0.2, 1, 1, 1, 0, 0, 100, 130, 250 },
		{ 0.2, 1, 1, 1, 5, 0, 100, 0, 40 },
		{ 0.1, 1, 1, 1, 5, 0, 100, 0, 25 },
		{ 0.05, 2, 1, 1, 5, 0, 100, 900, 1000 },
		/* A check: eight sessions kept, one fresh; two fresh ones before an alarm. */
		{ 0.2, 1, 8, 1, 0, 0, 100, 0, 30 },
		{ 0.2, 1, 8, 1, 0, 2, 100, 0, 10 },
		{ 0.1, 1.5, 8, 1, 0, 2, 100, 380, 620 },
		{ 0.1, 2, 8, 1, 0, 2, 100, 900, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct study_boots boots = { .tau = rows[i].tau,
						   .ratio = rows[i].ratio,
						   .n_before = rows[i].n_before,
						   .n_after = rows[i].n_after,
						   .n_calibration = rows[i].n_calibration,
						   .n_again = rows[i].n_again,
						   .n_family = 1,
						   .margin_permille = rows[i].margin_permille,
						   .n_runs = 500 };
		struct study_boots_outcome o;
		unsigned found;

		assert_int_equal(study_boots(&boots, &o), 0);
		found = permille(o.n_regressed, boots.n_runs);
		if (found < rows[i].least || found > rows[i].most)
			fail_msg("row %zu: regressed in %u of 1000, expected %u to %u", i, found,
				 rows[i].least, rows[i].most);
		if (boots.n_again > 0)
			continue;
		assert_int_equal(o.n_by_sessions, boots.n_after > 1 ? boots.n_runs : 0);
		assert_int_equal(o.n_boot_inside,
				 boots.n_before == 1 && boots.n_calibration < 3 ? boots.n_runs : 0);
	}
}

/*
 * The worst case: repetitions agree all but exactly, so that all there is are boots, and each of
 * six metrics has its own bad ones. The noise floor is one of the family: at most 5 % together.
 */
static void test_boots_of_a_family(void **state)
{
	static const struct {
		double sd;
		size_t n_before, n_calibration, n_again;
		unsigned least, most;
	} rows[] = {
		{ 0.02, 1, 3, 0, 10, 70 }, { 0.02, 1, 5, 0, 10, 70 }, { 0.1, 1, 5, 0, 3, 50 },
		{ 0.02, 8, 0, 0, 3, 50 },  { 0.02, 8, 0, 1, 0, 10 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct study_boots boots = { .tau = 0.2,
						   .ratio = 1,
						   .sd = rows[i].sd,
						   .n_before = rows[i].n_before,
						   .n_after = 1,
						   .n_calibration = rows[i].n_calibration,
						   .n_again = rows[i].n_again,
						   .n_moving = STUDY_FAMILY,
						   .n_family = STUDY_FAMILY,
						   .margin_permille = 100,
						   .n_runs = 300 };
		struct study_boots_outcome o;
		unsigned found;

		assert_int_equal(study_boots(&boots, &o), 0);
		found = permille(o.n_regressed, boots.n_runs);
		if (found < rows[i].least || found > rows[i].most)
			fail_msg("row %zu: regressed in %u of 1000, expected %u to %u", i, found,
				 rows[i].least, rows[i].most);
	}
}

/*
 * A host so noisy that the noise floor hides a doubling: never "no change", neither where there is
 * none nor where there is one.
 */
static void test_noisy_host(void **state)
{
	static const struct {
		double tau, ratio;
		size_t n_before, n_calibration;
		unsigned noisy_least, noisy_most, same_least, same_most;
	} rows[] = {
		{ 0.02, 1, 1, 5, 0, 0, 870, 1000 }, { 0.4, 1, 1, 5, 920, 1000, 0, 30 },
		{ 0.4, 2, 1, 5, 850, 1000, 0, 10 }, { 1, 1, 1, 5, 920, 1000, 0, 10 },
		{ 1, 2, 1, 5, 900, 1000, 0, 10 },   { 1, 2, 3, 0, 850, 1000, 0, 10 },
		{ 0.2, 2, 1, 3, 500, 1000, 0, 10 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct study_boots boots = { .tau = rows[i].tau,
						   .ratio = rows[i].ratio,
						   .sd = 0.05,
						   .n_before = rows[i].n_before,
						   .n_after = 1,
						   .n_calibration = rows[i].n_calibration,
						   .n_family = STUDY_FAMILY,
						   .margin_permille = 100,
						   .n_runs = 300 };
		struct study_boots_outcome o;
		unsigned noisy, same;

		assert_int_equal(study_boots(&boots, &o), 0);
		noisy = permille(o.n_too_noisy, boots.n_runs);
		same = permille(o.n_same, boots.n_runs);
		if (noisy < rows[i].noisy_least || noisy > rows[i].noisy_most ||
		    same < rows[i].same_least || same > rows[i].same_most)
			fail_msg("row %zu: too noisy in %u of 1000, no change in %u", i, noisy,
				 same);
	}
}

/* The verdicts as a comparison has them. */
static struct comparison_facts comparison_of(const struct judgement *j, struct arena *a)
{
	static const char *const ids[STUDY_FAMILY] = { "a", "b", "c", "d", "e", "f" };
	struct comparison_facts c = { 0 };

	for (size_t i = 0; i < STUDY_FAMILY; i++) {
		struct comparison_metric *m = fact_add_item(&c.metrics, a, sizeof(*m));

		assert_non_null(m);
		fact_set_bool(&m->is_gated, true);
		assert_int_equal(fact_set_str(&m->id, a, ids[i]), 0);
		assert_int_equal(fact_set_str(&m->verdict, a, judge_verdict_name(j[i].verdict)), 0);
	}
	return c;
}

static bool is_confirmed(const struct judgement *first, const struct judgement *again)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = comparison_of(first, &a), fresh = comparison_of(again, &a);

	assert_int_equal(compare_confirm(&c, &fresh, &a), 0);
	return fact_is(&c.verdict, "regressed");
}

/* Alarms that come back: next to no false one is left, true ones mostly are. */
static void test_confirmation(void **state)
{
	const struct study_plan plans[] = {
		{ .sd = 0.4, .ratio = 1, .ratio_rest = 1, .n_reps = 8, .margin_permille = 100 },
		{ .sd = 0.2, .ratio = 2, .ratio_rest = 1, .n_reps = 8, .margin_permille = 100 },
	};
	const unsigned n_runs = 150;
	static struct study_run run, fresh;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(plans); k++) {
		unsigned n_confirmed = 0;
		struct stats_random r;

		stats_random_seed(&r, 1);
		for (unsigned i = 0; i < n_runs; i++) {
			struct judgement first[STUDY_FAMILY], again[STUDY_FAMILY];

			study_fill(&run, &plans[k], &r);
			study_fill(&fresh, &plans[k], &r);
			assert_int_equal(judge_changes(run.metrics, STUDY_FAMILY, first), 0);
			assert_int_equal(judge_changes(fresh.metrics, STUDY_FAMILY, again), 0);
			n_confirmed += is_confirmed(first, again);
		}
		assert_in_range(n_confirmed, k ? 130 : 0, k ? n_runs : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_family_level),
		cmocka_unit_test(test_unequal_spread),
		cmocka_unit_test(test_rise),
		cmocka_unit_test(test_slow_rise),
		cmocka_unit_test(test_boots),
		cmocka_unit_test(test_boots_of_a_family),
		cmocka_unit_test(test_noisy_host),
		cmocka_unit_test(test_confirmation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
