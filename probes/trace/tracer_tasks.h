/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_tasks.h - the threads of a running guest: what each is for, where it is, and for how long
 * it ran and waited for a CPU as the scheduler itself counts.
 *
 * Each look reads all of them once; counters grow from the start of the window, which is the last
 * look before it. A tid that was given to another thread has another start time.
 *
 * Sources: proc(5); Documentation/scheduler/sched-stats.rst ("/proc/<pid>/schedstat").
 */
#ifndef PROBES_TRACE_TRACER_TASKS_H
#define PROBES_TRACE_TRACER_TASKS_H

#include <sys/types.h>

#include "core/cpus.h"
#include "core/sysroot.h"
#include "core/timebase.h"
#include "probes/trace/machine.h"

enum { TRACER_TASKS_MAX = 2048, TRACER_COMM_SIZE = 64 };

struct tracer_count {
	uint64_t at_ns; /* when it was read */
	uint64_t run_ns, delay_ns;
	uint64_t n_slices; /* how often it was given a CPU */
};

struct tracer_place {
	char state; /* letter of /proc/TID/stat */
	int cpu;    /* TRACE_CPU_UNKNOWN */
};

struct tracer_task {
	int tid;
	uint64_t start_ticks;
	char comm[TRACER_COMM_SIZE]; /* the latest: QEMU names its threads after they have started
				      */
	bool is_vhost;               /* a kernel thread of its own that serves the guest */
	enum trace_role role;
	unsigned vcpu;               /* of TRACE_ROLE_VCPU */
	uint64_t seen_ns;            /* first look that it was in */
	uint64_t n_looks;            /* that it was in */
	bool is_gone;                /* not in the last look */
	bool has_counts;             /* false: this kernel does not count them */
	struct tracer_place was, is; /* at the look before the last one, and at the last one */
	uint64_t n_slices_was;
	struct tracer_count first, last; /* of the window */
	struct cpus seen_on;             /* in the window, when it was looked at */
	bool is_known_to_machine;        /* for tracer.c */
};

struct tracer_ended { /* threads that ended in the window, and gave their room to others */
	uint64_t n, run_ns, delay_ns;
};

struct tracer_tasks {
	const struct sysroot *root;
	const struct timebase *time;
	pid_t pid;
	struct tracer_task *v;
	size_t n, n_room, hint;
	uint64_t start_ticks; /* of the process: a pid can be reused too */
	uint64_t n_looks;
	struct tracer_ended ended;
	uint64_t n_dropped; /* threads beyond TRACER_TASKS_MAX, at the last look */
	bool has_names;     /* vCPU threads are called so */
	uint32_t *vcpus;    /* else, from KVM's debugfs */
	size_t n_vcpus;
};

void tracer_tasks_init(struct tracer_tasks *t, const struct sysroot *root,
		       const struct timebase *time, pid_t pid);
void tracer_tasks_release(struct tracer_tasks *t);
/*
 * One look. has_search: also for kernel threads that serve the guest, which reads all of /proc, and
 * at debugfs. 0; -ESRCH: the process has ended (all stays as it was); -ENOMEM.
 */
int tracer_tasks_look(struct tracer_tasks *t, bool has_search) MUST_CHECK;
/* The next window begins with the last look. Those that are gone are forgotten. */
void tracer_tasks_begin(struct tracer_tasks *t);
/*
 * The state that a thread was in all the time between the last two looks; TRACE_TASK_UNKNOWN: it
 * may have changed. A thread that waits for a CPU cannot be told from one that runs.
 */
enum trace_task_state tracer_task_state(const struct tracer_task *task);
/* Growth in the window; 0 where a counter went back. */
uint64_t tracer_task_run_ns(const struct tracer_task *task);
uint64_t tracer_task_delay_ns(const struct tracer_task *task);
/* How many of them run vCPUs. */
size_t tracer_tasks_count_vcpus(const struct tracer_tasks *t);

#endif
