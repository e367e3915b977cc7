/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_parts.h - the pieces of a comparison; only the compare*.c files include this. */
#ifndef ANALYZE_COMPARE_PARTS_H
#define ANALYZE_COMPARE_PARTS_H

#include "analyze/compare.h"
#include "analyze/compare_words.h"
#include "analyze/record.h"

enum { /* what is looked at and told of a file, whatever it holds */
       COMPARE_METRICS_MAX = 600,
       COMPARE_UNITS_MAX = 150, /* values of a side that are told of a metric */
       COMPARE_QUIET_MAX = 20,  /* exploratory rows that did not move */
       COMPARE_DIFFERENCES_MAX = 1000,
       COMPARE_NOTES_MAX = 40
};

/* So many sessions of an unchanged machine tell its noise floor. */
enum { COMPARE_CALIBRATION_MIN = 3 };

struct comparer {
	const struct compare_wish *wish;
	struct compare_side calibration; /* the one that holds */
	struct arena *arena;
	struct comparison_facts *c;
};

/* The session whose settings, findings and culprits are told: the newest. */
const struct record_facts *compare_newest(const struct compare_side *side);
/* A line for people; the same one twice is one. 0 or -ENOMEM. */
int compare_note(struct comparer *w, const char *fmt, ...) FORMAT_PRINTF(2, 3) MUST_CHECK;

/*
 * Values of repetitions that both sides have, one session a side; in order of repetition. 0 or
 * -ENOMEM.
 */
int compare_pairs(struct arena *a, const struct fact_pairs *before, const struct fact_pairs *after,
		  struct judge_side *ret_before, struct judge_side *ret_after) MUST_CHECK;

/*
 * One sentence where sessions were measured on other CPUs than the newest before, "measured on CPUs
 * 2-3 before, 4-5 after"; NULL where none was, as far as is known. In a; 0 or -ENOMEM.
 */
int compare_other_cpus(const struct compare_side *before, const struct compare_side *after,
		       struct arena *a, const char **ret_words) MUST_CHECK;
/* What made the numbers besides both sides, as notes. 0 or -ENOMEM. */
int compare_doubts(struct comparer *w) MUST_CHECK;
/*
 * Each run once, with a note where one was there more often; and where the side before is to tell
 * the noise, makes it the calibration. No side becomes empty. 0 or -ENOMEM.
 */
int compare_drop_copies(struct comparer *w, struct compare_wish *wish) MUST_CHECK;

/* Each fills its part of w->c and adds its notes. 0 or -ENOMEM. */
int compare_metrics(struct comparer *w) MUST_CHECK;
int compare_curve(struct comparer *w) MUST_CHECK; /* behind the metrics */
int compare_settings(struct comparer *w) MUST_CHECK;
int compare_findings(struct comparer *w) MUST_CHECK;
int compare_tweaks(struct comparer *w) MUST_CHECK;
/* Verdict and reason of the whole, from the metrics and what blocks. */
int compare_decide(struct comparer *w) MUST_CHECK;

/* Why a judgement is inconclusive; in a, NULL: no memory. */
const char *compare_why_unclear(struct arena *a, const struct metric *m, const struct judgement *j);

#endif
