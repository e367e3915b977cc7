/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ci_cases.h - what a comparison passed and failed: the one list that JUnit, annotations and the
 * summary of a job are made from, so that they never disagree.
 */
#ifndef REPORT_CI_CASES_H
#define REPORT_CI_CASES_H

#include "core/arena.h"
#include "facts/comparison.h"

enum ci_state { CI_PASSED, CI_FAILED, CI_SKIPPED, N_CI_STATES };

enum ci_group { /* in the order of reports */
		CI_WAKE,
		CI_GUEST,
		CI_IRQ,
		CI_OTHER, /* metrics of a newer version, and that nothing could be compared */
		CI_BUDGETS,
		CI_FINDINGS,
		N_CI_GROUPS
};

struct ci_case {
	enum ci_group group;
	enum ci_state state;
	const char *id;      /* "wake.p99.9", "wake.p99.9 < 100us", "clocksource.tsc" */
	const char *verdict; /* regressed, broken, waived … */
	const char *message; /* one sentence with the numbers; never NULL */
	/* What it was made from; of these one at most is there. */
	const struct comparison_metric *metric;
	const struct comparison_budget *budget;
	const struct comparison_finding *finding;
};

struct ci_cases {
	struct ci_case *v; /* by group */
	size_t n;
	size_t n_by_state[N_CI_STATES];
};

/* Suites of JUnit: "wake", "budgets" … */
extern const char *const ci_group_names[N_CI_GROUPS];

/*
 * Gated metrics: a regression fails, unless a waiver in use names the metric; what is inconclusive
 * or not comparable is skipped. Budgets: broken fails, unknown and waived are skipped. Findings
 * that changed: one that is worse now is skipped, as it fails nothing by itself. At least one case.
 * In a; 0 or -ENOMEM.
 */
int ci_cases_make(const struct comparison_facts *c, struct arena *a,
		  struct ci_cases *ret_cases) MUST_CHECK;

/* Words of a metric, in a; NULL: no memory. */
struct ci_words {
	const char *before, *after; /* "88.0 us"; "-": not there */
	const char *change;         /* "+52 %" */
	const char *interval;       /* "+38 to +71 %", "above +3 %"; "-" */
	const char *margin;         /* "25 %" */
};
int ci_words(const struct comparison_metric *m, struct arena *a,
	     struct ci_words *ret_words) MUST_CHECK;
/* The text of a fact, "" where it is not known. */
const char *ci_text(const struct fact_str *s);
/* "2024-06-01T14:00:05" in UTC; buf of at least 24 bytes. */
void ci_time(uint64_t unix_ns, char *buf, size_t size);

#endif
