/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wake_measure.h - timer wake-up latency, for the probes that measure it at different moments. */
#ifndef PROBES_WAKE_MEASURE_H
#define PROBES_WAKE_MEASURE_H

#include "probes/probe.h"

/* A probe_measure_fn; facts: struct wake_facts. */
int wake_measure(struct probe_env *env, void *facts) MUST_CHECK;

#endif
