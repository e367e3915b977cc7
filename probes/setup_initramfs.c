/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_initramfs.c - which program makes the initramfs, and what it is told to put in:
 * mkinitcpio.conf(5), initramfs-tools(7), dracut.conf(5), booster's manual.
 */
#include <string.h>

#include "probes/parse/shell_vars.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

/* Times on a FAT file system are even seconds. */
#define MTIME_SLACK_S 2

static const char *const drop_in_dirs[] = { "/etc/mkinitcpio.conf.d" };
static const char *const dracut_dirs[] = { "/etc/dracut.conf.d", "/usr/lib/dracut/dracut.conf.d",
					   "/lib/dracut/dracut.conf.d" };

/* One variable into one list; a list that nothing is put in is empty. */
static int add_variable(struct probe_env *env, struct fact_strs *f, const struct shell_vars *vars,
			const char *name)
{
	const char *value = shell_vars_get(vars, name);

	f->known = true;
	return value ? setup_add_words(env, f, text_of(value)) : 0;
}

/* A file and its drop-ins; *ret_vars NULL: the file could not be read. */
static int read_vars(struct probe_env *env, const char *path, const char *const *dirs,
		     size_t n_dirs, struct shell_vars **ret_vars)
{
	struct shell_vars *vars = arena_alloc(env->arena, sizeof(*vars));
	struct fact_strs paths = { 0 };
	struct text text;
	int r;

	*ret_vars = NULL;
	if (!vars)
		return -ENOMEM;
	r = setup_read_config(env, &text, "initramfs_modules", path);
	if (r == 0 && text.at)
		r = shell_vars_parse(vars, env->arena, text);
	if (r == 0)
		r = setup_drop_ins(env, dirs, n_dirs, ".conf", &paths);
	if (r < 0 || (!text.at && (setup_exists(env, path) || paths.n == 0)))
		return r;
	for (size_t i = 0; r == 0 && i < paths.n; i++) {
		r = setup_read_config(env, &text, "initramfs_modules", paths.v[i]);
		if (r == 0 && text.at)
			r = shell_vars_parse(vars, env->arena, text);
	}
	*ret_vars = vars;
	return r;
}

static int read_mkinitcpio(struct probe_env *env, struct setup_facts *f, const char *path)
{
	struct shell_vars *vars;
	int r = read_vars(env, path, drop_in_dirs, ARRAY_SIZE(drop_in_dirs), &vars);

	if (r < 0 || !vars)
		return r;
	r = add_variable(env, &f->initramfs_modules, vars, "MODULES");
	if (r == 0)
		r = add_variable(env, &f->initramfs_files, vars, "FILES");
	return r < 0 ? r : add_variable(env, &f->initramfs_hooks, vars, "HOOKS");
}

static int read_dracut(struct probe_env *env, struct setup_facts *f, const char *path)
{
	struct shell_vars *vars;
	int r = read_vars(env, path, dracut_dirs, ARRAY_SIZE(dracut_dirs), &vars);

	if (r < 0 || !vars)
		return r;
	r = add_variable(env, &f->initramfs_modules, vars, "add_drivers");
	if (r == 0)
		r = add_variable(env, &f->initramfs_modules, vars, "force_drivers");
	return r < 0 ? r : add_variable(env, &f->initramfs_files, vars, "install_items");
}

/* /etc/initramfs-tools/modules: a module and its options on a line. Files come by its hooks. */
static int read_initramfs_tools(struct probe_env *env, struct setup_facts *f, const char *path)
{
	struct text text, line, name;
	int r = setup_read_config(env, &text, "initramfs_modules", path);

	f->initramfs_modules.known = text.at || setup_is_absent(env, path);
	while (r == 0 && text.at && text_next_line(&text, &line)) {
		if (text_next_word(&line, &name) && *name.at != '#')
			r = setup_add_words(env, &f->initramfs_modules, name);
	}
	return r;
}

/* "modules: a,b" */
static int read_booster(struct probe_env *env, struct setup_facts *f, const char *path)
{
	struct text text, line, key, value, item;
	int r = setup_read_config(env, &text, "initramfs_modules", path);

	f->initramfs_modules.known = text.at;
	f->initramfs_files.known = text.at;
	while (r == 0 && text.at && text_next_line(&text, &line)) {
		struct fact_strs *list;

		if (!text_key_value(line, ':', &key, &value))
			continue;
		list = text_equal(key, "extra_files") ? &f->initramfs_files : &f->initramfs_modules;
		if (list == &f->initramfs_modules && !text_equal(key, "modules") &&
		    !text_equal(key, "modules_force_load"))
			continue;
		while (r == 0 && text_next_piece(&value, ',', &item))
			r = setup_add_words(env, list, item);
	}
	return r;
}

static const struct family {
	const char *name, *config;
	const char *signs[3]; /* one of these is there */
	int (*read)(struct probe_env *env, struct setup_facts *f, const char *path);
} families[] = {
	{ "mkinitcpio", "/etc/mkinitcpio.conf", { "/etc/mkinitcpio.conf" }, read_mkinitcpio },
	{ "initramfs-tools",
	  "/etc/initramfs-tools/modules",
	  { "/etc/initramfs-tools/initramfs.conf", "/etc/initramfs-tools/modules" },
	  read_initramfs_tools },
	{ "dracut",
	  "/etc/dracut.conf",
	  { "/etc/dracut.conf", "/etc/dracut.conf.d", "/usr/lib/dracut" },
	  read_dracut },
	{ "booster", "/etc/booster.yaml", { "/etc/booster.yaml" }, read_booster },
};

/* Configuration that a removed initramfs-tools left, where dracut took its place. */
static bool is_left_over(const struct probe_env *env, const struct family *family)
{
	return !strcmp(family->name, "initramfs-tools") && setup_exists(env, "/usr/bin/dracut") &&
	       !setup_exists(env, "/usr/sbin/mkinitramfs");
}

static const struct family *find_family(const struct probe_env *env)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *family = &families[i];

		for (size_t s = 0; s < ARRAY_SIZE(family->signs) && family->signs[s]; s++) {
			if (setup_exists(env, family->signs[s]) && !is_left_over(env, family))
				return family;
		}
	}
	return NULL;
}

static int64_t newest(struct probe_env *env, const struct fact_strs *paths)
{
	int64_t newest_s = -1;

	for (size_t i = 0; i < paths->n; i++) {
		struct setup_file file;

		if (setup_stat(env, paths->v[i], &file) == 0 && file.mtime_s > newest_s)
			newest_s = file.mtime_s;
	}
	return newest_s;
}

/* Images of the kernel that runs, by the names that distributions give them. */
static int find_images(struct probe_env *env, struct fact_strs *images)
{
	auto_free char *release = NULL;
	static const char *const forms[] = { "/boot/initrd.img-", "/boot/initramfs-",
					     "/boot/booster-" };
	int r = 0;

	if (sysroot_read_line(env->root, &release, "/proc/sys/kernel/osrelease") < 0)
		return 0;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(forms); i++) {
		const char *path =
			arena_printf(env->arena, "%s%s%s", forms[i], release, i == 0 ? "" : ".img");

		if (!path)
			return -ENOMEM;
		if (setup_exists(env, path))
			r = fact_add_str(images, env->arena, path);
	}
	return r;
}

/* Arch names images by the package: "initramfs-linux-zen.img". */
static int find_arch_images(struct probe_env *env, struct fact_strs *images)
{
	static const char *const dirs[] = { "/boot" };
	struct fact_strs all = { 0 };
	int r = setup_drop_ins(env, dirs, 1, ".img", &all);

	for (size_t i = 0; r == 0 && i < all.n; i++) {
		if (text_starts(text_of(all.v[i]), "/boot/initramfs-linux") &&
		    !strstr(all.v[i], "fallback"))
			r = fact_add_str(images, env->arena, all.v[i]);
	}
	return r;
}

/* Times mean something only on the machine itself: copies have times of their own. */
static int compare_times(struct probe_env *env, struct setup_facts *f)
{
	static const char *const dirs[] = { "/etc/modprobe.d" };
	struct fact_strs images = { 0 }, configs = { 0 };
	int64_t image_s, config_s;
	int r = find_images(env, &images);

	if (r == 0 && images.n == 0)
		r = find_arch_images(env, &images);
	if (r == 0)
		r = setup_drop_ins(env, dirs, 1, ".conf", &configs);
	if (r == 0 && setup_exists(env, f->initramfs_config.v))
		r = fact_add_str(&configs, env->arena, f->initramfs_config.v);
	if (r < 0)
		return r;
	image_s = newest(env, &images);
	config_s = newest(env, &configs);
	if (image_s >= 0 && config_s >= 0)
		fact_set_bool(&f->is_initramfs_stale, config_s > image_s + MTIME_SLACK_S);
	return 0;
}

int setup_read_initramfs(struct probe_env *env, struct setup_facts *f)
{
	const struct family *family = find_family(env);
	int r;

	if (!family)
		return 0;
	r = family->read(env, f, family->config);
	if (r == 0)
		r = fact_set_str(&f->initramfs, env->arena, family->name);
	if (r == 0)
		r = fact_set_str(&f->initramfs_config, env->arena, family->config);
	if (r == 0 && env->root->is_live)
		return compare_times(env, f);
	(void)probe_answer_bool(env, &f->is_initramfs_stale, "setup.is_initramfs_stale");
	return r;
}
