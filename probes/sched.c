/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched - what may run where: cpusets, workqueues, kernel threads and tasks.
 * Source of the masks of workqueues: Documentation/core-api/workqueue.rst "Affinity Scopes",
 * wq_sysfs in kernel/workqueue.c.
 */
#include "facts/sched.h"

#include <string.h>

#include "probes/sched_parts.h"

#define WORKQUEUES "/sys/devices/virtual/workqueue"

/* A kernel has some ten with a mask; a bound for a stranger's tree. */
#define N_WORKQUEUES_MAX 1024u

static int read_mask(struct probe_env *env, struct fact_cpus *f, const char *field,
		     const char *path)
{
	struct cpus set;
	int r = sysroot_read_mask(env->root, &set, "%s", path);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, field, path, r);
	fact_set_cpus(f, &set);
	return 0;
}

static int add_workqueue(struct probe_env *env, const char *name, struct fact_list *list)
{
	struct sched_workqueue *wq;
	struct cpus set;
	int r = sysroot_read_mask(env->root, &set, WORKQUEUES "/%s/cpumask", name);

	/* The other entries of the directory are files, and "power". */
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "workqueues", name, r);
	wq = fact_add_item(list, env->arena, sizeof(*wq));
	if (!wq)
		return -ENOMEM;
	fact_set_cpus(&wq->cpus, &set);
	return fact_set_str(&wq->name, env->arena, name);
}

static int read_others(struct probe_env *env, struct fact_list *list)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, WORKQUEUES);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "workqueues", WORKQUEUES, r);
	list->known = true;
	for (size_t i = 0; i < n && r == 0; i++) {
		if (list->n == N_WORKQUEUES_MAX) {
			r = probe_gap_words(env, "workqueues", WORKQUEUES, "only the first %u",
					    N_WORKQUEUES_MAX);
			break;
		}
		if (strcmp(names[i], "writeback") != 0)
			r = add_workqueue(env, names[i], list);
	}
	names_free(names, n);
	return r;
}

static int read_workqueues(struct probe_env *env, struct sched_facts *f)
{
	int r = read_mask(env, &f->wq_unbound, "wq_unbound", WORKQUEUES "/cpumask");

	if (r == 0)
		r = read_mask(env, &f->wq_isolated, "wq_isolated", WORKQUEUES "/cpumask_isolated");
	if (r == 0)
		r = read_mask(env, &f->wq_writeback, "wq_writeback",
			      WORKQUEUES "/writeback/cpumask");
	return r < 0 ? r : read_others(env, &f->workqueues);
}

static int measure(struct probe_env *env, void *facts)
{
	struct sched_facts *f = facts;
	int r = sched_read_cpusets(env, f);

	if (r == 0)
		r = read_workqueues(env, f);
	if (r == 0)
		r = sched_read_tasks(env, f);
	return r < 0 ? r : sched_read_trace(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "sched", measure);
}
