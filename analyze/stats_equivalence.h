/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_equivalence.h - is it shown that nothing changed by as much as a margin?
 *
 * Two one-sided tests (Schuirmann 1987; Wellek, Testing statistical hypotheses of equivalence and
 * noninferiority, 6.2, for the rank sum): the change is above -margin and below +margin. Finding no
 * difference shows nothing; this does.
 */
#ifndef ANALYZE_STATS_EQUIVALENCE_H
#define ANALYZE_STATS_EQUIVALENCE_H

#include "analyze/stats_rank.h"

/* The larger p of the two tests. Small: the change is inside. Errors as stats_rank_sum(). */
int stats_equivalence_sides(struct stats_null *null, const struct stats_arm *before,
			    const struct stats_arm *after, double margin, enum stats_care care,
			    double *ret_p) MUST_CHECK;
int stats_equivalence_pairs(const struct stats_arm *differences, double margin,
			    double *ret_p) MUST_CHECK;

#endif
