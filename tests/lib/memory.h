/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h - pools of huge pages and guests that ask for them, for tests of rules. */
#ifndef TESTS_LIB_MEMORY_H
#define TESTS_LIB_MEMORY_H

#include "tests/lib/host.h"

static inline struct hugepage_pool *add_pool(struct host *h, struct fact_list *list, int node,
					     uint64_t page_kib, uint64_t n_pages, uint64_t n_free)
{
	struct hugepage_pool *p = fact_add_item(list, &h->arena, sizeof(*p));

	assert_non_null(p);
	if (node >= 0)
		fact_set_u64(&p->node, (uint64_t)node);
	fact_set_u64(&p->page_kib, page_kib);
	fact_set_u64(&p->n_pages, n_pages);
	fact_set_u64(&p->n_free, n_free);
	return p;
}

/* Memory of the guest that is to come from pages of this size; 0: of the default size. */
static inline struct domain_page *ask_for(struct host *h, uint64_t page_kib, uint64_t size_mib)
{
	struct domain_page *p = fact_add_item(&h->domain.pages, &h->arena, sizeof(*p));

	assert_non_null(p);
	if (page_kib)
		fact_set_u64(&p->page_kib, page_kib);
	fact_set_u64(&p->size_kib, size_mib * 1024);
	fact_set_bool(&h->domain.has_hugepages, true);
	set_str(&h->domain.source, "file");
	return p;
}

/* A guest of 256 MiB that asks for pages of this size. */
static inline void ask(struct host *h, uint64_t page_kib)
{
	ask_for(h, page_kib, 256);
	fact_set_u64(&h->domain.memory_kib, 256 * 1024);
}

static inline struct guest_backing *run_guest(struct host *h, struct guest_process *guest,
					      uint64_t page_kib, uint64_t size_mib)
{
	struct guest_backing *b;

	set_str(&guest->kind, "qemu");
	b = fact_add_item(&guest->backing, &h->arena, sizeof(*b));
	assert_non_null(b);
	fact_set_u64(&b->page_kib, page_kib);
	fact_set_u64(&b->size_kib, size_mib * 1024);
	fact_set_u64(&b->resident_kib, size_mib * 1024);
	fact_set_bool(&b->is_hugetlb, page_kib > 4);
	h->running = guest;
	return b;
}

#endif
