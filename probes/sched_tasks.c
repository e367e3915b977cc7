/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_tasks.c - all threads of the host in groups: same name, kind, affinity and policy.
 *
 * One small file per thread is read, of a captured tree two: it has to be quick where there are
 * thousands.
 * Threads of guests belong to the guest probe and are left out, and so are our own, which are gone
 * a moment later.
 */
#include <sched.h>
#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"
#include "probes/sched_parts.h"

#define N_TASKS_MAX  100000u
#define N_GROUPS_MAX 400u
#define N_IDS_MAX    16u

struct walk {
	struct probe_env *env;
	struct fact_cpus online; /* of a captured host */
	struct guests_found guests;
	struct fact_list groups;
	size_t n_tasks, hint; /* hint: threads of a process are alike */
	bool is_cut, is_affinity_missing;
};

struct thread {
	uint32_t tid;
	struct text comm;
	struct task_stat stat;
	struct fact_cpus affinity;
	bool is_kernel, is_movable;
};

static bool same_affinity(const struct fact_cpus *a, const struct fact_cpus *b)
{
	return a->known == b->known && (!a->known || cpus_equal(&a->v, &b->v));
}

static bool same_policy(const struct sched_tasks *g, const struct thread *t)
{
	const char *name = t->stat.has_scheduling ? task_policy_name(t->stat.policy) : NULL;

	if (g->policy.known != (name != NULL) || (name && strcmp(g->policy.v, name) != 0))
		return false;
	return !name || g->rt_priority.v == t->stat.rt_priority;
}

static bool is_of_group(const struct sched_tasks *g, const struct thread *t)
{
	return text_equal(t->comm, g->comm.v) && g->is_kernel.v == t->is_kernel &&
	       g->is_movable.v == t->is_movable && same_policy(g, t) &&
	       same_affinity(&g->affinity, &t->affinity);
}

static struct sched_tasks *find_group(struct walk *w, const struct thread *t)
{
	struct sched_tasks *groups = w->groups.v;

	for (size_t i = 0; i < w->groups.n; i++) {
		const size_t at = (w->hint + i) % w->groups.n;

		if (is_of_group(&groups[at], t)) {
			w->hint = at;
			return &groups[at];
		}
	}
	return NULL;
}

/* NULL: no memory, or no room, which is noted. */
static int add_group(struct walk *w, const struct thread *t, struct sched_tasks **ret_group)
{
	struct arena *a = w->env->arena;
	struct sched_tasks *g;
	int r;

	*ret_group = NULL;
	if (w->groups.n == N_GROUPS_MAX) {
		w->is_cut = true;
		return 0;
	}
	g = fact_add_item(&w->groups, a, sizeof(*g));
	if (!g)
		return -ENOMEM;
	fact_set_bool(&g->is_kernel, t->is_kernel);
	fact_set_bool(&g->is_movable, t->is_movable);
	fact_set_u64(&g->n_threads, 0);
	fact_set_u64(&g->cpu_ms, 0);
	g->affinity = t->affinity;
	g->ids.known = true;
	if (t->stat.has_scheduling)
		fact_set_u64(&g->rt_priority, t->stat.rt_priority);
	*ret_group = g;
	r = fact_set_text(&g->comm, a, t->comm);
	if (r < 0 || !t->stat.has_scheduling)
		return r;
	return fact_set_str(&g->policy, a, task_policy_name(t->stat.policy));
}

static int note_thread(struct walk *w, const struct thread *t)
{
	struct sched_tasks *g = find_group(w, t);
	int r = g ? 0 : add_group(w, t, &g);
	char *id;

	if (r < 0 || !g)
		return r;
	g->n_threads.v++;
	g->cpu_ms.v = u64_min(g->cpu_ms.v + u64_min(t->stat.cpu_ticks, INT64_MAX / 2000) *
						    (1000 / TASK_TICKS_PER_S),
			      INT64_MAX);
	if (g->ids.n == N_IDS_MAX)
		return 0;
	id = arena_printf(w->env->arena, "%u", t->tid);
	return id ? fact_add_str(&g->ids, w->env->arena, id) : -ENOMEM;
}

/* Kernel threads of one CPU, be it offline, are bound to it for good; dead threads run nowhere. */
static bool is_left_out(const struct thread *t)
{
	uint64_t owner;

	if (t->stat.state == 'Z' || t->stat.state == 'X')
		return true;
	if (!t->is_kernel)
		return false;
	return task_is_vhost(t->stat.comm, &owner) ||
	       (t->affinity.known && cpus_count(&t->affinity.v) <= 1);
}

static int status_affinity(struct walk *w, const char *dir, struct fact_cpus *f)
{
	auto_free char *text = NULL;
	struct task_status status;
	size_t len;
	int r = sysroot_read(w->env->root, &text, &len, "%s/status", dir);

	/* It ended while it was captured. */
	if (r == -ENOENT && w->env->root->is_whole)
		return -ESRCH;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	task_status_parse(text_make(text, len), &status);
	*f = status.affinity;
	if (w->online.known)
		f->v = cpus_and(&f->v, &w->online.v);
	return 0;
}

/* Of a running host the kernel tells it in a tenth of the time, without CPUs that are offline. */
static int read_affinity(struct walk *w, uint32_t tid, const char *dir, struct fact_cpus *f)
{
	struct cpus set = { { 0 } };

	if (!w->env->root->is_live)
		return status_affinity(w, dir, f);
	if (sched_getaffinity((pid_t)tid, sizeof(set.word), (cpu_set_t *)set.word) < 0)
		return neg_errno();
	fact_set_cpus(f, &set);
	return 0;
}

/* One that has ended meanwhile is left out. */
static int look_at_task(struct walk *w, uint32_t tid, const char *dir)
{
	struct thread t = { .tid = tid };
	auto_free char *text = NULL;
	size_t len;
	int r = sysroot_read(w->env->root, &text, &len, "%s/stat", dir);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	w->n_tasks++;
	if (task_stat_parse(text_make(text, len), &t.stat) < 0 || t.stat.rt_priority > INT32_MAX)
		return 0;
	t.is_kernel = t.stat.flags & TASK_IS_KERNEL;
	t.is_movable = !(t.stat.flags & TASK_IS_BOUND);
	t.comm = t.is_kernel ? task_kernel_name(t.stat.comm) : t.stat.comm;
	r = read_affinity(w, tid, dir, &t.affinity);
	if (r == -ESRCH)
		return 0;
	if (r == -ENOMEM || is_left_out(&t))
		return r == -ENOMEM ? r : 0;
	w->is_affinity_missing |= !t.affinity.known;
	return note_thread(w, &t);
}

static bool is_guest(const struct walk *w, uint32_t pid)
{
	for (size_t i = 0; i < w->guests.n; i++) {
		if (w->guests.v[i].pid == pid)
			return true;
	}
	return false;
}

/* -ENOMEM, 0: no, 1: yes. */
static int is_ours(struct walk *w, uint32_t pid)
{
	auto_free char *comm = NULL;
	int r = sysroot_read_line(w->env->root, &comm, "/proc/%u/comm", pid);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return text_starts(text_of(comm), "vfiobench");
}

static int look_at_process(struct walk *w, uint32_t pid)
{
	auto_processes struct processes tasks = { 0 };
	auto_free char *dir = NULL;
	int r;

	if (asprintf(&dir, "/proc/%u/task", pid) < 0)
		return -ENOMEM;
	r = processes_list(w->env->root, dir, &tasks);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < tasks.n && r == 0 && w->n_tasks < N_TASKS_MAX; i++) {
		auto_free char *task = NULL;

		if (asprintf(&task, "%s/%u", dir, tasks.pids[i]) < 0)
			return -ENOMEM;
		r = look_at_task(w, tasks.pids[i], task);
	}
	return r;
}

static int look_at_all(struct walk *w, const struct processes *list)
{
	int r = 0;

	for (size_t i = 0; i < list->n && r == 0 && w->n_tasks < N_TASKS_MAX; i++) {
		const uint32_t pid = list->pids[i];

		if (is_guest(w, pid))
			continue;
		r = is_ours(w, pid);
		if (r <= 0)
			r = r < 0 ? r : look_at_process(w, pid);
		else
			r = 0;
	}
	return r;
}

static int note_gaps(struct walk *w, const struct processes *list)
{
	static const char dir[] = "/proc";
	struct probe_env *env = w->env;
	int r = 0;

	if (w->is_cut)
		r = probe_gap_words(env, "tasks", dir, "only the first %u groups", N_GROUPS_MAX);
	if (r == 0 && w->n_tasks >= N_TASKS_MAX)
		r = probe_gap_words(env, "tasks", dir, "only the first %u threads", N_TASKS_MAX);
	if (r == 0 && w->is_affinity_missing)
		r = probe_gap_words(env, "tasks.affinity", dir, "no Cpus_allowed");
	if (r == 0 && env->root->is_whole && list->is_partial)
		r = probe_gap_words(env, "tasks", dir, "processes of other users are hidden");
	return r;
}

/* As the kernel tells affinities of a running host. */
static void find_online(struct walk *w)
{
	struct cpus online;

	if (sysroot_read_list(w->env->root, &online, "/sys/devices/system/cpu/online") == 0)
		fact_set_cpus(&w->online, &online);
}

int sched_read_tasks(struct probe_env *env, struct sched_facts *f)
{
	auto_processes struct processes list = { 0 };
	struct walk w = { .env = env };
	struct gap **gaps_end = env->gaps_end;
	int r = processes_list(env->root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "tasks", "/proc", r);
	if (env->root->is_whole && !env->root->is_live)
		find_online(&w);
	r = guests_find(env, &w.guests);
	if (r == -ENOMEM)
		return r;
	/* What it could not see of guests is told below, in our own words. */
	env->gaps_end = gaps_end;
	*gaps_end = NULL;
	r = look_at_all(&w, &list);
	if (r < 0)
		return r;
	/* A captured tree may hold no process at all: nothing is known then. */
	if (w.n_tasks == 0)
		return probe_gap_words(env, "tasks", "/proc", "there are no threads to look at");
	f->tasks = w.groups;
	f->tasks.known = true;
	return note_gaps(&w, &list);
}
