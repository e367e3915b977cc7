/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often the method is right, by seeded simulation: false alarms, changes found, sameness shown.
 * The numbers are the same on each machine; the bounds leave three spreads of a fresh simulation.
 */
#include <math.h>
#include <string.h>

#include "analyze/judge_change.h"
#include "tests/lib/check.h"
#include "tests/lib/latencies.h"

enum { N_FAMILY = 6, N_REPS_MAX = 20 };

struct plan {
	const char *what;
	double sd;         /* of repetitions */
	double tau;        /* of sessions */
	double rise;       /* of the machine from the first to the last repetition, AAAA BBBB */
	double ratio;      /* true change of metric 0 */
	double ratio_rest; /* and of the five others */
	size_t n_reps, n_runs;
	uint32_t margin_permille;
	bool is_paired; /* ABBA, the rise goes through the pairs */
};

struct outcome {                                     /* per mille of the runs */
	unsigned regressed, improved, same, drifted; /* metric 0 */
	unsigned false_alarm;                        /* any other metric regressed */
};

struct run {
	uint64_t values[2][N_FAMILY][N_REPS_MAX];
	struct judge_session sessions[2][N_FAMILY];
	struct judge_metric metrics[N_FAMILY];
};

static void fill(struct run *run, const struct plan *p, struct stats_random *r)
{
	const size_t n = p->n_reps;

	for (size_t m = 0; m < N_FAMILY; m++) {
		const double ratio = m == 0 ? p->ratio : p->ratio_rest;

		for (size_t side = 0; side < 2; side++) {
			const double session = exp(p->tau * noise_normal(r));

			for (size_t i = 0; i < n; i++) {
				const size_t slot = !p->is_paired ? side * n + i
						    : i % 2       ? 2 * i + 1 - side
								  : 2 * i + side;
				const double at = (double)slot / (double)(2 * n - 1);

				run->values[side][m][i] = noise_latency_ns(
					r, p->sd, session * (side ? ratio : 1) * exp(p->rise * at));
			}
			run->sessions[side][m] = (struct judge_session){ run->values[side][m], n };
		}
		run->metrics[m] = (struct judge_metric){
			.before = { &run->sessions[0][m], 1 },
			.after = { &run->sessions[1][m], 1 },
			.margin_permille = p->margin_permille,
			.is_gated = true,
			.is_one_session = p->tau <= 0,
			.is_paired = p->is_paired,
		};
	}
}

static struct outcome simulate(const struct plan *p)
{
	struct outcome o = { 0 };
	struct stats_random r;
	static struct run run;

	stats_random_seed(&r, 20);
	for (size_t i = 0; i < p->n_runs; i++) {
		struct judgement j[N_FAMILY];
		bool is_false_alarm = false;

		fill(&run, p, &r);
		assert_int_equal(judge_changes(run.metrics, N_FAMILY, j), 0);
		o.regressed += j[0].verdict == JUDGE_REGRESSED;
		o.improved += j[0].verdict == JUDGE_IMPROVED;
		o.same += j[0].verdict == JUDGE_NO_CHANGE;
		o.drifted += j[0].has_drifted;
		for (size_t m = 1; m < N_FAMILY; m++)
			is_false_alarm |= j[m].verdict == JUDGE_REGRESSED;
		o.false_alarm += is_false_alarm;
		assert_int_equal(j[0].is_boot_inside, p->tau > 0);
	}
	o.regressed = (unsigned)(o.regressed * 1000 / p->n_runs);
	o.improved = (unsigned)(o.improved * 1000 / p->n_runs);
	o.same = (unsigned)(o.same * 1000 / p->n_runs);
	o.drifted = (unsigned)(o.drifted * 1000 / p->n_runs);
	o.false_alarm = (unsigned)(o.false_alarm * 1000 / p->n_runs);
	return o;
}

static void expect(const struct plan *p, const char *what, unsigned got, unsigned least,
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
		const struct plan p = { .what = rows[i].what,
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
	const struct plan p = { .what = "all at the margin",
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

/* A machine that warms up: the guard caps what looks like a change; in turns nothing looks so. */
static void test_rise(void **state)
{
	struct plan p = { .what = "rising by e",
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

enum { N_SESSIONS_MAX = 8, N_SESSION_REPS = 10 };

struct sessions {
	uint64_t values[N_SESSIONS_MAX][N_SESSION_REPS];
	struct judge_session v[N_SESSIONS_MAX];
};

static void boot(struct sessions *s, size_t n, double tau, double ratio, struct stats_random *r)
{
	for (size_t k = 0; k < n; k++) {
		const double session = exp(tau * noise_normal(r));

		for (size_t i = 0; i < N_SESSION_REPS; i++)
			s->values[k][i] = noise_latency_ns(r, 0.2, session * ratio);
		s->v[k] = (struct judge_session){ s->values[k], N_SESSION_REPS };
	}
}

/* Per mille of runs with one metric that regressed. */
static unsigned simulate_boots(double tau, double ratio, size_t n_before, size_t n_after,
			       size_t n_calibration)
{
	const unsigned n_runs = 500;
	static struct sessions before, after, calibration;
	struct stats_random r;
	unsigned n = 0;

	stats_random_seed(&r, 1);
	for (unsigned i = 0; i < n_runs; i++) {
		const struct judge_metric m = {
			.before = { before.v, n_before },
			.after = { after.v, n_after },
			.calibration = { calibration.v, n_calibration },
			.margin_permille = 100,
			.is_gated = true,
		};
		struct judgement j;

		boot(&before, n_before, tau, 1, &r);
		boot(&after, n_after, tau, ratio, &r);
		boot(&calibration, n_calibration, tau, 1, &r);
		assert_int_equal(judge_changes(&m, 1, &j), 0);
		assert_int_equal(j.unit, n_after > 1 ? JUDGE_SESSIONS : JUDGE_REPETITIONS);
		assert_int_equal(j.is_boot_inside, n_after == 1 && n_calibration < 3);
		n += j.verdict == JUDGE_REGRESSED;
	}
	return n * 1000 / n_runs;
}

/* Boots that differ: sessions as units are right; repetitions are not, unless calibrated. */
static void test_boots(void **state)
{
	static const struct {
		double tau, ratio;
		size_t n_before, n_after, n_calibration;
		unsigned least, most;
	} rows[] = {
		{ 0.15, 1, 8, 3, 0, 0, 30 },      { 0.2, 1, 8, 3, 0, 0, 65 },
		{ 0.15, 1.5, 8, 3, 0, 560, 900 }, { 0.15, 2, 8, 3, 0, 950, 1000 },
		{ 0.2, 1, 1, 1, 0, 130, 250 },    { 0.2, 1, 1, 1, 5, 0, 40 },
		{ 0.1, 1, 1, 1, 5, 0, 25 },       { 0.05, 2, 1, 1, 5, 900, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct plan p = { .what = "boots" };

		expect(&p, i < 4 ? "regressed (sessions)" : "regressed (repetitions)",
		       simulate_boots(rows[i].tau, rows[i].ratio, rows[i].n_before, rows[i].n_after,
				      rows[i].n_calibration),
		       rows[i].least, rows[i].most);
	}
}

/* Alarms that come back: next to no false one is left, true ones mostly are. */
static void test_confirmation(void **state)
{
	const struct plan plans[] = {
		{ .sd = 0.4, .ratio = 1, .ratio_rest = 1, .n_reps = 8, .margin_permille = 100 },
		{ .sd = 0.2, .ratio = 2, .ratio_rest = 1, .n_reps = 8, .margin_permille = 100 },
	};
	const unsigned n_runs = 150;
	static struct run run, fresh;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(plans); k++) {
		unsigned n_confirmed = 0;
		struct stats_random r;

		stats_random_seed(&r, 1);
		for (unsigned i = 0; i < n_runs; i++) {
			struct judgement first[N_FAMILY], again[N_FAMILY];

			fill(&run, &plans[k], &r);
			fill(&fresh, &plans[k], &r);
			assert_int_equal(judge_changes(run.metrics, N_FAMILY, first), 0);
			for (size_t m = 0; m < N_FAMILY; m++)
				fresh.metrics[m].is_gated = first[m].verdict == JUDGE_REGRESSED;
			assert_int_equal(judge_changes(fresh.metrics, N_FAMILY, again), 0);
			n_confirmed += judge_is_confirmed(first, again, N_FAMILY);
		}
		assert_in_range(n_confirmed, k ? 130 : 0, k ? n_runs : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),        cmocka_unit_test(test_family_level),
		cmocka_unit_test(test_rise),         cmocka_unit_test(test_boots),
		cmocka_unit_test(test_confirmation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
