/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * propose.h - which CPU should each vCPU be pinned to on this host?
 *
 * vCPUs that are threads of one guest core go to threads of one host core. All cores are of one
 * kind (P before E on hybrid machines), of one L3 cache where that is possible (the largest that
 * has room), else of one node, else of one socket. The core of the first CPU stays with the host,
 * with at least one core more when there are enough of them.
 */
#ifndef ANALYZE_PROPOSE_H
#define ANALYZE_PROPOSE_H

#include "facts/cpu.h"

struct propose_wish {
	size_t n_vcpus;
	const struct cpus *within; /* only these, the first core too, nothing kept; NULL: choose */
	const struct cpus *nodes;  /* NUMA nodes to prefer; NULL: any */
	size_t n_keep;             /* whole cores that stay with the host at least; 0: 2, else 1 */
};

struct proposal {
	struct cpus guest;
	size_t n_host_cores; /* whole cores without a vCPU */
	size_t threads;      /* vCPUs per core: <topology threads='…'> */
	bool is_one_l3;      /* all cores share one L3 cache */
	size_t n;            /* vCPUs */
	unsigned cpu[];      /* of each vCPU */
};

/*
 * 0; -ENODATA (the cores of this host are not known); -ENOSPC (so many vCPUs have no room);
 * -ENOMEM. Free with free().
 */
int propose_pins(const struct cpu_facts *cpu, const struct propose_wish *wish,
		 struct proposal **ret_proposal) MUST_CHECK;
/* The largest number of vCPUs up to wish->n_vcpus that has room; 0: not even one, or unknown. */
size_t propose_most(const struct cpu_facts *cpu, const struct propose_wish *wish);

#endif
