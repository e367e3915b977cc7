/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library has the nodes as well, but makes one up, without memory, where there are none.
 * Source: Documentation/ABI/stable/sysfs-devices-node.
 */
#include "probes/cpu_nodes.h"

#include "probes/numbered.h"
#include "probes/parse/meminfo.h"

#define NODES "/sys/devices/system/node"

/* Kernels before 2.6.26 have the mask alone. */
static int read_cpus(struct probe_env *env, struct node_fact *node, int number)
{
	struct cpus set;
	int r = sysroot_read_list(env->root, &set, NODES "/node%d/cpulist", number);

	if (r == -ENOENT)
		r = sysroot_read_mask(env->root, &set, NODES "/node%d/cpumap", number);
	if (r < 0) {
		const char *path = arena_printf(env->arena, NODES "/node%d/cpulist", number);

		return path ? probe_gap(env, "nodes.cpus", path, r) : -ENOMEM;
	}
	fact_set_cpus(&node->cpus, &set);
	return 0;
}

static int read_memory(struct probe_env *env, struct node_fact *node, int number)
{
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
		return probe_gap(env, "nodes.memory_kib", path, r);
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

static int read_node(struct probe_env *env, struct cpu_facts *f, int number)
{
	struct node_fact *node = fact_add_item(&f->nodes, env->arena, sizeof(*node));
	int r;

	if (!node)
		return -ENOMEM;
	fact_set_u64(&node->node, (uint64_t)number);
	r = read_cpus(env, node, number);
	if (r == 0)
		r = read_memory(env, node, number);
	if (r == 0 && node->cpus.known)
		set_node_of_cores(f, node);
	return r;
}

int cpu_nodes_read(struct probe_env *env, struct cpu_facts *f)
{
	struct cpus numbers;
	int r = numbered_entries(env->root, NODES, "node", &numbers);

	if (r < 0)
		return probe_gap(env, "nodes", NODES, r);
	f->nodes.known = true;
	for (int n = cpus_next(&numbers, 0); n >= 0 && r == 0;
	     n = cpus_next(&numbers, (unsigned)n + 1))
		r = read_node(env, f, n);
	return r;
}
