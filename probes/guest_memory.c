/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_memory.c - what backs the memory of a guest, and how much of it is locked or swapped. */
#include "probes/guest_parts.h"
#include "probes/parse/tasks.h"
#include "probes/smaps_read.h"

static int set_backing(struct arena *a, const struct smaps *smaps, struct fact_list *f)
{
	f->known = true;
	for (size_t i = 0; i < smaps->n; i++) {
		const struct smaps_backing *b = &smaps->backings[i];
		struct guest_backing *item = fact_add_item(f, a, sizeof(*item));

		if (!item)
			return -ENOMEM;
		fact_set_u64(&item->page_kib, b->page_kib);
		fact_set_u64(&item->size_kib, b->size_kib);
		fact_set_u64(&item->resident_kib, b->resident_kib);
		fact_set_u64(&item->anon_huge_kib, b->anon_huge_kib);
		fact_set_bool(&item->is_hugetlb, b->is_hugetlb);
	}
	return 0;
}

static int read_backing(struct probe_env *env, uint32_t pid, struct fact_list *f)
{
	char *path = arena_printf(env->arena, "/proc/%u/smaps", pid);
	struct smaps smaps = { 0 };
	int r;

	if (!path)
		return -ENOMEM;
	r = smaps_read(env->root, path, &smaps);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.backing", path, r);
	return set_backing(env->arena, &smaps, f);
}

static int read_status(struct probe_env *env, uint32_t pid, struct guest_process *g)
{
	char *path = arena_printf(env->arena, "/proc/%u/status", pid);
	auto_free char *text = NULL;
	struct task_status status;
	size_t len;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &text, &len, "%s", path);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.locked_kib", path, r);
	task_status_parse(text_make(text, len), &status);
	g->locked_kib = status.locked_kib;
	g->swap_kib = status.swap_kib;
	return 0;
}

int guest_read_memory(struct probe_env *env, uint32_t pid, struct guest_process *g)
{
	int r = read_status(env, pid, g);

	return r == 0 ? read_backing(env, pid, &g->backing) : r;
}
