/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hugepage_pools.h - reserved huge pages per size, of the machine and of each NUMA node. */
#ifndef PROBES_HUGEPAGE_POOLS_H
#define PROBES_HUGEPAGE_POOLS_H

#include "facts/hugepages.h"
#include "probes/probe.h"

/* Fills pools and node_pools from sysfs; what is missing becomes a gap. 0 or -ENOMEM.
 * Format: Documentation/admin-guide/mm/hugetlbpage.rst. */
int hugepage_pools_read(struct probe_env *env, struct hugepages_facts *f) MUST_CHECK;

#endif
