/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats_spread.h - how far units of one side lie apart, and sessions of one machine. */
#ifndef ANALYZE_STATS_SPREAD_H
#define ANALYZE_STATS_SPREAD_H

#include "analyze/stats_midrank.h"

/*
 * Standard deviation within the arms, from the median distance of any two units of the same arm
 * times 1.0483 (Shamos 1976; constant for normal values in Rousseeuw & Croux 1993): outliers up to
 * 29 % do not move it. Arms of at most STATS_UNITS_MAX units. 0, -ENODATA (no arm has two units),
 * -ENOMEM.
 */
int stats_spread(const struct stats_arm *arms, size_t n_arms, double *ret_sd) MUST_CHECK;

/*
 * Change that n_before against n_after sessions of one machine show when nothing changed, exceeded
 * one-sided with a chance of level: t(1 - level, K-1) * sd of the K session values *
 * sqrt(1 / n_before + 1 / n_after) (prediction interval; Hahn & Meeker, Statistical
 * intervals, 4.8). 0 with fewer than three sessions. n_before, n_after at least 1; 1e-9 < level <
 * 1/2.
 */
double stats_noise_floor(const struct stats_arm *sessions, double level, size_t n_before,
			 size_t n_after);

/* Student's t of 1 … 1000 degrees of freedom; 1/2 <= p < 1 - 1e-9. */
double stats_t_quantile(double p, size_t df);

#endif
