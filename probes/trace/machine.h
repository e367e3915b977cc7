/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - where each nanosecond of a guest's vCPU threads went, from events one by one.
 *
 *	m = trace_machine_new(&setup);
 *	trace_machine_add_thread(m, &vcpu0); …
 *	while (source->next(source, &e) > 0)
 *		trace_machine_event(m, &e);
 *	trace_machine_finish(m, arena, &facts);
 *	trace_machine_free(m);
 *
 * Each CPU has a stack of what interrupted its thread; each vCPU is in one state at a time and, off
 * its CPU, watches what that CPU does instead. A stretch of time between two events of a CPU goes
 * to the innermost frame, once. Nothing is allocated per event: tables have their size from the
 * start, and a new culprit, CPU or vCPU is the only thing that takes memory. Whatever a recording
 * holds, the states of a vCPU add up to its window.
 *
 *	guest      kvm_entry .. kvm_exit
 *	exit       kvm_exit .. kvm_entry, less the states below. The first interrupt after an exit
 *	           for an interrupt is what caused it: exit and handler are one occurrence of it
 *	host_irq,  frames while the thread has the CPU
 *	softirq
 *	preempted  switched out runnable; onto an idle CPU: throttled
 *	waiting    woken and not yet running: blamed on what runs there, an idle CPU on its wake-up
 *	halted     asleep, not known to be in QEMU
 *	qemu       kvm_userspace_exit .. kvm_entry, asleep there too
 *	blocked    asleep uninterruptibly (D) outside of QEMU
 *	stopped    T, t
 *	lost       from the last event of the CPU to the moment it was recorded again
 *	unknown    not told: before the first event of the thread, after a contradiction
 *	residue    on the CPU outside of the guest, and no exit is known
 *
 * Without kvm_entry and kvm_exit guest, exit and QEMU are one state, running; without sched_switch
 * an exit for HLT is halted. Sources: Documentation/trace/osnoise-tracer.rst (nested time),
 * Documentation/trace/events.rst and the format files of the events, sched(7).
 */
#ifndef PROBES_TRACE_MACHINE_H
#define PROBES_TRACE_MACHINE_H

#include "facts/trace.h"
#include "probes/trace/event.h"
#include "probes/trace/names.h"

enum trace_role {
	TRACE_ROLE_STRANGER, /* not of the guest; never added */
	TRACE_ROLE_VCPU,
	TRACE_ROLE_EMULATOR,
	TRACE_ROLE_IOTHREAD,
	TRACE_ROLE_VHOST,
	TRACE_ROLE_WORKER,
	TRACE_ROLE_OTHER,
	N_TRACE_ROLES
};

/* "vcpu", "emulator" …, as in facts/guest.h. */
extern const char *const trace_role_names[N_TRACE_ROLES];

/*
 * Thread ids from here on stand for threads whose id is not told: facts leave them out. The kernel
 * gives none above 2^22 (PID_MAX_LIMIT).
 */
enum { TRACE_TID_UNTOLD = 1 << 30 };

/* A thread of the guest. Where a recording tells no threads but vCPUs: an id of the above. */
struct trace_member {
	int tid;
	enum trace_role role;
	unsigned vcpu;     /* its number, of TRACE_ROLE_VCPU */
	const char *name;  /* copied; NULL: as events have it */
	uint64_t since_ns; /* it was not there before; 0: from the start of the window on */
	/*
	 * Where it was at that moment, if somebody looked: what makes the time before its first
	 * event known. Asleep, blocked or stopped; TRACE_TASK_RUNNABLE: running on start_cpu.
	 */
	enum trace_task_state start_state; /* TRACE_TASK_UNKNOWN: nobody looked */
	int start_cpu;
};

struct trace_setup {
	uint64_t start_ns, end_ns; /* the window, of the source's clock. 0: from the first event on;
				      UINT64_MAX: up to the last */
	uint64_t clock_ns, unix_ns; /* one moment on both clocks; unix_ns 0: not known */
	bool has[N_TRACE_KINDS];    /* events that are recorded here */
	uint64_t rep_ns;  /* length of a repetition, from start_ns on; 0: there are none */
	size_t n_reps;    /* the last one goes on to the end; more than UNITS_MAX: none are kept */
	bool has_rt;      /* PREEMPT_RT: a softirq may be switched out with its thread */
	const char *rung; /* "tracefs", "recording" (lives as long as the machine) */
};

enum { TRACE_MEMBERS_MAX = 1024 };

struct trace_machine;

/* NULL: no memory. */
struct trace_machine *trace_machine_new(const struct trace_setup *setup);
void trace_machine_free(struct trace_machine *m);
/*
 * At any time: a guest may start, or be found, in the middle. After the end of a thread its id may
 * be added again. -EEXIST: such a thread is there; -ENOSPC: more than TRACE_MEMBERS_MAX; -EINVAL,
 * -ENOMEM.
 */
int trace_machine_add_thread(struct trace_machine *m, const struct trace_member *t) MUST_CHECK;
void trace_machine_event(struct trace_machine *m, const struct trace_event *e);
/*
 * Nothing was recorded from the last event up to t_ns: where threads were meanwhile, and are, is
 * not known.
 */
void trace_machine_pause(struct trace_machine *m, uint64_t t_ns);
/*
 * Time that was taken behind the kernel's back, as something else than events told: stolen by a
 * hypervisor below, or SMIs. It becomes residue of what was guest or running, at most of that
 * much, with a culprit; what is beyond has no place, and is counted. How long each was is not
 * known. class: CULPRIT_STEAL or CULPRIT_RESIDUE. -ENOENT: no such vCPU; -EINVAL.
 */
int trace_machine_add_hidden(struct trace_machine *m, unsigned vcpu, enum culprit_class class,
			     const char *name, uint64_t n, uint64_t ns) MUST_CHECK;
/*
 * Time of a CPU that a hypervisor below took, as /proc/stat counts it in n ticks: the part of the
 * vCPUs that ran there, by the time that each CPU was busy, becomes residue of theirs. Call it
 * between trace_machine_close() and trace_machine_finish().
 */
void trace_machine_add_steal(struct trace_machine *m, unsigned cpu, uint64_t n, uint64_t ns);
/*
 * A thread is not there any more, for who looks: where it ended on a CPU that is not recorded, no
 * event tells. Otherwise nothing happens.
 */
void trace_machine_end_thread(struct trace_machine *m, int tid, uint64_t t_ns);
/*
 * The window ends there, or at the last event if that is behind it, but not behind where it was to
 * end: all up to it is accounted, and hidden time can still be told. trace_machine_finish() does
 * the rest.
 */
void trace_machine_close(struct trace_machine *m, uint64_t end_ns);
/*
 * Closes the window at its end and fills *facts (zeroed by the caller; all of it in the arena): 0,
 * -ENOMEM. Where threads are stays known: trace_machine_restart() opens the next window there.
 */
int trace_machine_finish(struct trace_machine *m, struct arena *a,
			 struct trace_facts *facts) MUST_CHECK;
/*
 * A new window from the end of the last one, or, if events behind that were given already, from
 * the last of them on; all sums are zero again. end_ns as in struct trace_setup.
 */
void trace_machine_restart(struct trace_machine *m, uint64_t end_ns);

struct trace_ran { /* a culprit, whether or not a vCPU was there */
	enum culprit_class class;
	const char *name; /* "idle": nothing ran. Lives as long as the machine */
	uint64_t ns;
};

/*
 * What a CPU did between two moments, most first, for who joins a gap that another instrument saw:
 * at most max of them. Only the last few hundred changes of a CPU are kept: ask soon. The
 * returned rest of the time nothing is known of.
 */
uint64_t trace_machine_ran(const struct trace_machine *m, unsigned cpu, uint64_t from_ns,
			   uint64_t to_ns, struct trace_ran *ret_ran, size_t max, size_t *ret_n);

/* One of the stretches of time that trace_machine_ran() sums up. */
struct trace_stretch {
	uint64_t from_ns, to_ns;
	int pid;       /* the thread; 0: idle; below 0: an interrupt, or nothing known */
	bool is_known; /* false: the CPU was not recorded */
	enum culprit_class class;
	const char *name;        /* lives as long as the machine */
	const char *const *rows; /* catalogue ids, up to the first NULL, at most ROWS_MAX */
};

/*
 * The stretches that lie in from_ns .. to_ns, cut to it, the last one first; *i is the place to go
 * on from, 0 at first. false: there are no more, or no more are kept.
 */
bool trace_machine_stretch(const struct trace_machine *m, unsigned cpu, uint64_t from_ns,
			   uint64_t to_ns, uint64_t *i, struct trace_stretch *ret_stretch);

#endif
