/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/hugepage_pools.h"

#define POOLS "/sys/kernel/mm/hugepages"
#define NODES "/sys/devices/system/node"

struct pool_file {
	const char *name;
	size_t at;       /* of a struct fact_u64 in struct hugepage_pool */
	bool is_in_node; /* nodes have this file as well */
};

static const struct pool_file pool_files[] = {
	{ "nr_hugepages", offsetof(struct hugepage_pool, n_pages), true },
	{ "free_hugepages", offsetof(struct hugepage_pool, n_free), true },
	{ "resv_hugepages", offsetof(struct hugepage_pool, n_reserved), false },
	{ "surplus_hugepages", offsetof(struct hugepage_pool, n_surplus), true },
	{ "nr_overcommit_hugepages", offsetof(struct hugepage_pool, n_overcommit), false },
};

/* Where pools are listed: of the machine, or of one node. */
struct place {
	const char *dir, *field;
	struct fact_list *list;
	const uint64_t *node; /* NULL: of the machine */
};

/* "hugepages-2048kB" with prefix "hugepages-" and suffix "kB": 2048. */
static bool parse_name(const char *name, const char *prefix, const char *suffix, uint64_t *ret_v)
{
	struct text t = text_of(name);
	const size_t n = text_of(prefix).len;

	if (!text_starts(t, prefix))
		return false;
	t = text_make(t.at + n, t.len - n);
	return text_take_u64(&t, ret_v) == 0 && text_equal(t, suffix);
}

static int read_pool(struct probe_env *env, const struct place *place, const char *name,
		     uint64_t page_kib)
{
	struct hugepage_pool *pool = fact_add_item(place->list, env->arena, sizeof(*pool));
	int r = pool ? 0 : -ENOMEM;

	if (r < 0)
		return r;
	fact_set_u64(&pool->page_kib, page_kib);
	if (place->node)
		fact_set_u64(&pool->node, *place->node);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(pool_files); i++) {
		const struct pool_file *file = &pool_files[i];

		if (!place->node || file->is_in_node)
			r = probe_read_u64(
				env, (struct fact_u64 *)((char *)pool + file->at), place->field,
				arena_printf(env->arena, "%s/%s/%s", place->dir, name, file->name));
	}
	return r;
}

static int read_place(struct probe_env *env, const struct place *place)
{
	uint64_t page_kib;
	char **names;
	size_t n;
	int r;

	if (!place->dir)
		return -ENOMEM;
	r = sysroot_list(env->root, &names, &n, "%s", place->dir);
	/* A node without memory has no pools, and no such directory. */
	if (r == -ENOENT && place->node)
		return 0;
	if (r < 0)
		return probe_gap(env, place->field, place->dir, r);
	place->list->known = true;
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (parse_name(names[i], "hugepages-", "kB", &page_kib))
			r = read_pool(env, place, names[i], page_kib);
	}
	names_free(names, n);
	return r;
}

static int read_nodes(struct probe_env *env, struct fact_list *list)
{
	uint64_t node;
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, NODES);

	if (r < 0)
		return probe_gap(env, "node_pools", NODES, r);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (!parse_name(names[i], "node", "", &node))
			continue;
		r = read_place(env, &(struct place){
					    .dir = arena_printf(env->arena, NODES "/%s/hugepages",
								names[i]),
					    .field = "node_pools",
					    .list = list,
					    .node = &node,
				    });
	}
	names_free(names, n);
	if (r == 0 && !list->known)
		r = probe_gap_words(env, "node_pools", NODES, "no node has a directory hugepages");
	return r;
}

int hugepage_pools_read(struct probe_env *env, struct hugepages_facts *f)
{
	const struct place machine = { POOLS, "pools", &f->pools, NULL };
	int r = read_place(env, &machine);

	return r < 0 ? r : read_nodes(env, &f->node_pools);
}
