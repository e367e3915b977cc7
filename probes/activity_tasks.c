/* SPDX-License-Identifier: GPL-2.0-or-later */
/* activity_tasks.c - counting: pure; documented in activity_tasks.h. */
#include "probes/activity_tasks.h"

#include <string.h>

#include "probes/parse/tasks.h"

void activity_tasks_begin(struct activity_tasks *all)
{
	all->hint = 0;
}

void activity_tasks_end(struct activity_tasks *all)
{
	all->n_looks++;
}

/* Threads come in the same order at each look: the next one is mostly where the last one was. */
static struct activity_task *find(struct activity_tasks *all, const struct activity_reading *r)
{
	for (size_t i = 0; i < all->n; i++) {
		const size_t at = (all->hint + i) % all->n;
		struct activity_task *t = &all->v[at];

		if (t->tid == r->tid && t->start_ticks == r->start_ticks) {
			all->hint = at + 1;
			return t;
		}
	}
	return NULL;
}

static int make_room(struct activity_tasks *all)
{
	const size_t n_room = all->n_room ? all->n_room * 2 : 32;
	struct activity_task *bigger;

	if (all->n < all->n_room)
		return 0;
	bigger = arena_calloc(all->arena, n_room, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	if (all->n)
		memcpy(bigger, all->v, all->n * sizeof(*bigger));
	all->v = bigger;
	all->n_room = n_room;
	return 0;
}

static int count_cpu(struct fact_pairs *seen, struct arena *a, uint64_t cpu)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (seen->v[i].key == cpu) {
			seen->v[i].value++;
			return 0;
		}
	}
	return fact_add_pair(seen, a, cpu, 1);
}

static int set_comm(struct activity_tasks *all, struct activity_task *t, struct text comm)
{
	if (t->comm && text_equal(comm, t->comm))
		return 0;
	t->comm = arena_strndup(all->arena, comm.at, comm.len);
	return t->comm ? 0 : -ENOMEM;
}

int activity_tasks_see(struct activity_tasks *all, const struct activity_reading *r)
{
	struct activity_task *t = find(all, r);
	int error;

	if (!t && all->n >= ACTIVITY_TASKS_MAX) {
		all->n_dropped++;
		return 0;
	}
	if (!t) {
		error = make_room(all);
		if (error < 0)
			return error;
		t = &all->v[all->n++];
		t->tid = r->tid;
		t->start_ticks = r->start_ticks;
		t->is_vhost = r->is_vhost;
		if (all->n_looks == 0)
			t->first = r->counters;
		all->hint = all->n;
	}
	t->last = r->counters;
	error = set_comm(all, t, r->comm);
	return error < 0 || !r->has_cpu ? error : count_cpu(&t->seen_on, all->arena, r->cpu);
}

static bool is_first_of_name(const struct activity_tasks *all, const struct activity_task *t)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct activity_task *o = &all->v[i];

		if (o == t || strcmp(o->comm, t->comm) != 0)
			continue;
		if (o->start_ticks < t->start_ticks ||
		    (o->start_ticks == t->start_ticks && o->tid < t->tid))
			return false;
	}
	return true;
}

struct names { /* what the names of the threads tell */
	const char *process;
	bool has_vcpus;
};

static struct names look_at_names(const struct activity_tasks *all, uint64_t main_tid)
{
	struct names names = { "", false };

	for (size_t i = 0; i < all->n; i++) {
		const struct activity_task *t = &all->v[i];
		uint64_t vcpu;

		if (t->tid == main_tid)
			names.process = t->comm;
		names.has_vcpus |= task_is_vcpu(text_of(t->comm), &vcpu);
	}
	return names;
}

/* NULL: unknown, for a name would be a guess. */
static const char *role_of(const struct activity_tasks *all, const struct activity_task *t,
			   uint64_t main_tid, const struct names *names, const uint32_t *vcpu_tids,
			   size_t n_vcpu_tids)
{
	const bool is_main = t->tid == main_tid;
	const char *role = t->is_vhost ? "vhost" : task_role(text_of(t->comm), is_main);

	if (names->has_vcpus)
		return !strcmp(role, "vcpu") && !is_first_of_name(all, t) ? "other" : role;
	for (size_t i = 0; i < n_vcpu_tids; i++) {
		if (vcpu_tids[i] == t->tid)
			return "vcpu";
	}
	return !is_main && !strcmp(t->comm, names->process) ? NULL : role;
}

/* The counters of a thread only grow; hostile ones give 0. */
static void set_growth(struct fact_u64 *f, uint64_t first, uint64_t last)
{
	fact_set_u64(f, last - u64_min(first, last));
}

static int put_task(const struct activity_task *t, const char *role, struct arena *a,
		    struct fact_list *threads)
{
	struct activity_thread *f = fact_add_item(threads, a, sizeof(*f));
	int r;

	if (!f)
		return -ENOMEM;
	fact_set_u64(&f->tid, t->tid);
	if (t->last.has_schedstat) {
		set_growth(&f->run_ns, t->first.run_ns, t->last.run_ns);
		set_growth(&f->delay_ns, t->first.delay_ns, t->last.delay_ns);
	}
	set_growth(&f->n_voluntary, t->first.n_voluntary, t->last.n_voluntary);
	set_growth(&f->n_involuntary, t->first.n_involuntary, t->last.n_involuntary);
	f->seen_on = t->seen_on;
	f->seen_on.known = true;
	r = fact_set_str(&f->comm, a, t->comm);
	return r < 0 ? r : fact_set_str(&f->role, a, role);
}

int activity_tasks_put(const struct activity_tasks *all, uint64_t main_tid,
		       const uint32_t *vcpu_tids, size_t n_vcpu_tids, struct fact_list *ret_threads)
{
	const struct names names = look_at_names(all, main_tid);
	struct fact_list threads = { .known = true };
	int r = 0;

	for (size_t i = 0; r == 0 && i < all->n; i++) {
		const struct activity_task *t = &all->v[i];

		r = put_task(t, role_of(all, t, main_tid, &names, vcpu_tids, n_vcpu_tids),
			     all->arena, &threads);
	}
	if (r == 0)
		*ret_threads = threads;
	return r;
}
