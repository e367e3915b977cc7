/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/hugepages.h"

/* clang-format off */
#define F(member) FIELD(struct hugepage_pool, member)
static const struct fact_field pool_fields[] = {
	{ F(node), FACT_U64, FACT_SETTING, "", "NUMA node, in node_pools" },
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "page size" },
	{ F(n_pages), FACT_U64, FACT_SETTING, "pages", "nr_hugepages" },
	{ F(n_free), FACT_U64, FACT_NOT_COMPARED, "pages", "free_hugepages" },
	{ F(n_reserved), FACT_U64, FACT_NOT_COMPARED, "pages", "resv_hugepages: promised, not yet touched" },
	{ F(n_surplus), FACT_U64, FACT_NOT_COMPARED, "pages", "surplus_hugepages" },
	{ F(n_overcommit), FACT_U64, FACT_SETTING, "pages", "nr_overcommit_hugepages" },
};
#undef F
#define F(member) FIELD(struct hugepage_mount, member)
static const struct fact_field mount_fields[] = {
	{ F(path), FACT_STR, FACT_SETTING, "", "mount point of a hugetlbfs", .pseudonym = "path" },
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "its page size" },
	{ F(options), FACT_STR, FACT_SETTING, "", "mount options" },
};
#undef F
#define F(member) FIELD(struct buddy_zone, member)
static const struct fact_field buddy_fields[] = {
	{ F(node), FACT_U64, FACT_NOT_COMPARED, "", "NUMA node" },
	{ F(zone), FACT_STR, FACT_NOT_COMPARED, "", "memory zone", .privacy = FACT_OPEN },
	{ F(free_blocks), FACT_PAIRS, FACT_NOT_COMPARED, "blocks", "[order, free blocks of 2^order base pages]" },
};
#undef F
/* clang-format on */

const struct schema hugepage_pool_schema = { "pool", "Huge pages of one size",
					     sizeof(struct hugepage_pool), pool_fields,
					     ARRAY_SIZE(pool_fields) };
const struct schema hugepage_mount_schema = { "mount", "A hugetlbfs mount",
					      sizeof(struct hugepage_mount), mount_fields,
					      ARRAY_SIZE(mount_fields) };
const struct schema buddy_zone_schema = { "zone", "Free blocks of a memory zone",
					  sizeof(struct buddy_zone), buddy_fields,
					  ARRAY_SIZE(buddy_fields) };

#define F(member) FIELD(struct hugepages_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "base page size" },
	{ F(default_kib), FACT_U64, FACT_SETTING, "KiB", "default huge page size" },
	{ F(pools), FACT_LIST, FACT_NOT_COMPARED, "", "huge pages per size", &hugepage_pool_schema },
	{ F(node_pools), FACT_LIST, FACT_NOT_COMPARED, "", "huge pages per size and NUMA node", &hugepage_pool_schema },
	{ F(mounts), FACT_LIST, FACT_SETTING, "", "hugetlbfs mounts", &hugepage_mount_schema },
	{ F(buddy), FACT_LIST, FACT_NOT_COMPARED, "", "free blocks per zone", &buddy_zone_schema },
	{ F(thp_enabled), FACT_STR, FACT_SETTING, "", "transparent huge pages: always, madvise or never", .privacy = FACT_OPEN },
	{ F(thp_defrag), FACT_STR, FACT_SETTING, "", "what a fault may do to get one", .privacy = FACT_OPEN },
	{ F(mem_total_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "MemTotal" },
	{ F(mem_available_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "MemAvailable" },
	{ F(anon_huge_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "AnonHugePages: transparent huge pages in use" },
	{ F(thp_fault_fallback), FACT_U64, FACT_NOT_COMPARED, "faults", "faults that found no huge page, since boot" },
	{ F(compact_stall), FACT_U64, FACT_NOT_COMPARED, "stalls", "times a task had to compact memory itself, since boot" },
};
/* clang-format on */

const struct schema hugepages_schema = { "hugepages", "Huge pages and memory fragmentation",
					 sizeof(struct hugepages_facts), fields,
					 ARRAY_SIZE(fields) };
