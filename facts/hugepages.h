/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hugepages.h - reserved huge pages, transparent huge pages, mounts and free blocks. */
#ifndef FACTS_HUGEPAGES_H
#define FACTS_HUGEPAGES_H

#include "facts/schema.h"

struct hugepage_pool {        /* one per page size; one per page size and node in node_pools */
	struct fact_u64 node; /* node_pools only */
	struct fact_u64 page_kib, n_pages, n_free, n_reserved, n_surplus, n_overcommit;
};

struct hugepage_mount {
	struct fact_str path;
	struct fact_u64 page_kib; /* default size when the options name none */
	struct fact_str options;
};

struct buddy_zone { /* a line of /proc/buddyinfo */
	struct fact_u64 node;
	struct fact_str zone;
	struct fact_pairs free_blocks; /* [order, blocks of 2^order base pages] */
};

struct hugepages_facts {
	struct fact_u64 page_kib;                /* base page: 4 on x86 */
	struct fact_u64 default_kib;             /* default huge page size */
	struct fact_list pools, node_pools;      /* struct hugepage_pool */
	struct fact_list mounts;                 /* struct hugepage_mount */
	struct fact_list buddy;                  /* struct buddy_zone */
	struct fact_str thp_enabled, thp_defrag; /* the word in brackets */
	struct fact_u64 mem_total_kib, mem_available_kib, anon_huge_kib;
	struct fact_u64 thp_fault_fallback, compact_stall; /* /proc/vmstat, since boot */
};

extern const struct schema hugepages_schema, hugepage_pool_schema, hugepage_mount_schema,
	buddy_zone_schema;

#endif
