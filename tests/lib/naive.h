/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * naive.h - what one must not do: rules that take wake-ups for evidence. Each says whether two
 * sides "differ"; docs/statistics.md shows how often they are wrong.
 */
#ifndef TESTS_LIB_NAIVE_H
#define TESTS_LIB_NAIVE_H

#include "core/hist.h"

/* Mann-Whitney on all wake-ups, two-sided at 5 %. */
bool naive_rank_sum(const struct hist *a, const struct hist *b);
/* Kolmogorov-Smirnov on all wake-ups, at 5 %. */
bool naive_distance(const struct hist *a, const struct hist *b);
/* The 95 % intervals of p99, as if wake-ups did not depend on each other, do not overlap. */
bool naive_interval(const struct hist *a, const struct hist *b);
/* p99.9 of b is more than 10 % above that of a. */
bool naive_ratio(const struct hist *a, const struct hist *b);

#endif
