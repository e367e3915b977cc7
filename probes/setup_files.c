/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/setup_files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "probes/parse/personal.h"

/* More than any host has; a bound for a stranger's tree. */
#define N_DROP_INS_MAX 256
/* A configuration file is read by people. */
#define CONFIG_MAX (256u << 10)

bool setup_exists(const struct probe_env *env, const char *path)
{
	return sysroot_exists(env->root, "%s", path) == 0;
}

bool setup_is_absent(struct probe_env *env, const char *path)
{
	const char *slash = strrchr(path, '/');
	const int n = (int)(slash - path);
	const int r = sysroot_exists(env->root, "%s", path);

	if (r != -ENOENT && r != -ENOTDIR)
		return false;
	return env->root->is_whole || (n > 0 && sysroot_exists(env->root, "%.*s", n, path) == 0);
}

int setup_read_text(struct probe_env *env, struct text *ret_text, const char *field,
		    const char *path)
{
	int r;

	*ret_text = text_make(NULL, 0);
	if (!path)
		return -ENOMEM;
	r = sysroot_exists(env->root, "%s", path);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	return probe_read_text(env, ret_text, field, path);
}

int setup_read_config(struct probe_env *env, struct text *ret_text, const char *field,
		      const char *path)
{
	auto_free char *text = NULL;
	char *copy;
	size_t len;
	int r;

	*ret_text = text_make(NULL, 0);
	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &text, &len, "%s", path);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r == 0 && len > CONFIG_MAX)
		r = -EFBIG;
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, field, path, r);
	copy = arena_memdup(env->arena, text, len);
	if (!copy)
		return -ENOMEM;
	*ret_text = text_make(copy, len);
	return 0;
}

static bool is_name_there(const struct fact_strs *paths, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(strrchr(paths->v[i], '/') + 1, name))
			return true;
	}
	return false;
}

int setup_drop_ins(struct probe_env *env, const char *const *dirs, size_t n_dirs,
		   const char *ending, struct fact_strs *paths)
{
	int r = 0;

	for (size_t d = 0; r == 0 && d < n_dirs; d++) {
		const size_t n_before = paths->n;
		char **names;
		size_t n;

		if (sysroot_list(env->root, &names, &n, "%s", dirs[d]) < 0)
			continue;
		for (size_t i = 0; r == 0 && i < n && paths->n < N_DROP_INS_MAX; i++) {
			const char *path;

			if (!text_ends(text_of(names[i]), ending) ||
			    is_name_there(paths, n_before, names[i]))
				continue;
			path = arena_printf(env->arena, "%s/%s", dirs[d], names[i]);
			r = path ? fact_add_str(paths, env->arena, path) : -ENOMEM;
		}
		names_free(names, n);
	}
	return r;
}

int setup_stat(const struct probe_env *env, const char *path, struct setup_file *ret_file)
{
	auto_fd int fd = sysroot_open_file(env->root, O_PATH, "%s", path);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return neg_errno();
	ret_file->is_executable = S_ISREG(st.st_mode) && (st.st_mode & 0111);
	ret_file->mtime_s = st.st_mtim.tv_sec;
	return 0;
}

int setup_add_words(struct probe_env *env, struct fact_strs *f, struct text words)
{
	struct text word;
	int r = 0;

	while (r == 0 && text_next_word(&words, &word)) {
		const char *copy = personal_hide(env->arena, word);

		r = copy ? fact_add_str(f, env->arena, copy) : -ENOMEM;
	}
	return r;
}
