/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/memory.h"

typedef unsigned long long ull;

/* The largest page asked for decides: mixed sizes are rare and counted as that one. */
static uint64_t page_size_asked(const struct host *h)
{
	const struct domain_page *p = h->domain.pages.v;
	uint64_t kib = 0;

	for (size_t i = 0; i < h->domain.pages.n; i++) {
		if (p[i].page_kib.known)
			kib = u64_max(kib, p[i].page_kib.v);
	}
	if (!kib && h->hugepages.default_kib.known)
		kib = h->hugepages.default_kib.v;
	return kib;
}

bool memory_asks(const struct host *h, struct finding *out)
{
	if (!h->domain.memory_kib.known)
		finding_say(out, "No guest's configuration is known.");
	else if (!h->domain.has_hugepages.known || !h->domain.has_hugepages.v)
		finding_say(out, "The guest does not ask for huge pages.");
	else if (!page_size_asked(h))
		finding_say(out, "The size of the huge pages is not known.");
	else
		return true;
	return false;
}

struct page_need memory_need(const struct host *h)
{
	struct page_need need = { .page_kib = page_size_asked(h),
				  .memory_kib = h->domain.memory_kib.v };

	if (!h->domain.has_hugepages.v || !need.page_kib)
		return (struct page_need){ 0 };
	/* A hostile size near the top of the range must not wrap. */
	need.n_pages = need.memory_kib / need.page_kib + (need.memory_kib % need.page_kib != 0);
	return need;
}

const char *memory_size_words(struct finding *out, uint64_t page_kib)
{
	return page_kib % MIB == 0 ? finding_text(out, "%llu GiB", (ull)(page_kib / MIB))
				   : finding_text(out, "%llu MiB", (ull)(page_kib / KIB));
}

const struct hugepage_pool *memory_pool(const struct host *h, uint64_t page_kib)
{
	const struct hugepage_pool *p = h->hugepages.pools.v;

	for (size_t i = 0; i < h->hugepages.pools.n; i++) {
		if (p[i].page_kib.v == page_kib)
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

const char *memory_size_option(struct finding *out, uint64_t page_kib)
{
	if (page_kib % MIB == 0)
		return finding_text(out, "%lluG", (ull)(page_kib / MIB));
	return finding_text(out, "%lluM", (ull)(page_kib / KIB));
}

void memory_fill(struct finding *out, const struct hugepage_pool *pool, uint64_t page_kib,
		 uint64_t want)
{
	finding_fill(out, "kb", "%llu", (ull)page_kib);
	finding_fill(out, "size", "%s", memory_size_option(out, page_kib));
	finding_fill(out, "want", "%llu", (ull)want);
	finding_fill(out, "old", "%llu", (ull)(pool && pool->n_pages.known ? pool->n_pages.v : 0));
}

bool memory_backing(const struct host *h, struct backing_share *ret_share)
{
	const struct guest_backing *b = h->running ? h->running->backing.v : NULL;
	struct backing_share s = { 0 };

	for (size_t i = 0; b && i < h->running->backing.n; i++) {
		/* hugetlb counts as given at once; other memory counts once it was touched. */
		bool is_hugetlb = b[i].is_hugetlb.known && b[i].is_hugetlb.v;
		uint64_t kib = is_hugetlb ? b[i].size_kib.v : b[i].resident_kib.v;

		s.total_kib += kib;
		s.hugetlb_kib += is_hugetlb ? kib : 0;
		s.anon_huge_kib += b[i].anon_huge_kib.v;
	}
	if (!s.total_kib)
		return false;
	*ret_share = s;
	return true;
}
