/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.h - clocksource and time stamp counter of the host, as the kernel sees them. */
#ifndef FACTS_CLOCK_H
#define FACTS_CLOCK_H

#include "facts/schema.h"

struct clock_facts {
	struct fact_str arch;    /* "x86_64" …: a TSC exists only there */
	struct fact_str current; /* /sys/devices/system/clocksource/clocksource0 */
	struct fact_strs available;
	struct fact_bool has_constant_tsc, has_nonstop_tsc, has_tsc_adjust, has_known_freq;
	struct fact_u64 tsc_khz;          /* as the kernel calibrated it, from its log */
	struct fact_bool is_tsc_unstable; /* the kernel log says "Marking TSC unstable" */
	struct fact_strs verdicts;        /* log lines about TSC and clocksources, at most 32 */
	struct fact_str tsc_option,
		clocksource_option; /* tsc= and clocksource= on the command line */
};

extern const struct schema clock_schema;

#endif
