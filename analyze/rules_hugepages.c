/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hugepages.c - will the guest find the huge pages it asks for? */
#include <string.h>

#include "analyze/memory.h"

typedef unsigned long long ull;

/* Idle pages that are no finding: one, or two per cent of what the guest takes. */
#define SPARE_PERMILLE 20
#define GIB_KIB        MIB /* KiB in a GiB */

/* The configured guest runs and has its pages. */
static bool holds_pages(const struct host *h)
{
	struct backing_share share;

	return memory_backing(h, &share) && share.hugetlb_kib;
}

static enum verdict judge_count(const struct host *h, struct finding *out)
{
	const struct page_need need = memory_need(h);
	const struct hugepage_pool *pool;
	uint64_t n_free, n_pages;

	pool = memory_pool(h, need.page_kib);
	n_free = memory_free_pages(pool);
	n_pages = pool && pool->n_pages.known ? pool->n_pages.v : 0;
	if (holds_pages(h)) {
		finding_say(out, "The guest runs on its %llu pages of %s.", (ull)need.n_pages,
			    memory_size_words(out, need.page_kib));
		return VERDICT_PASS;
	}
	if (n_free >= need.n_pages) {
		finding_say(out, "%llu pages of %s are free, the guest needs %llu.", (ull)n_free,
			    memory_size_words(out, need.page_kib), (ull)need.n_pages);
		return VERDICT_PASS;
	}
	memory_fill(out, pool, need.page_kib, n_pages + need.n_pages - n_free);
	finding_say(out,
		    "The guest asks for %llu pages of %s (%llu MiB); %llu of %llu are free: it "
		    "cannot start.",
		    (ull)need.n_pages, memory_size_words(out, need.page_kib),
		    (ull)(need.memory_kib / 1024), (ull)n_free, (ull)n_pages);
	return VERDICT_PROBLEM;
}

static enum verdict judge_headroom(const struct host *h, struct finding *out)
{
	const struct page_need need = memory_need(h);
	const struct hugepage_pool *pool;
	uint64_t idle, wanted;

	pool = memory_pool(h, need.page_kib);
	if (!pool || !pool->n_pages.known || !pool->n_pages.v) {
		finding_say(out, "No pages of %s are reserved.",
			    memory_size_words(out, need.page_kib));
		return VERDICT_NOT_APPLICABLE;
	}
	/* What the guest will take when it starts is not idle. */
	wanted = holds_pages(h) ? 0 : need.n_pages;
	idle = memory_free_pages(pool) - u64_min(memory_free_pages(pool), wanted);
	if (idle <= u64_max(1, need.n_pages * SPARE_PERMILLE / 1000)) {
		finding_say(out, "%llu of %llu pages of %s stay free beside the guest.", (ull)idle,
			    (ull)pool->n_pages.v, memory_size_words(out, need.page_kib));
		return VERDICT_PASS;
	}
	memory_fill(out, pool, need.page_kib, pool->n_pages.v - idle);
	finding_say(out, "%llu pages of %s (%llu MiB) are reserved and used by nobody.", (ull)idle,
		    memory_size_words(out, need.page_kib), (ull)(idle * need.page_kib / 1024));
	return VERDICT_ADVICE;
}

/* Pages of this size that the free blocks could become; a block of a higher order holds several. */
static uint64_t pages_in_buddy(const struct host *h, uint64_t page_kib)
{
	const struct buddy_zone *zone = h->hugepages.buddy.v;
	const uint64_t base_kib = h->hugepages.page_kib.known ? h->hugepages.page_kib.v : 4;
	uint64_t n = 0;

	for (size_t z = 0; z < h->hugepages.buddy.n; z++) {
		for (size_t i = 0; i < zone[z].free_blocks.n; i++) {
			const struct fact_pair *b = &zone[z].free_blocks.v[i];
			uint64_t kib = b->key < 30 ? base_kib << b->key : 0;

			n += kib >= page_kib ? b->value * (kib / page_kib) : 0;
		}
	}
	return n;
}

static enum verdict judge_fragmentation(const struct host *h, struct finding *out)
{
	const struct page_need need = memory_need(h);
	const struct hugepage_pool *pool;
	uint64_t n_free, missing, possible;

	pool = memory_pool(h, need.page_kib);
	n_free = memory_free_pages(pool);
	missing = need.n_pages - u64_min(n_free, need.n_pages);
	if (holds_pages(h) || missing == 0) {
		finding_say(out, "All pages of the guest are reserved already.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (need.page_kib >= GIB_KIB) {
		finding_say(
			out,
			"Free blocks do not tell whether a page of 1 GiB can be had at run time.");
		return VERDICT_UNKNOWN;
	}
	possible = pages_in_buddy(h, need.page_kib);
	memory_fill(out, pool, need.page_kib,
		    (pool && pool->n_pages.known ? pool->n_pages.v : 0) + missing);
	if (possible >= missing) {
		finding_say(out, "Free memory holds %llu blocks of %s, %llu are missing.",
			    (ull)possible, memory_size_words(out, need.page_kib), (ull)missing);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%llu pages of %s are missing, free memory holds %llu such blocks: %llu short.",
		    (ull)missing, memory_size_words(out, need.page_kib), (ull)possible,
		    (ull)(missing - possible));
	return VERDICT_ADVICE;
}

/* QEMU by itself names a path or uses memfd; libvirt looks for a mount of the size. */
static bool asks_libvirt_for_hugepages(const struct host *h, struct finding *out)
{
	if (!memory_asks(h, out))
		return false;
	if (!fact_is(&h->domain.source, "argv"))
		return true;
	finding_say(out, "QEMU was told the path itself.");
	return false;
}

static enum verdict judge_mount(const struct host *h, struct finding *out)
{
	const struct hugepage_mount *m = h->hugepages.mounts.v;
	const struct page_need need = memory_need(h);

	for (size_t i = 0; i < h->hugepages.mounts.n; i++) {
		if (m[i].page_kib.v == need.page_kib) {
			finding_say(out, "hugetlbfs with pages of %s is mounted on %s.",
				    memory_size_words(out, need.page_kib),
				    m[i].path.known ? m[i].path.v : "?");
			return VERDICT_PASS;
		}
	}
	memory_fill(out, NULL, need.page_kib, need.n_pages);
	finding_say(out,
		    "No hugetlbfs with pages of %s is mounted: libvirt cannot start the guest.",
		    memory_size_words(out, need.page_kib));
	return VERDICT_PROBLEM;
}

static bool command_line_asks_1g(const struct host *h)
{
	return h->kernel.cmdline.known && (strstr(h->kernel.cmdline.v, "hugepagesz=1G") ||
					   strstr(h->kernel.cmdline.v, "hugepagesz=1024M"));
}

static bool asks_for_1g(const struct host *h, struct finding *out)
{
	if (memory_asks(h, out) && memory_need(h).page_kib >= GIB_KIB)
		return true;
	if (command_line_asks_1g(h))
		return true;
	finding_say(out, "Nobody asks for pages of 1 GiB.");
	return false;
}

static enum verdict judge_pdpe1gb(const struct host *h, struct finding *out)
{
	uint64_t pages = h->domain.memory_kib.known ? (h->domain.memory_kib.v + 2047) / 2048 : 0;

	if (h->cpu.has_pdpe1gb.v) {
		finding_say(out, "The CPU can map pages of 1 GiB.");
		return VERDICT_PASS;
	}
	if (pages)
		finding_fill(out, "want", "%llu", (ull)pages);
	else
		finding_fill(out, "want", "MEMORY_IN_MIB/2");
	finding_say(out, "Pages of 1 GiB are asked for, and this CPU has no pdpe1gb.");
	return VERDICT_PROBLEM;
}

static bool has_nodes_and_need(const struct host *h, struct finding *out)
{
	if (h->cpu.nodes.known && h->cpu.nodes.n < 2) {
		finding_say(out, "There is one NUMA node.");
		return false;
	}
	return memory_asks(h, out);
}

/* Free pages on the nodes the guest's memory is bound to, and the first of these nodes. */
static uint64_t free_on_nodes(const struct host *h, uint64_t page_kib, const struct cpus *nodes,
			      const struct hugepage_pool **ret_first)
{
	const struct hugepage_pool *p = h->hugepages.node_pools.v;
	uint64_t n = 0;

	*ret_first = NULL;
	for (size_t i = 0; i < h->hugepages.node_pools.n; i++) {
		if (p[i].page_kib.v != page_kib || p[i].node.v >= CPUS_MAX ||
		    !cpus_has(nodes, (unsigned)p[i].node.v))
			continue;
		n += memory_free_pages(&p[i]);
		if (!*ret_first)
			*ret_first = &p[i];
	}
	return n;
}

static enum verdict judge_node(const struct host *h, struct finding *out)
{
	const struct hugepage_pool *first;
	const struct page_need need = memory_need(h);
	uint64_t n_free;

	if (!h->domain.memory_nodes.known || cpus_is_empty(&h->domain.memory_nodes.v)) {
		finding_say(out, "The guest's memory is not bound to a node.");
		return VERDICT_NOT_APPLICABLE;
	}
	n_free = free_on_nodes(h, need.page_kib, &h->domain.memory_nodes.v, &first);
	if (holds_pages(h) || n_free >= need.n_pages) {
		finding_say(out, "Node %s has the guest's %llu pages.",
			    finding_cpus(out, &h->domain.memory_nodes.v), (ull)need.n_pages);
		return VERDICT_PASS;
	}
	if (!first) {
		finding_say(out, "The pages of node %s are not known.",
			    finding_cpus(out, &h->domain.memory_nodes.v));
		return VERDICT_UNKNOWN;
	}
	memory_fill(out, first, need.page_kib, first->n_pages.v + need.n_pages - n_free);
	finding_fill(out, "node", "%llu", (ull)first->node.v);
	finding_say(out,
		    "The guest's memory is bound to node %s, where %llu of the %llu pages of %s it "
		    "needs are free.",
		    finding_cpus(out, &h->domain.memory_nodes.v), (ull)n_free, (ull)need.n_pages,
		    memory_size_words(out, need.page_kib));
	return fact_is(&h->domain.memory_mode, "strict") ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "hugepages.count",
		.applies = memory_asks,
		.reads = READS(READ(hugepages.pools)),
		.judge = judge_count,
	},
	{
		.id = "hugepages.headroom",
		.applies = memory_asks,
		.reads = READS(READ(hugepages.pools)),
		.judge = judge_headroom,
	},
	{
		.id = "hugepages.fragmentation",
		.applies = memory_asks,
		.reads = READS(READ(hugepages.pools), READ(hugepages.buddy)),
		.judge = judge_fragmentation,
	},
	{
		.id = "hugepages.mount",
		.applies = asks_libvirt_for_hugepages,
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

const struct rule_set rules_hugepages = { rules, ARRAY_SIZE(rules) };
