/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_describe.c - what the arguments of a guest's process say. */
#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/qemu_manager.h"
#include "probes/parse/qemu_name.h"
#include "probes/parse/secrets.h"

#define N_ARGS_MAX 65536u

static int set_program(struct arena *a, const struct guest_found *found, struct fact_str *f)
{
	struct text rest = found->cmdline, name = { 0 };
	const char *slash;

	if (!text_next_piece(&rest, '\0', &name))
		name = found->comm;
	slash = name.len ? memrchr(name.at, '/', name.len) : NULL;
	if (slash)
		name = text_make(slash + 1, name.len - (size_t)(slash + 1 - name.at));
	return name.len ? fact_set_text(f, a, name) : 0;
}

static int set_name(struct arena *a, struct text cmdline, struct fact_str *f)
{
	auto_free char *name = NULL;
	int r = qemu_guest_name(cmdline, &name);

	if (r == 0)
		r = fact_set_str(f, a, name);
	return r == -ENOENT ? 0 : r;
}

static int add_args(struct arena *a, struct text cmdline, struct fact_strs *f)
{
	struct text arg, option = { 0 };

	f->known = true;
	while (f->n < N_ARGS_MAX && text_next_piece(&cmdline, '\0', &arg)) {
		auto_free char *shown = secrets_hide(option, arg);

		if (!shown || fact_add_str(f, a, shown) < 0)
			return -ENOMEM;
		option = arg;
	}
	return 0;
}

static int set_argv(struct probe_env *env, const struct guest_found *found, struct fact_strs *f)
{
	struct text cmdline = found->cmdline;
	char *path = arena_printf(env->arena, "/proc/%u/cmdline", found->pid);

	if (!path)
		return -ENOMEM;
	if (!cmdline.len)
		return probe_gap_words(env, "guests.argv", path, "no arguments");
	if (cmdline.len > GUEST_ARGV_MAX)
		cmdline.len = GUEST_ARGV_MAX;
	if (add_args(env->arena, cmdline, f) < 0)
		return -ENOMEM;
	if (found->cmdline.len > GUEST_ARGV_MAX || f->n == N_ARGS_MAX)
		return probe_gap_words(env, "guests.argv", path, "too long: only its beginning");
	return 0;
}

/* Where someone has changed libvirt's directories, its cgroup tells. */
static int set_manager(struct probe_env *env, const struct guest_found *found,
		       const struct fact_strs *argv, struct fact_str *f)
{
	const char *manager = qemu_manager(argv);
	auto_free char *cgroup = NULL;
	size_t len;
	int r = sysroot_read(env->root, &cgroup, &len, "/proc/%u/cgroup", found->pid);

	if (r == -ENOMEM)
		return r;
	if (r == 0 && !strcmp(manager, "plain") &&
	    text_find(text_make(cgroup, len), "machine-qemu"))
		manager = "libvirt";
	return fact_set_str(f, env->arena, manager);
}

int guest_describe(struct probe_env *env, const struct guest_found *found, struct guest_process *g)
{
	int r = set_program(env->arena, found, &g->program);

	if (r == 0)
		r = set_name(env->arena, found->cmdline, &g->name);
	if (r == 0)
		r = set_argv(env, found, &g->argv);
	return r == 0 ? set_manager(env, found, &g->argv, &g->manager) : r;
}
