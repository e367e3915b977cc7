/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gap_trace.h - a private trace of the measured CPUs beside the loops, joined as it comes in. */
#ifndef PROBES_GAP_TRACE_H
#define PROBES_GAP_TRACE_H

#include "probes/gap_crew.h"
#include "probes/gap_join.h"

struct gap_time { /* the TSC as a clock: ns since base_tsc */
	uint64_t hz, base_tsc;
	uint64_t unix_ns; /* of base_tsc */
};

uint64_t gap_time_ns(const struct gap_time *time, uint64_t tsc);

struct gap_trace;

struct gap_trace_options {
	const struct cpus *cpus;
	struct gap_time time;
	uint64_t threshold_ns;
	bool is_virtual;
};

/*
 * Recording begins. crew: prepared, and outlives the trace. 0, -ENOMEM, or an error of live_new(),
 * with *ret_why for people (freed by the caller).
 */
int gap_trace_new(const struct gap_trace_options *options, const struct gap_crew *crew,
		  struct gap_trace **ret_trace, char **ret_why) MUST_CHECK;
void gap_trace_free(struct gap_trace *t); /* NULL is fine */
/* Before a repetition is started, whose units are first_unit … in the order of the crew. */
void gap_trace_begin(struct gap_trace *t, size_t first_unit);
/* Takes what there is of gaps and events. -EIO: the trace is gone; -ENOMEM. */
int gap_trace_poll(struct gap_trace *t) MUST_CHECK;
uint64_t gap_trace_poll_interval_ns(const struct gap_trace *t);
/* The repetition is over. As gap_trace_poll(). */
int gap_trace_end(struct gap_trace *t) MUST_CHECK;
/* Recording ends, and all is joined. As gap_trace_poll(). */
int gap_trace_finish(struct gap_trace *t) MUST_CHECK;
const struct gap_join *gap_trace_join(const struct gap_trace *t);

#endif
