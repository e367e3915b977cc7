/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.h - who took the guest's time: where each nanosecond of its vCPU threads went. */
#ifndef FACTS_TRACE_H
#define FACTS_TRACE_H

#include "facts/schema.h"

/*
 * Time of one vCPU thread, each nanosecond in one of these: they add up to its window. States that
 * the recording cannot tell apart are unknown, and 'missing' says why.
 */
struct trace_states {
	struct fact_u64 guest_ns; /* from kvm_entry to kvm_exit */
	struct fact_u64 exit_ns;  /* from kvm_exit to kvm_entry, without the states below */
	struct fact_u64 host_irq_ns, softirq_ns; /* handlers that ran in the thread's place */
	struct fact_u64 preempted_ns;            /* thrown off the CPU, or throttled */
	struct fact_u64 waiting_ns;              /* woken, and not yet running */
	struct fact_u64 halted_ns;               /* asleep by the guest's own wish */
	struct fact_u64 qemu_ns;    /* from kvm_userspace_exit to kvm_entry, asleep there too */
	struct fact_u64 stopped_ns; /* by SIGSTOP or a debugger */
	struct fact_u64 residue_ns; /* in the host, and nothing recorded says what for */
	struct fact_u64 running_ns; /* on a CPU, where guest and exits cannot be told apart */
	struct fact_u64 blocked_ns; /* asleep uninterruptibly in the kernel: a page, a lock */
	struct fact_u64 lost_ns;    /* events of its CPU were lost */
	struct fact_u64 unknown_ns; /* before the recording told where it is */
};

struct trace_culprit {
	struct fact_str class; /* task irq vector softirq nmi exit io steal throttle residue */
	struct fact_str name;
	struct fact_str via;   /* a thread that this kept from waking the vCPU: its time is no lost
				  state but lies in halted_ns or qemu_ns */
	struct fact_strs rows; /* catalogue ids */
	struct fact_u64 n, total_ns;
	struct fact_u64 max_ns; /* unknown of what was told in sums: steal, SMIs */
	struct fact_u64 p99_ns; /* as max_ns, and unknown below 1000 occurrences */
};

struct trace_part { /* what ran meanwhile */
	struct fact_str class, name;
	struct fact_u64 total_ns;
};

struct trace_worst { /* one stretch in which the guest did not run, though it would have */
	struct fact_u64 at_unix_ns; /* unknown: the recording's clock has no date */
	struct fact_u64 at_ns;      /* since the start of the window */
	struct fact_u64 duration_ns;
	struct fact_str class, name; /* culprit of the largest part of it */
	struct fact_u64 cpu;
	struct fact_list parts; /* struct trace_part, most first: a few of them */
};

struct trace_second {              /* one step of the series */
	struct fact_u64 at_ns;     /* its start, since the start of the window */
	struct fact_object states; /* struct trace_states */
	/* Stretches without the guest that began in it: [us or longer, how many], by powers of two:
	 * 0 1 2 4 8 … without those that are 0. */
	struct fact_pairs outages;
};

struct trace_unit { /* one repetition, as the wake probe has them */
	struct fact_u64 rep;
	struct fact_u64 known_ns; /* of its time: where the thread was is known */
	struct fact_u64 lost_ns;  /* to what is in the way of the guest, see analyze/blame.h */
	struct fact_u64 own_ns;   /* of that: to threads of the measurement itself */
	struct fact_hist outages; /* stretches in which the guest did not run, halts left out, by
				     where they began; those of the measurement left out */
};

struct trace_vcpu {
	struct fact_u64 vcpu, tid;
	struct fact_str name;
	struct fact_cpus cpus; /* where it was seen to run */
	struct fact_u64 window_ns;
	struct fact_u64 lost_events; /* at least so many, of CPUs it was on */
	struct fact_u64 n_migrations, n_exits;
	struct fact_u64 closure_ppm; /* |window - sum of states| / window */
	/* As the scheduler itself counts, in /proc/TID/schedstat; steps of a tick while it runs. */
	struct fact_u64 sched_run_ns, sched_delay_ns, n_sched_slices;
	struct fact_object states; /* struct trace_states */
	struct fact_list culprits; /* struct trace_culprit, by total_ns */
	struct fact_list worst;    /* struct trace_worst, longest first */
	struct fact_hist outages;  /* stretches in which the guest did not run, halts left out */
	struct fact_pairs sizes;   /* of them: [0 250 500 1000 2000 4000 us or longer, how many] */
	struct fact_u64 step_ns;   /* length of a step of the series */
	struct fact_list series;   /* struct trace_second */
	struct fact_list units;    /* struct trace_unit */
};

struct trace_thread { /* another thread of QEMU, or of vhost */
	struct fact_u64 tid;
	struct fact_str name, role;       /* emulator iothread vhost worker other */
	struct fact_u64 run_ns, delay_ns; /* on a CPU; runnable but not running */
	struct fact_u64 n_delays, max_delay_ns;
	struct fact_u64 n_migrations;
};

struct trace_cpu { /* what a CPU did: adds up to the window */
	struct fact_u64 cpu;
	struct fact_u64 vcpu_ns, task_ns, irq_ns, softirq_ns, idle_ns;
	struct fact_u64 lost_ns, unknown_ns;
	struct fact_u64 lost_events;
};

struct trace_missing {
	struct fact_str event, hides; /* what therefore cannot be told */
};

struct trace_facts {
	struct fact_str rung;   /* tracefs, recording, schedstat or none */
	struct fact_str format; /* of a recording: trace.dat, ftrace, perf script … */
	struct fact_u64 window_ns, start_unix_ns;
	struct fact_u64 rep_duration_ns; /* of a unit; unknown: there are none */
	struct fact_u64 n_events, lost_events;
	struct fact_u64 n_unpaired;   /* ends without a beginning, beginnings without an end */
	struct fact_u64 n_incomplete; /* open when events were lost, closed there */
	struct fact_u64 n_clamped;    /* events before an earlier one: the clock stepped back */
	struct fact_u64 n_strayed;    /* threads seen on a CPU where no switch had put them */
	/* Threads that an idle CPU took up without saying so: placed where they were woken. */
	struct fact_u64 n_unseen_starts;
	/* Stolen or of SMIs, but more than vCPUs ran there; unknown: none of it was told. */
	struct fact_u64 hidden_unplaced_ns;
	/* What tracing cost, and how close it was to losing events. */
	struct fact_u64 setup_ns, read_ns, buffer_kib, max_fill_permille;
	struct fact_list missing;  /* struct trace_missing */
	struct fact_list vcpus;    /* struct trace_vcpu */
	struct fact_list threads;  /* struct trace_thread */
	struct fact_list cpus;     /* struct trace_cpu */
	struct fact_list culprits; /* struct trace_culprit: of all vCPUs */
};

extern const struct schema trace_schema, trace_vcpu_schema, trace_states_schema,
	trace_culprit_schema, trace_worst_schema, trace_part_schema, trace_second_schema,
	trace_unit_schema, trace_thread_schema, trace_cpu_schema, trace_missing_schema;

#endif
