/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_topology.h - part of the cpu probe: cores, SMT siblings, packages and L3 caches, by hwloc. */
#ifndef PROBES_CPU_TOPOLOGY_H
#define PROBES_CPU_TOPOLOGY_H

#include "facts/cpu.h"
#include "probes/probe.h"

/*
 * Fills cores (package, cpus, l3), l3s, n_packages, n_cores, and online when its file is missing;
 * reads f->online, f->vendor and f->is_virtual, which come first. Without a topology (a tree that
 * hwloc cannot or must not read) all of it stays unknown with a gap.
 *
 * Cores are counted as hwloc counts them. On AMD family 21 (Bulldozer) that is the integer cores of
 * a module, where the kernel's own "siblings" (and lscpu) take the module for one core with two
 * threads. A module shares its front end and FPU, but not its integer pipelines and L1 data cache:
 * calling its halves SMT siblings would raise alarms about pins that do no such harm.
 *
 * Returns 0 or -ENOMEM.
 */
int cpu_topology_read(struct probe_env *env, struct cpu_facts *f) MUST_CHECK;

#endif
