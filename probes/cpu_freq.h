/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_freq.h - part of the cpu probe: frequency policies, from /sys/devices/system/cpu. */
#ifndef PROBES_CPU_FREQ_H
#define PROBES_CPU_FREQ_H

#include "facts/cpu.h"
#include "probes/probe.h"

/* Fills freq and has_cpufreq. dirs: CPUs that have a folder. 0 or -ENOMEM. */
int cpu_freq_read(struct probe_env *env, struct cpu_facts *f, const struct cpus *dirs) MUST_CHECK;

#endif
