/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/gap.h"

#include "facts/trace.h"

/* clang-format off */
#define F(member) FIELD(struct gap_unit, member)
static const struct fact_field unit_fields[] = {
	{ F(rep), FACT_U64, FACT_NOT_COMPARED, "", "number of the repetition, from 0" },
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU it ran on" },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "how long the loop ran" },
	{ F(loop_ps), FACT_U64, FACT_NOT_COMPARED, "ps", "cost of one turn of the loop, mean" },
	{ F(steal_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time the hypervisor below took from this CPU" },
	{ F(hist), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "gaps at or above the threshold" },
	{ F(n_explained), FACT_U64, FACT_NOT_COMPARED, "", "gaps of which a trace explains at least half" },
	{ F(explained_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time in gaps that a trace names" },
	{ F(entry_exit_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time in gaps that is the way in and out of the kernel" },
	{ F(n_unjoined), FACT_U64, FACT_NOT_COMPARED, "", "gaps that came too fast to be compared with the trace" },
};
#undef F
#define F(member) FIELD(struct gap_worst, member)
static const struct fact_field worst_fields[] = {
	{ F(at_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "when it began" },
	{ F(duration_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "how long" },
	{ F(explained_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "so much of it a trace names" },
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU" },
	{ F(class), FACT_STR, FACT_NOT_COMPARED, "", "class of the culprit of its largest part", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "that culprit", .pseudonym = "task" },
};
#undef F
#define F(member) FIELD(struct gap_smi, member)
static const struct fact_field smi_fields[] = {
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU" },
	{ F(n), FACT_U64, FACT_LOWER_IS_BETTER, "", "system management interrupts in the window" },
};
#undef F
/* clang-format on */

const struct schema gap_unit_schema = { "unit", "One repetition on one CPU",
					sizeof(struct gap_unit), unit_fields,
					ARRAY_SIZE(unit_fields) };
const struct schema gap_worst_schema = { "worst", "A long gap", sizeof(struct gap_worst),
					 worst_fields, ARRAY_SIZE(worst_fields) };
const struct schema gap_smi_schema = { "smi", "System management interrupts of a CPU",
				       sizeof(struct gap_smi), smi_fields, ARRAY_SIZE(smi_fields) };

/* clang-format off */
#define F(member) FIELD(struct gap_facts, member)
static const struct fact_field fields[] = {
	{ F(threshold_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "shorter gaps are not counted" },
	{ F(rep_duration_ns), FACT_U64, FACT_SETTING, "ns", "length of a repetition" },
	{ F(n_reps), FACT_U64, FACT_NOT_COMPARED, "", "repetitions" },
	{ F(policy), FACT_STR, FACT_SETTING, "", "scheduling policy of the loop", .privacy = FACT_OPEN },
	{ F(rung), FACT_STR, FACT_NOT_COMPARED, "", "what explains gaps: tracefs or none", .privacy = FACT_OPEN },
	{ F(cpus), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs measured" },
	{ F(units), FACT_LIST, FACT_NOT_COMPARED, "", "repetitions, each kept apart", &gap_unit_schema },
	{ F(culprits), FACT_LIST, FACT_NOT_COMPARED, "", "what the gaps were, most time first", &trace_culprit_schema },
	{ F(worst), FACT_LIST, FACT_NOT_COMPARED, "", "the longest gaps", &gap_worst_schema },
	{ F(overhead_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "way in and out of the kernel for each interruption, as calibrated" },
	{ F(n_orphans), FACT_U64, FACT_NOT_COMPARED, "", "interruptions above the threshold that no gap shows" },
	{ F(n_together), FACT_U64, FACT_LOWER_IS_BETTER, "", "unexplained gaps on two or more CPUs at once: SMIs, or stolen time" },
	{ F(together_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "their time" },
	{ F(smis), FACT_LIST, FACT_NOT_COMPARED, "", "system management interrupts, where a counter tells", &gap_smi_schema },
	{ F(lost_events), FACT_U64, FACT_NOT_COMPARED, "events", "events of the trace that were lost, at least" },
};
#undef F
/* clang-format on */

const struct schema gap_schema = { "gap", "Time taken from a spinning thread",
				   sizeof(struct gap_facts), fields, ARRAY_SIZE(fields) };
