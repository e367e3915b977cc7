/* SPDX-License-Identifier: GPL-2.0-or-later */
/* power_parts.h - the parts of the power probe. All return 0 or -ENOMEM; what is missing is a gap.
 */
#ifndef PROBES_POWER_PARTS_H
#define PROBES_POWER_PARTS_H

#include "facts/power.h"
#include "probes/probe.h"

/* epb, throttles, package_throttles, current_khz. */
int power_read_cpus(struct probe_env *env, struct power_facts *f) MUST_CHECK;
/* dma_latency_us and holders: of this machine only. */
int power_read_latency(struct probe_env *env, struct power_facts *f) MUST_CHECK;

#endif
