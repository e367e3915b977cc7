/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_sample.h - the counters of the host at one moment, and what changed between two.
 *
 * Reading and subtracting are kept apart: activity_delta_* are pure functions of the texts.
 */
#ifndef PROBES_ACTIVITY_SAMPLE_H
#define PROBES_ACTIVITY_SAMPLE_H

#include "facts/activity.h"
#include "probes/probe.h"

struct activity_sample {
	uint64_t at_ns;
	struct text interrupts, softirqs, stat, vmstat; /* at NULL: could not be read */
};

/* Gaps are noted for files that cannot be read, of a second sample only if the first had them. */
int activity_sample_read(struct probe_env *env, const struct activity_sample *first,
			 struct activity_sample *ret_sample) MUST_CHECK;

/*
 * Lines that moved, from two texts in the format of /proc/interrupts or /proc/softirqs. A line that
 * is new counts from 0, and so does one whose count fell on any CPU: the interrupt was set up anew.
 * Counts of the kernel have 32 bits: one that fell by more than half of that has gone around.
 */
int activity_delta_lines(struct text before, struct text after, struct arena *a,
			 struct fact_list *ret_lines) MUST_CHECK;
/* Steal and busy time per CPU from two texts of /proc/stat; ticks_per_s: sysconf(_SC_CLK_TCK). */
int activity_delta_stat(struct text before, struct text after, uint64_t ticks_per_s,
			struct arena *a, struct activity_facts *f) MUST_CHECK;

#endif
