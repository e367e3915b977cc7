/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/tasks.h"
#include "probes/trace/pairs.h"

enum { OPEN_MAX = 256 }; /* preempted tasks of one CPU whose culprits are told */

void pairs_sched_release(struct pairs_sched *s)
{
	for (size_t i = 0; s->tasks && i < s->index.n; i++)
		free(s->tasks[i].culprits);
	for (size_t i = 0; s->cpus && i < CPUS_MAX; i++)
		free(s->cpus[i].open);
	trace_index_release(&s->index);
	trace_names_release(&s->names);
	free(s->tasks);
	free(s->cpus);
	s->tasks = NULL;
	s->cpus = NULL;
	s->n_tasks = 0;
}

/* Places, not pointers: the array moves when it grows. */
static ssize_t find_task(struct pairs_sched *s, int pid)
{
	const size_t n = s->index.n;
	const ssize_t at = trace_index_add(&s->index, (uint64_t)pid);
	int r;

	if (at < 0)
		return at;
	r = trace_grow((void **)&s->tasks, &s->n_tasks, (size_t)at, sizeof(*s->tasks));
	if (r < 0)
		return r;
	if ((size_t)at == n)
		s->tasks[at] = (struct pairs_task){ .pid = pid, .name = -1 };
	return at;
}

/* Names in switches are the task's own; those in the first column may be of an earlier program. */
static int set_name(struct pairs_sched *s, struct pairs_task *task, const char *comm,
		    bool is_by_switch)
{
	ssize_t name;

	if (!comm || (task->is_named_by_switch && !is_by_switch))
		return 0;
	name = trace_names_add(&s->names, text_of(comm));
	if (name < 0)
		return name == -ENOSPC ? 0 : -ENOMEM;
	task->name = name;
	task->is_named_by_switch = is_by_switch;
	if (is_by_switch)
		task->is_vcpu = task_is_kvm_vcpu(text_of(comm));
	return 0;
}

const char *pairs_sched_name(const struct trace_pairs *p, int pid)
{
	const ssize_t at = pid < 0 ? -1 : trace_index_find(&p->sched.index, (uint64_t)pid);
	const ssize_t name = at < 0 ? -1 : p->sched.tasks[at].name;

	return name < 0 ? NULL : p->sched.names.at[name];
}

static void set_letters(char (*into)[8], const char *letters)
{
	size_t n = letters ? strlen(letters) : 0;

	n = n < sizeof(*into) ? n : sizeof(*into) - 1;
	memcpy(*into, letters ? letters : "", n);
	(*into)[n] = '\0';
}

static void count_letters(struct pairs_sched *s, const char *letters)
{
	char key[8];
	size_t i = 0;

	set_letters(&key, letters);
	while (i < s->n_letters && strcmp(s->letters[i].letters, key) != 0)
		i++;
	if (i == ARRAY_SIZE(s->letters))
		return;
	if (i == s->n_letters) {
		memcpy(s->letters[i].letters, key, sizeof(key));
		s->n_letters++;
	}
	s->letters[i].n++;
}

static int add_culprit(struct pairs_task *task, int pid, uint64_t ns)
{
	size_t i = 0;
	int r;

	while (i < task->n_culprits && task->culprits[i].pid != pid)
		i++;
	if (i >= PAIRS_CULPRITS)
		return 0;
	if (i == task->n_culprits) {
		r = trace_grow((void **)&task->culprits, &task->n_room, i, sizeof(*task->culprits));
		if (r < 0)
			return r;
		task->culprits[i] = (struct pairs_culprit){ .pid = pid };
		task->n_culprits++;
	}
	task->culprits[i].ns += ns;
	return 0;
}

/* How long who runs on a CPU has kept this task from it up to t_ns: since it was thrown out. */
static uint64_t kept_ns(const struct pairs_cpu *cpu, const struct pairs_task *task, uint64_t t_ns)
{
	const uint64_t from = u64_max(cpu->t_ns, task->preempted.t_ns);

	return cpu->is_known && cpu->pid > 0 && t_ns > from ? t_ns - from : 0;
}

static int blame_all(struct pairs_sched *s, const struct pairs_cpu *cpu, uint64_t t_ns)
{
	for (size_t i = 0; i < cpu->n_open; i++) {
		struct pairs_task *task = &s->tasks[cpu->open[i]];
		const uint64_t ns = kept_ns(cpu, task, t_ns);
		int r = ns ? add_culprit(task, cpu->pid, ns) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

static void unlist(struct pairs_sched *s, const struct pairs_task *task)
{
	const size_t place = (size_t)(task - s->tasks);
	struct pairs_cpu *cpu = &s->cpus[task->preempted.cpu];

	for (size_t i = 0; i < cpu->n_open; i++) {
		if (cpu->open[i] == place) {
			cpu->open[i] = cpu->open[--cpu->n_open];
			return;
		}
	}
}

static void drop_preemption(struct pairs_sched *s, struct pairs_task *task)
{
	if (!task->preempted.is_open)
		return;
	unlist(s, task);
	task->preempted.is_open = false;
}

static void keep_longest(struct pairs_sched *s, struct pairs_task *task,
			 const struct trace_event *back)
{
	const struct pairs_cpu *cpu = &s->cpus[task->preempted.cpu];
	struct pairs_preemption one = { .pid = task->pid,
					.cpu = task->preempted.cpu,
					.ns = pairs_until(&task->preempted, back),
					.position = task->preempted.position,
					.is_moved = back->cpu != task->preempted.cpu };

	memcpy(one.letters, task->letters, sizeof(one.letters));
	if (one.is_moved)
		one.still = (struct pairs_culprit){ cpu->pid, kept_ns(cpu, task, back->t_ns) };
	pairs_top_culprits(&one, task->culprits, task->n_culprits);
	pairs_top_insert(&s->top, &one);
	if (task->is_vcpu)
		pairs_top_insert(&s->top_vcpu, &one);
}

static void end_preemption(struct trace_pairs *p, struct pairs_task *task,
			   const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	const uint64_t ns = pairs_until(&task->preempted, e);

	if (pairs_is_whole(p, &task->preempted)) {
		pairs_total_add(&s->preemptions, ns);
		pairs_total_add(&task->preemptions, ns);
		keep_longest(s, task, e);
	}
	drop_preemption(s, task);
}

static int begin_preemption(struct trace_pairs *p, struct pairs_task *task,
			    const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	struct pairs_cpu *cpu = &s->cpus[e->cpu];
	int r;

	pairs_begin(p, &task->preempted, e);
	set_letters(&task->letters, e->sched_switch.prev_letters);
	task->n_culprits = 0;
	if (cpu->n_open >= OPEN_MAX)
		return 0;
	r = trace_grow((void **)&cpu->open, &cpu->n_room, cpu->n_open, sizeof(*cpu->open));
	if (r < 0)
		return r;
	cpu->open[cpu->n_open++] = (size_t)(task - s->tasks);
	return 0;
}

static int switch_out(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	const enum trace_task_state state = e->sched_switch.prev_state;
	const ssize_t at = find_task(s, e->sched_switch.prev_pid);
	struct pairs_task *task;
	int r;

	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	task = &s->tasks[at];
	r = set_name(s, task, e->sched_switch.prev_comm, true);
	if (r < 0)
		return r;
	drop_preemption(s, task); /* its way back was lost */
	task->idled.is_open = false;
	task->is_known = true;
	task->is_running = false;
	if (state != TRACE_TASK_RUNNABLE && state != TRACE_TASK_PREEMPTED)
		return 0;
	if (e->sched_switch.next_pid)
		return begin_preemption(p, task, e);
	pairs_begin(p, &task->idled, e);
	return 0;
}

static void end_wait(struct trace_pairs *p, struct pairs_task *task, const struct trace_event *e)
{
	const uint64_t ns = pairs_until(&task->waits, e);

	if (!pairs_is_whole(p, &task->waits))
		return;
	pairs_total_add(&p->sched.run_queue, ns);
	pairs_total_add(&task->run_queue, ns);
	if (!task->first_wait)
		task->first_wait = ++p->sched.n_waits;
}

static int switch_in(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	const ssize_t at = find_task(s, e->sched_switch.next_pid);
	struct pairs_task *task;
	int r;

	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	task = &s->tasks[at];
	r = set_name(s, task, e->sched_switch.next_comm, true);
	if (r < 0)
		return r;
	if (task->preempted.is_open)
		end_preemption(p, task, e);
	if (pairs_is_whole(p, &task->idled))
		pairs_total_add(&s->runnable_to_idle, pairs_until(&task->idled, e));
	if (task->waits.is_open)
		end_wait(p, task, e);
	task->idled.is_open = task->waits.is_open = false;
	task->is_known = task->is_running = true;
	return 0;
}

static int add_switch(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	struct pairs_cpu *cpu;
	int r = 0;

	s->n_switches++;
	count_letters(s, e->sched_switch.prev_letters);
	if (e->cpu < 0 || e->t_ns == UINT64_MAX)
		return 0;
	cpu = &s->cpus[e->cpu];
	r = blame_all(s, cpu, e->t_ns);
	if (r >= 0 && e->sched_switch.prev_pid > 0)
		r = switch_out(p, e);
	if (r >= 0 && e->sched_switch.next_pid > 0)
		r = switch_in(p, e);
	cpu->pid = e->sched_switch.next_pid;
	cpu->t_ns = e->t_ns;
	cpu->is_known = true;
	return r;
}

static int add_waking(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	struct pairs_task *task;
	ssize_t at;
	int r;

	if (e->waking.pid <= 0 || e->t_ns == UINT64_MAX)
		return 0;
	at = find_task(s, e->waking.pid);
	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	task = &s->tasks[at];
	r = set_name(s, task, e->waking.comm, false);
	if (r < 0)
		return r;
	if (pairs_is_whole(p, &task->preempted)) {
		/* It was thrown out between setting its state and going to sleep. */
		s->n_woken_while_preempted++;
		return 0;
	}
	if (task->idled.is_open) {
		s->n_idle_then_woken++;
		task->idled.is_open = false;
	}
	if (!task->is_running && !pairs_is_whole(p, &task->waits))
		pairs_begin(p, &task->waits, e);
	return 0;
}

static int add_migrate(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_sched *s = &p->sched;
	const ssize_t at =
		e->migrate.pid < 0 ? -1 : trace_index_find(&s->index, (uint64_t)e->migrate.pid);

	if (at < 0 || !s->traced || e->migrate.to_cpu < 0 ||
	    cpus_has(s->traced, (unsigned)e->migrate.to_cpu) || !s->tasks[at].preempted.is_open)
		return 0;
	drop_preemption(s, &s->tasks[at]);
	s->n_left_traced++;
	return 0;
}

/* Before the first switch that names it, a thread runs when an event says that it did. */
static int note_running(struct pairs_sched *s, const struct trace_event *e)
{
	const ssize_t at = e->pid > 0 ? find_task(s, e->pid) : -ENOENT;

	if (at < 0)
		return at == -ENOENT ? 0 : at == -ENOSPC ? -ENOSPC : -ENOMEM;
	if (!s->tasks[at].is_known)
		s->tasks[at].is_running = true;
	return set_name(s, &s->tasks[at], e->comm, false);
}

int pairs_sched_add(struct trace_pairs *p, const struct trace_event *e)
{
	int r = note_running(&p->sched, e);

	if (r < 0)
		return r;
	switch (e->kind) {
	case TRACE_SWITCH:
		return add_switch(p, e);
	case TRACE_WAKING:
		return add_waking(p, e);
	case TRACE_MIGRATE:
		return add_migrate(p, e);
	default:
		return 0;
	}
}

uint64_t pairs_sched_n_open_preemptions(const struct trace_pairs *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->sched.index.n; i++)
		n += pairs_is_whole(p, &p->sched.tasks[i].preempted);
	return n;
}

uint64_t pairs_sched_n_open_waits(const struct trace_pairs *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->sched.index.n; i++)
		n += pairs_is_whole(p, &p->sched.tasks[i].waits);
	return n;
}
