/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/clock.h"

#define F(member) FIELD(struct clock_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(arch), FACT_STR, FACT_SETTING, "", "machine architecture", .privacy = FACT_OPEN },
	{ F(current), FACT_STR, FACT_SETTING, "", "clocksource in use (current_clocksource)", .privacy = FACT_OPEN },
	{ F(available), FACT_STRS, FACT_SETTING, "", "clocksources the kernel offers", .privacy = FACT_OPEN },
	{ F(has_constant_tsc), FACT_BOOL, FACT_SETTING, "", "CPU flag constant_tsc: TSC does not follow the core frequency" },
	{ F(has_nonstop_tsc), FACT_BOOL, FACT_SETTING, "", "CPU flag nonstop_tsc: TSC runs in deep idle states" },
	{ F(has_tsc_adjust), FACT_BOOL, FACT_SETTING, "", "CPU flag tsc_adjust: firmware tampering can be seen" },
	{ F(has_known_freq), FACT_BOOL, FACT_SETTING, "", "CPU flag tsc_known_freq: no calibration was needed" },
	{ F(tsc_khz), FACT_U64, FACT_NOT_COMPARED, "kHz", "TSC frequency the kernel calibrated, from its log" },
	{ F(is_tsc_unstable), FACT_BOOL, FACT_SETTING, "", "the kernel log says that the TSC was marked unstable" },
	{ F(verdicts), FACT_STRS, FACT_NOT_COMPARED, "", "kernel log lines about the TSC and clocksources" },
	{ F(tsc_option), FACT_STR, FACT_SETTING, "", "tsc= on the kernel command line" },
	{ F(clocksource_option), FACT_STR, FACT_SETTING, "", "clocksource= on the kernel command line" },
};
/* clang-format on */

const struct schema clock_schema = { "clock", "Clocksource and TSC", sizeof(struct clock_facts),
				     fields, ARRAY_SIZE(fields) };
