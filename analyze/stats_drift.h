/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_drift.h - did the machine itself move while it was measured?
 *
 * A rank test asks whether units of two sides could be swapped; units that rise from first to last,
 * or follow their neighbour, could not. Two statistics over the midranks of each series,
 * standardised so that a long series weighs by the root of its length, and summed over the series:
 *   trend   Spearman's rho of value against order, both directions (Spearman 1904; Mann 1945)
 *   lag     correlation of each rank with the next, upwards only (Wald & Wolfowitz 1943)
 * p by permuting within each series: up to 1999 seeded draws, fewer where 20 of them were as
 * extreme (Besag & Clifford 1991: as valid, and quick where nothing drifts).
 */
#ifndef ANALYZE_STATS_DRIFT_H
#define ANALYZE_STATS_DRIFT_H

#include "analyze/stats_midrank.h"

struct stats_drift {
	double p_trend, p_lag; /* 1 where no series has three units that differ */
};

#define STATS_DRIFT_LEVEL 0.01

/*
 * A series is what was measured one after the other in one state of the machine: the units of one
 * side in one session. A change between the sides is no drift. 0 or -ENOMEM.
 */
int stats_drift(const struct stats_arm *series, size_t n_series,
		struct stats_drift *ret_drift) MUST_CHECK;
/* Either p is below STATS_DRIFT_LEVEL: so for at most 2 % of machines that hold still. */
bool stats_has_drifted(const struct stats_drift *drift);

#endif
