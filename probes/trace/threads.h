/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.h - every thread that events named lately, by its id: a table of a fixed size.
 *
 * Ids come back: a thread that died is forgotten at once; when the table is full, one that nothing
 * holds is forgotten for a new one.
 */
#ifndef PROBES_TRACE_THREADS_H
#define PROBES_TRACE_THREADS_H

#include "core/base.h"

enum { THREADS_MAX = 8192, THREAD_COMM_SIZE = 16 /* TASK_COMM_LEN */ };

struct vcpu_time;
struct helper_time;
struct cpu_time;

struct trace_wakeup {      /* how a thread became runnable, for who waits for it */
	uint64_t since_ns; /* runnable since; 0: before it was seen */
	int cpu;           /* where */
	uint16_t id;       /* its culprit name */
	int pid;
};

struct thread {
	int pid;
	bool is_held; /* a member of the guest or on a CPU: not to be forgotten */
	char comm[THREAD_COMM_SIZE];
	unsigned role;              /* enum trace_role */
	struct vcpu_time *vcpu;     /* NULL: none */
	struct helper_time *helper; /* another thread of the guest; NULL: none */
	struct cpu_time *on;        /* the CPU that it has; NULL: none */
	bool is_asleep, is_work_over;
	struct trace_wakeup woken, waker; /* waker.cpu < 0: not a thread's doing */
	uint16_t task_id;                 /* NAME_NONE: not made yet */
	uint16_t work_id;                 /* a work item that it is in, else NAME_NONE */
	uint16_t softirq_id; /* PREEMPT_RT: switched out in a softirq, else NAME_NONE */
	uint32_t softirq_key;
};

struct threads {
	struct thread *pool;
	uint16_t *slot; /* hash table of numbers + 1 */
	size_t hand;    /* where the next one is forgotten */
	uint16_t *free;
	size_t n_free;
};

int threads_init(struct threads *t) MUST_CHECK;
void threads_release(struct threads *t);
struct thread *threads_find(const struct threads *t, int pid); /* NULL: not there */
/* The thread of that id, a new one if need be. NULL: no room, all are held. pid is above 0. */
struct thread *threads_get(struct threads *t, int pid);
void threads_forget(struct threads *t, struct thread *thread);
/*
 * true: it has another name now than it had. NULL, "" and "<...>" (the tracer does not know) change
 * nothing.
 */
bool thread_rename(struct thread *thread, const char *comm);

#endif
