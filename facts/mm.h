/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mm.h - memory management of the host: same-page merging, swap, compaction, pressure, NUMA of
 * guest memory. */
#ifndef FACTS_MM_H
#define FACTS_MM_H

#include "facts/schema.h"

struct mm_swap {                  /* A swap area */
	struct fact_str path;     /* file or device */
	struct fact_str type;     /* partition or file */
	struct fact_u64 size_kib; /* KiB: size */
	struct fact_u64 used_kib; /* KiB: in use */
	struct fact_i64 priority; /* priority */
};

struct mm_pressure {                         /* Pressure stall information */
	struct fact_str resource;            /* cpu, memory or io */
	struct fact_u64 some_avg10_permille; /* permille: share of the last 10 s in which some task
						waited */
	struct fact_u64 full_avg10_permille; /* permille: in which all did */
};

struct mm_guest {                              /* Memory of a running guest */
	struct fact_u64 pid;                   /* QEMU process */
	struct fact_u64 memlock_kib;           /* KiB: soft limit of locked memory */
	struct fact_bool is_memlock_unlimited; /* there is no such limit */
	struct fact_pairs node_kib;            /* KiB: memory by NUMA node */
	struct fact_u64 n_major_faults;    /* page faults that read from disk, since it started */
	struct fact_u64 n_mergeable;       /* mappings that same-page merging may scan */
	struct fact_u64 ksm_merging_pages; /* pages: pages that are merged now */
	struct fact_bool is_privileged;    /* it runs as root */
	struct fact_bool has_ipc_lock;     /* CAP_IPC_LOCK: the limit does not hold for it */
};

struct mm_facts {
	struct fact_u64 ksm_run; /* same-page merging: 0 stopped, 1 runs, 2 stopped and unmerged */
	struct fact_u64 ksm_pages_sharing; /* pages: pages that are saved by it */
	struct fact_u64 ksm_full_scans;    /* scans of all memory since boot */
	struct fact_list swaps;            /* swap areas; empty: none; struct mm_swap */
	struct fact_list vmstat; /* counters of /proc/vmstat that rules need, since boot; struct
				    setting_fact */
	struct fact_bool has_khugepaged_defrag; /* khugepaged may compact memory */
	struct fact_u64 khugepaged_scan_ms;     /* ms: time between its scans */
	struct fact_list pressure;              /* pressure stall information; struct mm_pressure */
	struct fact_list guests;                /* running guests; struct mm_guest */
	struct fact_bool is_numad_running;      /* numad runs */
};

extern const struct schema mm_swap_schema, mm_pressure_schema, mm_guest_schema, mm_schema;

#endif
