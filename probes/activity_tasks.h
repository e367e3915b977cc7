/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_tasks.h - the threads of a guest over a window, also those that come and go in it.
 *
 * Each look reads the counters of all threads; what is kept per thread is where it began, where it
 * stands, and on which CPUs it was seen. A thread that is not there at the first look began in the
 * window, so its counters count from 0; one that ends keeps what the last look saw. A tid that was
 * given to another thread has another start time.
 *
 * Reading and counting are apart: activity_tasks_{begin,see,end,put} are pure.
 */
#ifndef PROBES_ACTIVITY_TASKS_H
#define PROBES_ACTIVITY_TASKS_H

#include "facts/activity.h"
#include "probes/probe.h"

/* Threads that are kept; a guest has some ten, its pool of workers a few hundred. */
#define ACTIVITY_TASKS_MAX 4096u

struct activity_counters {
	bool has_schedstat; /* false: the kernel does not count them (no CONFIG_SCHED_INFO) */
	uint64_t run_ns, delay_ns, n_voluntary, n_involuntary;
};

struct activity_reading { /* of one thread at one look; comm: a view */
	uint64_t tid, start_ticks;
	struct text comm;
	bool is_vhost; /* a kernel thread of its own that serves the guest (before kernel 6.4) */
	bool has_cpu;
	uint64_t cpu;
	struct activity_counters counters;
};

struct activity_task {
	uint64_t tid, start_ticks;
	const char *comm; /* the latest: QEMU names its threads after they have started */
	bool is_vhost;
	struct activity_counters first, last;
	struct fact_pairs seen_on;
};

struct activity_tasks {
	struct arena *arena;
	struct activity_task *v;
	size_t n, n_room, hint;
	size_t n_dropped; /* sightings of threads beyond ACTIVITY_TASKS_MAX */
	size_t n_looks;
};

/* One look: begin, see each thread, end. 0 or -ENOMEM. */
void activity_tasks_begin(struct activity_tasks *all);
int activity_tasks_see(struct activity_tasks *all, const struct activity_reading *r) MUST_CHECK;
void activity_tasks_end(struct activity_tasks *all);
/*
 * The facts: growth since the first look, and roles as the guest probe gives them: by name, the
 * first of a name only; where threads have no names of their own, those of vcpu_tids.
 */
int activity_tasks_put(const struct activity_tasks *all, uint64_t main_tid,
		       const uint32_t *vcpu_tids, size_t n_vcpu_tids,
		       struct fact_list *ret_threads) MUST_CHECK;

/* The guest as it is read: its process, and the kernel threads that serve it. */
struct activity_guest {
	struct activity_tasks tasks;
	uint64_t start_ticks; /* of the process: a pid can be reused too */
	uint32_t *vhosts;     /* tids; freed by activity_guest_release */
	size_t n_vhosts;
	uint32_t *vcpus;
	size_t n_vcpus;
	bool is_gone;
};

/*
 * One look at all threads of env->guest_pid; sets is_gone when it has ended, and then keeps what it
 * had. has_search: also looks for kernel threads that serve it, which reads all of /proc.
 */
int activity_guest_look(struct probe_env *env, struct activity_guest *g,
			bool has_search) MUST_CHECK;
/* threads, and gaps for what could not be counted. */
int activity_guest_put(struct probe_env *env, const struct activity_guest *g,
		       struct activity_facts *f) MUST_CHECK;
void activity_guest_release(struct activity_guest *g);

#endif
