/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hugepages.c - are the huge pages there that the guest asks for, and not many more? */
#include <string.h>

#include "analyze/memory.h"

typedef unsigned long long ull;

/* Idle pages that are no finding: one, or two per cent of what the guest takes. */
#define SPARE_PERMILLE 20
#define GIB_KIB        MIB /* KiB in a GiB */

/* Pages the kernel may add when they are asked for, without any promise. */
static uint64_t overcommit_of(const struct hugepage_pool *pool)
{
	if (!pool || !pool->n_overcommit.known)
		return 0;
	return pool->n_overcommit.v - u64_min(pool->n_overcommit.v, pool->n_surplus.v);
}

/* Only the command line can be judged: what it asks for may not be there, and what it does not ask
 * for may have been reserved since. */
static enum verdict judge_count_at_boot(const struct host *h, const struct page_need *need,
					struct finding *out)
{
	const uint64_t n = memory_boot_pages(h, need->page_kib);
	const char *wanted = memory_pages_words(out, need->n_pages, need->page_kib);

	if (!h->kernel.boot_pages.known) {
		finding_say(out,
			    "The guest asks for %s; hugepages.pools is not known, nor what was "
			    "reserved at boot.",
			    wanted);
		return VERDICT_UNKNOWN;
	}
	if (n >= need->n_pages) {
		finding_say(out,
			    "The guest asks for %s and the command line reserves %llu; "
			    "hugepages.pools is not known, so whether they are there is not.",
			    wanted, (ull)n);
		return VERDICT_UNKNOWN;
	}
	memory_fill(out, NULL, need->page_kib, need->n_pages);
	finding_fix(out, NULL, NULL, "");
	finding_say(out, "The guest asks for %s (%s); the kernel command line reserves %s.", wanted,
		    memory_size_words(out, need->memory_kib),
		    n ? finding_text(out, "only %llu", (ull)n) : "none");
	return VERDICT_ADVICE;
}

static enum verdict judge_count_of(const struct host *h, const struct page_need *need,
				   struct finding *out)
{
	const struct hugepage_pool *pool = memory_pool(h, need->page_kib);
	const uint64_t n_free = memory_free_pages(pool);
	const uint64_t n_pages = pool && pool->n_pages.known ? pool->n_pages.v : 0;
	const char *wanted = memory_pages_words(out, need->n_pages, need->page_kib);

	if (!h->hugepages.pools.known)
		return judge_count_at_boot(h, need, out);
	if (!pool) {
		memory_fill(out, NULL, need->page_kib, need->n_pages);
		finding_change(out, CHANGE_BOOT, NULL);
		finding_fix(out, "",
			    "Ask for a page size that the kernel has: ls /sys/kernel/mm/hugepages",
			    "");
		finding_say(out, "The guest asks for %s, a size the kernel does not have.", wanted);
		return VERDICT_PROBLEM;
	}
	if (!pool->n_free.known) {
		finding_say(out, "The guest asks for %s; how many are free is not known.", wanted);
		return VERDICT_UNKNOWN;
	}
	if (n_free >= need->n_pages) {
		finding_say(out, "The guest asks for %s; %llu of %llu are free.", wanted,
			    (ull)n_free, (ull)n_pages);
		return VERDICT_PASS;
	}
	memory_fill(out, pool, need->page_kib, n_pages + need->n_pages - n_free);
	if (n_free + overcommit_of(pool) >= need->n_pages) {
		finding_say(out,
			    "The guest asks for %s (%s); %llu of %llu are free, the kernel may add "
			    "up to %llu when it starts, or fail to.",
			    wanted, memory_size_words(out, need->memory_kib), (ull)n_free,
			    (ull)n_pages, (ull)overcommit_of(pool));
		return VERDICT_ADVICE;
	}
	finding_item(out, "a libvirt hook that reserves pages before the guest starts is not seen "
			  "from here");
	finding_say(out, "The guest asks for %s (%s); %llu of %llu are free: it cannot start.",
		    wanted, memory_size_words(out, need->memory_kib), (ull)n_free, (ull)n_pages);
	return VERDICT_PROBLEM;
}

/* No guest asks: did the kernel find at boot what its command line asks for? */
static enum verdict judge_boot(const struct host *h, struct finding *out)
{
	const struct boot_pages_fact *b = h->kernel.boot_pages.v;

	for (size_t i = 0; i < h->kernel.boot_pages.n; i++) {
		const uint64_t page_kib =
			b[i].page_kib.known ? b[i].page_kib.v : h->hugepages.default_kib.v;
		const struct hugepage_pool *pool = memory_pool(h, page_kib);

		if (!pool || !pool->n_pages.known || pool->n_pages.v >= b[i].n_pages.v)
			continue;
		memory_fill(out, pool, page_kib, b[i].n_pages.v);
		finding_change(out, CHANGE_BOOT, NULL); /* it is there already */
		finding_say(out, "The kernel command line asks for %s; there are %llu.",
			    memory_pages_words(out, b[i].n_pages.v, page_kib),
			    (ull)pool->n_pages.v);
		return VERDICT_ADVICE;
	}
	finding_say(out, "No guest is known to ask for huge pages; those of the command line are "
			 "there.");
	return VERDICT_PASS;
}

static bool is_asked_for(const struct host *h, struct finding *out)
{
	return memory_asks(h, out) || (h->kernel.boot_pages.n && h->hugepages.pools.known);
}

static enum verdict judge_count(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);
	struct backing_share share;

	if (needs.n && memory_holds_pages(h) && memory_backing(h, &share)) {
		finding_say(out, "The running guest has %s on huge pages.",
			    memory_size_words(out, share.hugetlb_kib));
		return VERDICT_PASS;
	}
	return needs.n ? memory_judge(h, &needs, judge_count_of, out) : judge_boot(h, out);
}

static enum verdict judge_headroom_of(const struct host *h, const struct page_need *need,
				      struct finding *out)
{
	const struct hugepage_pool *pool = memory_pool(h, need->page_kib);
	const uint64_t n_free = memory_free_pages(pool);
	/* What the guest will take when it starts is not idle. */
	const uint64_t wanted = memory_holds_pages(h) ? 0 : need->n_pages;
	const uint64_t idle = n_free - u64_min(n_free, wanted);

	if (!pool || !pool->n_pages.known || !pool->n_pages.v) {
		finding_say(out, "No pages of %s are reserved.",
			    memory_size_words(out, need->page_kib));
		return VERDICT_NOT_APPLICABLE;
	}
	if (idle <= u64_max(1, need->n_pages / 1000 * SPARE_PERMILLE +
				       need->n_pages % 1000 * SPARE_PERMILLE / 1000)) {
		finding_say(out, "%llu of %llu pages of %s stay free beside the guest.", (ull)idle,
			    (ull)pool->n_pages.v, memory_size_words(out, need->page_kib));
		return VERDICT_PASS;
	}
	memory_fill(out, pool, need->page_kib, pool->n_pages.v - u64_min(idle, pool->n_pages.v));
	finding_say(
		out, "%s (%s) are reserved and used by nobody: the guest takes exactly %llu.",
		memory_pages_words(out, idle, need->page_kib),
		memory_size_words(out, u64_min(idle, UINT64_MAX / need->page_kib) * need->page_kib),
		(ull)need->n_pages);
	return VERDICT_ADVICE;
}

static enum verdict judge_headroom(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);

	return memory_judge(h, &needs, judge_headroom_of, out);
}

/* Pages of this size that the free blocks could become; a block of a higher order holds several. */
static uint64_t pages_in_buddy(const struct host *h, const struct page_need *need)
{
	const struct buddy_zone *zone = h->hugepages.buddy.v;
	const uint64_t base_kib = h->hugepages.page_kib.known ? h->hugepages.page_kib.v : 4;
	uint64_t n = 0;

	for (size_t z = 0; z < h->hugepages.buddy.n; z++) {
		const bool is_elsewhere = need->nodes && need->is_strict && zone[z].node.known &&
					  (zone[z].node.v >= CPUS_MAX ||
					   !cpus_has(need->nodes, (unsigned)zone[z].node.v));

		for (size_t i = 0; i < zone[z].free_blocks.n && !is_elsewhere; i++) {
			const struct fact_pair *b = &zone[z].free_blocks.v[i];
			uint64_t kib = b->key < 30 && base_kib <= MIB ? base_kib << b->key : 0;

			if (kib >= need->page_kib)
				n += u64_min(b->value, UINT32_MAX) * (kib / need->page_kib);
		}
	}
	return n;
}

static enum verdict judge_fragmentation_of(const struct host *h, const struct page_need *need,
					   struct finding *out)
{
	const struct hugepage_pool *pool = memory_pool(h, need->page_kib);
	const uint64_t n_free = memory_free_pages(pool);
	const uint64_t missing = need->n_pages - u64_min(n_free, need->n_pages);
	uint64_t possible;

	if (memory_holds_pages(h) || missing == 0) {
		finding_say(out, "All pages of the guest are reserved already.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (need->page_kib >= GIB_KIB) {
		finding_say(out,
			    "%s are missing; whether they can be had at run time is not told by "
			    "the list of free blocks, which ends at some MiB.",
			    memory_pages_words(out, missing, need->page_kib));
		return VERDICT_UNKNOWN;
	}
	possible = pages_in_buddy(h, need);
	memory_fill(out, pool, need->page_kib,
		    (pool && pool->n_pages.known ? pool->n_pages.v : 0) + missing);
	if (possible >= missing) {
		finding_say(out, "%s are missing, free memory holds %llu such blocks.",
			    memory_pages_words(out, missing, need->page_kib), (ull)possible);
		return VERDICT_PASS;
	}
	finding_say(out, "%s are missing, free memory holds %llu such blocks: %llu short.",
		    memory_pages_words(out, missing, need->page_kib), (ull)possible,
		    (ull)(missing - possible));
	return VERDICT_ADVICE;
}

static enum verdict judge_fragmentation(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);

	return memory_judge(h, &needs, judge_fragmentation_of, out);
}

static const struct rule rules[] = {
	{
		.id = "hugepages.count",
		.applies = is_asked_for,
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
};

const struct rule_set rules_hugepages = { rules, ARRAY_SIZE(rules) };
