/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wake.h - timer wake-up latency: how late a thread runs after its absolute deadline. */
#ifndef FACTS_WAKE_H
#define FACTS_WAKE_H

#include "facts/schema.h"

struct wake_unit { /* one repetition on one CPU */
	struct fact_u64 rep, cpu;
	struct fact_u64 n_expected;  /* periods in the repetition */
	struct fact_u64 missed;      /* periods that passed while the thread was still late */
	struct fact_u64 steal_ns;    /* taken by the hypervisor below, in ticks of 10 ms */
	struct fact_u64 cpu_time_ns; /* used by the probe's thread: what measuring cost this CPU */
	struct fact_hist hist;       /* one value per wake-up; n + missed = n_expected */
	struct fact_hist
		hist_corrected; /* with the waits that lateness hid (coordinated omission) */
};

struct wake_facts {
	struct fact_u64 interval_ns, rep_duration_ns, n_reps;
	struct fact_str policy; /* fifo or other */
	struct fact_u64 priority;
	struct fact_cpus cpus;
	struct fact_bool is_memory_locked;
	struct fact_bool is_dma_latency_held; /* --no-cstates: /dev/cpu_dma_latency at 0 */
	struct fact_list units;               /* struct wake_unit */
};

extern const struct schema wake_schema, wake_unit_schema;
/* The same before the guest starts. */
extern const struct schema wake_bare_schema;

#endif
