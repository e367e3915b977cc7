/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metric.h - what is compared: the few metrics that decide, and the many that explain.
 *
 *	wake.p99, wake.p99.9   how late a timer wakes a thread on G (ns), as an observer sees it:
 *	                       corrected for coordinated omission
 *	wake.stalls            wake-ups later than METRIC_STALL_NS (per 1000 minutes)
 *	guest.gap.p99.9        what one of 1000 moments of the guest waits until it runs again (ns),
 *	                       unit_values_guest_gap()
 *	irq.g_rate             interrupts of devices on G (per 1000 seconds)
 *	guest.lost             time the vCPUs lost, of what is known (ppm)
 *
 * Exploratory: wake.p50, wake.max, without a guest bare.wake.p99, bare.wake.p99.9 and bare.gap.lost
 * (time in the gaps of a loop, ppm), what a guest of our own measured from inside (exits.timer,
 * exits.hlt-wake, exits.irqfd, exits.cpuid: the median, one value a session); and parts,
 *"wake.p99/cpu3", "wake.p99.9/cpu3", "irq.g_rate/nvme0q3": of the METRIC_PARTS_MAX CPUs with the
 *latest wake-ups, and of the METRIC_PARTS_MAX handlers with most interrupts on G. A handler may
 *hold a "/" itself: the part begins at the first.
 */
#ifndef ANALYZE_METRIC_H
#define ANALYZE_METRIC_H

#include "analyze/host.h"
#include "analyze/unit_values.h"
#include "facts/comparison.h"
#include "facts/record.h"

#define METRIC_STALL_NS (100 * NS_PER_US)

enum metric_unit { METRIC_NS, METRIC_PER_1000MIN, METRIC_PER_1000S, METRIC_PPM };

struct metric {
	const char *id;    /* without /PART */
	const char *title; /* for people */
	enum metric_unit unit;
	uint64_t floor; /* smallest difference that matters, in the unit */
	uint32_t margin_permille;
	const char *margin_why; /* "the tail of a tail: 25 %" */
	bool is_gated;
};

/* Of one metric; a machine of 1000 CPUs has no more. */
enum { METRIC_PARTS_MAX = 64 };

/* By id, with or without a part; NULL: no such metric. A part is never gated. */
const struct metric *metric_find(const char *id);
/* In the order of reports; ends with a row whose id is NULL. */
extern const struct metric metrics[];

/*
 * All metrics of a result that have a value, and the gated ones that have none with why
 * ("n/a: needs 20 s a repetition"). Appends to record->metrics; strings and values live in a.
 * 0, -ENOMEM, -EBADMSG (a histogram is not sound; ret_why says which, in a).
 */
int metrics_measure(struct host *h, struct arena *a, struct record_facts *record,
		    const char **ret_why) MUST_CHECK;

/* "134 us", "0.6/min", "5.2/s", "0.18 %"; the text lives in a. NULL: no memory. */
const char *metric_words(const struct metric *m, uint64_t value, struct arena *a);
/* Puts the pair of values of a comparison where its unit belongs. */
void metric_put_values(const struct metric *m, uint64_t before, uint64_t after,
		       struct comparison_metric *out);
/* The pair again; false: it is not there. */
bool metric_get_values(const struct comparison_metric *c, uint64_t *ret_before,
		       uint64_t *ret_after) MUST_CHECK;

#endif
