/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_sample.c - reading one sample; documented in activity_sample.h.
 * Source: Documentation/scheduler/sched-stats.rst ("/proc/<pid>/schedstat"), proc(5).
 */
#include "probes/activity_sample.h"

#include <inttypes.h>

#include "probes/parse/tasks.h"
#include "probes/processes.h"

/* "run delay slices", in ns. */
static bool parse_schedstat(struct text t, struct activity_task *task)
{
	struct text word;

	return text_next_word(&t, &word) && text_u64(word, &task->run_ns) == 0 &&
	       text_next_word(&t, &word) && text_u64(word, &task->delay_ns) == 0;
}

static void parse_switches(struct text t, struct activity_task *task)
{
	struct text line, key, value;
	uint64_t v;

	while (text_next_line(&t, &line)) {
		if (!text_key_value(line, ':', &key, &value) || text_u64(value, &v) < 0)
			continue;
		if (text_equal(key, "voluntary_ctxt_switches"))
			task->n_voluntary = v;
		else if (text_equal(key, "nonvoluntary_ctxt_switches"))
			task->n_involuntary = v;
	}
}

/* A thread that ends while it is read is left out: -ESRCH. */
static int read_task(struct probe_env *env, uint32_t tid, struct activity_task *ret_task)
{
	auto_free char *stat = NULL;
	auto_free char *status = NULL;
	auto_free char *schedstat = NULL;
	const pid_t pid = env->guest_pid;
	size_t n_stat, n_status, n_schedstat;
	struct activity_task task = { .tid = tid };
	struct task_stat parsed;

	if (sysroot_read(env->root, &stat, &n_stat, "/proc/%d/task/%u/stat", pid, tid) < 0 ||
	    sysroot_read(env->root, &status, &n_status, "/proc/%d/task/%u/status", pid, tid) < 0 ||
	    sysroot_read(env->root, &schedstat, &n_schedstat, "/proc/%d/task/%u/schedstat", pid,
			 tid) < 0)
		return -ESRCH;
	if (task_stat_parse(text_make(stat, n_stat), &parsed) < 0 || !parsed.has_scheduling ||
	    !parse_schedstat(text_make(schedstat, n_schedstat), &task))
		return -ESRCH;
	parse_switches(text_make(status, n_status), &task);
	task.start_ticks = parsed.start_ticks;
	task.last_cpu = parsed.last_cpu;
	task.role = task_role(parsed.comm, (pid_t)tid == pid);
	task.comm = arena_strndup(env->arena, parsed.comm.at, parsed.comm.len);
	if (!task.comm)
		return -ENOMEM;
	*ret_task = task;
	return 0;
}

int activity_tasks_read(struct probe_env *env, struct activity_sample *ret_sample)
{
	struct processes list;
	char *dir;
	int r;

	if (env->guest_pid == 0)
		return 0;
	dir = arena_printf(env->arena, "/proc/%d/task", env->guest_pid);
	if (!dir)
		return -ENOMEM;
	r = processes_list(env->root, dir, &list);
	if (r < 0) {
		ret_sample->is_guest_gone = true;
		return r == -ENOMEM ? r : 0;
	}
	ret_sample->tasks = arena_calloc(env->arena, list.n, sizeof(*ret_sample->tasks));
	r = ret_sample->tasks ? 0 : -ENOMEM;
	for (size_t i = 0; r == 0 && i < list.n; i++) {
		int ended = read_task(env, list.pids[i], &ret_sample->tasks[ret_sample->n_tasks]);

		if (ended == 0)
			ret_sample->n_tasks++;
		else if (ended == -ENOMEM)
			r = ended;
	}
	processes_release(&list);
	return r;
}

int activity_sample_read(struct probe_env *env, struct activity_sample *ret_sample)
{
	const struct {
		struct text *text;
		const char *field, *path;
	} files[] = {
		{ &ret_sample->interrupts, "irqs", "/proc/interrupts" },
		{ &ret_sample->softirqs, "softirqs", "/proc/softirqs" },
		{ &ret_sample->stat, "steal_ns", "/proc/stat" },
		{ &ret_sample->vmstat, "compact_stalls", "/proc/vmstat" },
	};
	int r = 0;

	ret_sample->at_ns = timebase_now(env->time);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = probe_read_text(env, files[i].text, files[i].field, files[i].path);
	return r < 0 ? r : activity_tasks_read(env, ret_sample);
}
