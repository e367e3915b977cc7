/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_crew.h - the measuring threads of the gap probe: one on each CPU, for all repetitions.
 *
 * Each is an ordinary thread (a real-time one that spins would be throttled by the kernel, 50 ms of
 * each second, and keep all others of its CPU waiting), named "vfiobench-gap", created on its CPU,
 * with memory of that CPU's node. Between repetitions it sleeps on a semaphore. The thread that
 * owns the crew sleeps meanwhile, and looks now and then at what there is to join.
 */
#ifndef PROBES_GAP_CREW_H
#define PROBES_GAP_CREW_H

#include <pthread.h>
#include <sys/types.h>

#include "core/cpus.h"
#include "core/timebase.h"
#include "probes/gap_loop.h"

#define GAP_THREAD_NAME "vfiobench-gap"

struct gap_thread;

struct gap_crew {
	const struct timebase *time;
	pthread_t owner;
	struct gap_thread **threads;
	size_t n;
	struct gap_plan plan;
	uint64_t limit_ns; /* a repetition that is not over then never is */
	atomic_size_t n_busy;
	atomic_bool stop;
	bool is_asked; /* to end */
	bool is_stuck; /* a thread did not come back: the crew cannot be used or freed any more */
};

struct gap_member {
	unsigned cpu;
	pid_t tid;
	struct gap_lane *lane; /* NULL: no memory */
	uint64_t p999_ticks;   /* gap_loop_p999() */
	bool is_done;          /* with what it was asked for last */
};

/* No threads yet. Call stop_watch() before. */
void gap_crew_init(struct gap_crew *crew, const struct timebase *time);
/* One more thread, which begins to prepare. -EINVAL: the CPU is offline or outside of the cpuset;
 * -ENOMEM, -EAGAIN. */
int gap_crew_add(struct gap_crew *crew, unsigned cpu) MUST_CHECK;
/* Once, after the last gap_crew_add(): gap_crew_wait() then waits until all are prepared. */
void gap_crew_prepare(struct gap_crew *crew);
/* A repetition on all CPUs together, from now on; it should take duration_ns. */
void gap_crew_start(struct gap_crew *crew, const struct gap_plan *plan, uint64_t duration_ns);
/*
 * Sleeps until until_ns: 1, all are done: 0. Once the probe is asked to end (a signal) the threads
 * are told to, and is_asked stays set. -ETIMEDOUT: some thread did not come back within a grace
 * time; the crew must not run again.
 */
int gap_crew_wait(struct gap_crew *crew, uint64_t until_ns) MUST_CHECK;
struct gap_member gap_crew_member(const struct gap_crew *crew, size_t i);
/* Ends and joins the threads. A crew that is stuck is left to the end of the process. */
void gap_crew_release(struct gap_crew *crew);

#endif
