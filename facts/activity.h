/* SPDX-License-Identifier: GPL-2.0-or-later */
/* activity.h - what happened on the host between two moments while the guest ran. */
#ifndef FACTS_ACTIVITY_H
#define FACTS_ACTIVITY_H

#include "facts/schema.h"

struct activity_irq {             /* lines of /proc/interrupts and /proc/softirqs that moved */
	struct fact_str label;    /* "131", "LOC"; softirqs: "NET_RX" */
	struct fact_u64 irq;      /* numbered lines */
	struct fact_str actions;  /* handlers, as in the irq probe */
	struct fact_pairs counts; /* [cpu, how many in the window] */
};

struct activity_thread { /* a thread of the guest, from its schedstat */
	struct fact_u64 tid;
	struct fact_str comm, role;
	struct fact_u64 run_ns, delay_ns;           /* on a CPU; runnable but waiting for one */
	struct fact_u64 n_voluntary, n_involuntary; /* context switches */
	struct fact_pairs seen_on; /* [cpu, samples]: where it was last, sampled each second */
};

struct activity_pool { /* free huge pages of one size */
	struct fact_u64 page_kib, n_free_before, n_free_after, n_free_min;
};

struct activity_counter {     /* a counter of the kernel */
	struct fact_str name; /* "vmstat.pswpin", "kvm.halt_wait_ns" */
	struct fact_u64 n; /* by how much it grew in the window; a level: what it is at the end */
};

struct activity_unit { /* one repetition, as the wake probe has them */
	struct fact_u64 rep, window_ns;
	struct fact_list irqs; /* struct activity_irq: numbered lines that moved; label, irq,
				  actions, counts */
};

struct activity_facts {
	struct fact_u64 window_ns;
	struct fact_u64 n_samples;
	struct fact_list irqs, softirqs; /* struct activity_irq */
	struct fact_list units;          /* struct activity_unit */
	struct fact_pairs steal_ns;      /* [cpu, ns] of /proc/stat, in ticks of 10 ms */
	struct fact_pairs busy_ns; /* [cpu, ns] not idle: all of /proc/stat but idle and iowait */
	struct fact_list threads;  /* struct activity_thread */
	struct fact_u64 aio_nr_before, aio_nr_after, aio_nr_max;
	struct fact_list pools;                              /* struct activity_pool */
	struct fact_u64 compact_stalls, thp_fault_fallbacks; /* /proc/vmstat deltas */
	struct fact_list counters;   /* struct activity_counter: how much each grew; those that the
					kernel has and we may read. KVM's are of the guest */
	struct fact_list kvm_levels; /* struct activity_counter: "kvm.pages_1g" … at the end */
	struct fact_pairs core_throttles, package_throttles; /* [cpu, thermal throttle events that
								it counted]; zeros left out */
};

extern const struct schema activity_schema, activity_irq_schema, activity_thread_schema,
	activity_pool_schema, activity_counter_schema;

/* A counter or level by name; NULL: not in the list, so nothing is known of it. */
const struct fact_u64 *activity_counter_n(const struct fact_list *counters, const char *name);

#endif
