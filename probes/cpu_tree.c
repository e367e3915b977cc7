/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/cpu_tree.h"

#include <string.h>

#include "probes/contained.h"
#include "probes/numbered.h"

static int set_why(struct probe_env *env, const char **ret_why, const char *what, const char *path)
{
	*ret_why = arena_printf(env->arena, "%s: %s", path, what);
	return *ret_why ? 0 : -ENOMEM;
}

/* What hwloc's Linux part opens below its root, beyond the folders of CPUs and nodes. */
static int check_files(struct probe_env *env, const char **ret_why)
{
	static const char *const paths[] = {
		"proc/cpuinfo",     "proc/meminfo",
		"proc/mounts",      "proc/self/cgroup",
		"proc/self/cpuset", "sys/kernel/mm/hugepages",
		"sys/class/dmi/id", "sys/devices/virtual/dmi/id",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int r = path_is_contained(env->root, paths[i]);

		if (r < 0)
			return set_why(env, ret_why, "leads out of the captured tree", paths[i]);
	}
	return 0;
}

static int check_links(struct probe_env *env, const char **ret_why)
{
	static const char *const dirs[] = {
		"sys/devices/system/cpu",
		"sys/devices/system/node",
	};
	auto_free char *path = NULL;
	int r = dirs_are_contained(env->root, dirs, ARRAY_SIZE(dirs), &path);

	if (r == 0 || r == -ENOMEM)
		return r;
	if (path)
		return set_why(env, ret_why, "a link that could lead out of the captured tree",
			       path);
	return set_why(env, ret_why, strerrordesc_np(-r), dirs[0]);
}

static int check_numbers(struct probe_env *env, const char **ret_why)
{
	static const struct {
		const char *dir, *prefix;
	} rows[] = {
		{ "/sys/devices/system/cpu", "cpu" },
		{ "/sys/devices/system/node", "node" },
	};
	static const char *const lists[] = { "online", "possible", "present" };
	struct cpus set;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (numbered_entries(env->root, rows[i].dir, rows[i].prefix, &set) == -ERANGE)
			return set_why(env, ret_why, "a number no kernel uses", rows[i].dir);
		for (size_t j = 0; j < ARRAY_SIZE(lists); j++) {
			int r = sysroot_read_list(env->root, &set, "%s/%s", rows[i].dir, lists[j]);

			/* hwloc would take an empty list for CPU 0; nodes may be none. */
			if (r == 0 && i == 0 && cpus_is_empty(&set))
				r = -EBADMSG;
			if (r < 0 && r != -ENOENT)
				return set_why(env, ret_why, "a list that cannot be used",
					       rows[i].dir);
		}
	}
	return 0;
}

int cpu_tree_check(struct probe_env *env, const char **ret_why)
{
	static int (*const checks[])(struct probe_env *, const char **) = {
		check_files,
		check_links,
		check_numbers,
	};
	int r = 0;

	*ret_why = NULL;
	if (env->root->is_live)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(checks) && r == 0 && !*ret_why; i++)
		r = checks[i](env, ret_why);
	return r;
}

bool cpu_tree_has_caches(const struct sysroot *root, const struct cpus *cpus)
{
	for (int c = cpus_next(cpus, 0); c >= 0; c = cpus_next(cpus, (unsigned)c + 1)) {
		if (sysroot_exists(root, "/sys/devices/system/cpu/cpu%d/cache/index0", c) == 0)
			return true;
	}
	return false;
}
