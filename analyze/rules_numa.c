/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_numa.c - are the guest's vCPUs, its memory and its device on one node of the host? */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/numa.h"
#include "analyze/pin.h"

/* More of the guest's memory than this on other nodes is felt. */
#define REMOTE_PERMILLE 50

bool numa_has_nodes(const struct host *h, struct finding *out)
{
	if (!h->cpu.nodes.known || h->cpu.nodes.n > 1)
		return true;
	finding_say(out, "The host has one NUMA node.");
	return false;
}

static struct cpus nodes_of(const struct host *h, const struct cpus *set)
{
	const struct node_fact *node = h->cpu.nodes.v;
	struct cpus nodes = { { 0 } };

	for (size_t i = 0; i < h->cpu.nodes.n; i++) {
		if (node[i].node.known && node[i].cpus.known && node[i].node.v < CPUS_MAX &&
		    cpus_intersects(&node[i].cpus.v, set))
			cpus_add(&nodes, (unsigned)node[i].node.v);
	}
	return nodes;
}

static const char *node_words(struct finding *out, const struct cpus *nodes)
{
	return finding_text(out, "node%s %s", cpus_count(nodes) == 1 ? "" : "s",
			    finding_cpus(out, nodes));
}

/* Memory of the running guest by node; NULL: not known. */
static const struct fact_pairs *memory_by_node(const struct host *h)
{
	const struct mm_guest *g = h->mm.guests.v;

	for (size_t i = 0; h->running && i < h->mm.guests.n; i++) {
		if (g[i].pid.known && h->running->pid.known && g[i].pid.v == h->running->pid.v &&
		    g[i].node_kib.known && g[i].node_kib.n)
			return &g[i].node_kib;
	}
	return NULL;
}

/* Part of the guest's memory on other nodes than these, in permille. */
static uint64_t remote_permille(const struct fact_pairs *by_node, const struct cpus *nodes)
{
	uint64_t all = 0, remote = 0;

	for (size_t i = 0; i < by_node->n; i++) {
		const struct fact_pair *p = &by_node->v[i];

		/* Sums of KiB that no machine has: not to be wrapped around. */
		if (p->value > UINT64_MAX / 2000 - all)
			return 0;
		all += p->value;
		if (p->key >= CPUS_MAX || !cpus_has(nodes, (unsigned)p->key))
			remote += p->value;
	}
	return all ? remote * 1000 / all : 0;
}

static void fix_memory(const struct cpus *nodes, struct finding *out)
{
	finding_fill(out, "nodes", "%s", finding_cpus(out, nodes));
}

/* New pins on the node of the device, and the memory with them; false: there is no room. */
static bool fix_towards(const struct host *h, const struct placement *p, const struct cpus *nodes,
			struct finding *out)
{
	struct propose_wish wish = { .n_vcpus = p->n, .nodes = nodes };
	auto_free struct proposal *prop = NULL;
	struct cpus there;

	if (propose_pins(&h->cpu, &wish, &prop) < 0)
		return false;
	there = nodes_of(h, &prop->guest);
	if (!cpus_is_subset(&there, nodes))
		return false;
	pin_fix(h, p, 0, prop, out);
	finding_change(out, CHANGE_XML, "numatune/memory@mode=strict@nodeset=%s",
		       finding_cpus(out, &there));
	return true;
}

static enum verdict judge_spread(const struct host *h, const struct placement *p,
				 const struct cpus *nodes, struct finding *out)
{
	auto_free struct proposal *prop = NULL;
	struct cpus there = { { 0 } };
	int r;

	if (h->domain.cells.n > 1) {
		finding_say(out, "The guest's CPUs are on %s, and it has %zu NUMA cells.",
			    node_words(out, nodes), h->domain.cells.n);
		return VERDICT_PASS;
	}
	finding_say(out, "The guest's CPUs are on %s, which it takes for one.",
		    node_words(out, nodes));
	r = pin_propose(h, p, false, &prop);
	if (r == 0)
		there = nodes_of(h, &prop->guest);
	if (cpus_count(&there) == 1) {
		pin_fix(h, p, r, prop, out);
		finding_change(out, CHANGE_XML, "numatune/memory@mode=strict@nodeset=%s",
			       finding_cpus(out, &there));
		return VERDICT_ADVICE;
	}
	finding_change(out, CHANGE_XML, NULL);
	finding_change(out, CHANGE_QEMU, NULL);
	finding_change(out, CHANGE_PROXMOX, NULL);
	finding_fix(out, NULL,
		    "No node has room for all vCPUs: give the guest one <cell> in <cpu><numa> for "
		    "each node, with the vCPUs that are pinned there, and a <memnode> for each in "
		    "<numatune>.",
		    NULL);
	return VERDICT_ADVICE;
}

static enum verdict judge_memory(const struct host *h, const struct cpus *nodes,
				 struct finding *out)
{
	const struct fact_cpus *told = &h->domain.memory_nodes;
	const struct fact_pairs *by_node = memory_by_node(h);

	if (told->known && !cpus_is_empty(&told->v) && !cpus_is_subset(&told->v, nodes)) {
		finding_say(out, "The guest's memory is to come from %s, its CPUs are on %s.",
			    node_words(out, &told->v), node_words(out, nodes));
		fix_memory(nodes, out);
		return VERDICT_ADVICE;
	}
	if (by_node || (told->known && !cpus_is_empty(&told->v))) {
		finding_say(out, "The guest's CPUs and its memory are on %s.",
			    node_words(out, nodes));
		return VERDICT_PASS;
	}
	finding_say(out, "The guest's CPUs are on %s; its memory may come from any node.",
		    node_words(out, nodes));
	fix_memory(nodes, out);
	return VERDICT_ADVICE;
}

static enum verdict judge_nodes(const struct host *h, const struct placement *p,
				const struct cpus *nodes, struct finding *out)
{
	const struct fact_pairs *by_node = memory_by_node(h);
	const struct cpus devices = pin_device_nodes(h);
	uint64_t remote = by_node ? remote_permille(by_node, nodes) : 0;

	if (remote > REMOTE_PERMILLE) {
		finding_measured(out, remote / 4);
		finding_say(out,
			    "%llu %% of the guest's memory are on other nodes than its CPUs "
			    "(%s).",
			    (unsigned long long)(remote / 10), node_words(out, nodes));
		fix_memory(nodes, out);
		return VERDICT_PROBLEM;
	}
	if (!cpus_is_empty(&devices) && !cpus_intersects(&devices, nodes) &&
	    fix_towards(h, p, &devices, out)) {
		finding_say(out, "The device passed through is on %s, the guest's CPUs are on %s.",
			    node_words(out, &devices), node_words(out, nodes));
		return VERDICT_ADVICE;
	}
	return cpus_count(nodes) > 1 ? judge_spread(h, p, nodes, out) : judge_memory(h, nodes, out);
}

static enum verdict judge_vcpu_mem(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	const struct cpus nodes = nodes_of(h, &p->all);

	if (!p->n)
		return placement_says_nothing(p, out);
	if (cpus_is_empty(&nodes) ||
	    (!p->n_pinned && h->cpu.online.known && cpus_is_subset(&h->cpu.online.v, &p->all))) {
		finding_say(out, "The vCPUs are not pinned: see pin.vcpupin.");
		return VERDICT_NOT_APPLICABLE;
	}
	return judge_nodes(h, p, &nodes, out);
}

static bool has_nodes_and_guest(const struct host *h, struct finding *out)
{
	return numa_has_nodes(h, out) && placement_applies(h, out);
}

/* A guest that would only lose by being moved. */
static bool is_bound(const struct host *h, struct finding *out)
{
	return placement_of(h, out)->n_pinned > 0 || fact_is(&h->domain.memory_mode, "strict");
}

static enum verdict judge_balancing(const struct host *h, struct finding *out)
{
	const char *value = setting_value(&h->kernel.sysctls, "kernel.numa_balancing");
	const struct fact_u64 *faults =
		activity_counter_n(&h->activity.counters, "vmstat.numa_hint_faults");
	const char *seen = "";

	if (!value) {
		finding_say(out, "The kernel has no automatic NUMA balancing.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!strcmp(value, "0")) {
		finding_say(out, "Automatic NUMA balancing is off.");
		return VERDICT_PASS;
	}
	if (!is_bound(h, out)) {
		finding_say(out, "Automatic NUMA balancing is on, and no vCPU is pinned: it may "
				 "help.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (faults && faults->known) {
		seen = finding_text(out, "; in this run it caused %llu faults on the host",
				    (unsigned long long)faults->v);
		finding_measured(out, 0);
	}
	finding_say(out, "Automatic NUMA balancing is on although the guest is pinned%s.", seen);
	return VERDICT_ADVICE;
}

static enum verdict judge_numad(const struct host *h, struct finding *out)
{
	if (!h->mm.is_numad_running.v) {
		finding_say(out, "numad does not run.");
		return VERDICT_PASS;
	}
	if (!is_bound(h, out)) {
		finding_say(out, "numad runs, and no vCPU is pinned: it may help.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "numad runs, and moves what the pins of the guest hold in place.");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "numa.vcpu-mem",
		.applies = has_nodes_and_guest,
		.reads = READS(READ(cpu.nodes)),
		.judge = judge_vcpu_mem,
	},
	{
		.id = "numa.balancing",
		.applies = has_nodes_and_guest,
		.reads = READS(READ(cpu.nodes), READ(kernel.sysctls)),
		.judge = judge_balancing,
	},
	{
		.id = "numa.numad",
		.applies = has_nodes_and_guest,
		.reads = READS(READ(cpu.nodes), READ(mm.is_numad_running)),
		.judge = judge_numad,
	},
	{
		.id = "numa.cells-host-numbering",
		.applies = numa_has_cells,
		.reads = READS(READ(domain.n_vcpus)),
		.judge = numa_judge_cells,
	},
};

const struct rule_set rules_numa = { rules, ARRAY_SIZE(rules) };
