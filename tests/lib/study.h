/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * study.h - how often the method is right, by seeded simulation: for the tests that hold it to
 * that, and for the page that says so (docs/statistics.md). The same numbers on each machine.
 */
#ifndef TESTS_LIB_STUDY_H
#define TESTS_LIB_STUDY_H

#include "analyze/judge_change.h"
#include "tests/lib/latencies.h"

enum { STUDY_FAMILY = 6, STUDY_REPS_MAX = 20 };

/* Repetitions, log-normal: one metric of six changed. */
struct study_plan {
	const char *what;
	double sd;         /* of repetitions */
	double sd_after;   /* of those after; 0: the same */
	double tau;        /* of sessions */
	double rise;       /* of the machine from the first to the last repetition, AAAA BBBB */
	double ratio;      /* true change of metric 0 */
	double ratio_rest; /* and of the five others */
	size_t n_reps, n_runs;
	size_t n_family; /* 0: STUDY_FAMILY */
	uint32_t margin_permille;
	bool is_paired; /* ABBA, the rise goes through the pairs */
};

struct study_outcome {                                     /* numbers of runs */
	size_t n_regressed, n_improved, n_same, n_drifted; /* metric 0 */
	size_t n_alarms_undrifted; /* metric 0 would regress, were it not for the guard */
	size_t n_false_alarms;     /* any other metric regressed */
	size_t n_boot_inside;      /* the caveat was given */
};

struct study_run {
	uint64_t values[2][STUDY_FAMILY][STUDY_REPS_MAX];
	struct judge_session sessions[2][STUDY_FAMILY];
	struct judge_metric metrics[STUDY_FAMILY];
};

size_t study_family(const struct study_plan *plan);
void study_fill(struct study_run *run, const struct study_plan *plan, struct stats_random *r);
/* 0, or what judge_changes() says. */
int study_reps(const struct study_plan *plan, struct study_outcome *ret_outcome) MUST_CHECK;

/* Sessions of ten repetitions that differ from boot to boot by tau. */
struct study_boots {
	double tau, ratio;
	double sd; /* of repetitions; 0: 0.2 */
	size_t n_before, n_after;
	/* Further sessions with nothing changed; 0: those before, where they are three or more. */
	size_t n_calibration;
	size_t n_again;  /* fresh sessions after an alarm, which must show it again; 0: it stands */
	size_t n_moving; /* metrics that boots move, each its own way; 0: one */
	size_t n_family; /* of so many gated metrics, 1 … STUDY_FAMILY; the others hold still */
	bool is_gate;    /* what is not sure without a noise floor is held back, as check does */
	uint32_t margin_permille;
	size_t n_runs;
};

struct study_boots_outcome {
	size_t n_regressed;                  /* runs with a metric that did */
	size_t n_boot_inside, n_by_sessions; /* of the first metric */
	size_t n_same, n_too_noisy;          /* no change; the host is too noisy to tell */
};

int study_boots(const struct study_boots *plan, struct study_boots_outcome *ret_outcome) MUST_CHECK;

/*
 * From wake-ups to verdict, bursts and all: ten repetitions, and the first five of them, judged by
 * five metrics; beside them naive rules on the same wake-ups.
 */
enum study_rule { STUDY_RANK_SUM, STUDY_DISTANCE, STUDY_INTERVAL, STUDY_RATIO, STUDY_RULES };
enum study_metric { STUDY_P50, STUDY_P90, STUDY_P99, STUDY_MAX, STUDY_STALLS, STUDY_METRICS };

struct study_samples_plan {
	double ratio; /* of what ticks and bursts add */
	size_t n_runs;
	uint64_t seed;
};

struct study_verdicts {
	size_t n_regressed[STUDY_METRICS], n_any_regressed, n_any_improved;
};

struct study_samples_outcome {
	size_t n_naive[STUDY_RULES];
	struct study_verdicts five, ten;           /* with the margins of latencies */
	struct study_verdicts five_bare, ten_bare; /* margin 0 */
};

int study_samples(const struct study_samples_plan *plan,
		  struct study_samples_outcome *ret_outcome) MUST_CHECK;

#endif
