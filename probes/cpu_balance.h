/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_balance.h - part of the cpu probe: between which CPUs does the scheduler move no thread? */
#ifndef PROBES_CPU_BALANCE_H
#define PROBES_CPU_BALANCE_H

#include "facts/cpu.h"
#include "probes/probe.h"

/*
 * Fills unbalanced from isolated and online, which come first, and from cpusets: with version 1,
 * when the root set is not balanced, CPUs that no balanced set holds together with another CPU;
 * with version 2, CPUs of isolated partitions. Without cpusets the isolated CPUs are all.
 * Sources: Documentation/admin-guide/cgroup-v1/cpusets.rst 1.7, cgroup-v2.rst "Cpuset Interface
 * Files". 0 or -ENOMEM.
 */
int cpu_balance_read(struct probe_env *env, struct cpu_facts *f) MUST_CHECK;

#endif
