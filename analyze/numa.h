/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numa.h - what the rules about NUMA nodes share. */
#ifndef ANALYZE_NUMA_H
#define ANALYZE_NUMA_H

#include "analyze/rule.h"

/* For .applies: several nodes, or their number is not known; else the reason is said. */
bool numa_has_nodes(const struct host *h, struct finding *out);
bool numa_has_cells(const struct host *h, struct finding *out);
enum verdict numa_judge_cells(const struct host *h, struct finding *out);

#endif
