/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_shift.h - by how much one side lies above the other, with an interval.
 *
 * Hodges & Lehmann 1963; the interval inverts the rank test (Moses; Hollander, Wolfe & Chicken,
 * Nonparametric statistical methods, 3.3 and 4.3): with k the largest for which P(statistic <= k)
 * <= 0.025, the (k+1)-th smallest and the (k+1)-th largest of the differences bound 95 %. The
 * distribution is the one without ties; ties make the interval wider than need be, never narrower
 * than the closed interval promises.
 */
#ifndef ANALYZE_STATS_SHIFT_H
#define ANALYZE_STATS_SHIFT_H

#include "analyze/stats_midrank.h"
#include "analyze/stats_null.h"

#define STATS_TAIL 0.025 /* outside of an interval, each side */

struct stats_shift {
	double estimate;
	double low, high; /* -INFINITY and INFINITY where so few units bound nothing */
};

/* Median of all after - before. 0, -EINVAL (an empty side), -E2BIG, -ENOMEM. */
int stats_shift_sides(struct stats_null *null, const struct stats_arm *before,
		      const struct stats_arm *after, struct stats_shift *ret_shift) MUST_CHECK;
/* Median of the means of any two differences (Walsh averages). Errors as above. */
int stats_shift_pairs(struct stats_null *null, const struct stats_arm *differences,
		      struct stats_shift *ret_shift) MUST_CHECK;

#endif
