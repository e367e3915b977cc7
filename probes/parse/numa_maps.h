/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * numa_maps.h - /proc/PID/numa_maps: a line per mapping with the pages it has on each node, "…
 * N0=512 N1=3 kernelpagesize_kB=4". Reserved huge pages count as one page of their size,
 * transparent ones as what they replace. Sources: numa_maps(5), show_numa_map() and gather_stats()
 * in fs/proc/task_mmu.c.
 */
#ifndef PROBES_PARSE_NUMA_MAPS_H
#define PROBES_PARSE_NUMA_MAPS_H

#include "core/text.h"

/* MAX_NUMNODES of an x86 kernel with the most nodes it can be built for. */
#define NUMA_MAPS_N_NODES 1024u

struct numa_maps {
	uint64_t node_kib[NUMA_MAPS_N_NODES];
};

/*
 * Sums of all mappings. 0; -EBADMSG: no line is of this format (so is an empty text), a line has
 * pages but not their size, or numbers that no machine has.
 */
int numa_maps_parse(struct text text, struct numa_maps *ret_maps) MUST_CHECK;

#endif
