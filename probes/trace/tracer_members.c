/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer_members.c - the machine is told which threads there are; documented in tracer_parts.h. */
#include "probes/trace/tracer_parts.h"

/* QEMU names a thread after it has started: until the next look it may be anything. */
static bool is_named_yet(const struct tracer_task *task, bool is_start)
{
	return is_start || task->role != TRACE_ROLE_OTHER || task->n_looks > 1;
}

static struct trace_member member_of(const struct tracer_task *task, bool is_start)
{
	struct trace_member m = {
		.tid = task->tid,
		.role = task->role,
		.vcpu = task->vcpu,
		.name = task->comm,
		.since_ns = is_start ? 0 : task->seen_ns,
		.start_cpu = TRACE_CPU_UNKNOWN,
	};

	/* In later looks events have told more already. */
	if (is_start)
		m.start_state = tracer_task_state(task);
	if (m.start_state != TRACE_TASK_UNKNOWN)
		m.start_cpu = task->is.cpu;
	return m;
}

static int note_newcomer(struct tracer *t, const struct tracer_task *task)
{
	if (task->role != TRACE_ROLE_VCPU)
		return 0;
	return tracer_note(t, "vcpus", "", task->vcpu,
			   "vCPU %u (thread %d) is there since %.1f s after the start", task->vcpu,
			   task->tid, tracer_seconds(t, task->seen_ns));
}

static int add(struct tracer *t, struct tracer_task *task, bool is_start)
{
	const struct trace_member m = member_of(task, is_start);
	int r = trace_machine_add_thread(t->machine, &m);

	if (r == -EEXIST) {
		/* Its number was another thread's, whose end nobody told. */
		trace_machine_end_thread(t->machine, m.tid, task->seen_ns);
		r = trace_machine_add_thread(t->machine, &m);
	}
	/* Or it still has a CPU, as events have it: at the next look. */
	if (r == -EEXIST)
		return 0;
	task->is_known_to_machine = true;
	if (r == -ENOSPC && !t->has_full_machine) {
		t->has_full_machine = true;
		r = tracer_note(t, "threads", "", TRACER_ONE,
				"only the first %u threads are followed",
				(unsigned)TRACE_MEMBERS_MAX);
	}
	if (r == -ENOMEM)
		return r;
	return is_start ? 0 : note_newcomer(t, task);
}

static bool is_tid_in_use(const struct tracer_tasks *tasks, int tid)
{
	for (size_t i = 0; i < tasks->n; i++) {
		if (tasks->v[i].tid == tid && !tasks->v[i].is_gone)
			return true;
	}
	return false;
}

int tracer_sync_members(struct tracer *t, bool is_start)
{
	int r = 0;

	for (size_t i = 0; i < t->tasks.n; i++) {
		struct tracer_task *task = &t->tasks.v[i];

		if (!task->is_gone || !task->is_known_to_machine)
			continue;
		if (!is_tid_in_use(&t->tasks, task->tid))
			trace_machine_end_thread(t->machine, task->tid, t->looked_ns);
		task->is_known_to_machine = false;
	}
	for (size_t i = 0; r == 0 && i < t->tasks.n; i++) {
		struct tracer_task *task = &t->tasks.v[i];

		if (!task->is_gone && !task->is_known_to_machine && is_named_yet(task, is_start))
			r = add(t, task, is_start);
	}
	return r;
}

int tracer_members(const struct tracer *t, struct arena *a, const struct trace_member **ret_members,
		   size_t *ret_n)
{
	struct trace_member *v = arena_calloc(a, t->tasks.n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < t->tasks.n; i++) {
		v[i] = member_of(&t->tasks.v[i], false);
		v[i].name = arena_strdup(a, t->tasks.v[i].comm);
		if (!v[i].name)
			return -ENOMEM;
	}
	*ret_members = v;
	*ret_n = t->tasks.n;
	return 0;
}
