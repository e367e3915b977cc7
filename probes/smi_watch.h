/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smi_watch.h - system management interrupts of some CPUs while something is measured. */
#ifndef PROBES_SMI_WATCH_H
#define PROBES_SMI_WATCH_H

#include "probes/probe.h"

struct smi_counter;

struct smi_watch {                    /* zeroed: nothing is counted */
	struct smi_counter *counters; /* owned */
	size_t n;
};

/* Without such a counter: a gap of "smis", and nothing is counted. 0 or -ENOMEM. */
int smi_watch_begin(struct smi_watch *w, struct probe_env *env, const struct cpus *cpus) MUST_CHECK;
/* struct gap_smi for each CPU that is counted; unknown: none is. 0 or -ENOMEM. */
int smi_watch_end(struct smi_watch *w, struct probe_env *env, struct fact_list *smis) MUST_CHECK;
void smi_watch_release(struct smi_watch *w);

#endif
