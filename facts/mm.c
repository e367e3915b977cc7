/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/mm.h"

#include "facts/kernel.h"

/* clang-format off */
#define F(member) FIELD(struct mm_swap, member)
static const struct fact_field swap_fields[] = {
	{ F(path), FACT_STR, FACT_NOT_COMPARED, "", "file or device", .pseudonym = "disk" },
	{ F(type), FACT_STR, FACT_SETTING, "", "partition or file", .privacy = FACT_OPEN },
	{ F(size_kib), FACT_U64, FACT_SETTING, "KiB", "size" },
	{ F(used_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "in use" },
	{ F(priority), FACT_I64, FACT_SETTING, "", "priority" },
};
#undef F
#define F(member) FIELD(struct mm_pressure, member)
static const struct fact_field pressure_fields[] = {
	{ F(resource), FACT_STR, FACT_NOT_COMPARED, "", "cpu, memory or io", .privacy = FACT_OPEN },
	{ F(some_avg10_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "share of the last 10 s in which some task waited" },
	{ F(full_avg10_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "in which all did" },
};
#undef F
#define F(member) FIELD(struct mm_guest, member)
static const struct fact_field guest_fields[] = {
	{ F(pid), FACT_U64, FACT_NOT_COMPARED, "", "QEMU process" },
	{ F(memlock_kib), FACT_U64, FACT_SETTING, "KiB", "soft limit of locked memory" },
	{ F(is_memlock_unlimited), FACT_BOOL, FACT_SETTING, "", "there is no such limit" },
	{ F(node_kib), FACT_PAIRS, FACT_NOT_COMPARED, "KiB", "memory by NUMA node" },
	{ F(n_major_faults), FACT_U64, FACT_NOT_COMPARED, "", "page faults that read from disk, since it started" },
	{ F(n_mergeable), FACT_U64, FACT_NOT_COMPARED, "", "mappings that same-page merging may scan" },
	{ F(ksm_merging_pages), FACT_U64, FACT_NOT_COMPARED, "pages", "pages that are merged now" },
	{ F(is_privileged), FACT_BOOL, FACT_SETTING, "", "it runs as root" },
	{ F(has_ipc_lock), FACT_BOOL, FACT_SETTING, "", "CAP_IPC_LOCK: the limit does not hold for it" },
};
#undef F
#define F(member) FIELD(struct mm_facts, member)
static const struct fact_field fields[] = {
	{ F(ksm_run), FACT_U64, FACT_SETTING, "", "same-page merging: 0 stopped, 1 runs, 2 stopped and unmerged" },
	{ F(ksm_pages_sharing), FACT_U64, FACT_NOT_COMPARED, "pages", "pages that are saved by it" },
	{ F(ksm_full_scans), FACT_U64, FACT_NOT_COMPARED, "", "scans of all memory since boot" },
	{ F(swaps), FACT_LIST, FACT_SETTING, "", "swap areas; empty: none", &mm_swap_schema },
	{ F(vmstat), FACT_LIST, FACT_NOT_COMPARED, "", "counters of /proc/vmstat that rules need, since boot", &setting_schema },
	{ F(has_khugepaged_defrag), FACT_BOOL, FACT_SETTING, "", "khugepaged may compact memory" },
	{ F(khugepaged_scan_ms), FACT_U64, FACT_SETTING, "ms", "time between its scans" },
	{ F(pressure), FACT_LIST, FACT_NOT_COMPARED, "", "pressure stall information", &mm_pressure_schema },
	{ F(guests), FACT_LIST, FACT_NOT_COMPARED, "", "running guests", &mm_guest_schema },
	{ F(is_numad_running), FACT_BOOL, FACT_SETTING, "", "numad runs" },
};
#undef F
/* clang-format on */

const struct schema mm_swap_schema = { "swap", "A swap area", sizeof(struct mm_swap), swap_fields,
				       ARRAY_SIZE(swap_fields) };
const struct schema mm_pressure_schema = { "pressure", "Pressure stall information",
					   sizeof(struct mm_pressure), pressure_fields,
					   ARRAY_SIZE(pressure_fields) };
const struct schema mm_guest_schema = { "guest", "Memory of a running guest",
					sizeof(struct mm_guest), guest_fields,
					ARRAY_SIZE(guest_fields) };
const struct schema mm_schema = { "mm", "Memory management of the host", sizeof(struct mm_facts),
				  fields, ARRAY_SIZE(fields) };
