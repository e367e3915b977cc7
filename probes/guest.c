/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest - running guests: QEMU processes and the built-in one, their threads and their memory. */
#include "facts/guest.h"

#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"

/*
 * 0: it runs; -ESRCH: it has ended, or is about to. In a captured tree a missing file is a file
 * that was not captured.
 */
static int read_start(struct probe_env *env, uint32_t pid, struct fact_u64 *f)
{
	auto_free char *text = NULL;
	struct task_stat stat;
	size_t len;
	int r = sysroot_read(env->root, &text, &len, "/proc/%u/stat", pid);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return env->root->is_whole ? -ESRCH : 0;
	if (task_stat_parse(text_make(text, len), &stat) < 0)
		return 0;
	if (stat.state == 'Z' || stat.state == 'X')
		return -ESRCH;
	if (stat.start_ticks <= INT64_MAX)
		fact_set_u64(f, stat.start_ticks);
	return 0;
}

static int read_guest(struct probe_env *env, const struct guest_found *found,
		      const struct guests_found *all, struct guest_process *g)
{
	struct fact_u64 start = { 0 };
	int r = read_start(env, found->pid, &g->start_ticks);

	fact_set_u64(&g->pid, found->pid);
	if (r == 0)
		r = fact_set_str(&g->kind, env->arena, found->kind);
	if (r == 0)
		r = guest_describe(env, found, g);
	if (r == 0)
		r = guest_read_threads(env, found, all, g);
	if (r == 0)
		r = guest_read_memory(env, found->pid, g);
	if (r == 0)
		r = read_start(env, found->pid, &start);
	return r == 0 && start.v != g->start_ticks.v ? -ESRCH : r;
}

/* One that ended while it was read leaves no trace: neither facts nor gaps. */
static int add_guest(struct probe_env *env, const struct guest_found *found,
		     const struct guests_found *all, struct guest_facts *f)
{
	struct gap **gaps_before = env->gaps_end;
	struct guest_process g = { 0 }, *item;
	int r = read_guest(env, found, all, &g);

	if (r == -ESRCH) {
		*gaps_before = NULL;
		env->gaps_end = gaps_before;
		return 0;
	}
	if (r < 0)
		return r;
	item = fact_add_item(&f->guests, env->arena, sizeof(g));
	if (!item)
		return -ENOMEM;
	*item = g;
	return 0;
}

static int measure(struct probe_env *env, void *facts)
{
	struct guest_facts *f = facts;
	struct guests_found found = { 0 };
	int r = guests_find(env, &found);

	/* Looked for and none there is known too; without /proc a gap has said why it is not. */
	if (r == -ENOENT)
		return 0;
	f->guests.known = true;
	for (size_t i = 0; i < found.n && r == 0; i++)
		r = add_guest(env, &found.v[i], &found, f);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "guest", measure);
}
