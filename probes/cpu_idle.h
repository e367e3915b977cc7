/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_idle.h - part of the cpu probe: idle states and limits on how deep CPUs may sleep. */
#ifndef PROBES_CPU_IDLE_H
#define PROBES_CPU_IDLE_H

#include "facts/cpu.h"
#include "probes/probe.h"

/* Fills idle, idle_driver, idle_governor and pm_qos_resume_latency_us. dirs: CPUs that have a
 * folder. 0 or -ENOMEM. */
int cpu_idle_read(struct probe_env *env, struct cpu_facts *f, const struct cpus *dirs) MUST_CHECK;

#endif
