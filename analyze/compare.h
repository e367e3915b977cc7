/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - two sides of records become one comparison.
 *
 * The method stands in judge_change.h. What counts as one side: the records of one or several
 * results or of a baseline, oldest first, each one session.
 */
#ifndef ANALYZE_COMPARE_H
#define ANALYZE_COMPARE_H

#include "analyze/judge_change.h"
#include "analyze/metric.h"
#include "facts/comparison.h"
#include "facts/record.h"

struct compare_side {
	const struct record_facts *const *records;
	size_t n;
};

struct compare_wish {
	struct compare_side before, after;
	/* Sessions of this machine with nothing changed, at least three; n 0: the side before, when
	 * it has as many, else none. Of all sides, a run that is there twice counts once. */
	struct compare_side calibration;
	uint32_t margin_permille; /* of all metrics; 0: of each its own */
	bool is_paired;           /* one record per side, repetition k of both is pair k */
	bool is_one_session;      /* both sides were measured in one session: no boot between */
};

/*
 * Everything in a, which must outlive the comparison; the records too. 0 also when it is
 * not-comparable; -EINVAL (a side without records, or paired and not one record each); -ENOMEM.
 * The verdict of the whole: not-comparable if the fingerprints say so; regressed if a gated metric
 * is; else improved if one is; else inconclusive if one is; else no-change. No gated metric on both
 * sides: inconclusive, with the reason.
 */
int compare_records(const struct compare_wish *wish, struct arena *a,
		    struct comparison_facts *ret_comparison) MUST_CHECK;

/* What a side of it is: its names, sessions, time and label; n > 0. In a; 0 or -ENOMEM. */
int compare_describe(const struct compare_side *side, struct arena *a,
		     struct fact_object *ret_side) MUST_CHECK;

/*
 * For a gate, which must be right more often than a comparison, before and after confirmation; the
 * wish is that of the comparison. Sets is_held_back of each verdict it makes inconclusive, and the
 * whole with it where no regression is left:
 *
 *	all of them	where sessions were measured on different CPUs;
 *	an alarm	where fewer than three sessions tell how far sessions with nothing changed
 *			lie apart, unless it is_sure (judge_gate.h).
 *
 * 0 or -ENOMEM.
 */
int compare_hold_back(const struct compare_wish *wish, struct arena *a,
		      struct comparison_facts *c) MUST_CHECK;
/*
 * After an alarm: again is the comparison of the same side before with fresh sessions only. Sets
 * is_confirmed of each alarm; what did not show again becomes inconclusive, and so does the whole
 * when no alarm is left. 0 or -ENOMEM.
 */
int compare_confirm(struct comparison_facts *c, const struct comparison_facts *again,
		    struct arena *a) MUST_CHECK;
/*
 * The same where sessions are the units: all compares the side before with the first session and
 * fresh ones together. An alarm of all stands when it was one in first, too; those of first alone
 * become notes. So what is left is a part of what the exact test of all rejects: that the fresh
 * sessions were measured because of the first adds no false alarm. 0 or -ENOMEM.
 */
int compare_confirm_all(struct comparison_facts *all, const struct comparison_facts *first,
			struct arena *a) MUST_CHECK;

/* From a comparison to the document of DESIGN's format and back. */
int comparison_encode(const struct comparison_facts *c, struct doc **ret_doc) MUST_CHECK;
int comparison_decode(const struct doc *d, struct arena *a, struct comparison_facts *ret_comparison,
		      const char **ret_why) MUST_CHECK;

/* The metric of a row: which metric a fix of it should move; NULL: none that is measured. */
const char *tweak_metric(const char *id);

#endif
