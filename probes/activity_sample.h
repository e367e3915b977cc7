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

/* Counters of one guest thread. A tid that was reused has another start_ticks. */
struct activity_task {
	uint64_t tid, start_ticks;
	const char *comm, *role;
	uint64_t run_ns, delay_ns, n_voluntary, n_involuntary;
	uint64_t last_cpu;
};

struct activity_sample {
	uint64_t at_ns;
	struct text interrupts, softirqs, stat, vmstat; /* at NULL: could not be read */
	struct activity_task *tasks;                    /* in the arena, by tid */
	size_t n_tasks;
	bool is_guest_gone;
};

/* Everything: for both ends of the window. Gaps are noted when the file cannot be read. */
int activity_sample_read(struct probe_env *env, struct activity_sample *ret_sample) MUST_CHECK;
/* Only the guest's threads: for the samples in between. */
int activity_tasks_read(struct probe_env *env, struct activity_sample *ret_sample) MUST_CHECK;

/*
 * Lines that moved, from two texts in the format of /proc/interrupts or /proc/softirqs. A line that
 * is new, or whose count fell (an interrupt that was set up anew), counts from 0.
 */
int activity_delta_lines(struct text before, struct text after, struct arena *a,
			 struct fact_list *ret_lines) MUST_CHECK;
/* Steal and busy time per CPU from two texts of /proc/stat; ticks_per_s: sysconf(_SC_CLK_TCK). */
int activity_delta_stat(struct text before, struct text after, uint64_t ticks_per_s,
			struct arena *a, struct activity_facts *f) MUST_CHECK;
/* Guest threads that were there at both ends. */
int activity_delta_tasks(const struct activity_sample *before, const struct activity_sample *after,
			 struct arena *a, struct fact_list *ret_threads) MUST_CHECK;
/* Counts where the threads of the list are in this sample. */
int activity_count_cpus(const struct activity_sample *s, struct arena *a,
			struct fact_list *threads) MUST_CHECK;

#endif
