/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/wake.h"

/* clang-format off */
#define F(member) FIELD(struct wake_unit, member)
static const struct fact_field unit_fields[] = {
	{ F(rep), FACT_U64, FACT_NOT_COMPARED, "", "number of the repetition, from 0" },
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU it ran on" },
	{ F(n_expected), FACT_U64, FACT_NOT_COMPARED, "periods", "periods in the repetition" },
	{ F(missed), FACT_U64, FACT_LOWER_IS_BETTER, "periods", "periods that passed while the thread was late" },
	{ F(steal_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time the hypervisor below took from this CPU" },
	{ F(cpu_time_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "CPU time of the probe itself" },
	{ F(hist), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "latency, one value per wake-up; n + missed = n_expected" },
	{ F(hist_corrected), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "latency with the waits that lateness hid" },
};
#undef F
/* clang-format on */

const struct schema wake_unit_schema = { "unit", "One repetition on one CPU",
					 sizeof(struct wake_unit), unit_fields,
					 ARRAY_SIZE(unit_fields) };

#define F(member) FIELD(struct wake_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(interval_ns), FACT_U64, FACT_SETTING, "ns", "period of the deadlines" },
	{ F(rep_duration_ns), FACT_U64, FACT_SETTING, "ns", "length of a repetition" },
	{ F(n_reps), FACT_U64, FACT_NOT_COMPARED, "", "repetitions" },
	{ F(policy), FACT_STR, FACT_SETTING, "", "scheduling policy of the probe", .privacy = FACT_OPEN },
	{ F(priority), FACT_U64, FACT_SETTING, "", "its real-time priority" },
	{ F(cpus), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs measured" },
	{ F(is_memory_locked), FACT_BOOL, FACT_SETTING, "", "no page fault can be in the numbers" },
	{ F(is_dma_latency_held), FACT_BOOL, FACT_SETTING, "", "idle states were switched off for the run" },
	{ F(units), FACT_LIST, FACT_NOT_COMPARED, "", "repetitions, each kept apart", &wake_unit_schema },
};
/* clang-format on */

const struct schema wake_schema = { "wake", "Timer wake-up latency", sizeof(struct wake_facts),
				    fields, ARRAY_SIZE(fields) };
const struct schema wake_bare_schema = { "wake_bare",
					 "Timer wake-up latency before the guest starts",
					 sizeof(struct wake_facts), fields, ARRAY_SIZE(fields) };
