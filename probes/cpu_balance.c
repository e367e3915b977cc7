/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/cpu_balance.h"

#include <fcntl.h>

#include "probes/parse/mounts.h"

/* cpusets of guests lie three or four deep. */
#define DEPTH_MAX 8
#define SETS_MAX  4096u

struct walk {
	const struct sysroot *root;
	struct cpus usable; /* CPUs online that are not isolated at boot */
	struct cpus found;  /* balanced CPUs (version 1), isolated ones (version 2) */
	const char *prefix; /* of the files' names: "cpuset.", or "" */
	size_t n_sets;
};

/* What is asked of one set: 1: look at the sets below too, 0: not these, or an error. */
typedef int visit_fn(struct walk *w, const char *dir);

/* Sets come and go while they are read. */
static bool is_gone(int error)
{
	return error == -ENOENT || error == -ENODEV || error == -ENOTDIR;
}

static bool is_dir(const struct sysroot *root, const char *dir, const char *name)
{
	auto_fd int fd = sysroot_open_file(root, O_RDONLY | O_DIRECTORY, "%s/%s", dir, name);

	return fd >= 0;
}

static int walk_sets(struct walk *w, const char *dir, visit_fn *visit, unsigned depth);

static int walk_below(struct walk *w, const char *dir, visit_fn *visit, unsigned depth)
{
	char **names;
	size_t n;
	int r = sysroot_list(w->root, &names, &n, "%s", dir);

	if (r < 0)
		return is_gone(r) ? 0 : r;
	for (size_t i = 0; i < n && r == 0; i++) {
		auto_free char *below = NULL;

		if (!is_dir(w->root, dir, names[i]))
			continue;
		if (asprintf(&below, "%s/%s", dir, names[i]) < 0) {
			below = NULL;
			r = -ENOMEM;
			break;
		}
		r = walk_sets(w, below, visit, depth + 1);
	}
	names_free(names, n);
	return r;
}

static int walk_sets(struct walk *w, const char *dir, visit_fn *visit, unsigned depth)
{
	int r;

	if (depth > DEPTH_MAX || ++w->n_sets > SETS_MAX)
		return -E2BIG;
	r = visit(w, dir);
	if (r < 0)
		return is_gone(r) ? 0 : r;
	return r ? walk_below(w, dir, visit, depth) : 0;
}

/* Version 1. Sets below a balanced one hold no other CPUs. */
static int visit_v1(struct walk *w, const char *dir)
{
	uint64_t is_balanced;
	struct cpus set;
	int r = sysroot_read_u64(w->root, &is_balanced, "%s/%ssched_load_balance", dir, w->prefix);

	if (r == 0)
		r = sysroot_read_list(w->root, &set, "%s/%scpus", dir, w->prefix);
	if (r < 0)
		return r;
	if (!is_balanced)
		return 1;
	set = cpus_and(&set, &w->usable);
	/* Nothing can be moved within a set of one CPU. */
	if (cpus_count(&set) > 1)
		w->found = cpus_or(&w->found, &set);
	return 0;
}

static int read_v1(struct walk *w, const char *dir, struct cpus *ret_unbalanced)
{
	uint64_t is_balanced;
	int r = sysroot_read_u64(w->root, &is_balanced, "%s/%ssched_load_balance", dir, w->prefix);

	if (r < 0)
		return r;
	/* The root set holds all CPUs: what sets below say changes nothing then. */
	if (is_balanced) {
		*ret_unbalanced = (struct cpus){ { 0 } };
		return 0;
	}
	r = walk_sets(w, dir, visit_v1, 0);
	if (r == 0)
		*ret_unbalanced = cpus_minus(&w->usable, &w->found);
	return r;
}

/* Version 2, before the root set listed them. A partition lies below partitions only; "isolated
 * invalid (reason)" is none. The root set has no such file. */
static int visit_v2(struct walk *w, const char *dir)
{
	auto_free char *partition = NULL;
	struct cpus set;
	int r = sysroot_read_line(w->root, &partition, "%s/cpuset.cpus.partition", dir);

	if (r < 0)
		return r;
	if (text_equal(text_of(partition), "root"))
		return 1;
	if (!text_equal(text_of(partition), "isolated"))
		return 0;
	r = sysroot_read_list(w->root, &set, "%s/cpuset.cpus.effective", dir);
	if (r == 0)
		w->found = cpus_or(&w->found, &set);
	return r < 0 ? r : 1;
}

static int read_v2(struct walk *w, const char *dir, struct cpus *ret_unbalanced)
{
	struct cpus isolated;
	int r = sysroot_read_list(w->root, &isolated, "%s/cpuset.cpus.isolated", dir);

	if (r == 0) {
		*ret_unbalanced = isolated;
		return 0;
	}
	if (r != -ENOENT)
		return r;
	r = walk_below(w, dir, visit_v2, 0);
	if (r == 0)
		*ret_unbalanced = w->found;
	return r;
}

static int read_mount(struct walk *w, const struct mount_line *m, struct cpus *ret_unbalanced)
{
	const bool is_v1 =
		(text_equal(m->type, "cgroup") && mounts_has_option(m->options, "cpuset")) ||
		text_equal(m->type, "cpuset");
	auto_free char *dir = NULL;
	int r;

	*ret_unbalanced = (struct cpus){ { 0 } };
	if (!is_v1 && !text_equal(m->type, "cgroup2"))
		return 0;
	dir = mounts_unescape(m->target);
	if (!dir)
		return -ENOMEM;
	w->prefix = text_equal(m->type, "cpuset") || mounts_has_option(m->options, "noprefix")
			    ? ""
			    : "cpuset.";
	w->found = (struct cpus){ { 0 } };
	/* A captured tree may hold the mounts without what is in them. */
	r = sysroot_exists(w->root, "%s", dir);
	if (r == 0)
		r = is_v1 ? read_v1(w, dir, ret_unbalanced) : read_v2(w, dir, ret_unbalanced);
	return is_gone(r) && w->root->is_whole ? 0 : r;
}

int cpu_balance_read(struct probe_env *env, struct cpu_facts *f)
{
	struct walk w = { .root = env->root };
	struct cpus all;
	struct text mounts;
	struct mount_line mount;
	int r;

	if (!f->isolated.known || !f->online.known)
		return probe_gap_words(env, "unbalanced", "",
				       "isolated or online CPUs are not known");
	r = probe_read_text(env, &mounts, "unbalanced", "/proc/mounts");
	if (r < 0 || !mounts.at)
		return r;
	all = f->isolated.v;
	w.usable = cpus_minus(&f->online.v, &f->isolated.v);
	while (mounts_next(&mounts, &mount)) {
		struct cpus unbalanced;

		r = read_mount(&w, &mount, &unbalanced);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			return probe_gap(env, "unbalanced", "cpuset", r);
		all = cpus_or(&all, &unbalanced);
	}
	fact_set_cpus(&f->unbalanced, &all);
	return 0;
}
