/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_multiple.h - many tests at once: each p adjusted, to be held against the level of one test.
 *
 * Holm 1979: the chance of any false alarm in the family stays below the level. Benjamini &
 * Hochberg 1995: of the alarms, the expected share that is false does; for lists to look through.
 * ret_q may be p. 0 or -ENOMEM.
 */
#ifndef ANALYZE_STATS_MULTIPLE_H
#define ANALYZE_STATS_MULTIPLE_H

#include "core/base.h"

int stats_holm(const double *p, size_t n, double *ret_q) MUST_CHECK;
int stats_benjamini_hochberg(const double *p, size_t n, double *ret_q) MUST_CHECK;

#endif
