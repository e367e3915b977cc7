/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/mm_guest.h"

#include "probes/guest_parts.h"
#include "probes/parse/limits.h"
#include "probes/parse/numa_maps.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"
#include "probes/smaps_read.h"

/* One of the files of the process; a view that stays in *ret_buf, or a gap for the field. */
static int read_file(struct probe_env *env, uint32_t pid, const char *name, const char *field,
		     char **ret_buf, struct text *ret_text)
{
	char *path = arena_printf(env->arena, "/proc/%u/%s", pid, name);
	size_t len;
	int r;

	*ret_text = text_make(NULL, 0);
	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, ret_buf, &len, "%s", path);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, field, path, r);
	*ret_text = text_make(*ret_buf, len);
	return 0;
}

static int odd(struct probe_env *env, uint32_t pid, const char *name, const char *field)
{
	char *path = arena_printf(env->arena, "/proc/%u/%s", pid, name);

	return path ? probe_gap(env, field, path, -EBADMSG) : -ENOMEM;
}

static int read_limits(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	static const char file[] = "limits", field[] = "guests.memlock_kib";
	auto_free char *buf = NULL;
	struct text text;
	uint64_t bytes;
	int r = read_file(env, pid, file, field, &buf, &text);

	if (r < 0 || !text.at)
		return r;
	if (limits_soft(text, "Max locked memory", &bytes) < 0)
		return odd(env, pid, file, field);
	fact_set_bool(&g->is_memlock_unlimited, bytes == LIMIT_UNLIMITED);
	if (bytes != LIMIT_UNLIMITED)
		fact_set_u64(&g->memlock_kib, bytes / KIB);
	return 0;
}

static int read_nodes(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	static const char file[] = "numa_maps", field[] = "guests.node_kib";
	auto_free char *buf = NULL;
	struct numa_maps maps;
	struct text text;
	int r = read_file(env, pid, file, field, &buf, &text);

	if (r < 0 || !text.at)
		return r;
	if (numa_maps_parse(text, &maps) < 0)
		return odd(env, pid, file, field);
	g->node_kib.known = true;
	for (size_t node = 0; node < NUMA_MAPS_N_NODES && r == 0; node++) {
		if (maps.node_kib[node])
			r = fact_add_pair(&g->node_kib, env->arena, node, maps.node_kib[node]);
	}
	return r;
}

static int read_faults(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	static const char file[] = "stat", field[] = "guests.n_major_faults";
	auto_free char *buf = NULL;
	struct task_stat stat;
	struct text text;
	int r = read_file(env, pid, file, field, &buf, &text);

	if (r < 0 || !text.at)
		return r;
	if (task_stat_parse(text, &stat) < 0 || stat.n_major_faults > INT64_MAX)
		return odd(env, pid, file, field);
	fact_set_u64(&g->n_major_faults, stat.n_major_faults);
	return 0;
}

static int read_status(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	static const char file[] = "status", field[] = "guests.is_privileged";
	auto_free char *buf = NULL;
	struct task_status status;
	struct text text;
	int r = read_file(env, pid, file, field, &buf, &text);

	if (r < 0 || !text.at)
		return r;
	task_status_parse(text, &status);
	if (status.effective_uid.known)
		fact_set_bool(&g->is_privileged, status.effective_uid.v == 0);
	if (status.capabilities.known)
		fact_set_bool(&g->has_ipc_lock, status.capabilities.v >> TASK_CAP_IPC_LOCK & 1);
	return status.effective_uid.known ? 0 : odd(env, pid, file, field);
}

static int read_mergeable(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	char *path = arena_printf(env->arena, "/proc/%u/smaps", pid);
	struct smaps smaps = { 0 };
	int r;

	if (!path)
		return -ENOMEM;
	r = smaps_read(env->root, path, &smaps);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.n_mergeable", path, r);
	fact_set_u64(&g->n_mergeable, smaps.n_mergeable);
	return 0;
}

static int read_guest(struct probe_env *env, uint32_t pid, struct mm_guest *g)
{
	char *merging = arena_printf(env->arena, "/proc/%u/ksm_merging_pages", pid);
	int r;

	fact_set_u64(&g->pid, pid);
	r = read_limits(env, pid, g);
	if (r == 0)
		r = read_nodes(env, pid, g);
	if (r == 0)
		r = read_faults(env, pid, g);
	if (r == 0)
		r = read_mergeable(env, pid, g);
	if (r == 0)
		r = probe_read_u64(env, &g->ksm_merging_pages, "guests.ksm_merging_pages", merging);
	return r < 0 ? r : read_status(env, pid, g);
}

/* A captured tree may hold no process at all: then nothing is known of guests. */
static int has_processes(struct probe_env *env, bool *ret_has)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(env->root, "/proc", &list);

	*ret_has = r == 0 && list.n > 0;
	if (r == -ENOMEM || *ret_has)
		return r;
	return probe_gap_words(env, "guests", "/proc", "there are no processes to look at");
}

int mm_guests_read(struct probe_env *env, struct fact_list *guests)
{
	struct guests_found found = { 0 };
	bool has;
	int r = has_processes(env, &has);

	if (r < 0 || !has)
		return r;
	r = guests_find(env, &found);
	if (r < 0)
		return r == -ENOMEM ? r : 0; /* the gap is there already */
	guests->known = true;
	for (size_t i = 0; i < found.n && r == 0; i++) {
		struct mm_guest *g = fact_add_item(guests, env->arena, sizeof(*g));

		r = g ? read_guest(env, found.v[i].pid, g) : -ENOMEM;
	}
	return r;
}
