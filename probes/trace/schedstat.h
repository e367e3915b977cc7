/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedstat.h - what the scheduler's own counters tell of a guest's threads: all there is where no
 * events can be recorded, and more than events where they are recorded on some CPUs only.
 */
#ifndef PROBES_TRACE_SCHEDSTAT_H
#define PROBES_TRACE_SCHEDSTAT_H

#include "probes/trace/tracer_tasks.h"

/*
 * The window of the tasks as facts (zeroed by the caller; all in the arena): rung "schedstat", or
 * "none" when nothing is counted for any vCPU. 0, -ENOMEM.
 */
int schedstat_put(const struct tracer_tasks *tasks, struct arena *a,
		  struct trace_facts *facts) MUST_CHECK;
/*
 * Adds the counters of the tasks to facts that come from events: those of vCPUs beside their
 * states; other threads run and wait on CPUs that are not recorded too, so the larger of both is
 * theirs.
 */
void schedstat_merge(const struct tracer_tasks *tasks, struct trace_facts *facts);
/* One more row of what is missing: 0, -ENOMEM. */
int schedstat_add_missing(struct trace_facts *facts, struct arena *a, const char *event,
			  const char *hides) MUST_CHECK;

#endif
