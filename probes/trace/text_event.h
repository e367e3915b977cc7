/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_event.h - names of trace events to kinds, and what is printed behind them to struct
 * trace_event. Text to struct, no I/O.
 *
 * Sources: "print fmt" of the kernel's events (events/SYSTEM/NAME/format, of 2.6.3x to 6.1x), the
 * plugins of libtraceevent (trace-cmd, perf), and both tools' raw output ("vcpu_id=0 isa=1").
 */
#ifndef PROBES_TRACE_TEXT_EVENT_H
#define PROBES_TRACE_TEXT_EVENT_H

#include "core/text.h"
#include "probes/trace/event.h"

enum { TRACE_EVENT_NAME_MAX = 96 };

/* Where the strings of one event stand, ended by NUL; filled from the front. */
struct trace_strings {
	char *at;
	size_t size, n;
};

/*
 * Fills what belongs to the kind of an event (never t_ns, kind, cpu, pid, comm); the rest stays.
 * -EBADMSG: cut off or not readable.
 */
typedef int trace_args_fn(struct text args, struct trace_strings *s, struct trace_event *e);

struct trace_event_row {
	const char *name;
	enum trace_kind kind;
	trace_args_fn *parse;
};

/* The row of an event; NULL: of none of our kinds. */
const struct trace_event_row *trace_event_find(struct text name);
/* Whether a line may begin with this name: one of ours, or of the systems that we read. */
bool trace_event_is_known(struct text name);

/* A copy of t in s; NULL when t is empty or s is full. */
const char *trace_string(struct trace_strings *s, struct text t);

/* text_sched.c, text_irq.c, text_kvm.c */
trace_args_fn trace_args_switch, trace_args_wake, trace_args_migrate;
trace_args_fn trace_args_irq_entry, trace_args_irq_exit, trace_args_vector, trace_args_softirq;
trace_args_fn trace_args_nmi, trace_args_work, trace_args_timer, trace_args_idle;
trace_args_fn trace_args_kvm_entry, trace_args_kvm_exit, trace_args_kvm_userspace;
trace_args_fn trace_args_kvm_wakeup, trace_args_kvm_pio, trace_args_kvm_mmio;
trace_args_fn trace_args_kvm_fault;

/*
 * Why a task gave up its CPU, from letters ("R+", "D|K") or the number ("0x402"). Kernels of the
 * days of 4.14 to 4.19 print the letter of the next state (S for R, D for S); of those R+ stands
 * for I as well, so that is_to_idle decides.
 */
enum trace_task_state trace_task_state_of(struct text letters, bool is_shifted, bool is_to_idle);

#endif
