/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_null.h - how rank statistics are distributed when nothing changed and no two values tie.
 *
 * Rank sum (Mann & Whitney 1947): of the n + m values every choice of n is as likely; the number of
 * choices with U = k is the coefficient of x^k in the Gaussian binomial
 *   prod_{i=1..n} (1 - x^(m+i)) / (1 - x^i)                       (Andrews, Theory of
 * partitions, 3.3) Signed rank (Wilcoxon 1945): every sign is as likely; the number of sign
 * patterns with W = k is the coefficient of x^k in prod_{i=1..n} (1 + x^i).
 */
#ifndef ANALYZE_STATS_NULL_H
#define ANALYZE_STATS_NULL_H

#include "core/base.h"

/* Per side. Everything below has time and memory bounded by it. */
enum { STATS_UNITS_MAX = 200 };

/* Zero-initialise; keeps the last distribution asked for, as a comparison asks for few. */
struct stats_null {
	size_t n, m; /* m 0: signed rank */
	size_t top;  /* largest value of the statistic */
	double *cdf; /* P(statistic <= k), k = 0 … top */
};

void stats_null_release(struct stats_null *null);
/* U of n against m units: top = n m. 0, -EINVAL (n or m 0), -E2BIG (above STATS_UNITS_MAX),
 * -ENOMEM.
 */
int stats_null_rank_sum(struct stats_null *null, size_t n, size_t m) MUST_CHECK;
/* W of n pairs: top = n (n + 1) / 2. Errors as above. */
int stats_null_signed_rank(struct stats_null *null, size_t n) MUST_CHECK;
/* Binomial coefficient; exact below 2^53. */
double stats_choose(size_t n, size_t k);

#define auto_null auto_cleanup(stats_null_release)

#endif
