/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_parts.h - what the files of the state machine share; for them alone. */
#ifndef PROBES_TRACE_MACHINE_PARTS_H
#define PROBES_TRACE_MACHINE_PARTS_H

#include "probes/trace/machine.h"
#include "probes/trace/ran.h"
#include "probes/trace/threads.h"
#include "probes/trace/vcpu_time.h"

enum cpu_use { USE_VCPU, USE_TASK, USE_IRQ, USE_SOFTIRQ, USE_IDLE, USE_LOST, USE_UNKNOWN, N_USES };

struct cpu_time {
	unsigned number;
	int pid;            /* who has it; TRACE_PID_UNKNOWN */
	struct thread *cur; /* NULL: idle, or no room to remember it. cur->on is this CPU */
	bool is_recorded;   /* there has been an event of it */
	bool is_resumed;    /* nothing was missed since mark_ns, but who has it is not known yet */
	uint64_t mark_ns;   /* its last event: up to here all is accounted */
	struct frames frames;
	struct vcpu_time *active, *asleep; /* those that run or wait here; that slept here */
	uint64_t used_ns[N_USES];
	uint64_t n_lost;
	uint16_t idle_id; /* culprit of waking it from where it is */
	struct ran ran;
};

struct helper_time { /* another thread of the guest */
	int tid;
	enum trace_role role;
	char *name; /* owned; NULL: not told */
	enum vcpu_where where;
	uint64_t mark_ns;
	uint64_t run_ns, delay_ns, max_delay_ns, n_delays, n_migrations;
	int last_cpu;
};

enum { N_REASON_IDS = 0x480, N_SOFTIRQS = 10 };

struct reason_id {
	uint16_t id;
	uint8_t kind; /* enum exit_kind */
};

struct trace_machine {
	struct trace_setup setup;
	bool is_closed;                                      /* the window */
	bool has_started, has_kvm, has_switch, has_contexts; /* kinds of events it can rely on */
	uint64_t start_ns, end_ns, last_ns;
	struct names names;
	struct threads threads;
	struct cpu_time *cpus[CPUS_MAX];
	unsigned n_cpus; /* highest number + 1 */
	struct vcpu_time **vcpus;
	size_t n_vcpus;
	struct helper_time **helpers;
	size_t n_helpers;
	/* Culprits by number that are needed often, + 1; 0: not looked up yet. */
	struct reason_id reason_ids[3][N_REASON_IDS]; /* by isa */
	uint16_t vector_ids[256], softirq_ids[N_SOFTIRQS];
	uint64_t n_events, n_unpaired, n_incomplete, n_clamped, n_strayed, n_unseen_starts;
	bool has_hidden; /* time that was taken behind the kernel's back was told */
	uint64_t unplaced_ns;
};

/* 146 years: no clock of a recording is beyond, and sums of two do not overflow. */
#define T_NS_MAX (UINT64_C(1) << 62)

/* machine.c */
/* The end of the window, not before its start; beyond T_NS_MAX: that is not known yet. */
void machine_set_end(struct trace_machine *m, uint64_t end_ns);
/* NULL: no memory, or no such CPU can be. */
struct cpu_time *machine_cpu(struct trace_machine *m, unsigned number);
/* Empty sums for the machine's window. */
void machine_start_vcpu(const struct trace_machine *m, struct vcpu_time *v);

/* machine_cpu.c */
/* How much of it lies in the window. */
uint64_t machine_clip(const struct trace_machine *m, uint64_t from_ns, uint64_t to_ns);
/* The culprit that a thread is: itself or its work item. */
uint16_t machine_thread_id(struct trace_machine *m, struct thread *t);
/* Who has the thread level of the CPU, as a culprit. */
uint16_t machine_cpu_id(struct trace_machine *m, const struct cpu_time *c);
/* Accounts what the CPU did up to t to the CPU and to all that run or wait there. */
void machine_pass(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns);
/* What a vCPU that runs or waits on c was in up to t. */
void machine_pass_vcpu(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns);
void machine_attach(struct vcpu_time *v, struct cpu_time *c, bool is_active);
void machine_detach(struct vcpu_time *v);
/* The innermost frame ends: blames it for all that were held up. */
void machine_pop(struct trace_machine *m, struct cpu_time *c);
/* The same for all frames above depth, whose exits were missed. */
void machine_drop_frames(struct trace_machine *m, struct cpu_time *c, unsigned depth);
/* The thread level of the CPU changes: blames it for all that wait. */
void machine_end_turn(struct trace_machine *m, struct cpu_time *c);
/* Blames all that v still has a wait for: it goes on elsewhere, or the window ends. */
void machine_end_waits(struct trace_machine *m, struct vcpu_time *v);

/* machine_sched.c */
void machine_switch(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);
void machine_waking(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);
void machine_migrate(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);
void machine_lost(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns, uint64_t n);
/* pid has c, and no switch said so. */
void machine_find_running(struct trace_machine *m, struct cpu_time *c, int pid, const char *comm,
			  uint64_t t_ns);
/* A thread that was seen before turns out to be one of the guest. */
void machine_start_member(struct trace_machine *m, struct thread *t);
/*
 * v waits for a CPU of which nothing is recorded: it may have run there, and slept again. All its
 * wait is taken back.
 */
void machine_unknow_wait(struct vcpu_time *v);
/* What v is in when it goes to sleep for that. */
enum vcpu_state machine_sleep_state(const struct vcpu_time *v, enum trace_task_state why);
/* v, which is not running, is accounted up to t. */
void machine_settle(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns);

/*
 * The same, and what it slept for is blamed, where the guest did not ask for that.
 */
void machine_end_sleep(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns);

/* A thread of the guest that is no vCPU is accounted up to t. */
void machine_helper_pass(struct trace_machine *m, struct helper_time *h, uint64_t t_ns);

/* machine_frames.c */
void machine_frame_event(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);

/* machine_kvm.c */
void machine_kvm_event(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);

struct trace_ran_part {
	uint16_t id;
	uint64_t ns;
};

/* machine_window.c: all is accounted up to its end, what is open is blamed. */
void machine_close_window(struct trace_machine *m);

/* machine_units.c: repetitions in which a vCPU was there, as struct trace_unit. 0, -ENOMEM. */
int machine_add_units(const struct units *u, struct arena *a, struct fact_list *list) MUST_CHECK;

/* machine_wait.c: who kept the thread that runs on c from waking v, until t. */
void machine_blame_upstream(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c,
			    uint64_t t_ns);

#endif
