/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fleet_spread.h - which of many hosts stands out by a metric, so that a fleet without one names
 * none.
 *
 *	y      = ln(value + floor of the metric)
 *	spread = Shamos' estimate (stats_spread.h): outliers up to 29 % of the hosts do not move it
 *	limit  = median(y) +- max(k spread, ln(1 + margin)), and at least floor from the median
 *
 * k is such that of 400 groups without an outlier one names a host by the metric, if the logarithms
 * have the logistic distribution, whose tails are longer than the normal one's: simulated, see
 * the test. Few hosts tell little about the spread, so k is larger there.
 *
 * A count must also be beyond what counting alone gives: FLEET_EVENTS_MIN events more or fewer than
 * expected, and by Anscombe's 2 sqrt(n + 3/8), which has the deviation 1 (Anscombe 1948), by k.
 */
#ifndef ANALYZE_FLEET_SPREAD_H
#define ANALYZE_FLEET_SPREAD_H

#include "core/base.h"

enum { FLEET_HOSTS_MIN = 5, FLEET_EVENTS_MIN = 20 };

struct fleet_point { /* one host's value */
	uint64_t value;
	/* value = events / exposure; exposure 0: it is no count. */
	double n_events, exposure;
	bool is_worse, is_better; /* set by fleet_spread_judge() */
};

struct fleet_limits {
	uint64_t median, high, low;
	bool has_low; /* else nothing is so low that it would stand out */
};

/* How many spreads from the median a host of n stands out. n at least FLEET_HOSTS_MIN. */
double fleet_spread_limit(size_t n);
/* 0; -ENODATA (fewer than FLEET_HOSTS_MIN points); -ENOMEM. */
int fleet_spread_judge(struct fleet_point *points, size_t n, uint64_t floor,
		       uint32_t margin_permille, struct fleet_limits *ret_limits) MUST_CHECK;

#endif
