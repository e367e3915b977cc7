/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_guest.c - reading the guest's threads; documented in activity_tasks.h.
 * Source: Documentation/scheduler/sched-stats.rst ("/proc/<pid>/schedstat"), proc(5).
 */
#include <inttypes.h>

#include "probes/activity_tasks.h"
#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"

/* "run delay slices", in ns. */
static void parse_schedstat(struct text t, struct activity_counters *c)
{
	struct text word;

	c->has_schedstat = text_next_word(&t, &word) && text_u64(word, &c->run_ns) == 0 &&
			   text_next_word(&t, &word) && text_u64(word, &c->delay_ns) == 0;
}

static void parse_switches(struct text t, struct activity_counters *c)
{
	struct text line, key, value;
	uint64_t v;

	while (text_next_line(&t, &line)) {
		if (!text_key_value(line, ':', &key, &value) || text_u64(value, &v) < 0)
			continue;
		if (text_equal(key, "voluntary_ctxt_switches"))
			c->n_voluntary = v;
		else if (text_equal(key, "nonvoluntary_ctxt_switches"))
			c->n_involuntary = v;
	}
}

static bool serves(struct text comm, pid_t pid)
{
	uint64_t owner;

	return task_is_vhost(comm, &owner) && owner == (uint64_t)pid;
}

static int read_counters(struct probe_env *env, const char *dir, uint32_t tid,
			 struct activity_counters *ret_counters)
{
	struct activity_counters c = { 0 };
	auto_free char *status = NULL;
	auto_free char *schedstat = NULL;
	size_t len;
	int r = sysroot_read(env->root, &schedstat, &len, "%s/%u/schedstat", dir, tid);

	/* First: if it is absent and the status is there, the kernel does not have it. */
	if (r == 0)
		parse_schedstat(text_make(schedstat, len), &c);
	else if (r == -ENOMEM)
		return r;
	r = sysroot_read(env->root, &status, &len, "%s/%u/status", dir, tid);
	if (r < 0)
		return r;
	parse_switches(text_make(status, len), &c);
	*ret_counters = c;
	return 0;
}

/* A thread that ends while it is read is not seen: the look before has it. 0 or -ENOMEM. */
static int see_thread(struct probe_env *env, struct activity_guest *g, const char *dir,
		      uint32_t tid, bool is_vhost)
{
	struct activity_reading reading = { .tid = tid, .is_vhost = is_vhost };
	auto_free char *text = NULL;
	struct task_stat stat;
	size_t len;
	int r = sysroot_read(env->root, &text, &len, "%s/%u/stat", dir, tid);

	/* The tid of a kernel thread can be given to any process. */
	if (r < 0 || task_stat_parse(text_make(text, len), &stat) < 0 ||
	    (is_vhost && !serves(stat.comm, env->guest_pid)))
		return r == -ENOMEM ? r : 0;
	r = read_counters(env, dir, tid, &reading.counters);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	reading.start_ticks = stat.start_ticks;
	reading.comm = stat.comm;
	reading.has_cpu = stat.has_scheduling && stat.last_cpu < CPUS_MAX;
	reading.cpu = stat.last_cpu;
	return activity_tasks_see(&g->tasks, &reading);
}

static bool is_known_vhost(const struct activity_guest *g, uint32_t tid)
{
	for (size_t i = 0; i < g->n_vhosts; i++) {
		if (g->vhosts[i] == tid)
			return true;
	}
	return false;
}

static int keep_vhost(struct activity_guest *g, uint32_t tid)
{
	uint32_t *bigger;

	if (is_known_vhost(g, tid) || g->n_vhosts >= ACTIVITY_TASKS_MAX)
		return 0;
	bigger = reallocarray(g->vhosts, g->n_vhosts + 1, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	g->vhosts = bigger;
	g->vhosts[g->n_vhosts++] = tid;
	return 0;
}

/* From kernel 6.4 on they are threads of the guest's process, and not found here. */
static int search_vhosts(struct probe_env *env, struct activity_guest *g)
{
	struct processes list;
	int r = processes_list(env->root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && i < list.n; i++) {
		auto_free char *comm = NULL;

		if (sysroot_read_line(env->root, &comm, "/proc/%u/comm", list.pids[i]) == 0 &&
		    serves(text_of(comm), env->guest_pid))
			r = keep_vhost(g, list.pids[i]);
	}
	processes_release(&list);
	return r;
}

/* Ended and not yet collected by its parent: there, but nothing runs in it any more. */
static bool is_ended(const struct task_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

/* The process itself: the same one as at the first look, and alive? */
static bool check_process(struct probe_env *env, struct activity_guest *g, size_t n_threads)
{
	auto_free char *text = NULL;
	struct task_stat stat;
	size_t len;

	if (sysroot_read(env->root, &text, &len, "/proc/%d/stat", env->guest_pid) < 0 ||
	    task_stat_parse(text_make(text, len), &stat) < 0)
		return false;
	if (g->tasks.n_looks == 0)
		g->start_ticks = stat.start_ticks;
	/* A main thread may end before the others do. */
	return stat.start_ticks == g->start_ticks && !(is_ended(&stat) && n_threads < 2);
}

static int see_all(struct probe_env *env, struct activity_guest *g, const char *dir,
		   const struct processes *list)
{
	int r = 0;

	activity_tasks_begin(&g->tasks);
	for (size_t i = 0; r == 0 && i < list->n; i++)
		r = see_thread(env, g, dir, list->pids[i], false);
	for (size_t i = 0; r == 0 && i < g->n_vhosts; i++)
		r = see_thread(env, g, "/proc", g->vhosts[i], true);
	activity_tasks_end(&g->tasks);
	return r;
}

int activity_guest_look(struct probe_env *env, struct activity_guest *g, bool has_search)
{
	auto_free char *dir = NULL;
	struct processes list;
	int r;

	if (env->guest_pid == 0 || g->is_gone)
		return 0;
	if (asprintf(&dir, "/proc/%d/task", env->guest_pid) < 0)
		return -ENOMEM;
	r = processes_list(env->root, dir, &list);
	if (r < 0) {
		g->is_gone = true;
		return r == -ENOMEM ? r : 0;
	}
	g->tasks.arena = env->arena;
	g->is_gone = !check_process(env, g, list.n);
	if (has_search && !g->is_gone)
		r = search_vhosts(env, g);
	if (r == 0 && !g->is_gone && g->tasks.n_looks == 0)
		r = guest_vcpu_tids(env->root, (uint32_t)env->guest_pid, &g->vcpus, &g->n_vcpus);
	if (r == 0 && !g->is_gone)
		r = see_all(env, g, dir, &list);
	processes_release(&list);
	return r;
}

static int note_missing(struct probe_env *env, const struct activity_guest *g)
{
	int r = 0;

	if (g->tasks.n_dropped)
		r = probe_gap_words(env, "threads", "", "only the first %u threads are counted",
				    ACTIVITY_TASKS_MAX);
	for (size_t i = 0; r == 0 && i < g->tasks.n; i++) {
		if (!g->tasks.v[i].last.has_schedstat)
			return probe_gap_words(
				env, "threads.run_ns", "/proc/PID/task/TID/schedstat",
				"not readable, for thread %" PRIu64 " at least", g->tasks.v[i].tid);
	}
	return r;
}

int activity_guest_put(struct probe_env *env, const struct activity_guest *g,
		       struct activity_facts *f)
{
	int r = note_missing(env, g);

	return r < 0 ? r
		     : activity_tasks_put(&g->tasks, (uint64_t)env->guest_pid, g->vcpus, g->n_vcpus,
					  &f->threads);
}

void activity_guest_release(struct activity_guest *g)
{
	free(g->vhosts);
	free(g->vcpus);
}
