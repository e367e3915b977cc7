/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gap.h - time taken from a thread that does nothing but read the clock. */
#ifndef FACTS_GAP_H
#define FACTS_GAP_H

#include "facts/schema.h"

struct gap_unit { /* one repetition on one CPU */
	struct fact_u64 rep, cpu;
	struct fact_u64 window_ns; /* how long the loop ran */
	struct fact_u64 loop_ps;   /* cost of one turn of the loop, mean */
	struct fact_u64 steal_ns;  /* taken by the hypervisor below, in ticks of 10 ms */
	struct fact_hist hist;     /* one value per gap at or above the threshold */
	/* Of these gaps, as far as a trace of the same time tells. */
	struct fact_u64 n_explained,
		explained_ns; /* at least half named or way in and out; time that is named */
	struct fact_u64 entry_exit_ns; /* time that is the kernel's entry and exit: overhead_ns */
	struct fact_u64 n_unjoined;    /* gaps that were counted but came too fast to be joined */
};

struct gap_worst {
	struct fact_u64 at_unix_ns; /* when it began */
	struct fact_u64 duration_ns, explained_ns;
	struct fact_u64 cpu;
	struct fact_str class, name; /* culprit of its largest part; unknown: none is known */
};

struct gap_smi {
	struct fact_u64 cpu, n; /* system management interrupts in the window */
};

struct gap_facts {
	struct fact_u64 threshold_ns; /* shorter gaps are not counted */
	struct fact_u64 rep_duration_ns, n_reps;
	struct fact_str policy; /* other */
	struct fact_str rung;   /* what explains gaps: tracefs or none */
	struct fact_cpus cpus;
	struct fact_list units;    /* struct gap_unit */
	struct fact_list culprits; /* struct trace_culprit: by total_ns */
	struct fact_list worst;    /* struct gap_worst, longest first */
	/* Entry and exit of the kernel, for each interruption: the median of what is left of gaps,
	 * 3 us at most. Up to twice as much is taken for it. */
	struct fact_u64 overhead_ns;
	struct fact_u64 n_orphans; /* interruptions above the threshold that no gap shows */
	/* Unexplained gaps that began on two or more CPUs together: SMIs, or time that a hypervisor
	 * took. */
	struct fact_u64 n_together, together_ns;
	struct fact_list smis; /* struct gap_smi; unknown: no such counter here */
	struct fact_u64 lost_events;
};

extern const struct schema gap_schema, gap_unit_schema, gap_worst_schema, gap_smi_schema;

#endif
