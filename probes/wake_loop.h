/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake_loop.h - the measuring loop of the wake probe: sleep until a deadline, look at the clock.
 *
 * Deadline k is start_ns + k * interval_ns, k = 1 … n_expected, and never depends on how late an
 * earlier one was served. A wake-up so late that further deadlines have gone by counts them as
 * missed: after a whole run n + missed is n_expected, exactly. (cyclictest steps over them without
 * a word, and a stall of 50 ms is then one value of many thousand: "coordinated omission".)
 */
#ifndef PROBES_WAKE_LOOP_H
#define PROBES_WAKE_LOOP_H

#include <stdatomic.h>

#include "core/hist.h"
#include "core/timebase.h"

struct wake_plan {
	uint64_t start_ns, interval_ns; /* interval_ns > 0 */
	uint64_t n_expected;            /* deadlines in the run */
};

struct wake_series {
	struct hist raw; /* lateness: one value per wake-up */
	/*
	 * The waits that late wake-ups hid, and nothing else: raw + hidden is the corrected
	 * histogram. Kept apart so that a wake-up in time, which hides nothing, touches one
	 * histogram only; the caches here belong to a guest.
	 */
	struct hist hidden;
	uint64_t missed;
	uint64_t n_due; /* deadlines that came: n_expected, or fewer when the run was stopped */
};

/*
 * Runs until the last deadline was served or missed, or until *stop is seen at a wake-up. Fills
 * *ret_series anew; no allocation, and no system call but the sleep. A sleep that a signal ends
 * early is slept on. Returns 0, or the error of a sleep that cannot be done (then *ret_series holds
 * what was measured before).
 */
int wake_loop_run(const struct timebase *time, const struct wake_plan *plan,
		  const atomic_bool *stop, struct wake_series *ret_series) MUST_CHECK;
/* raw + hidden: what hist_add_corrected() of every value would have made. */
void wake_series_corrected(const struct wake_series *s, struct hist *ret_hist);

/*
 * Phase of a repetition on the i-th of n CPUs: 0 … interval_ns - 1, to be added to the start.
 *
 * CPUs are spread evenly over the interval. At one common phase the timers of all CPUs would expire
 * in the same instant, and the wake-ups would queue for what CPUs share: the priority map of the
 * scheduler's root domain, the lock of the tick broadcast where idle states stop the local timer,
 * the pipeline of an SMT sibling, the hypervisor below. That crowd would be of our own making and
 * grow with the number of CPUs measured.
 *
 * The other side of spreading is that each CPU meets the kernel's tick at another distance (the
 * tick is aligned to CLOCK_MONOTONIC). So the phase also moves from repetition to repetition, by
 * the golden ratio: any few repetitions cover the interval evenly, and it is the same sequence each
 * time, so that two results are compared at equal phases.
 */
uint64_t wake_phase_ns(uint64_t interval_ns, uint64_t rep, size_t i, size_t n);

#endif
