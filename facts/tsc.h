/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tsc.h - what reading the clock costs, how true the TSC runs, and whether CPUs agree on it. */
#ifndef FACTS_TSC_H
#define FACTS_TSC_H

#include "facts/schema.h"

struct tsc_cost { /* clock_gettime(CLOCK_MONOTONIC) on one CPU */
	struct fact_u64 cpu;
	struct fact_str clocksource; /* in use at that time */
	struct fact_u64 n_per_value; /* calls timed together for one value of the histogram */
	struct fact_hist hist;       /* ns per call */
};

struct tsc_order { /* two CPUs reading the TSC in turn */
	struct fact_u64 cpu_a, cpu_b;
	struct fact_u64 n_turns;
	struct fact_u64 n_backward; /* a later read that was smaller */
	struct fact_u64 max_backward_ns;
};

struct tsc_facts {
	struct fact_list costs; /* struct tsc_cost */
	struct fact_u64
		rate_hz; /* TSC ticks per second of CLOCK_MONOTONIC_RAW over the whole run */
	struct fact_u64
		rate_error_ppb;    /* how well that is known: read uncertainty over the window */
	struct fact_i64 drift_ppb; /* rate of the second half of the run against the first */
	struct fact_u64 window_ns;
	struct fact_list orders; /* struct tsc_order */
};

extern const struct schema tsc_schema, tsc_cost_schema, tsc_order_schema;

#endif
