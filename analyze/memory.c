/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/memory.h"

#include <string.h>

typedef unsigned long long ull;

#define X86_DEFAULT_KIB 2048u

/* So that sums, and these in permille, do not wrap whatever a document says. */
#define BACKING_MAX     1024u
#define BACKING_KIB_MAX (UINT64_C(1) << 40)

/* What a page without a size is; 0: not known. */
static uint64_t default_page_kib(const struct host *h)
{
	if (h->hugepages.default_kib.known)
		return h->hugepages.default_kib.v;
	if (h->kernel.default_page_kib.known)
		return h->kernel.default_page_kib.v;
	return fact_is(&h->clock.arch, "x86_64") ? X86_DEFAULT_KIB : 0;
}

static bool same_nodes(const struct cpus *a, const struct cpus *b)
{
	return a && b ? cpus_equal(a, b) : a == b;
}

static void add_need(struct page_needs *all, const struct page_need *need, bool is_by_node)
{
	for (size_t i = 0; i < all->n; i++) {
		struct page_need *v = &all->v[i];

		if (v->page_kib != need->page_kib ||
		    (is_by_node && !same_nodes(v->nodes, need->nodes)))
			continue;
		v->n_pages += need->n_pages;
		v->memory_kib += need->memory_kib;
		v->is_strict |= need->is_strict;
		return;
	}
	if (all->n < PAGE_NEEDS_MAX)
		all->v[all->n++] = *need;
}

/* A hostile size near the top of the range must not wrap, nor their sum. */
static uint64_t pages_for(uint64_t memory_kib, uint64_t page_kib)
{
	return memory_kib / page_kib + (memory_kib % page_kib != 0);
}

static void set_binding(const struct host *h, const struct domain_page *page,
			struct page_need *need)
{
	const struct fact_cpus *nodes =
		page && page->nodes.known ? &page->nodes : &h->domain.memory_nodes;
	const struct fact_str *mode =
		page && page->nodes.known ? &page->mode : &h->domain.memory_mode;

	if (!nodes->known || cpus_is_empty(&nodes->v))
		return;
	need->nodes = &nodes->v;
	need->is_strict = fact_is(mode, "strict");
}

static void add_page(const struct host *h, const struct domain_page *page, bool is_by_node,
		     struct page_needs *all)
{
	const uint64_t most_kib = (uint64_t)INT64_MAX / (4 * PAGE_NEEDS_MAX);
	struct page_need need = {
		.page_kib = page && page->page_kib.known ? page->page_kib.v : default_page_kib(h),
	};

	if (page && page->size_kib.known)
		need.memory_kib = page->size_kib.v;
	else if (h->domain.memory_kib.known && h->domain.pages.n <= 1)
		need.memory_kib = h->domain.memory_kib.v;
	if (!need.page_kib || !need.memory_kib || need.memory_kib > most_kib)
		return;
	need.n_pages = pages_for(need.memory_kib, need.page_kib);
	set_binding(h, page, &need);
	add_need(all, &need, is_by_node);
}

static struct page_needs collect(const struct host *h, bool is_by_node)
{
	const struct domain_page *page = h->domain.pages.v;
	struct page_needs all = { 0 };

	if (!h->domain.has_hugepages.known || !h->domain.has_hugepages.v)
		return all;
	for (size_t i = 0; i < h->domain.pages.n && i < 4 * PAGE_NEEDS_MAX; i++)
		add_page(h, &page[i], is_by_node, &all);
	if (h->domain.pages.n == 0)
		add_page(h, NULL, is_by_node, &all);
	return all;
}

struct page_needs memory_needs(const struct host *h)
{
	return collect(h, false);
}

struct page_needs memory_needs_by_node(const struct host *h)
{
	return collect(h, true);
}

bool memory_asks(const struct host *h, struct finding *out)
{
	if (!h->domain.has_hugepages.known)
		finding_say(out, "No guest's configuration is known.");
	else if (!h->domain.has_hugepages.v)
		finding_say(out, "The guest does not ask for huge pages.");
	else if (memory_needs(h).n == 0)
		finding_say(out, "The guest asks for huge pages, of which the size or the number "
				 "is not known.");
	else
		return true;
	return false;
}

enum verdict memory_judge(const struct host *h, const struct page_needs *needs,
			  memory_judge_fn *judge, struct finding *out)
{
	struct finding worst_finding = *out;
	enum verdict worst = VERDICT_NOT_APPLICABLE;

	for (size_t i = 0; i < needs->n; i++) {
		struct finding one = *out;
		const enum verdict v = judge(h, &needs->v[i], &one);

		if (i == 0 || v < worst) {
			worst = v;
			worst_finding = one;
		}
	}
	*out = worst_finding;
	return worst;
}

const char *memory_size_words(struct finding *out, uint64_t kib)
{
	if (kib % MIB == 0 && kib)
		return finding_text(out, "%llu GiB", (ull)(kib / MIB));
	if (kib % KIB == 0)
		return finding_text(out, "%llu MiB", (ull)(kib / KIB));
	return finding_text(out, "%llu KiB", (ull)kib);
}

const char *memory_pages_words(struct finding *out, uint64_t n, uint64_t page_kib)
{
	return finding_text(out, "%llu page%s of %s", (ull)n, n == 1 ? "" : "s",
			    memory_size_words(out, page_kib));
}

const char *memory_size_option(struct finding *out, uint64_t page_kib)
{
	if (page_kib % MIB == 0)
		return finding_text(out, "%lluG", (ull)(page_kib / MIB));
	if (page_kib % KIB == 0)
		return finding_text(out, "%lluM", (ull)(page_kib / KIB));
	return finding_text(out, "%lluK", (ull)page_kib);
}

const struct hugepage_pool *memory_pool(const struct host *h, uint64_t page_kib)
{
	const struct hugepage_pool *p = h->hugepages.pools.v;

	for (size_t i = 0; i < h->hugepages.pools.n; i++) {
		if (p[i].page_kib.known && p[i].page_kib.v == page_kib)
			return &p[i];
	}
	return NULL;
}

uint64_t memory_free_pages(const struct hugepage_pool *pool)
{
	if (!pool || !pool->n_free.known)
		return 0;
	return pool->n_free.v - u64_min(pool->n_free.v, pool->n_reserved.v);
}

uint64_t memory_boot_pages(const struct host *h, uint64_t page_kib)
{
	const struct boot_pages_fact *b = h->kernel.boot_pages.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->kernel.boot_pages.n; i++) {
		const uint64_t kib = b[i].page_kib.known ? b[i].page_kib.v : default_page_kib(h);

		n = kib == page_kib ? u64_max(n, b[i].n_pages.v) : n;
	}
	return n;
}

void memory_fill(struct finding *out, const struct hugepage_pool *pool, uint64_t page_kib,
		 uint64_t want)
{
	finding_fill(out, "kb", "%llu", (ull)page_kib);
	finding_fill(out, "size", "%s", memory_size_option(out, page_kib));
	finding_fill(out, "want", "%llu", (ull)want);
	finding_fill(out, "old", "%llu", (ull)(pool && pool->n_pages.known ? pool->n_pages.v : 0));
}

/* A huge page of x86-64: what a guest has not touched could not be on one. */
#define TELLING_KIB (2 * KIB)

bool memory_backing(const struct host *h, struct backing_share *ret_share)
{
	const struct guest_backing *b = h->running ? h->running->backing.v : NULL;
	struct backing_share s = { 0 };

	for (size_t i = 0; b && i < h->running->backing.n && i < BACKING_MAX; i++) {
		/* hugetlb counts as given at once; other memory counts once it was touched. */
		bool is_hugetlb = b[i].is_hugetlb.known && b[i].is_hugetlb.v;
		uint64_t kib = is_hugetlb ? b[i].size_kib.v : b[i].resident_kib.v;

		kib = u64_min(kib, BACKING_KIB_MAX);
		s.total_kib += kib;
		s.hugetlb_kib += is_hugetlb ? kib : 0;
		s.anon_huge_kib += is_hugetlb ? 0 : u64_min(b[i].anon_huge_kib.v, kib);
	}
	if (s.total_kib < TELLING_KIB)
		return false;
	*ret_share = s;
	return true;
}

bool memory_holds_pages(const struct host *h)
{
	struct backing_share share;

	return host_runs_domain(h) && memory_backing(h, &share) && share.hugetlb_kib;
}
