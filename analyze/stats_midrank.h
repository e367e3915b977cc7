/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats_midrank.h - ranks of values; those that tie share the mean of their ranks. */
#ifndef ANALYZE_STATS_MIDRANK_H
#define ANALYZE_STATS_MIDRANK_H

#include "core/base.h"

/*
 * Values are logarithms: what differs by less than a billionth is one value, however the last bits
 * of a logarithm were rounded.
 */
#define STATS_TIE 1e-9

struct stats_arm { /* values of one side, finite, in order of time */
	const double *v;
	size_t n;
};

struct stats_ranked {
	double v;
	uint32_t at;    /* whose value it is: the caller's own */
	uint32_t rank2; /* twice the midrank, 1 is the lowest: a whole number */
};

/* Sorts by v, then by at, and fills rank2. True: there are ties. n below 2^31. */
bool stats_midranks(struct stats_ranked *r, size_t n);
/* Sorts v; n at least 1. The mean of the middle two where n is even. */
double stats_median(double *v, size_t n);
void stats_sort(double *v, size_t n);
/*
 * The value that sorting would put at place k, below n; values before it in v are not above it,
 * those behind it not below. Time grows with n, and never by more than with n log n.
 */
double stats_select(double *v, size_t n, size_t k);
/* As stats_median(), without sorting all of v. */
double stats_select_middle(double *v, size_t n);
/* The middle of v[0 … n-1] that is sorted. */
double stats_middle(const double *sorted, size_t n);

#endif
