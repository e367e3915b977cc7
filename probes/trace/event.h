/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - what happened on a CPU, whoever recorded it: a private tracefs instance, a trace.dat
 * file or text that somebody pasted. Sources make these, the state machine (machine.h) takes them.
 *
 * Names of events and of their fields are those of the kernel's trace events.
 */
#ifndef PROBES_TRACE_EVENT_H
#define PROBES_TRACE_EVENT_H

#include "core/base.h"

enum trace_kind {
	TRACE_SWITCH,        /* sched_switch */
	TRACE_WAKING,        /* sched_waking; sched_wakeup and sched_wakeup_new where that is all */
	TRACE_MIGRATE,       /* sched_migrate_task */
	TRACE_IRQ_ENTRY,     /* irq_handler_entry */
	TRACE_IRQ_EXIT,      /* irq_handler_exit */
	TRACE_VECTOR_ENTRY,  /* irq_vectors:NAME_entry */
	TRACE_VECTOR_EXIT,   /* irq_vectors:NAME_exit */
	TRACE_SOFTIRQ_ENTRY, /* softirq_entry */
	TRACE_SOFTIRQ_EXIT,  /* softirq_exit */
	TRACE_NMI,           /* nmi_handler: already over */
	TRACE_WORK_START,    /* workqueue_execute_start */
	TRACE_WORK_END,      /* workqueue_execute_end */
	TRACE_TIMER_ENTRY,   /* hrtimer_expire_entry */
	TRACE_TIMER_EXIT,    /* hrtimer_expire_exit */
	TRACE_IDLE,          /* cpu_idle */
	TRACE_KVM_ENTRY,     /* kvm_entry */
	TRACE_KVM_EXIT,      /* kvm_exit */
	TRACE_KVM_USERSPACE, /* kvm_userspace_exit */
	TRACE_KVM_WAKEUP,    /* kvm_vcpu_wakeup */
	TRACE_KVM_PIO,       /* kvm_pio */
	TRACE_KVM_MMIO,      /* kvm_mmio */
	TRACE_KVM_FAULT,     /* kvm_page_fault */
	TRACE_LOST,          /* events of this CPU were lost before this moment */
	TRACE_OTHER, /* any other: only who ran where. From sources that are asked for them */
	N_TRACE_KINDS
};

enum trace_task_state { /* why a task gave up its CPU: prev_state of sched_switch, in words */
			TRACE_TASK_UNKNOWN,
			TRACE_TASK_RUNNABLE,  /* R: it would have gone on */
			TRACE_TASK_PREEMPTED, /* R+: it was thrown out */
			TRACE_TASK_SLEEPING,  /* S, I: waits for an event */
			TRACE_TASK_BLOCKED,   /* D: waits uninterruptibly */
			TRACE_TASK_STOPPED,   /* T, t: stopped or traced */
			TRACE_TASK_DEAD       /* X, Z */
};

enum { TRACE_PID_UNKNOWN = -1, TRACE_CPU_UNKNOWN = -1 };

/*
 * Strings belong to the source and live until its next event; NULL: not told. Numbers that a source
 * could not tell are TRACE_PID_UNKNOWN, TRACE_CPU_UNKNOWN, or UINT64_MAX where no other word is
 * given.
 */
struct trace_event {
	uint64_t t_ns; /* of the source's clock; not below 0 of its first event. UINT64_MAX (cut
			out of a text): only from sources that are asked for such events */
	enum trace_kind kind;
	int cpu;            /* where it was recorded */
	int pid;            /* thread that ran: common_pid */
	const char *comm;   /* its name */
	uint64_t position;  /* of a text: its line, from 1; 0: none */
	bool needs_resched; /* flag N: the thread was about to be taken off the CPU */
	union {
		struct {
			int prev_pid, next_pid, prev_prio, next_prio;
			const char *prev_comm, *next_comm;
			enum trace_task_state prev_state;
			const char *prev_letters; /* as a text prints it: "R+", "D|K"; or NULL */
		} sched_switch;
		struct {
			int pid, target_cpu;
			const char *comm;
		} waking;
		struct {
			int pid, from_cpu, to_cpu;
		} migrate;
		struct {
			uint64_t irq; /* number of the line; of softirqs the vector 0-9 */
			const char
				*name; /* handler "nvme0q3", vector "local_timer", softirq "RCU" */
		} irq;
		struct {
			uint64_t delta_ns; /* what the handler took */
			const char *handler;
		} nmi;
		struct {
			uint64_t work, function;   /* addresses */
			const char *function_name; /* resolved, or NULL */
		} work;
		struct {
			uint64_t timer, function;
			const char *function_name;
			uint64_t now_ns; /* hrtimer_expire_entry: its clock */
		} timer;
		struct {
			uint64_t state; /* UINT64_MAX: leaves idle */
		} idle;
		struct {
			uint64_t vcpu; /* UINT64_MAX: this kernel does not print it */
			uint64_t reason;
			int isa;                 /* of kvm_exit: 1 VMX, 2 SVM, 0 not told */
			const char *reason_name; /* as text has it: "EPT_VIOLATION"; or NULL */
			uint64_t info1, info2, interrupt; /* interrupt: intr_info & 0xff, external
							     interrupts of VMX */
		} kvm; /* entry, exit, userspace (reason: KVM_EXIT_*), wakeup (info1: ns), fault
			  (info1: guest physical address, info2: error code) */
		struct {
			uint64_t address; /* port, or guest physical address */
			bool is_write;
		} io;
		struct {
			uint64_t n; /* UINT64_MAX: some */
		} lost;
	};
};

/*
 * Where events come from, in the order of time of each CPU and, but for clock steps, of all.
 * next() returns 1 with an event, 0 at the end (a live source: for now), or a negative errno.
 */
struct trace_source {
	int (*next)(struct trace_source *s, struct trace_event *ret_event);
};

#endif
