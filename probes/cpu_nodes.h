/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_nodes.h - part of the cpu probe: NUMA nodes, from /sys/devices/system/node. */
#ifndef PROBES_CPU_NODES_H
#define PROBES_CPU_NODES_H

#include "facts/cpu.h"
#include "probes/probe.h"

/* Fills nodes, those without CPUs or without memory too, and core.node; cores come first. 0 or
 * -ENOMEM. */
int cpu_nodes_read(struct probe_env *env, struct cpu_facts *f) MUST_CHECK;

#endif
