/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_cpusets.c - cpusets of the first level, where services, users and guests are kept apart,
 * and with cgroup v2 the partitions, wherever they are. Sources:
 * Documentation/admin-guide/cgroup-v1/cpusets.rst, cgroup-v2.rst "Cpuset Interface Files".
 */
#include <fcntl.h>
#include <string.h>

#include "probes/parse/mounts.h"
#include "probes/sched_parts.h"

/* Guests lie three or four deep. */
#define DEPTH_MAX 8u
#define SETS_MAX  4096u

/* The names of files in one hierarchy; NULL: it has no such file. */
struct names {
	const char *requested, *effective, *partition, *balance;
};

struct walk {
	struct probe_env *env;
	const struct names *names;
	size_t top_len; /* of the mount point and a slash */
	size_t n_sets;
	bool is_deep; /* partitions are looked for below the first level */
	bool is_cut;
	struct fact_list *list;
};

/* Sets come and go while they are read; a set without the controller has no files of it. */
static bool is_gone(int error)
{
	return error == -ENOENT || error == -ENODEV || error == -ENOTDIR;
}

static int read_cpus(struct walk *w, const char *dir, const char *name, struct fact_cpus *f)
{
	struct cpus set;
	int r = name ? sysroot_read_list(w->env->root, &set, "%s/%s", dir, name) : -ENOENT;

	if (r == 0)
		fact_set_cpus(f, &set);
	return r;
}

static int read_partition(struct walk *w, const char *dir, struct fact_str *f)
{
	auto_free char *line = NULL;
	int r = -ENOENT;

	if (w->names->partition)
		r = sysroot_read_line(w->env->root, &line, "%s/%s", dir, w->names->partition);
	return r < 0 ? r : fact_set_str(f, w->env->arena, line);
}

static int read_balance(struct walk *w, const char *dir, struct fact_bool *f)
{
	uint64_t v;
	int r = -ENOENT;

	if (w->names->balance)
		r = sysroot_read_u64(w->env->root, &v, "%s/%s", dir, w->names->balance);
	if (r == 0)
		fact_set_bool(f, v != 0);
	return r;
}

/* 0: read, or -ENOENT: the directory is no cpuset; -ENOMEM; other errors are gaps. */
static int read_set(struct walk *w, const char *dir, struct sched_cpuset *ret_set)
{
	struct sched_cpuset set = { 0 };
	struct fact_cpus requested = { 0 };
	int errors[] = {
		read_cpus(w, dir, w->names->effective, &set.effective),
		read_cpus(w, dir, w->names->requested, &requested),
		read_partition(w, dir, &set.partition),
		read_balance(w, dir, &set.is_balanced),
	};
	bool is_set = false;
	int r = 0;

	if (requested.known && !cpus_is_empty(&requested.v))
		set.requested = requested;
	for (size_t i = 0; i < ARRAY_SIZE(errors) && r == 0; i++) {
		is_set |= errors[i] == 0;
		if (errors[i] == -ENOMEM)
			return -ENOMEM;
		if (errors[i] < 0 && !is_gone(errors[i]))
			r = probe_gap(w->env, "cpusets", dir, errors[i]);
	}
	if (r < 0 || !is_set)
		return r < 0 ? r : -ENOENT;
	r = fact_set_str(&set.path, w->env->arena, dir + w->top_len);
	*ret_set = set;
	return r;
}

static bool is_partition(const struct sched_cpuset *set)
{
	return set->partition.known && strcmp(set->partition.v, "member") != 0;
}

static int walk_below(struct walk *w, const char *dir, unsigned depth);

static int visit(struct walk *w, const char *dir, unsigned depth)
{
	struct sched_cpuset set, *item;
	int r;

	if (depth > DEPTH_MAX || ++w->n_sets > SETS_MAX) {
		w->is_cut = true;
		return 0;
	}
	r = read_set(w, dir, &set);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (depth == 1 || is_partition(&set)) {
		item = fact_add_item(w->list, w->env->arena, sizeof(*item));
		if (!item)
			return -ENOMEM;
		*item = set;
	}
	return w->is_deep ? walk_below(w, dir, depth) : 0;
}

static bool is_dir(const struct sysroot *root, const char *dir, const char *name)
{
	auto_fd int fd = sysroot_open_file(root, O_RDONLY | O_DIRECTORY, "%s/%s", dir, name);

	return fd >= 0;
}

static int walk_below(struct walk *w, const char *dir, unsigned depth)
{
	char **names;
	size_t n;
	int r = sysroot_list(w->env->root, &names, &n, "%s", dir);

	if (r < 0)
		return r == -ENOMEM || is_gone(r) ? (r == -ENOMEM ? r : 0)
						  : probe_gap(w->env, "cpusets", dir, r);
	for (size_t i = 0; i < n && r == 0; i++) {
		auto_free char *below = NULL;

		if (!is_dir(w->env->root, dir, names[i]))
			continue;
		if (asprintf(&below, "%s/%s", dir, names[i]) < 0) {
			below = NULL;
			r = -ENOMEM;
		} else {
			r = visit(w, below, depth + 1);
		}
	}
	names_free(names, n);
	return r;
}

static int walk_all(struct walk *w, const char *top)
{
	int r;

	w->top_len = strlen(top) + 1;
	w->list->known = true;
	r = walk_below(w, top, 0);
	if (r == 0 && w->is_cut)
		r = probe_gap_words(w->env, "cpusets", top, "more or deeper ones are not listed");
	return r;
}

static int read_v1(struct probe_env *env, const char *top, bool has_prefix, struct fact_list *list)
{
	static const struct names prefixed = { "cpuset.cpus", "cpuset.effective_cpus", NULL,
					       "cpuset.sched_load_balance" };
	static const struct names plain = { "cpus", "effective_cpus", NULL, "sched_load_balance" };
	struct walk w = { .env = env, .list = list };

	w.names = has_prefix ? &prefixed : &plain;
	return walk_all(&w, top);
}

static int read_v2(struct probe_env *env, const char *top, struct sched_facts *f)
{
	static const struct names names = { "cpuset.cpus", "cpuset.cpus.effective",
					    "cpuset.cpus.partition", NULL };
	struct walk w = { .env = env, .names = &names, .is_deep = true, .list = &f->cpusets };
	int r = walk_all(&w, top);

	return r < 0 ? r
		     : probe_read_cpus(env, &f->isolated, "isolated",
				       arena_printf(env->arena, "%s/cpuset.cpus.isolated", top));
}

/* What is mounted; the first of each kind: containers see the same one twice. */
struct found {
	bool has_v1, has_prefix;
	struct text v1_top, v2_top; /* of cpusets of version 1, of version 2; at NULL: none */
};

static void find_mounts(struct text mounts, struct found *ret_found)
{
	struct mount_line m;

	*ret_found = (struct found){ 0 };
	while (mounts_next(&mounts, &m)) {
		const bool is_legacy = text_equal(m.type, "cpuset");
		const bool is_v1 = is_legacy || text_equal(m.type, "cgroup");

		ret_found->has_v1 |= is_v1;
		if (is_v1 && !ret_found->v1_top.at &&
		    (is_legacy || mounts_has_option(m.options, "cpuset"))) {
			ret_found->v1_top = m.target;
			ret_found->has_prefix =
				!is_legacy && !mounts_has_option(m.options, "noprefix");
		} else if (text_equal(m.type, "cgroup2") && !ret_found->v2_top.at) {
			ret_found->v2_top = m.target;
		}
	}
}

static const char *version_of(const struct found *found)
{
	if (found->has_v1)
		return found->v2_top.at ? "hybrid" : "v1";
	return found->v2_top.at ? "v2" : "none";
}

/* The controller is of one version at a time: of version 1 once it is mounted there. */
static int read_found(struct probe_env *env, const struct found *found, struct sched_facts *f)
{
	const bool is_v1 = found->v1_top.at != NULL;
	auto_free char *top = mounts_unescape(is_v1 ? found->v1_top : found->v2_top);
	int r;

	if (!top)
		return -ENOMEM;
	/* A captured tree may hold the mounts without what is in them. */
	r = sysroot_exists(env->root, "%s", top);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return probe_gap(env, "cpusets", top, r);
	return is_v1 ? read_v1(env, top, found->has_prefix, &f->cpusets) : read_v2(env, top, f);
}

int sched_read_cpusets(struct probe_env *env, struct sched_facts *f)
{
	static const char *const fields[] = { "cgroup_version", "cpusets", "isolated" };
	struct found found;
	struct text mounts;
	int r = probe_read_text_for(env, &mounts, fields, ARRAY_SIZE(fields), "/proc/mounts");

	if (r < 0 || !mounts.at)
		return r;
	find_mounts(mounts, &found);
	r = fact_set_str(&f->cgroup_version, env->arena, version_of(&found));
	if (r < 0)
		return r;
	if (!found.v1_top.at && !found.v2_top.at) {
		f->cpusets.known = true;
		return 0;
	}
	return read_found(env, &found, f);
}
