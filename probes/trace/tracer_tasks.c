/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/tracer_tasks.h"

#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"

void tracer_tasks_init(struct tracer_tasks *t, const struct sysroot *root,
		       const struct timebase *time, pid_t pid)
{
	*t = (struct tracer_tasks){ .root = root, .time = time, .pid = pid };
}

void tracer_tasks_release(struct tracer_tasks *t)
{
	free(t->v);
	free(t->vcpus);
	*t = (struct tracer_tasks){ 0 };
}

/* Threads come in the same order at each look: the next one is mostly where the last one was. */
static struct tracer_task *find(struct tracer_tasks *t, int tid, uint64_t start_ticks)
{
	for (size_t i = 0; i < t->n; i++) {
		const size_t at = (t->hint + i) % t->n;

		if (t->v[at].tid == tid && t->v[at].start_ticks == start_ticks) {
			t->hint = at + 1;
			return &t->v[at];
		}
	}
	return NULL;
}

static struct tracer_task *add(struct tracer_tasks *t)
{
	if (t->n == t->n_room) {
		const size_t n_room = t->n_room ? t->n_room * 2 : 32;
		struct tracer_task *bigger = reallocarray(t->v, n_room, sizeof(*bigger));

		if (!bigger)
			return NULL;
		t->v = bigger;
		t->n_room = n_room;
	}
	t->hint = t->n + 1;
	memset(&t->v[t->n], 0, sizeof(*t->v));
	return &t->v[t->n++];
}

/* "run delay slices", in ns. */
static bool parse_schedstat(struct text t, struct tracer_count *c)
{
	struct text word;

	return text_next_word(&t, &word) && text_u64(word, &c->run_ns) == 0 &&
	       text_next_word(&t, &word) && text_u64(word, &c->delay_ns) == 0 &&
	       text_next_word(&t, &word) && text_u64(word, &c->n_slices) == 0;
}

static int read_count(struct tracer_tasks *t, const char *dir, uint32_t tid, bool *ret_has,
		      struct tracer_count *ret_count)
{
	auto_free char *text = NULL;
	size_t len;
	int r;

	*ret_count = (struct tracer_count){ .at_ns = timebase_now(t->time) };
	r = sysroot_read(t->root, &text, &len, "%s/%u/schedstat", dir, tid);
	*ret_has = r == 0 && parse_schedstat(text_make(text, len), ret_count);
	return r == -ENOMEM ? r : 0;
}

static void set_comm(struct tracer_task *task, struct text comm)
{
	const size_t n = comm.len < TRACER_COMM_SIZE - 1 ? comm.len : TRACER_COMM_SIZE - 1;

	memcpy(task->comm, comm.at, n);
	task->comm[n] = '\0';
}

static void update(struct tracer_tasks *t, struct tracer_task *task, const struct task_stat *stat,
		   const struct tracer_count *count)
{
	task->was = task->is;
	task->n_slices_was = task->last.n_slices;
	task->is = (struct tracer_place){ stat->state, TRACE_CPU_UNKNOWN };
	if (stat->has_scheduling && stat->last_cpu < CPUS_MAX) {
		task->is.cpu = (int)stat->last_cpu;
		cpus_add(&task->seen_on, (unsigned)stat->last_cpu);
	}
	set_comm(task, stat->comm);
	task->last = *count;
	task->is_gone = false;
	task->n_looks++;
	/* What came between two looks has all its time in the window. */
	if (task->n_looks == 1) {
		task->seen_ns = count->at_ns;
		task->first = *count;
		if (t->n_looks && !task_is_vcpu(stat->comm, &(uint64_t){ 0 }))
			task->first.run_ns = task->first.delay_ns = 0;
	}
}

static bool is_ended(const struct task_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

static bool serves(const struct task_stat *stat, pid_t pid)
{
	uint64_t owner;

	return stat->flags & TASK_IS_KERNEL && task_is_vhost(stat->comm, &owner) &&
	       owner == (uint64_t)pid;
}

/* A thread that ends while it is read is not seen. 0 or -ENOMEM. */
static int see(struct tracer_tasks *t, const char *dir, uint32_t tid, bool is_vhost)
{
	auto_free char *text = NULL;
	struct tracer_count count;
	struct tracer_task *task;
	struct task_stat stat;
	bool has_counts;
	size_t len;
	int r = sysroot_read(t->root, &text, &len, "%s/%u/stat", dir, tid);

	if (r < 0 || task_stat_parse(text_make(text, len), &stat) < 0 || is_ended(&stat) ||
	    (is_vhost && !serves(&stat, t->pid)))
		return r == -ENOMEM ? r : 0;
	r = read_count(t, dir, tid, &has_counts, &count);
	if (r < 0)
		return r;
	task = find(t, (int)tid, stat.start_ticks);
	if (!task && t->n == TRACER_TASKS_MAX) {
		t->n_dropped++;
		return 0;
	}
	if (!task) {
		task = add(t);
		if (!task)
			return -ENOMEM;
		task->tid = (int)tid;
		task->start_ticks = stat.start_ticks;
		task->is_vhost = is_vhost;
	}
	task->has_counts = has_counts;
	update(t, task, &stat, &count);
	return 0;
}

/* Before kernel 6.4; later ones are threads of the guest's process. */
static int search_vhosts(struct tracer_tasks *t)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(t->root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && i < list.n; i++) {
		auto_free char *comm = NULL;
		uint64_t owner;

		if (sysroot_read_line(t->root, &comm, "/proc/%u/comm", list.pids[i]) == 0 &&
		    task_is_vhost(text_of(comm), &owner) && owner == (uint64_t)t->pid)
			r = see(t, "/proc", list.pids[i], true);
	}
	return r;
}

static int see_known_vhosts(struct tracer_tasks *t)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->n; i++) {
		if (t->v[i].is_vhost)
			r = see(t, "/proc", (uint32_t)t->v[i].tid, true);
	}
	return r;
}

/* The process itself: the same one as at the first look, and alive? */
static bool is_alive(struct tracer_tasks *t, size_t n_threads)
{
	auto_free char *text = NULL;
	struct task_stat stat;
	size_t len;

	if (sysroot_read(t->root, &text, &len, "/proc/%d/stat", t->pid) < 0 ||
	    task_stat_parse(text_make(text, len), &stat) < 0)
		return false;
	if (t->n_looks == 0)
		t->start_ticks = stat.start_ticks;
	/* A main thread may end before the others do. */
	return stat.start_ticks == t->start_ticks && !(is_ended(&stat) && n_threads < 2);
}

/* Threads that a vCPU's thread starts may inherit its name: the earliest one is it. */
static bool is_first(const struct tracer_tasks *t, const struct tracer_task *task)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct tracer_task *o = &t->v[i];

		if (o == task || o->is_gone || o->role != TRACE_ROLE_VCPU || o->vcpu != task->vcpu)
			continue;
		if (o->start_ticks < task->start_ticks ||
		    (o->start_ticks == task->start_ticks && o->tid < task->tid))
			return false;
	}
	return true;
}

static enum trace_role role_by_name(const struct tracer_tasks *t, struct tracer_task *task)
{
	const char *name =
		task->is_vhost ? "vhost" : task_role(text_of(task->comm), task->tid == t->pid);
	uint64_t vcpu;

	for (unsigned i = TRACE_ROLE_VCPU; i < N_TRACE_ROLES; i++) {
		if (strcmp(name, trace_role_names[i]) != 0)
			continue;
		if (i == TRACE_ROLE_VCPU && task_is_vcpu(text_of(task->comm), &vcpu) &&
		    vcpu <= UINT32_MAX)
			task->vcpu = (unsigned)vcpu;
		return i;
	}
	return TRACE_ROLE_OTHER;
}

static void set_roles(struct tracer_tasks *t)
{
	t->has_names = false;
	for (size_t i = 0; i < t->n; i++) {
		t->v[i].role = role_by_name(t, &t->v[i]);
		t->has_names |= t->v[i].role == TRACE_ROLE_VCPU;
	}
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].role == TRACE_ROLE_VCPU && !is_first(t, &t->v[i]))
			t->v[i].role = TRACE_ROLE_OTHER;
	}
	for (size_t k = 0; k < t->n_vcpus && !t->has_names; k++) {
		for (size_t i = 0; i < t->n; i++) {
			if ((uint32_t)t->v[i].tid != t->vcpus[k] || t->v[i].is_vhost)
				continue;
			t->v[i].role = TRACE_ROLE_VCPU;
			t->v[i].vcpu = (unsigned)k;
		}
	}
}

static int search(struct tracer_tasks *t)
{
	int r = search_vhosts(t);

	if (r < 0)
		return r;
	free(t->vcpus);
	t->vcpus = NULL;
	t->n_vcpus = 0;
	return guest_vcpu_tids(t->root, (uint32_t)t->pid, &t->vcpus, &t->n_vcpus);
}

/*
 * QEMU's workers come and go: when half of the room is in use, those that ended give theirs to who
 * comes. What they ran is kept as one sum.
 */
static void forget_ended(struct tracer_tasks *t)
{
	size_t n = 0;

	if (t->n < TRACER_TASKS_MAX / 2)
		return;
	for (size_t i = 0; i < t->n; i++) {
		const struct tracer_task *task = &t->v[i];

		if (!task->is_gone || task->role == TRACE_ROLE_VCPU || task->is_known_to_machine) {
			if (n != i)
				t->v[n] = *task;
			n++;
			continue;
		}
		t->ended.n++;
		t->ended.run_ns += tracer_task_run_ns(task);
		t->ended.delay_ns += tracer_task_delay_ns(task);
	}
	t->n = n;
}

static int see_all(struct tracer_tasks *t, const char *dir, const struct processes *list,
		   bool has_search)
{
	int r = 0;

	forget_ended(t);
	for (size_t i = 0; i < t->n; i++)
		t->v[i].is_gone = true;
	t->hint = t->n_dropped = 0;
	for (size_t i = 0; r == 0 && i < list->n; i++)
		r = see(t, dir, list->pids[i], false);
	if (r == 0)
		r = has_search ? search(t) : see_known_vhosts(t);
	t->n_looks++;
	set_roles(t);
	return r;
}

int tracer_tasks_look(struct tracer_tasks *t, bool has_search)
{
	auto_processes struct processes list = { 0 };
	auto_free char *dir = NULL;
	int r;

	if (asprintf(&dir, "/proc/%d/task", t->pid) < 0) {
		dir = NULL;
		return -ENOMEM;
	}
	r = processes_list(t->root, dir, &list);
	if (r < 0)
		return r == -ENOMEM ? r : -ESRCH;
	if (!is_alive(t, list.n))
		return -ESRCH;
	return see_all(t, dir, &list, has_search);
}

void tracer_tasks_begin(struct tracer_tasks *t)
{
	size_t n = 0;

	t->ended = (struct tracer_ended){ 0 };
	for (size_t i = 0; i < t->n; i++) {
		struct tracer_task *task = &t->v[i];

		if (task->is_gone)
			continue;
		task->first = task->last;
		task->seen_on = (struct cpus){ { 0 } };
		if (task->is.cpu >= 0)
			cpus_add(&task->seen_on, (unsigned)task->is.cpu);
		if (n != i)
			t->v[n] = *task;
		n++;
	}
	t->n = n;
}

enum trace_task_state tracer_task_state(const struct tracer_task *task)
{
	if (!task->has_counts || task->n_looks < 2 || task->was.state != task->is.state ||
	    task->was.cpu != task->is.cpu || task->n_slices_was != task->last.n_slices)
		return TRACE_TASK_UNKNOWN;
	switch (task->is.state) {
	case 'R':
		return TRACE_TASK_RUNNABLE;
	case 'S':
	case 'I':
		return TRACE_TASK_SLEEPING;
	case 'D':
		return TRACE_TASK_BLOCKED;
	case 'T':
	case 't':
		return TRACE_TASK_STOPPED;
	default:
		return TRACE_TASK_UNKNOWN;
	}
}

uint64_t tracer_task_run_ns(const struct tracer_task *task)
{
	return task->last.run_ns - u64_min(task->first.run_ns, task->last.run_ns);
}

uint64_t tracer_task_delay_ns(const struct tracer_task *task)
{
	return task->last.delay_ns - u64_min(task->first.delay_ns, task->last.delay_ns);
}

size_t tracer_tasks_count_vcpus(const struct tracer_tasks *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->v[i].role == TRACE_ROLE_VCPU;
	return n;
}
