/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hugepages_host.c - can this host give the guest its huge pages: CPU, mounts, NUMA nodes? */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/memory.h"

typedef unsigned long long ull;

#define GIB_KIB     MIB /* KiB in a GiB */
#define TWO_MIB_KIB 2048u

/* QEMU by itself names a path, and memfd needs none; libvirt looks for a mount of the size. */
static bool needs_mount(const struct host *h, struct finding *out)
{
	if (!memory_asks(h, out))
		return false;
	if (guest_is_argv(h))
		finding_say(out, "QEMU was told the path itself.");
	else if (fact_is(&h->domain.memory_source, "memfd"))
		finding_say(out, "Guest memory of type memfd needs no mount.");
	else
		return true;
	return false;
}

static enum verdict judge_mount_of(const struct host *h, const struct page_need *need,
				   struct finding *out)
{
	const struct hugepage_mount *m = h->hugepages.mounts.v;

	for (size_t i = 0; i < h->hugepages.mounts.n; i++) {
		if (!m[i].page_kib.known || m[i].page_kib.v != need->page_kib)
			continue;
		finding_say(out, "hugetlbfs with pages of %s is mounted on %s.",
			    memory_size_words(out, need->page_kib),
			    m[i].path.known ? m[i].path.v : "?");
		return VERDICT_PASS;
	}
	for (size_t i = 0; i < h->hugepages.mounts.n; i++) {
		if (m[i].page_kib.known)
			finding_item(out, "%s has pages of %s", m[i].path.known ? m[i].path.v : "?",
				     memory_size_words(out, m[i].page_kib.v));
	}
	memory_fill(out, NULL, need->page_kib, need->n_pages);
	finding_say(out,
		    "No hugetlbfs with pages of %s is mounted: libvirt cannot start the guest.",
		    memory_size_words(out, need->page_kib));
	return VERDICT_PROBLEM;
}

static enum verdict judge_mount(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);

	if (memory_holds_pages(h)) {
		finding_say(out, "The running guest has its huge pages.");
		return VERDICT_PASS;
	}
	return memory_judge(h, &needs, judge_mount_of, out);
}

static bool asks_for_1g(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);

	for (size_t i = 0; i < needs.n; i++) {
		if (needs.v[i].page_kib == GIB_KIB)
			return true;
	}
	if (memory_boot_pages(h, GIB_KIB))
		return true;
	finding_say(out, "Nobody asks for pages of 1 GiB.");
	return false;
}

static enum verdict judge_pdpe1gb(const struct host *h, struct finding *out)
{
	if (h->cpu.has_pdpe1gb.v) {
		finding_say(out, "The CPU can map pages of 1 GiB (pdpe1gb).");
		return VERDICT_PASS;
	}
	if (h->domain.memory_kib.known)
		finding_fill(out, "want", "%llu",
			     (ull)(h->domain.memory_kib.v / TWO_MIB_KIB +
				   (h->domain.memory_kib.v % TWO_MIB_KIB != 0)));
	else
		finding_fill(out, "want", "(the guest's memory in MiB divided by 2)");
	finding_say(out, "Pages of 1 GiB are asked for, and this CPU has no pdpe1gb.");
	return VERDICT_PROBLEM;
}

static bool has_nodes_and_need(const struct host *h, struct finding *out)
{
	if (h->cpu.nodes.known && h->cpu.nodes.n < 2) {
		finding_say(out, "There is one NUMA node.");
		return false;
	}
	if (!memory_asks(h, out))
		return false;
	if (memory_holds_pages(h)) {
		finding_say(out, "The running guest has its huge pages.");
		return false;
	}
	return true;
}

/* Free pages on these nodes, and the first of them. */
static uint64_t free_on_nodes(const struct host *h, const struct page_need *need,
			      const struct hugepage_pool **ret_first)
{
	const struct hugepage_pool *p = h->hugepages.node_pools.v;
	uint64_t n = 0;

	*ret_first = NULL;
	for (size_t i = 0; i < h->hugepages.node_pools.n; i++) {
		if (p[i].page_kib.v != need->page_kib || !p[i].node.known ||
		    p[i].node.v >= CPUS_MAX || !p[i].n_free.known || !p[i].n_pages.known ||
		    !cpus_has(need->nodes, (unsigned)p[i].node.v))
			continue;
		n += memory_free_pages(&p[i]);
		if (!*ret_first)
			*ret_first = &p[i];
	}
	return n;
}

static enum verdict judge_node_of(const struct host *h, const struct page_need *need,
				  struct finding *out)
{
	const struct hugepage_pool *first, *pool = memory_pool(h, need->page_kib);
	const char *nodes;
	uint64_t n_free;

	if (!need->nodes) {
		finding_say(out, "The guest's memory is not bound to a node.");
		return VERDICT_NOT_APPLICABLE;
	}
	nodes = finding_text(out, "node%s %s", cpus_count(need->nodes) == 1 ? "" : "s",
			     finding_cpus(out, need->nodes));
	n_free = free_on_nodes(h, need, &first);
	if (!first) {
		finding_say(out, "The huge pages of %s are not known.", nodes);
		return VERDICT_UNKNOWN;
	}
	if (n_free >= need->n_pages) {
		finding_say(out, "Of the huge pages of %s the guest needs %llu, %llu are free.",
			    nodes, (ull)need->n_pages, (ull)n_free);
		return VERDICT_PASS;
	}
	if (pool && pool->n_free.known && memory_free_pages(pool) < need->n_pages) {
		finding_say(out, "There are too few huge pages on all nodes together.");
		return VERDICT_NOT_APPLICABLE;
	}
	memory_fill(out, first, need->page_kib, first->n_pages.v + need->n_pages - n_free);
	finding_fill(out, "node", "%llu", (ull)first->node.v);
	finding_say(out,
		    "The guest's memory is bound to %s, where %llu of the %s it needs are free.",
		    nodes, (ull)n_free, memory_pages_words(out, need->n_pages, need->page_kib));
	return need->is_strict ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static enum verdict judge_node(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs_by_node(h);

	return memory_judge(h, &needs, judge_node_of, out);
}

static const struct rule rules[] = {
	{
		.id = "hugepages.mount",
		.applies = needs_mount,
		.reads = READS(READ(hugepages.mounts)),
		.judge = judge_mount,
	},
	{
		.id = "hugepages.pdpe1gb",
		.applies = asks_for_1g,
		.reads = READS(READ(cpu.has_pdpe1gb)),
		.judge = judge_pdpe1gb,
	},
	{
		.id = "numa.hugepages-node",
		.applies = has_nodes_and_need,
		.reads = READS(READ(cpu.nodes), READ(hugepages.node_pools)),
		.judge = judge_node,
	},
};

const struct rule_set rules_hugepages_host = { rules, ARRAY_SIZE(rules) };
