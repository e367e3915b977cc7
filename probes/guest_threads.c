/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_threads.c - threads of a guest: what for, where they may run, how they are scheduled. */
#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"

/* More than QEMU ever starts; a bound for a stranger's tree. */
#define N_THREADS_MAX 8192u

struct threads {
	struct probe_env *env;
	uint32_t pid;
	struct guest_thread *v;
	uint64_t *starts; /* start time of each */
	size_t n;
	bool is_affinity_missing;
};

static int set_stat(struct threads *all, struct text text, struct guest_thread *t)
{
	struct arena *a = all->env->arena;
	struct task_stat stat;
	int r;

	if (task_stat_parse(text, &stat) < 0)
		return 0;
	all->starts[all->n] = stat.start_ticks;
	r = fact_set_text(&t->comm, a, stat.comm);
	if (r < 0 || !stat.has_scheduling)
		return r;
	if (stat.rt_priority <= INT32_MAX)
		fact_set_u64(&t->rt_priority, stat.rt_priority);
	if (stat.last_cpu < CPUS_MAX)
		fact_set_u64(&t->last_cpu, stat.last_cpu);
	return fact_set_str(&t->policy, a, task_policy_name(stat.policy));
}

/* For a tree in which stat was not captured. */
static int set_comm(struct threads *all, const char *dir, struct guest_thread *t)
{
	auto_free char *comm = NULL;
	int r = sysroot_read_line(all->env->root, &comm, "%s/comm", dir);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return fact_set_str(&t->comm, all->env->arena, comm);
}

/* One that has ended meanwhile is left out. */
static int add_thread(struct threads *all, uint32_t tid, const char *dir)
{
	struct guest_thread *t = &all->v[all->n];
	auto_free char *stat = NULL, *status = NULL;
	struct task_status parsed = { 0 };
	size_t len;
	int r = sysroot_read(all->env->root, &stat, &len, "%s/stat", dir);

	if (r == 0)
		r = set_stat(all, text_make(stat, len), t);
	if (r != -ENOMEM && !t->comm.known)
		r = set_comm(all, dir, t);
	if (r == -ENOMEM || !t->comm.known)
		return r == -ENOMEM ? r : 0;
	r = sysroot_read(all->env->root, &status, &len, "%s/status", dir);
	if (r == -ENOMEM)
		return r;
	if (r == 0)
		task_status_parse(text_make(status, len), &parsed);
	t->affinity = parsed.affinity;
	all->is_affinity_missing |= !parsed.affinity.known;
	fact_set_u64(&t->tid, tid);
	all->n++;
	return 0;
}

/* The earliest one of a name: threads that a vCPU's thread starts may inherit it. */
static bool is_first_of_name(const struct threads *all, size_t at)
{
	for (size_t i = 0; i < all->n; i++) {
		if (i == at || strcmp(all->v[i].comm.v, all->v[at].comm.v) != 0)
			continue;
		if (all->starts[i] < all->starts[at] ||
		    (all->starts[i] == all->starts[at] && i < at))
			return false;
	}
	return true;
}

static bool is_main(const struct threads *all, size_t at)
{
	return all->v[at].tid.v == all->pid;
}

/* *ret_has_vcpus: at least one is named so. */
static int set_named_roles(struct threads *all, bool *ret_has_vcpus)
{
	struct arena *a = all->env->arena;
	int r = 0;

	*ret_has_vcpus = false;
	for (size_t i = 0; i < all->n && r == 0; i++) {
		struct guest_thread *t = &all->v[i];
		const struct text comm = text_of(t->comm.v);
		const char *role = task_role(comm, is_main(all, i));
		uint64_t vcpu;

		if (!strcmp(role, "vcpu")) {
			*ret_has_vcpus = true;
			if (!is_first_of_name(all, i))
				role = "other";
			else if (task_is_vcpu(comm, &vcpu))
				fact_set_u64(&t->vcpu, vcpu);
		}
		r = fact_set_str(&t->role, a, role);
	}
	return r;
}

static int set_vcpus_from_debugfs(struct threads *all)
{
	auto_free uint32_t *tids = NULL;
	size_t n;
	int r = guest_vcpu_tids(all->env->root, all->pid, &tids, &n);

	for (size_t k = 0; k < n && r == 0; k++) {
		for (size_t i = 0; i < all->n && r == 0; i++) {
			if (all->v[i].tid.v != tids[k] || all->v[i].vcpu.known)
				continue;
			fact_set_u64(&all->v[i].vcpu, k);
			r = fact_set_str(&all->v[i].role, all->env->arena, "vcpu");
		}
	}
	return r;
}

static const char *main_comm(const struct threads *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (is_main(all, i))
			return all->v[i].comm.v;
	}
	return "";
}

/*
 * Without debug-threads=on every thread of QEMU is called as its process, so a role by name would
 * be a guess: unknown.
 */
static int set_unnamed_roles(struct threads *all)
{
	const char *process = main_comm(all);
	bool is_unknown = false;
	char *path;
	int r;

	for (size_t i = 0; i < all->n; i++) {
		if (!is_main(all, i) && fact_is(&all->v[i].comm, process))
			all->v[i].role = (struct fact_str){ 0 };
	}
	r = set_vcpus_from_debugfs(all);
	for (size_t i = 0; i < all->n; i++)
		is_unknown |= !all->v[i].role.known;
	if (r < 0 || !is_unknown)
		return r;
	path = arena_printf(all->env->arena, "/proc/%u/task", all->pid);
	if (!path)
		return -ENOMEM;
	return probe_gap_words(
		all->env, "guests.threads.role", path,
		"threads have no names of their own (QEMU: -name …,debug-threads=on)");
}

static int set_roles(struct threads *all)
{
	bool has_vcpus;
	int r = set_named_roles(all, &has_vcpus);

	return r == 0 && !has_vcpus ? set_unnamed_roles(all) : r;
}

static int add_own(struct threads *all, const struct processes *tasks, const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < tasks->n && all->n < N_THREADS_MAX && r == 0; i++) {
		auto_free char *task = NULL;

		if (asprintf(&task, "%s/%u", dir, tasks->pids[i]) < 0)
			return -ENOMEM;
		r = add_thread(all, tasks->pids[i], task);
	}
	return r;
}

static size_t count_vhosts(const struct guests_found *found, uint32_t pid)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n_vhosts; i++)
		n += found->vhosts[i].owner == pid;
	return n;
}

static int add_vhosts(struct threads *all, const struct guests_found *found)
{
	int r = 0;

	for (size_t i = 0; i < found->n_vhosts && all->n < N_THREADS_MAX && r == 0; i++) {
		const size_t at = all->n;
		auto_free char *dir = NULL;

		if (found->vhosts[i].owner != all->pid)
			continue;
		if (asprintf(&dir, "/proc/%u", found->vhosts[i].tid) < 0)
			return -ENOMEM;
		r = add_thread(all, found->vhosts[i].tid, dir);
		if (r == 0 && all->n > at)
			r = fact_set_str(&all->v[at].role, all->env->arena, "vhost");
	}
	return r;
}

static int read_all(struct threads *all, const struct processes *tasks, const char *dir,
		    const struct guests_found *found)
{
	const size_t room =
		(size_t)u64_min(tasks->n + count_vhosts(found, all->pid), N_THREADS_MAX);
	int r;

	all->v = arena_calloc(all->env->arena, room, sizeof(*all->v));
	all->starts = arena_calloc(all->env->arena, room, sizeof(*all->starts));
	if (!all->v || !all->starts)
		return -ENOMEM;
	r = add_own(all, tasks, dir);
	if (r == 0)
		r = set_roles(all);
	return r == 0 ? add_vhosts(all, found) : r;
}

int guest_read_threads(struct probe_env *env, const struct guest_found *found,
		       const struct guests_found *all_found, struct guest_process *g)
{
	struct threads all = { .env = env, .pid = found->pid };
	char *dir = arena_printf(env->arena, "/proc/%u/task", found->pid);
	auto_processes struct processes tasks = { 0 };
	int r;

	if (!dir)
		return -ENOMEM;
	r = processes_list(env->root, dir, &tasks);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.threads", dir, r);
	r = read_all(&all, &tasks, dir, all_found);
	if (r < 0)
		return r;
	g->threads = (struct fact_list){ .known = true, .n = all.n, .v = all.v };
	if (all.is_affinity_missing)
		r = probe_gap_words(env, "guests.threads.affinity", dir, "no Cpus_allowed");
	if (r == 0 && all.n == N_THREADS_MAX)
		r = probe_gap_words(env, "guests.threads", dir, "only the first %u threads",
				    N_THREADS_MAX);
	return r;
}
