/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_steal.h - time that the hypervisor below took from a CPU while it was measured. */
#ifndef PROBES_CPU_STEAL_H
#define PROBES_CPU_STEAL_H

#include "core/sysroot.h"
#include "facts/schema.h"

/*
 * Stolen time of these CPUs since boot in ns, in steps of a tick, by number; /proc/stat. Missing or
 * odd: empty, and then no difference is known. 0 or -ENOMEM.
 */
int cpu_steal_read(const struct sysroot *root, const struct cpus *which, struct arena *a,
		   struct fact_pairs *ret_steal) MUST_CHECK;
/* Sets *f to what was stolen in between, if both are known. */
void cpu_steal_between(const struct fact_pairs *before, const struct fact_pairs *after,
		       unsigned cpu, struct fact_u64 *f);

#endif
