/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/tsc.h"

/* clang-format off */
#define F(member) FIELD(struct tsc_cost, member)
static const struct fact_field cost_fields[] = {
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU measured" },
	{ F(clocksource), FACT_STR, FACT_SETTING, "", "clocksource in use", .privacy = FACT_OPEN },
	{ F(n_per_value), FACT_U64, FACT_NOT_COMPARED, "calls", "calls timed together for one value" },
	{ F(hist), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "nanoseconds per clock_gettime call" },
};
#undef F
#define F(member) FIELD(struct tsc_order, member)
static const struct fact_field order_fields[] = {
	{ F(cpu_a), FACT_U64, FACT_NOT_COMPARED, "", "first CPU" },
	{ F(cpu_b), FACT_U64, FACT_NOT_COMPARED, "", "second CPU" },
	{ F(n_turns), FACT_U64, FACT_NOT_COMPARED, "turns", "times the turn changed between them" },
	{ F(n_backward), FACT_U64, FACT_LOWER_IS_BETTER, "turns", "turns in which a later read was smaller" },
	{ F(max_backward_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "largest step backward" },
};
#undef F
/* clang-format on */

const struct schema tsc_cost_schema = { "cost", "Cost of reading the clock on one CPU",
					sizeof(struct tsc_cost), cost_fields,
					ARRAY_SIZE(cost_fields) };
const struct schema tsc_order_schema = { "order", "Order of TSC reads between two CPUs",
					 sizeof(struct tsc_order), order_fields,
					 ARRAY_SIZE(order_fields) };

#define F(member) FIELD(struct tsc_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(costs), FACT_LIST, FACT_NOT_COMPARED, "", "cost of clock_gettime per CPU", &tsc_cost_schema },
	{ F(rate_hz), FACT_U64, FACT_NOT_COMPARED, "Hz", "TSC ticks per second of CLOCK_MONOTONIC_RAW" },
	{ F(rate_error_ppb), FACT_U64, FACT_NOT_COMPARED, "ppb", "uncertainty of the rate" },
	{ F(drift_ppb), FACT_I64, FACT_NOT_COMPARED, "ppb", "rate in the second half against the first half" },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time over which the rate was taken" },
	{ F(orders), FACT_LIST, FACT_NOT_COMPARED, "", "order of reads between CPUs", &tsc_order_schema },
};
/* clang-format on */

const struct schema tsc_schema = { "tsc", "Cost, rate and order of the clock",
				   sizeof(struct tsc_facts), fields, ARRAY_SIZE(fields) };
