/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * klog.h - what the kernel log says about the TSC and clocksources.
 *
 * Lines may carry what syslog(2), dmesg(1) or a log daemon put before the message: "<6>",
 * "[    0.000000]", "[T1]", "kern  :info  :", "Nov 23 10:00:00 host kernel:".
 * Sources: arch/x86/kernel/tsc.c, kernel/time/clocksource.c.
 */
#ifndef PROBES_PARSE_KLOG_H
#define PROBES_PARSE_KLOG_H

#include "core/text.h"

#define KLOG_VERDICTS_MAX 32

struct klog_clock {
	uint64_t tsc_khz; /* last line with a frequency wins (refined after detected); 0: none */
	bool is_tsc_unstable; /* "Marking TSC unstable" was logged */
	bool has_boot;        /* the log reaches back to the start of the kernel */
	size_t n_verdicts;
	struct text verdicts[KLOG_VERDICTS_MAX]; /* the first and the last 16, without prefixes */
};

void klog_clock_parse(struct text log, struct klog_clock *ret_clock);
/* The message of a line without what stands before it. */
struct text klog_message(struct text line);

#endif
