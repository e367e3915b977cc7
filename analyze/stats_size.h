/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_size.h - how many units a rank test would need, and what so many can see.
 *
 * Power of both tests for normal values by the normal approximation with the variance under the
 * change (Lehmann, Nonparametrics, 1975, 2.3 and 4.2): the mean and variance of the statistic
 * follow from the chances that one unit after lies above one before, and above two of them. Within
 * a few percent of simulation from ten units on, too low for fewer. Plans, not promises; never
 * below what the exact test needs to reach its level at all.
 */
#ifndef ANALYZE_STATS_SIZE_H
#define ANALYZE_STATS_SIZE_H

#include "core/base.h"

struct stats_plan {
	double sd;           /* of units of one side, of differences for pairs; 0 is allowed */
	double level, power; /* one-sided; level up to 1/2, power above level and below 1 */
	bool is_paired;
};

enum { STATS_SIZE_MAX = 1000 };

/* The chance that n against m units (n pairs; m not used) find a change this far beyond the limit.
 */
double stats_power(const struct stats_plan *plan, size_t n, size_t m, double distance);
/*
 * Units per side (pairs) that find it with plan->power. 0: more than STATS_SIZE_MAX, or the
 * distance is not above 0.
 */
size_t stats_units_needed(const struct stats_plan *plan, double distance);
/* The distance that n against m units find with plan->power. INFINITY: none. */
double stats_visible_distance(const struct stats_plan *plan, size_t n, size_t m);
/* The exact test of n against m units (n pairs) can give a p at or below level. */
bool stats_can_reach(const struct stats_plan *plan, size_t n, size_t m);

double stats_normal_cdf(double z);
/* 0 < p < 1. */
double stats_normal_quantile(double p);

#endif
