/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/sched.h"

/* clang-format off */
#define F(member) FIELD(struct sched_cpuset, member)
static const struct fact_field cpuset_fields[] = {
	{ F(path), FACT_STR, FACT_SETTING, "", "below the mount point: system.slice, machine.slice", .pseudonym = "cgroup" },
	{ F(requested), FACT_CPUS, FACT_SETTING, "", "CPUs that were asked for; absent: none were" },
	{ F(effective), FACT_CPUS, FACT_SETTING, "", "CPUs that its tasks may use" },
	{ F(partition), FACT_STR, FACT_SETTING, "", "cpuset.cpus.partition of cgroup v2: member, root, isolated, or isolated invalid (reason)", .privacy = FACT_OPEN },
	{ F(is_balanced), FACT_BOOL, FACT_SETTING, "", "cpuset.sched_load_balance of cgroup v1" },
};
#undef F
#define F(member) FIELD(struct sched_workqueue, member)
static const struct fact_field workqueue_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "name" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs that its workers may use" },
};
#undef F
#define F(member) FIELD(struct sched_tasks, member)
static const struct fact_field tasks_fields[] = {
	{ F(comm), FACT_STR, FACT_NOT_COMPARED, "", "name; numbers at its end are left out for kernel threads", .pseudonym = "task" },
	{ F(is_kernel), FACT_BOOL, FACT_NOT_COMPARED, "", "kernel threads" },
	{ F(is_movable), FACT_BOOL, FACT_NOT_COMPARED, "", "their affinity may be changed" },
	{ F(affinity), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs they may use" },
	{ F(policy), FACT_STR, FACT_NOT_COMPARED, "", "other fifo rr batch idle deadline ext", .privacy = FACT_OPEN },
	{ F(rt_priority), FACT_U64, FACT_NOT_COMPARED, "", "for fifo and rr" },
	{ F(n_threads), FACT_U64, FACT_NOT_COMPARED, "", "how many" },
	{ F(ids), FACT_STRS, FACT_NOT_COMPARED, "", "thread ids, the first 16", .privacy = FACT_OPEN },
	{ F(cpu_ms), FACT_U64, FACT_NOT_COMPARED, "ms", "CPU time since they started" },
};
#undef F
#define F(member) FIELD(struct sched_facts, member)
static const struct fact_field fields[] = {
	{ F(cgroup_version), FACT_STR, FACT_SETTING, "", "cgroups that are mounted: v1, v2, hybrid (both) or none", .privacy = FACT_OPEN },
	{ F(cpusets), FACT_LIST, FACT_SETTING, "", "cpusets", &sched_cpuset_schema },
	{ F(isolated), FACT_CPUS, FACT_SETTING, "", "cpuset.cpus.isolated of cgroup v2" },
	{ F(wq_unbound), FACT_CPUS, FACT_SETTING, "", "unbound workqueues: CPUs of their workers" },
	{ F(wq_isolated), FACT_CPUS, FACT_SETTING, "", "CPUs that isolation takes from them" },
	{ F(wq_writeback), FACT_CPUS, FACT_SETTING, "", "workqueue of writeback" },
	{ F(workqueues), FACT_LIST, FACT_SETTING, "", "others with a mask of their own", &sched_workqueue_schema },
	{ F(tasks), FACT_LIST, FACT_NOT_COMPARED, "", "threads by name and affinity, without those of guests and kernel threads of one CPU", &sched_tasks_schema },
	{ F(preempt), FACT_STR, FACT_SETTING, "", "preemption model in use: none, voluntary, full, lazy", .privacy = FACT_OPEN },
	{ F(tracer), FACT_STR, FACT_SETTING, "", "current tracer of tracefs: nop when none is", .privacy = FACT_OPEN },
	{ F(n_trace_events), FACT_U64, FACT_SETTING, "", "trace events that are switched on" },
	{ F(n_kprobes), FACT_U64, FACT_SETTING, "", "kernel probes" },
};
#undef F
/* clang-format on */

const struct schema sched_cpuset_schema = { "cpuset", "A cpuset of the first level, or a partition",
					    sizeof(struct sched_cpuset), cpuset_fields,
					    ARRAY_SIZE(cpuset_fields) };
const struct schema sched_workqueue_schema = { "workqueue", "A workqueue with a mask of its own",
					       sizeof(struct sched_workqueue), workqueue_fields,
					       ARRAY_SIZE(workqueue_fields) };
const struct schema sched_tasks_schema = { "tasks", "Threads of one name, kind and affinity",
					   sizeof(struct sched_tasks), tasks_fields,
					   ARRAY_SIZE(tasks_fields) };
const struct schema sched_schema = { "sched", "Cpusets, workqueues and tasks",
				     sizeof(struct sched_facts), fields, ARRAY_SIZE(fields) };
