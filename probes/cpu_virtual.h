/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_virtual.h - part of the cpu probe: does this host run under a hypervisor itself? */
#ifndef PROBES_CPU_VIRTUAL_H
#define PROBES_CPU_VIRTUAL_H

#include "facts/cpu.h"
#include "probes/parse/cpuinfo.h"
#include "probes/probe.h"

/* Fills is_virtual and hypervisor. 0 or -ENOMEM. */
int cpu_virtual_read(struct probe_env *env, struct cpu_facts *f,
		     const struct cpuinfo *info) MUST_CHECK;

#endif
