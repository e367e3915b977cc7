/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/setup_loaders.h"

#include <fnmatch.h>
#include <string.h>

#include "probes/parse/boot_config.h"
#include "probes/parse/shell_vars.h"
#include "probes/setup_files.h"

const char *const setup_loader_dirs[] = { "/boot/loader", "/efi/loader", "/boot/efi/loader", NULL };

/* At most this many "options" lines of an entry. */
#define N_OPTIONS_MAX 16

static struct shell_vars *new_vars(struct probe_env *env)
{
	return arena_alloc(env->arena, sizeof(struct shell_vars));
}

/* A file of variables, if it is there. */
static int read_vars(struct probe_env *env, struct shell_vars *vars, const char *path)
{
	struct text text;
	const int r = setup_read_config(env, &text, "boot_cmdline", path);

	return r < 0 || !text.at ? r : shell_vars_parse(vars, env->arena, text);
}

/* /etc/default/grub and, on Debian, grub.d; grub-mkconfig puts the two variables in this order. */
int setup_loader_grub(struct probe_env *env, const char **ret_path, const char **ret_args)
{
	static const char *const dirs[] = { "/etc/default/grub.d" };
	static const char path[] = "/etc/default/grub";
	struct shell_vars *vars = new_vars(env);
	const char *always, *normally;
	struct fact_strs paths = { 0 };
	int r;

	if (!vars)
		return -ENOMEM;
	r = read_vars(env, vars, path);
	if (r == 0)
		r = setup_drop_ins(env, dirs, ARRAY_SIZE(dirs), ".cfg", &paths);
	for (size_t i = 0; r == 0 && i < paths.n; i++)
		r = read_vars(env, vars, paths.v[i]);
	if (r < 0)
		return r;
	always = shell_vars_get(vars, "GRUB_CMDLINE_LINUX");
	normally = shell_vars_get(vars, "GRUB_CMDLINE_LINUX_DEFAULT");
	*ret_path = setup_exists(env, path) ? path : NULL;
	if (!always && !normally)
		return 0;
	*ret_args =
		arena_printf(env->arena, "%s %s", always ? always : "", normally ? normally : "");
	return *ret_args ? 0 : -ENOMEM;
}

/* /etc/kernel/cmdline, of kernel-install, ukify and proxmox-boot-tool: lines of arguments. */
int setup_loader_kernel_cmdline(struct probe_env *env, const char **ret_path, const char **ret_args)
{
	static const char path[] = "/etc/kernel/cmdline";
	const char *all = "";
	struct text text, line;
	int r = setup_read_config(env, &text, "boot_cmdline", path);

	if (r < 0 || !text.at)
		return r;
	*ret_path = path;
	for (size_t n = 0; n < N_OPTIONS_MAX && text_next_line(&text, &line); n++) {
		if (text_starts(text_trim(line), "#"))
			continue;
		all = arena_printf(env->arena, "%s %.*s", all, (int)line.len, line.at);
		if (!all)
			return -ENOMEM;
	}
	*ret_args = all;
	return 0;
}

/* "default arch-*.conf" of loader.conf, or NULL. */
static int read_default(struct probe_env *env, const char *dir, const char **ret_pattern)
{
	struct text text, value;
	int r = setup_read_config(env, &text, "boot_cmdline",
				  arena_printf(env->arena, "%s/loader.conf", dir));

	*ret_pattern = NULL;
	if (r < 0 || !text.at || !loader_conf_value(text, "default", &value))
		return r;
	*ret_pattern = arena_strndup(env->arena, value.at, value.len);
	return *ret_pattern ? 0 : -ENOMEM;
}

/* Of the entries that may be the default the last one, the newest kernel; not a fallback. */
static const char *choose(const struct fact_strs *paths, const char *pattern)
{
	const char *chosen = NULL;

	for (int with_pattern = pattern ? 1 : 0; !chosen && with_pattern >= 0; with_pattern--) {
		for (size_t i = 0; i < paths->n; i++) {
			const char *name = strrchr(paths->v[i], '/') + 1;

			if (with_pattern ? fnmatch(pattern, name, 0) == 0
					 : !strstr(name, "fallback") && !strstr(name, "rescue"))
				chosen = paths->v[i];
		}
	}
	return chosen;
}

static int read_entry(struct probe_env *env, const char *path, const char **ret_args)
{
	const char *all = "";
	struct text text, args;
	int r = setup_read_config(env, &text, "boot_cmdline", path);

	if (r < 0 || !text.at)
		return r;
	for (size_t n = 0; n < N_OPTIONS_MAX && boot_entry_options(&text, &args); n++) {
		all = arena_printf(env->arena, "%s %.*s", all, (int)args.len, args.at);
		if (!all)
			return -ENOMEM;
	}
	*ret_args = all;
	return 0;
}

int setup_loader_entries(struct probe_env *env, const char **ret_path, const char **ret_args)
{
	int r = 0;

	for (size_t i = 0; r == 0 && !*ret_path && setup_loader_dirs[i]; i++) {
		const char *dir = arena_printf(env->arena, "%s/entries", setup_loader_dirs[i]);
		struct fact_strs paths = { 0 };
		const char *pattern;

		if (!dir)
			return -ENOMEM;
		r = setup_drop_ins(env, &dir, 1, ".conf", &paths);
		if (r == 0)
			r = read_default(env, setup_loader_dirs[i], &pattern);
		if (r == 0)
			*ret_path = choose(&paths, pattern);
		if (r == 0 && *ret_path)
			r = read_entry(env, *ret_path, ret_args);
	}
	return r;
}

typedef bool args_fn(struct text *rest, struct text *ret_args);

/* The first arguments in the first file that is there. */
static int first_file(struct probe_env *env, const char *const *paths, size_t n, args_fn *find,
		      const char **ret_path, const char **ret_args)
{
	for (size_t i = 0; i < n; i++) {
		struct text text, args;
		int r = setup_read_config(env, &text, "boot_cmdline", paths[i]);

		if (r < 0)
			return r;
		if (!text.at)
			continue;
		*ret_path = paths[i];
		if (!find(&text, &args))
			return 0;
		*ret_args = arena_strndup(env->arena, args.at, args.len);
		return *ret_args ? 0 : -ENOMEM;
	}
	return 0;
}

int setup_loader_limine(struct probe_env *env, const char **ret_path, const char **ret_args)
{
	static const char *const paths[] = {
		"/boot/limine.conf", "/boot/limine/limine.conf", "/boot/EFI/limine/limine.conf",
		"/efi/limine.conf",  "/boot/limine.cfg",         "/efi/limine.cfg"
	};
	static const char path[] = "/etc/default/limine";
	struct shell_vars *vars = new_vars(env);
	int r;

	/* The tools of some distributions make limine.conf from this. */
	if (!vars)
		return -ENOMEM;
	r = read_vars(env, vars, path);
	*ret_args = shell_vars_get(vars, "KERNEL_CMDLINE[default]");
	*ret_path = *ret_args ? path : NULL;
	return r < 0 || *ret_args ? r
				  : first_file(env, paths, ARRAY_SIZE(paths), limine_cmdline,
					       ret_path, ret_args);
}

int setup_loader_refind(struct probe_env *env, const char **ret_path, const char **ret_args)
{
	static const char *const paths[] = { "/boot/refind_linux.conf", "/efi/refind_linux.conf" };

	return first_file(env, paths, ARRAY_SIZE(paths), refind_options, ret_path, ret_args);
}
