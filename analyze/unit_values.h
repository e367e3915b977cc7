/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit_values.h - one value per repetition of what was measured, as judge_units.h takes them.
 *
 * The CPUs of a repetition are merged: they were measured at the same time and are not units. A
 * repetition counts when it has a histogram of as many CPUs as the fullest one has.
 */
#ifndef ANALYZE_UNIT_VALUES_H
#define ANALYZE_UNIT_VALUES_H

#include "analyze/host.h"

/* Compared is a quantile that rests on at least so many events, n (1 - q), in each repetition. */
enum { UNIT_EVENTS_MIN = 20 };

struct unit_values {
	uint64_t *values; /* in order of repetition */
	uint64_t *reps;   /* which one each is of: some may be missing */
	size_t n;
	/* For struct judge_metric: half of what is told apart, where a value can be 0; else 0. */
	uint64_t offset;
};

enum unit_histogram { UNIT_RAW, UNIT_CORRECTED /* for coordinated omission */ };

/* A quantile in ns; CPUs in cpus, NULL: all. One repetition too short for it makes it none. */
int unit_values_wake_quantile(const struct host *h, const struct cpus *cpus,
			      enum unit_histogram which, uint32_t ppm,
			      struct unit_values *ret_values) MUST_CHECK;
/*
 * Wake-ups later than budget_ns, on all CPUs in cpus together, per minute, times 1000.
 * Both: 0; -ENODATA (not measured, no such CPU, too short), -EBADMSG (a histogram is not sound),
 * -ENOMEM. Nothing is written on failure.
 */
int unit_values_wake_stalls(const struct host *h, const struct cpus *cpus,
			    enum unit_histogram which, uint64_t budget_ns,
			    struct unit_values *ret_values) MUST_CHECK;
/* The latest wake-up. Same results. */
int unit_values_wake_max(const struct host *h, struct unit_values *ret_values) MUST_CHECK;
/* As unit_values_wake_quantile(), before the guest started. */
int unit_values_bare_quantile(const struct host *h, enum unit_histogram which, uint32_t ppm,
			      struct unit_values *ret_values) MUST_CHECK;
/* Time in the gaps of the loop without a guest, of its window, in ppm. Same results. */
int unit_values_gap_lost(const struct host *h, struct unit_values *ret_values) MUST_CHECK;
/*
 * A quantile of what a guest of our own measured of that id (facts/exits.h), all its vCPUs
 * together: one value, of the session. Same results.
 */
int unit_values_exits(const struct host *h, const char *id, uint32_t ppm,
		      struct unit_values *ret_values) MUST_CHECK;
/*
 * Of the trace, per repetition, all vCPUs together; a repetition that knows less than half of its
 * time does not count. 0; -ENODATA (no such trace), -EBADMSG, -ENOMEM.
 *
 * Time lost, without what the measurement itself took, of the time known, in ppm.
 */
int unit_values_guest_lost(const struct host *h, struct unit_values *ret_values) MUST_CHECK;
/*
 * What a moment of the guest waits until it runs again: the x for which
 *
 *	sum over stretches g > x of (g - x) = (1 - q) * time
 *
 * As if an interrupt for it arrived at a moment chosen at random: a stretch of 5 ms counts
 * for all the moments in it, not as one event among thousands of short ones. 0: less than 1 - q
 * of the moments wait at all.
 */
int unit_values_guest_gap(const struct host *h, uint32_t ppm,
			  struct unit_values *ret_values) MUST_CHECK;
/*
 * Interrupts of devices on the guest's CPUs, per second, times 1000, from the activity of the run.
 * handler NULL: of all the host's devices; those that only a device passed through raises are the
 * guest's own work. Same results.
 */
int unit_values_irq_rate(const struct host *h, const char *handler,
			 struct unit_values *ret_values) MUST_CHECK;
void unit_values_release(struct unit_values *values);

/*
 * Samples one repetition needs for a quantile to be compared: to say "n/a (needs 20 s)".
 * UINT64_MAX for 1000000 and above: no number is enough.
 */
uint64_t unit_samples_needed(uint32_t ppm);
/* Wake-ups of the repetition that has the fewest, of those that count; 0: none. */
uint64_t unit_wake_samples(const struct host *h, enum unit_histogram which);

#define auto_unit_values auto_cleanup(unit_values_release)

#endif
