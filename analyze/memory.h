/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h - how much memory of which page size a guest asks for, and what is there. */
#ifndef ANALYZE_MEMORY_H
#define ANALYZE_MEMORY_H

#include "analyze/engine.h"
#include "analyze/host.h"
#include "analyze/rule.h"

struct page_need {
	uint64_t page_kib;   /* size of one page */
	uint64_t n_pages;    /* each guest NUMA cell rounded up by itself */
	uint64_t memory_kib; /* the memory that is to come from them */
	/* Host nodes it is bound to, when there is such a binding, and whether strictly. */
	const struct cpus *nodes;
	bool is_strict;
};

/* Guests with more kinds of memory than this are judged by the first ones. */
enum { PAGE_NEEDS_MAX = 16 };

struct page_needs {
	size_t n;
	struct page_need v[PAGE_NEEDS_MAX];
};

/* What the configured guest asks for, per page size; per page size and nodes. n 0: nothing, or it
 * is not known how much. */
struct page_needs memory_needs(const struct host *h);
struct page_needs memory_needs_by_node(const struct host *h);
/* The configured guest asks for huge pages, and how many is known; else false, the reason said. */
bool memory_asks(const struct host *h, struct finding *out);

/* Judges each need by itself; the worst finding counts. */
typedef enum verdict memory_judge_fn(const struct host *h, const struct page_need *need,
				     struct finding *out);
enum verdict memory_judge(const struct host *h, const struct page_needs *needs,
			  memory_judge_fn *judge, struct finding *out);

/* "12 GiB", "2 MiB", "64 KiB", without a remainder. */
const char *memory_size_words(struct finding *out, uint64_t kib);
/* "128 pages of 2 MiB", "1 page of 1 GiB" */
const char *memory_pages_words(struct finding *out, uint64_t n, uint64_t page_kib);
/* "2M" or "1G", as kernel options and mounts take it. */
const char *memory_size_option(struct finding *out, uint64_t page_kib);

/* NULL: the kernel has no pool of that size. */
const struct hugepage_pool *memory_pool(const struct host *h, uint64_t page_kib);
/* Pages nobody holds or was promised; 0 without a pool. */
uint64_t memory_free_pages(const struct hugepage_pool *pool);
/* Pages of this size that the kernel command line asks for. */
uint64_t memory_boot_pages(const struct host *h, uint64_t page_kib);
/* Fills {kb}, {size}, {want} and {old} of a pool that is to have want pages. */
void memory_fill(struct finding *out, const struct hugepage_pool *pool, uint64_t page_kib,
		 uint64_t want);

/* Evidence: what loads of the built-in guest's memory cost on pages of each size, if measured. */
void memory_list_loads(const struct host *h, struct finding *out);

struct backing_share { /* of the running guest's memory */
	uint64_t total_kib, hugetlb_kib, anon_huge_kib;
};
/* false: nothing is known of it, or the guest has used less than a huge page so far. */
bool memory_backing(const struct host *h, struct backing_share *ret_share);
/* The configured guest runs, and has huge pages. */
bool memory_holds_pages(const struct host *h);

#endif
