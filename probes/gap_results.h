/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gap_results.h - what the loops and the trace have seen becomes facts. */
#ifndef PROBES_GAP_RESULTS_H
#define PROBES_GAP_RESULTS_H

#include "probes/gap_crew.h"
#include "probes/gap_trace.h"
#include "probes/probe.h"

struct gap_longest {
	unsigned cpu;
	struct gap_span span;
};

struct gap_results {
	struct probe_env *env;
	struct gap_facts *facts;
	struct gap_time time;
	struct fact_pairs steal_before, steal_after; /* ns by CPU; of one repetition */
	struct gap_longest longest[GAP_TOP_MAX];     /* longest first */
	size_t n_longest;
};

/* After a repetition: a unit of each CPU, in the order of the crew. 0 or -ENOMEM. */
int gap_results_add_units(struct gap_results *g, const struct gap_crew *crew,
			  uint64_t rep) MUST_CHECK;
/* At the end. join: finished; NULL: there was no trace. 0 or -ENOMEM. */
int gap_results_finish(struct gap_results *g, const struct gap_join *join) MUST_CHECK;

#endif
