/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spread.h - the units of the wake probe as curves: latency by percentile, and how far units
 * differ.
 */
#ifndef REPORT_SPREAD_H
#define REPORT_SPREAD_H

#include "analyze/host.h"
#include "core/arena.h"

/*
 * One percentile. A value rests on n * (1 - q) events of its histogram; under SPREAD_MIN_EVENTS it
 * is not there (false).
 */
#define SPREAD_MIN_EVENTS 4u
struct spread_point {
	uint32_t ppm;   /* quantile; 1e6 / (1e6 - ppm) is its place on the axis */
	bool has_units; /* every unit has enough events */
	uint64_t low_ns, median_ns, high_ns; /* over the units */
	bool has_all, has_corrected;
	uint64_t all_ns, corrected_ns; /* all units taken together: raw, corrected */
};

struct spread {
	struct spread_point *points; /* rising; 20 steps for each factor of 10 in 1 - q */
	size_t n;                    /* those where at least one of them is there */
	size_t n_units;
	bool is_corrected_apart; /* the corrected curve leaves the raw one by more than a bucket */
};

/* In the arena. 0; -ENODATA (no unit has a histogram with values); -ENOMEM. At most
 * SPREAD_UNITS_MAX units are taken. */
#define SPREAD_UNITS_MAX 4096u
int spread_make(const struct host *h, struct arena *a, struct spread *ret_spread) MUST_CHECK;

/* One dot of the strip plot. */
struct strip_dot {
	uint32_t cpu;
	uint64_t rep, ns;
};

struct strip_cpu { /* over the repetitions of one CPU */
	uint32_t cpu;
	size_t n;
	uint64_t low_ns, median_ns, high_ns;
};

struct strip {
	uint32_t ppm;           /* the highest of p99.9, p99, p90, p50 that every unit can show */
	struct strip_dot *dots; /* by CPU, then repetition */
	size_t n;
	struct strip_cpu *cpus; /* by number */
	size_t n_cpus;
	uint64_t n_reps; /* highest repetition + 1 */
};

/* "p99.9" into buf, which holds at least 16 bytes. */
void quantile_name(uint32_t ppm, char *buf, size_t size);

/* As spread_make. -ENODATA also when units are too short for a median. */
int strip_make(const struct host *h, struct arena *a, struct strip *ret_strip) MUST_CHECK;

#endif
