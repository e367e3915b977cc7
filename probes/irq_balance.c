/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq_balance.c - whether irqbalance runs, and what its settings keep it off. */
#include "probes/irq_parts.h"
#include "probes/parse/irqbalance.h"
#include "probes/processes.h"

/* Where distributions keep its variables: Debian, Fedora and openSUSE, Gentoo, upstream. */
static const char *const files[] = {
	"/etc/irqbalance.env",
	"/etc/conf.d/irqbalance",
	"/etc/sysconfig/irqbalance",
	"/etc/default/irqbalance",
};

static int find_process(struct probe_env *env, const struct processes *list, uint32_t *ret_pid)
{
	for (size_t i = 0; i < list->n; i++) {
		auto_free char *comm = NULL;
		int r = sysroot_read_line(env->root, &comm, "/proc/%u/comm", list->pids[i]);

		if (r == -ENOMEM)
			return r;
		if (r == 0 && text_equal(text_of(comm), "irqbalance")) {
			*ret_pid = list->pids[i];
			return 0;
		}
	}
	return -ENOENT;
}

/* pid 0: it does not run, or that could not be told. */
static int read_running(struct probe_env *env, struct irq_facts *f, uint32_t *ret_pid)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(env->root, "/proc", &list);

	*ret_pid = 0;
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "is_irqbalance_running", "/proc", r);
	r = find_process(env, &list, ret_pid);
	if (r == -ENOMEM)
		return r;
	if (r < 0 && !list.n)
		return probe_gap_words(env, "is_irqbalance_running", "/proc",
				       "the captured tree holds no processes");
	if (r < 0 && list.is_partial && env->root->is_whole)
		return probe_gap_words(env, "is_irqbalance_running", "/proc",
				       "processes of other users are hidden");
	fact_set_bool(&f->is_irqbalance_running, r == 0);
	return 0;
}

/* What a running one was started with wins over the files, which may have changed since. */
static int add_process(struct probe_env *env, uint32_t pid, struct irqbalance *settings)
{
	auto_free char *environ_text = NULL, *options = NULL;
	size_t len;
	int r = sysroot_read(env->root, &environ_text, &len, "/proc/%u/environ", pid);

	if (r == 0)
		irqbalance_add_variables(settings, text_make(environ_text, len), '\0');
	if (r == -ENOMEM)
		return r;
	r = sysroot_read(env->root, &options, &len, "/proc/%u/cmdline", pid);
	if (r == 0)
		irqbalance_add_options(settings, text_make(options, len));
	return r == -ENOMEM ? r : 0;
}

static int add_file(struct probe_env *env, const char *path, struct irqbalance *settings)
{
	auto_free char *text = NULL;
	size_t len;
	int r = sysroot_read(env->root, &text, &len, "%s", path);

	if (r == 0)
		irqbalance_add_variables(settings, text_make(text, len), '\n');
	/* None of these files need exist: then it has its defaults. */
	return r == 0 || r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

int irq_read_irqbalance(struct probe_env *env, struct irq_facts *f)
{
	struct irqbalance settings = { 0 };
	uint32_t pid;
	int r = read_running(env, f, &pid);

	if (r < 0)
		return r;
	if (sysroot_exists(env->root, "/etc") < 0)
		return probe_gap_words(env, "irqbalance_banned", "/etc",
				       "the tree holds no settings");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		r = add_file(env, files[i], &settings);
		if (r < 0)
			return r == -ENOMEM ? r : probe_gap(env, "irqbalance_banned", files[i], r);
	}
	r = pid ? add_process(env, pid, &settings) : 0;
	if (r < 0)
		return r;
	fact_set_bool(&f->has_irqbalance_oneshot, settings.is_oneshot);
	if (settings.is_banned_odd)
		return probe_gap_words(env, "irqbalance_banned", "",
				       "its settings name CPUs in a way that is not understood");
	fact_set_cpus(&f->irqbalance_banned, &settings.banned);
	return 0;
}
