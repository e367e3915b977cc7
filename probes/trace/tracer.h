/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer.h - who takes the time of a running guest: its threads, a live source and the state
 * machine, in windows one after the other. For the probe and for `vfiobench watch`.
 *
 *	tracer_new(&options, &t, &why);
 *	tracer_start(t);
 *	while (...) {
 *		tracer_poll(t);                   every tracer_poll_interval_ns()
 *		tracer_window(t, arena, &facts);  at its end; the next window begins there
 *	}
 *	tracer_free(t);
 */
#ifndef PROBES_TRACE_TRACER_H
#define PROBES_TRACE_TRACER_H

#include <sys/types.h>

#include "core/cpus.h"
#include "core/sysroot.h"
#include "core/timebase.h"
#include "facts/trace.h"
#include "probes/trace/live.h"
#include "probes/trace/machine.h"

struct tracer;

struct tracer_options {
	const struct sysroot *root;
	const struct timebase *time;
	pid_t guest_pid;
	struct cpus cpus; /* to trace: the guest's */
	uint64_t rep_ns;  /* repetitions of each window, as of struct trace_setup; 0: none */
	size_t n_reps;
	int spool_dir; /* as of struct live_options, like the next */
	uint64_t spool_max;
};

struct tracer_note {                      /* for gaps */
	const char *field, *path, *words; /* until the next call of the tracer */
};

/*
 * All set-up. Without tracefs the tracer still works, by schedstat: *ret_why (freed by the caller)
 * then says why, else it is NULL. 0; -ESRCH: no such process; -ENOMEM.
 */
int tracer_new(const struct tracer_options *options, struct tracer **ret_tracer,
	       char **ret_why) MUST_CHECK;
/* NULL is fine. 0, or as live_free(). */
int tracer_free(struct tracer *t);
int tracer_start(struct tracer *t) MUST_CHECK;
/*
 * Reads events and, now and then, which threads there are. 0; -ESRCH: the guest has ended (all up
 * to then is in the window); -ENOMEM, -EIO.
 */
int tracer_poll(struct tracer *t) MUST_CHECK;
uint64_t tracer_poll_interval_ns(const struct tracer *t);
/* Ends the window now, fills *facts (zeroed by the caller; all in the arena), begins the next. */
int tracer_window(struct tracer *t, struct arena *a, struct trace_facts *facts) MUST_CHECK;
/* The same for the last window: recording stops first, so that nothing is in flight. */
int tracer_finish(struct tracer *t, struct arena *a, struct trace_facts *facts) MUST_CHECK;
const struct tracer_note *tracer_notes(const struct tracer *t, size_t *ret_n);
/* The guest's threads of the last window, in the arena, names too: 0, -ENOMEM. */
int tracer_members(const struct tracer *t, struct arena *a, const struct trace_member **ret_members,
		   size_t *ret_n) MUST_CHECK;
/* NULL: schedstat. */
const struct live *tracer_live(const struct tracer *t);

#endif
