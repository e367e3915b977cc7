/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sched_parts.h - the parts of the sched probe. All return 0 or -ENOMEM; what is missing is a gap.
 */
#ifndef PROBES_SCHED_PARTS_H
#define PROBES_SCHED_PARTS_H

#include "facts/sched.h"
#include "probes/probe.h"

/* cgroup_version, cpusets, isolated. */
int sched_read_cpusets(struct probe_env *env, struct sched_facts *f) MUST_CHECK;
/* tasks. */
int sched_read_tasks(struct probe_env *env, struct sched_facts *f) MUST_CHECK;
/* preempt, tracer, n_trace_events, n_kprobes. */
int sched_read_trace(struct probe_env *env, struct sched_facts *f) MUST_CHECK;

#endif
