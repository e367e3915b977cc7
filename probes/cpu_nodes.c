/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library has the nodes as well, but makes one up, without memory, where there are none.
 * Source: Documentation/ABI/stable/sysfs-devices-node.
 */
#include "probes/cpu_nodes.h"

#include "probes/numbered.h"
#include "probes/parse/meminfo.h"

#define NODES "/sys/devices/system/node"

struct reader {
	struct probe_env *env;
	struct cpu_facts *f;
	bool has_cpus_gap, has_memory_gap; /* one gap speaks for all nodes */
};

static int gap_once(struct probe_env *env, bool *has_gap, const char *field, const char *path,
		    int error)
{
	if (*has_gap)
		return 0;
	*has_gap = true;
	return path ? probe_gap(env, field, path, error) : -ENOMEM;
}

/* Kernels before 2.6.26 have the mask alone. */
static int read_cpus(struct reader *rd, struct node_fact *node, int number)
{
	struct probe_env *env = rd->env;
	struct cpus set;
	int r = sysroot_read_list(env->root, &set, NODES "/node%d/cpulist", number);

	if (r == -ENOENT)
		r = sysroot_read_mask(env->root, &set, NODES "/node%d/cpumap", number);
	if (r < 0) {
		const char *path = arena_printf(env->arena, NODES "/node%d/cpulist", number);

		return gap_once(env, &rd->has_cpus_gap, "nodes.cpus", path, r);
	}
	/* Old kernels list offline CPUs too. */
	if (rd->f->online.known)
		set = cpus_and(&set, &rd->f->online.v);
	fact_set_cpus(&node->cpus, &set);
	return 0;
}

static int read_memory(struct reader *rd, struct node_fact *node, int number)
{
	struct probe_env *env = rd->env;
	auto_free char *text = NULL;
	const char *path = arena_printf(env->arena, NODES "/node%d/meminfo", number);
	uint64_t kib;
	size_t len;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &text, &len, "%s", path);
	if (r == 0)
		r = meminfo_kib(text_make(text, len), "MemTotal", &kib);
	if (r < 0)
		return gap_once(env, &rd->has_memory_gap, "nodes.memory_kib", path, r);
	fact_set_u64(&node->memory_kib, kib);
	return 0;
}

static void set_node_of_cores(struct cpu_facts *f, const struct node_fact *node)
{
	struct core_fact *cores = f->cores.v;

	for (size_t i = 0; i < f->cores.n; i++) {
		if (cpus_intersects(&cores[i].cpus.v, &node->cpus.v))
			cores[i].node = node->node;
	}
}

static int read_node(struct reader *rd, int number)
{
	struct node_fact *node = fact_add_item(&rd->f->nodes, rd->env->arena, sizeof(*node));
	int r;

	if (!node)
		return -ENOMEM;
	fact_set_u64(&node->node, (uint64_t)number);
	r = read_cpus(rd, node, number);
	if (r == 0)
		r = read_memory(rd, node, number);
	if (r == 0 && node->cpus.known)
		set_node_of_cores(rd->f, node);
	return r;
}

int cpu_nodes_read(struct probe_env *env, struct cpu_facts *f)
{
	struct reader rd = { .env = env, .f = f };
	struct cpus numbers;
	int r = numbered_entries(env->root, NODES, "node", &numbers);

	if (r < 0)
		return probe_gap(env, "nodes", NODES, r);
	f->nodes.known = true;
	for (int n = cpus_next(&numbers, 0); n >= 0 && r == 0;
	     n = cpus_next(&numbers, (unsigned)n + 1))
		r = read_node(&rd, n);
	return r;
}
