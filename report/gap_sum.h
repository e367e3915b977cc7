/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gap_sum.h - the gap loop and the built-in guest in few numbers. */
#ifndef REPORT_GAP_SUM_H
#define REPORT_GAP_SUM_H

#include "analyze/host.h"

struct gap_sum {
	size_t n_units;
	uint64_t n, sum_ns, max_ns; /* gaps, and their time */
	uint64_t window_ns;         /* how long was looked, all units together */
	uint64_t n_explained, explained_ns, entry_exit_ns, n_unjoined;
	bool is_explained; /* a trace was there to tell */
};

/*
 * All units merged into *merged; cpu < 0: of all CPUs. False when there is no unit with a
 * histogram and a window.
 */
bool gap_sum_make(const struct host *h, int cpu, struct hist *merged,
		  struct gap_sum *ret_sum) MUST_CHECK;
/* Gaps per second, times 1000. */
uint64_t gap_rate_permille(const struct gap_sum *s);

#endif
