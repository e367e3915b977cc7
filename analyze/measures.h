/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measures.h - numbers that several rules and reports take from the measurements of a result.
 *
 * All return false when the result does not hold the measurement, and write nothing then.
 */
#ifndef ANALYZE_MEASURES_H
#define ANALYZE_MEASURES_H

#include "analyze/host.h"

struct clock_cost {
	uint64_t p50_ns, p99_ns; /* of one clock_gettime, over all CPUs measured */
};
bool measure_clock_cost(const struct host *h, struct clock_cost *ret_cost) MUST_CHECK;

struct wake_summary {
	uint64_t n, n_expected, n_missed, max_ns;
	uint64_t steal_ns, window_ns; /* window: length of all units together */
	size_t n_units;
};
/* All units merged into *merged (may be NULL); cpu < 0: all CPUs; is_corrected picks the histogram.
 */
bool measure_wake(const struct host *h, int cpu, bool is_corrected, struct hist *merged,
		  struct wake_summary *ret_summary) MUST_CHECK;

/* Events per second, times 1000, of a count in the activity window. 0 without a window. */
uint64_t rate_permille(const struct host *h, uint64_t count);
/* Counts of an activity line summed over a set of CPUs. */
uint64_t count_on(const struct fact_pairs *counts, const struct cpus *set);
/* Steal on the measured CPUs in permille of the time measured. */
bool measure_steal_permille(const struct host *h, uint64_t *ret_permille) MUST_CHECK;
/* "the guest ended after 7 s": it did not live to the end of the window. NULL: it did, or nobody
 * looked. */
const char *measure_guest_end(const struct host *h);
/* A guest thread in the activity of the run; NULL: not there. */
const struct activity_thread *activity_of_thread(const struct host *h, uint64_t tid);

#endif
