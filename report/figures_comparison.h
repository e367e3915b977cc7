/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figures_comparison.h - scripts and data for gnuplot of two sides. Errors of plot_draw();
 * -ENODATA: there is nothing to draw.
 */
#ifndef REPORT_FIGURES_COMPARISON_H
#define REPORT_FIGURES_COMPARISON_H

#include "facts/comparison.h"
#include "report/plot.h"

/* Medians of both sides by percentile, each with a band from its least to its largest repetition.
 */
int figure_overlay(const struct fact_list *curve, struct picture *picture) MUST_CHECK;
/* The change at each percentile both sides reach, with its interval. */
int figure_shift(const struct fact_list *curve, struct picture *picture) MUST_CHECK;
/* A dot for each repetition, before and after, in order; lines part the sessions. n: of its name.
 */
int figure_units(const struct comparison_metric *m, size_t n, struct picture *picture) MUST_CHECK;

#endif
