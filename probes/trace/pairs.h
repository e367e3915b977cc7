/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pairs.h - gross times of a trace: from one event to the one that ends it, as `perf kvm stat` and
 * `perf sched` count them. What is nested is counted twice: the states that exclude each other are
 * machine.h's. Pure: events in, numbers out, in bounded memory.
 *
 * A key is a thread; where a text tells no thread the vCPU of the line, else one key for all.
 * Pairs are never made across a loss on the CPU where they began.
 */
#ifndef PROBES_TRACE_PAIRS_H
#define PROBES_TRACE_PAIRS_H

#include "core/cpus.h"
#include "probes/trace/event.h"
#include "probes/trace/index.h"

enum {
	PAIRS_TOP = 8,      /* longest preemptions that are kept, and culprits of each */
	PAIRS_CULPRITS = 32 /* that are told apart within one preemption */
};

struct pairs_total {
	uint64_t n, total_ns, max_ns;
};

/* Began at t_ns on a CPU; loss: how many losses that CPU had had. */
struct pairs_open {
	bool is_open;
	int cpu;
	uint64_t t_ns, loss, position;
};

struct pairs_key {        /* a vCPU */
	int pid;          /* TRACE_PID_UNKNOWN: the text tells none */
	uint64_t vcpu;    /* the last one told for this key; UINT64_MAX: none */
	bool is_vcpu_key; /* no thread, but the vCPU is told: "v0" */
	bool has_entry;
	struct pairs_open exit, userspace, guest;
	size_t exit_row; /* of .exit, in rows */
};

struct pairs_reason {     /* of one key */
	size_t key, name; /* name: place in kvm.names; "?" where the reason is cut off */
	uint64_t n;       /* exits */
	struct pairs_total exit_to_entry;
};

struct pairs_kvm {
	struct trace_index index, row_index;
	struct trace_names names;
	struct pairs_key *keys;
	struct pairs_reason *rows;
	size_t n_keys, n_rows; /* of the arrays; index.n and row_index.n are in use */
	uint64_t n_entries, n_exits;
	/* Gross: userspace lies within exit_to_entry. */
	struct pairs_total exit_to_entry, guest, userspace;
	uint64_t longest_position;
	size_t longest_row; /* the first of the longest exit_to_entry, when its n > 0 */
	uint64_t n_cross_cpu, n_exit_without_entry, n_entry_without_exit, n_lead_in;
	uint64_t n_clamped;       /* exit_to_entry below zero: a clock step, counted as 0 */
	uint64_t n_needs_resched; /* exits with flag N: a hint at preemption */
};

struct pairs_culprit {
	int pid;
	uint64_t ns;
};

struct pairs_preemption {
	int pid, cpu; /* cpu: where it was thrown out */
	uint64_t ns, position;
	bool is_moved; /* it came back on another CPU */
	char letters[8];
	size_t n_culprits;
	/* Who ran on that CPU meanwhile and was switched out again; longest first. */
	struct pairs_culprit culprits[PAIRS_TOP];
	/* Who still ran there when this task came back on another CPU; its last turn. ns 0: none.
	 */
	struct pairs_culprit still;
};

struct pairs_top { /* longest first */
	size_t n;
	struct pairs_preemption at[PAIRS_TOP];
};

struct pairs_task {
	int pid;
	ssize_t name; /* the last one told, in sched.names; -1: none */
	bool is_named_by_switch, is_running, is_known, is_vcpu;
	struct pairs_open preempted, idled, waits;
	char letters[8];
	struct pairs_culprit *culprits;
	size_t n_culprits, n_room;
	struct pairs_total preemptions, run_queue;
	uint64_t first_wait; /* order of the first wait that ended, from 1 */
};

struct pairs_cpu {
	int pid; /* that runs since t_ns */
	bool is_known;
	uint64_t t_ns;
	size_t *open; /* tasks that were thrown out here */
	size_t n_open, n_room;
};

struct pairs_letters {
	char letters[8];
	uint64_t n;
};

struct pairs_sched {
	const struct cpus *traced; /* NULL: all */
	struct trace_index index;
	struct trace_names names;
	struct pairs_task *tasks;
	size_t n_tasks; /* of the array; index.n are in use */
	struct pairs_cpu *cpus;
	struct pairs_letters letters[32];
	size_t n_letters;
	uint64_t n_switches, n_waits;
	struct pairs_total preemptions, run_queue;
	struct pairs_total runnable_to_idle; /* R, but nobody else ran: throttled, or events lost */
	uint64_t n_idle_then_woken;          /* it was asleep after all */
	uint64_t n_left_traced;              /* moved to a CPU that nobody traced, hence dropped */
	uint64_t n_woken_while_preempted;
	struct pairs_top top, top_vcpu;
};

struct pairs_handler {
	enum trace_kind kind; /* TRACE_{IRQ,VECTOR,SOFTIRQ,TIMER}_ENTRY */
	char *name;
	struct pairs_total total;
};

struct pairs_stack;

struct pairs_irq {
	struct trace_names names;
	struct pairs_handler *rows; /* by place of the name */
	size_t n_rows;              /* of the array; names.index.n are in use */
	struct pairs_stack *stacks; /* per CPU; NULL: no handler yet */
	uint64_t n_events, n_unmatched;
};

struct trace_pairs {
	struct pairs_kvm kvm;
	struct pairs_sched sched;
	struct pairs_irq irq;
	uint64_t *losses;  /* per CPU */
	uint64_t n_losses; /* TRACE_LOST seen */
	uint64_t n_beyond; /* events left out: more threads, reasons or handlers than are told apart
			    */
};

/* traced: CPUs that have a sched_switch in the whole trace, which must outlive p; NULL: all. */
int trace_pairs_init(struct trace_pairs *p, const struct cpus *traced) MUST_CHECK;
void trace_pairs_release(struct trace_pairs *p);
#define auto_trace_pairs auto_cleanup(trace_pairs_release)
/* 0 or -ENOMEM. Sources should be asked for all events: any tells that its thread runs. */
int trace_pairs_add(struct trace_pairs *p, const struct trace_event *e) MUST_CHECK;

/* At the end: what began and did not end. */
uint64_t pairs_kvm_n_open_exits(const struct trace_pairs *p);
uint64_t pairs_sched_n_open_preemptions(const struct trace_pairs *p);
uint64_t pairs_sched_n_open_waits(const struct trace_pairs *p);
/* Name of a thread as switches told it last; NULL: none. */
const char *pairs_sched_name(const struct trace_pairs *p, int pid);

/* The parts, for pairs.c */
int pairs_kvm_add(struct trace_pairs *p, const struct trace_event *e) MUST_CHECK;
int pairs_sched_add(struct trace_pairs *p, const struct trace_event *e) MUST_CHECK;
int pairs_irq_add(struct trace_pairs *p, const struct trace_event *e) MUST_CHECK;
void pairs_irq_lost(struct trace_pairs *p, int cpu);
/* Sorts the culprits, longest first, and keeps the first of them. */
void pairs_top_culprits(struct pairs_preemption *one, struct pairs_culprit *culprits, size_t n);
/* Behind those of the same length that came before it. */
void pairs_top_insert(struct pairs_top *top, const struct pairs_preemption *one);
void pairs_kvm_release(struct pairs_kvm *k);
void pairs_sched_release(struct pairs_sched *s);
void pairs_irq_release(struct pairs_irq *q);
void pairs_total_add(struct pairs_total *t, uint64_t ns);
void pairs_begin(const struct trace_pairs *p, struct pairs_open *o, const struct trace_event *e);
/* Whether it is open, with a time, and nothing was lost since on its CPU. */
bool pairs_is_whole(const struct trace_pairs *p, const struct pairs_open *o);
/* Time until e; 0 when the clock went back. */
static inline uint64_t pairs_until(const struct pairs_open *o, const struct trace_event *e)
{
	return e->t_ns > o->t_ns ? e->t_ns - o->t_ns : 0;
}

#endif
