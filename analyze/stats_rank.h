/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_rank.h - exact rank tests of two sides, one value per unit (repetition or session).
 *
 * Never for samples of one unit: they depend on each other, and such a test finds a difference
 * between two runs of the same thing nine times in ten.
 *
 * Without ties the distribution is that of stats_null.h. With ties it is the conditional one given
 * the midranks, every choice of units (or every sign) as likely as the other: counted by the shift
 * algorithm, which gives what enumerating would (Streitberg & Röhmel 1986, Exact distributions for
 * permutation and rank tests); where that took more than some million steps, by seeded draws, p =
 * (hits + 1) / (draws + 1) (Phipson & Smyth 2010): 20000 of them, or fewer where it is one of many.
 */
#ifndef ANALYZE_STATS_RANK_H
#define ANALYZE_STATS_RANK_H

#include "analyze/stats_midrank.h"
#include "analyze/stats_null.h"

/* How well a p is drawn that cannot be counted. */
enum stats_care {
	STATS_ALONE,  /* 20000 draws, always */
	STATS_OF_MANY /* up to 5999, fewer where 20 of them hit (Besag & Clifford 1991) */
};

/*
 * Mann & Whitney 1947, one-sided: P(U >= u) when high - shift does not lie above low.
 * Small: it does. 0 < *ret_p <= 1. 0, -EINVAL (an empty side), -E2BIG (more than STATS_UNITS_MAX),
 * -ENOMEM.
 */
int stats_rank_sum(struct stats_null *null, const struct stats_arm *low,
		   const struct stats_arm *high, double shift, enum stats_care care,
		   double *ret_p) MUST_CHECK;

/*
 * Wilcoxon 1945, one-sided, of differences within pairs: P(W >= w) when differences - shift do not
 * lie above 0; is_below: when -differences - shift do not. Differences that are 0 take a rank and
 * then do not count (Pratt 1959). Exact always. Errors as above.
 */
int stats_signed_rank(const struct stats_arm *differences, bool is_below, double shift,
		      double *ret_p) MUST_CHECK;

#endif
