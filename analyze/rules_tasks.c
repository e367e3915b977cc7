/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_tasks.c - what else may run on the guest's CPUs: tasks, kernel threads, work items. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"

enum { ITEMS_MAX = 8, IDS_MAX = 128 };

static bool has_word(const char *comm, const char *const *words)
{
	while (*words && strncmp(comm, *words, strlen(*words)) != 0)
		words++;
	return *words != NULL;
}

/* Threads that a rule is about; those of other rows and those that cannot move are left out. */
typedef bool task_fn(const struct host *h, const struct sched_tasks *t);

static bool is_on_guest(const struct host *h, const struct sched_tasks *t)
{
	return t->comm.known && t->affinity.known &&
	       cpus_intersects(&t->affinity.v, &h->cpus.guest.v);
}

static bool is_movable_kthread(const struct host *h, const struct sched_tasks *t)
{
	static const char *const others[] = { "rcuo", "irq/", "vhost-", "kvm-nx-lpage", NULL };

	return is_on_guest(h, t) && t->is_kernel.v && t->is_movable.v &&
	       !has_word(t->comm.v, others);
}

static bool is_irq_thread(const struct host *h, const struct sched_tasks *t)
{
	static const char *const names[] = { "irq/", NULL };

	return is_on_guest(h, t) && t->is_kernel.v && has_word(t->comm.v, names);
}

static bool is_nx_recovery(const struct host *h, const struct sched_tasks *t)
{
	static const char *const names[] = { "kvm-nx-lpage", NULL };

	return is_on_guest(h, t) && has_word(t->comm.v, names);
}

static bool is_user_task(const struct host *h, const struct sched_tasks *t)
{
	return is_on_guest(h, t) && !t->is_kernel.v;
}

/* How many threads; the first groups as evidence, and the ids of all as {ids}. */
static uint64_t list_tasks(const struct host *h, struct finding *out, task_fn *is_meant)
{
	const struct sched_tasks *t = h->sched.tasks.v;
	const char *ids = "";
	uint64_t n = 0;
	size_t n_items = 0, n_ids = 0;

	for (size_t i = 0; i < h->sched.tasks.n; i++) {
		if (!is_meant(h, &t[i]))
			continue;
		n += t[i].n_threads.v;
		for (size_t k = 0; n_ids < IDS_MAX && k < t[i].ids.n; k++, n_ids++)
			ids = finding_text(out, "%s%s%s", ids, *ids ? " " : "", t[i].ids.v[k]);
		if (n_items++ < ITEMS_MAX)
			finding_item(out, "%s: %llu on %s", t[i].comm.v,
				     (unsigned long long)t[i].n_threads.v,
				     finding_cpus(out, &t[i].affinity.v));
	}
	if (n_items > ITEMS_MAX)
		finding_item(out, "and %zu more names", n_items - ITEMS_MAX);
	if (n > n_ids)
		finding_item(out, "the command moves %zu of %llu: audit again after it", n_ids,
			     (unsigned long long)n);
	finding_fill(out, "ids", "%s", ids);
	return n;
}

static enum verdict judge_kthreads(const struct host *h, struct finding *out)
{
	const uint64_t n = list_tasks(h, out, is_movable_kthread);

	if (n == 0) {
		finding_say(out, "No kernel thread that can be moved may run on the guest's CPUs.");
		return VERDICT_PASS;
	}
	finding_say(out, "%llu kernel threads that can be moved may run on the guest's CPUs.",
		    (unsigned long long)n);
	return VERDICT_ADVICE;
}

static enum verdict judge_irq_threads(const struct host *h, struct finding *out)
{
	const uint64_t n = list_tasks(h, out, is_irq_thread);

	if (n == 0) {
		finding_say(out, "No interrupt thread may run on the guest's CPUs.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%llu interrupt threads may run on the guest's CPUs: they follow the affinity "
		    "of their interrupts.",
		    (unsigned long long)n);
	return VERDICT_ADVICE;
}

static enum verdict judge_nx_recovery(const struct host *h, struct finding *out)
{
	const uint64_t n = list_tasks(h, out, is_nx_recovery);

	if (n == 0) {
		finding_say(out, "KVM's recovery thread is not on the guest's CPUs.");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"KVM's thread that puts huge pages together again may run on the guest's CPUs.");
	return VERDICT_ADVICE;
}

static bool has_isolated_cpus(const struct host *h, struct finding *out)
{
	if (!guest_has_own_cpus(h, out))
		return false;
	if (!h->cpu.unbalanced.known || cpus_is_subset(&h->cpus.guest.v, &h->cpu.unbalanced.v))
		return true;
	finding_say(out, "The guest's CPUs are not isolated, so that any task may run there.");
	return false;
}

/* On isolated CPUs only those run that were put there by hand. */
static enum verdict judge_user_tasks(const struct host *h, struct finding *out)
{
	const uint64_t n = list_tasks(h, out, is_user_task);

	if (n == 0) {
		finding_say(out, "No task of the host may run on the guest's CPUs.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%llu threads of the host have the guest's isolated CPUs in their affinity.",
		    (unsigned long long)n);
	return VERDICT_ADVICE;
}

static enum verdict judge_workqueues(const struct host *h, struct finding *out)
{
	const struct {
		const char *name, *path;
		const struct fact_cpus *cpus;
	} masks[] = {
		{ "unbound work", "/sys/devices/virtual/workqueue/cpumask", &h->sched.wq_unbound },
		{ "writeback", "/sys/bus/workqueue/devices/writeback/cpumask",
		  &h->sched.wq_writeback },
	};
	const char *commands = "", *undo = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		auto_free char *mask = NULL;
		struct cpus on_guest;

		if (!masks[i].cpus->known)
			continue;
		on_guest = cpus_and(&masks[i].cpus->v, &h->cpus.guest.v);
		if (h->sched.wq_isolated.known)
			on_guest = cpus_minus(&on_guest, &h->sched.wq_isolated.v);
		if (cpus_is_empty(&on_guest))
			continue;
		finding_item(out, "%s: may run on %s", masks[i].name, finding_cpus(out, &on_guest));
		mask = cpus_mask_new(&masks[i].cpus->v);
		commands = finding_text(out, "%s%secho {HM} | sudo tee %s", commands, n ? "\n" : "",
					masks[i].path);
		undo = finding_text(out, "%s%secho %s | sudo tee %s", undo, n ? "\n" : "",
				    mask ? mask : "OLD", masks[i].path);
		n++;
	}
	if (n == 0) {
		finding_say(out, "Work items that can run anywhere stay off the guest's CPUs.");
		return VERDICT_PASS;
	}
	finding_fix(out, commands, NULL, undo);
	finding_say(out,
		    "Work items of the host's kernel that can run anywhere may run on the guest's "
		    "CPUs.");
	return VERDICT_ADVICE;
}

#define TASKS READS(READ(sched.tasks))

static const struct rule rules[] = {
	{ "kthr.affinity", false, guest_has_own_cpus, TASKS, judge_kthreads },
	{ "kthr.nx-recovery", false, guest_has_own_cpus, TASKS, judge_nx_recovery },
	{ "irq.threaded", false, guest_has_own_cpus, TASKS, judge_irq_threads },
	{ "isol.tasks-on-g", false, has_isolated_cpus,
	  READS(READ(cpu.unbalanced), READ(sched.tasks)), judge_user_tasks },
	{ "wq.cpumask", false, guest_has_own_cpus, READS(READ(sched.wq_unbound)),
	  judge_workqueues },
};

const struct rule_set rules_tasks = { rules, ARRAY_SIZE(rules) };
