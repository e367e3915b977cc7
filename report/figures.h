/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures.h - scripts and data for gnuplot, from the curves of spread.h. Errors of plot_draw(). */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include "report/plot.h"
#include "report/spread.h"

/*
 * Latency by percentile: x is 1 / (1 - q), both axes logarithmic; a band between the units, their
 * median, all units together, and the corrected curve where it differs.
 */
int figure_percentiles(const struct spread *s, struct picture *picture) MUST_CHECK;
/* One column per CPU, in it one dot per repetition in order, and the median of the CPU. */
int figure_strip(const struct strip *s, struct picture *picture) MUST_CHECK;

#endif
