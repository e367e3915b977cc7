/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h - how much memory of which page size a guest asks for, and what is there. */
#ifndef ANALYZE_MEMORY_H
#define ANALYZE_MEMORY_H

#include "analyze/host.h"
#include "analyze/rule.h"

struct page_need {
	uint64_t page_kib; /* size of one page */
	uint64_t n_pages;  /* guest memory divided by it, rounded up */
	uint64_t memory_kib;
};

/* The configured guest asks for huge pages, and how many is known; else false, the reason said. */
bool memory_asks(const struct host *h, struct finding *out);
/* How many of which; all 0 where memory_asks() is false. */
struct page_need memory_need(const struct host *h);
/* "2 MiB", "1 GiB" */
const char *memory_size_words(struct finding *out, uint64_t page_kib);
/* NULL: the kernel has no pool of that size. */
const struct hugepage_pool *memory_pool(const struct host *h, uint64_t page_kib);
/* Pages nobody holds or was promised; 0 without a pool. */
uint64_t memory_free_pages(const struct hugepage_pool *pool);
/* "2M" or "1G", as kernel options and mounts take it. */
const char *memory_size_option(struct finding *out, uint64_t page_kib);
/* Fills {kb}, {size}, {want} and {old} of a pool that is to have want pages. */
void memory_fill(struct finding *out, const struct hugepage_pool *pool, uint64_t page_kib,
		 uint64_t want);

struct backing_share { /* of the running guest's memory */
	uint64_t total_kib, hugetlb_kib, anon_huge_kib;
};
/* false: nothing is known of it. */
bool memory_backing(const struct host *h, struct backing_share *ret_share);

#endif
