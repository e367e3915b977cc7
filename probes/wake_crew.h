/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake_crew.h - the measuring threads of the wake probe: one on each CPU, for all repetitions.
 *
 * Each thread is created on its CPU, puts its histograms into memory of that CPU's node, and sleeps
 * on a semaphore between repetitions. The thread that owns the crew sleeps while they measure: the
 * last one to finish wakes it.
 */
#ifndef PROBES_WAKE_CREW_H
#define PROBES_WAKE_CREW_H

#include "core/cpus.h"
#include "probes/wake_loop.h"

struct wake_thread;

struct wake_result { /* of one repetition on one CPU; the series is the thread's: copy it */
	unsigned cpu;
	const struct wake_series *series;
	uint64_t cpu_time_ns;
	bool is_done; /* false: the thread did not come back in time; there is no series */
	int error;    /* of the sleep */
};

struct wake_crew {
	const struct timebase *time;
	pthread_t owner;
	struct wake_thread **threads;
	size_t n;
	atomic_size_t n_busy;
	atomic_bool stop;
	bool is_stuck; /* a thread did not come back: the crew cannot be used or freed any more */
};

/* No threads yet. Call stop_watch() before. */
void wake_crew_init(struct wake_crew *crew, const struct timebase *time);
/* One more thread, asleep. -EINVAL: the CPU is offline or outside of the cpuset; -ENOMEM, -EAGAIN.
 */
int wake_crew_add(struct wake_crew *crew, unsigned cpu) MUST_CHECK;
/*
 * Once, after the last wake_crew_add(): waits until all threads have touched their memory, and
 * makes them SCHED_FIFO. 0, or the first error met; then all of them stay ordinary threads, with a
 * timer slack of 1 ns, so that one policy holds for all.
 */
int wake_crew_set_fifo(struct wake_crew *crew, int priority) MUST_CHECK;
/*
 * One repetition on all CPUs together, from now on; returns when it is over. rep moves the phase
 * (wake_phase_ns). 0, -EINTR: the probe was asked to end, all series hold what was measured until
 * then; -ETIMEDOUT: some thread did not come back within a grace time: wake_crew_result() says
 * which, and the crew must not run again.
 */
int wake_crew_run(struct wake_crew *crew, uint64_t interval_ns, uint64_t n_expected,
		  uint64_t rep) MUST_CHECK;
struct wake_result wake_crew_result(const struct wake_crew *crew, size_t i);
/* Ends and joins the threads. A crew that is stuck is left to the end of the process. */
void wake_crew_release(struct wake_crew *crew);

#endif
