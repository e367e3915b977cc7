/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/kernel_settings.h"

#include <string.h>

#include "probes/kernel_names.h"

/* One file into a new item of the list, unless there is no such file. */
static int read_setting(struct probe_env *env, struct fact_list *list, const char *field,
			const char *name, const char *path)
{
	auto_free char *value = NULL;
	struct setting_fact *s;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_line(env->root, &value, "%s", path);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return probe_gap(env, field, path, r);
	s = fact_add_item(list, env->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	r = fact_set_str(&s->name, env->arena, name);
	return r < 0 ? r : fact_set_str(&s->value, env->arena, value);
}

/* Without the directory above all of them nothing can be said; else the list is known. */
static int find_directory(struct probe_env *env, struct fact_list *list, const char *field,
			  const char *dir)
{
	const int r = sysroot_exists(env->root, "%s", dir);

	list->known = r == 0;
	return r < 0 ? probe_gap(env, field, dir, r) : 0;
}

static int read_params(struct probe_env *env, struct kernel_facts *f)
{
	int r = find_directory(env, &f->params, "params", "/sys/module");

	for (size_t i = 0; r == 0 && f->params.known && i < n_kernel_params; i++) {
		const char *dot = strchr(kernel_params[i], '.');
		const int n = (int)(dot - kernel_params[i]);

		r = read_setting(env, &f->params, "params", kernel_params[i],
				 arena_printf(env->arena, "/sys/module/%.*s/parameters/%s", n,
					      kernel_params[i], dot + 1));
	}
	return r;
}

/* "vm.swappiness": /proc/sys/vm/swappiness */
static char *sysctl_path(struct arena *a, const char *name)
{
	char *path = arena_printf(a, "/proc/sys/%s", name);

	for (char *c = path; c && *c; c++) {
		if (*c == '.')
			*c = '/';
	}
	return path;
}

static int read_sysctls(struct probe_env *env, struct kernel_facts *f)
{
	int r = find_directory(env, &f->sysctls, "sysctls", "/proc/sys");

	for (size_t i = 0; r == 0 && f->sysctls.known && i < n_kernel_sysctls; i++)
		r = read_setting(env, &f->sysctls, "sysctls", kernel_sysctls[i],
				 sysctl_path(env->arena, kernel_sysctls[i]));
	return r;
}

int kernel_settings_read(struct probe_env *env, struct kernel_facts *f)
{
	const int r = read_params(env, f);

	return r < 0 ? r : read_sysctls(env, f);
}
