/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figures_trace.h - scripts and data for gnuplot of what a trace, the gap loop and the built-in
 * guest measured. Errors of plot_draw(); -ENODATA: there is nothing to draw.
 */
#ifndef REPORT_FIGURES_TRACE_H
#define REPORT_FIGURES_TRACE_H

#include "report/lost.h"
#include "report/plot.h"

/* A bar for each vCPU: its lost time in percent, state by state. */
int figure_lost_bars(const struct lost *l, struct picture *picture) MUST_CHECK;
/* The same over time, all vCPUs together. */
int figure_lost_columns(const struct lost *l, struct picture *picture) MUST_CHECK;
/* The worst stretches in time, a row for each cause. */
int figure_causes(const struct lost *l, struct picture *picture) MUST_CHECK;
/* Stretches without the guest by time and length. */
int figure_heat(const struct lost *l, struct picture *picture) MUST_CHECK;

/* Cells of figure_heat() by how many stretches they hold: from so many on. */
enum { HEAT_LEVELS = 5 };
extern const uint64_t heat_levels[HEAT_LEVELS];

/* A row of figure_ranges(): a text of a stranger, and percentiles; 0: not there. */
struct range_row {
	const char *label;
	uint64_t p50_ns, p99_ns, max_ns;
};

/* Median, p99 and maximum of each row on a logarithmic axis. names: as in struct plot. */
int figure_ranges(const struct svg_names *names, const struct range_row *rows, size_t n,
		  struct picture *picture) MUST_CHECK;

/* figure_ranges() of what the built-in guest measured. */
int figure_exits(const struct host *host, struct picture *picture) MUST_CHECK;

#endif
