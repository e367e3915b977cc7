/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sched.h - what may run where: cpusets, workqueues, kernel threads, tasks. */
#ifndef FACTS_SCHED_H
#define FACTS_SCHED_H

#include "facts/schema.h"

struct sched_cpuset {               /* A cpuset of the first level, or a partition */
	struct fact_str path;       /* below the mount point: system.slice, machine.slice */
	struct fact_cpus requested; /* CPUs that were asked for; absent: none were */
	struct fact_cpus effective; /* CPUs that its tasks may use */
	struct fact_str partition; /* cpuset.cpus.partition of cgroup v2: member, root, isolated, or
				      isolated invalid (reason) */
	struct fact_bool is_balanced; /* cpuset.sched_load_balance of cgroup v1 */
};

struct sched_workqueue {       /* A workqueue with a mask of its own */
	struct fact_str name;  /* name */
	struct fact_cpus cpus; /* CPUs that its workers may use */
};

struct sched_tasks {                 /* Threads of one name, kind and affinity */
	struct fact_str comm;        /* name; numbers at its end are left out for kernel threads */
	struct fact_bool is_kernel;  /* kernel threads */
	struct fact_bool is_movable; /* their affinity may be changed */
	struct fact_cpus affinity;   /* CPUs they may use */
	struct fact_str policy;      /* other fifo rr batch idle deadline ext */
	struct fact_u64 rt_priority; /* for fifo and rr */
	struct fact_u64 n_threads;   /* how many */
	struct fact_strs ids;        /* thread ids, the first 16 */
	struct fact_u64 cpu_ms;      /* ms: CPU time since they started */
};

struct sched_facts {
	struct fact_str
		cgroup_version;        /* cgroups that are mounted: v1, v2, hybrid (both) or none */
	struct fact_list cpusets;      /* cpusets; struct sched_cpuset */
	struct fact_cpus isolated;     /* cpuset.cpus.isolated of cgroup v2 */
	struct fact_cpus wq_unbound;   /* unbound workqueues: CPUs of their workers */
	struct fact_cpus wq_isolated;  /* CPUs that isolation takes from them */
	struct fact_cpus wq_writeback; /* workqueue of writeback */
	struct fact_list workqueues;   /* others with a mask of their own; struct sched_workqueue */
	struct fact_list tasks;  /* threads by name and affinity, without those of guests and kernel
				    threads of one CPU; struct sched_tasks */
	struct fact_str preempt; /* preemption model in use: none, voluntary, full, lazy */
	struct fact_str tracer;  /* current tracer of tracefs: nop when none is */
	struct fact_u64 n_trace_events; /* trace events that are switched on */
	struct fact_u64 n_kprobes;      /* kernel probes */
};

extern const struct schema sched_cpuset_schema, sched_workqueue_schema, sched_tasks_schema,
	sched_schema;

#endif
