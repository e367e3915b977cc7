/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_times.h - what each CPU did since boot, from /proc/stat.
 * Format: Documentation/filesystems/proc.rst, "Miscellaneous kernel statistics in /proc/stat".
 */
#ifndef PROBES_PARSE_CPU_TIMES_H
#define PROBES_PARSE_CPU_TIMES_H

#include "core/text.h"

struct cpu_times { /* in ticks, sysconf(_SC_CLK_TCK) a second */
	unsigned cpu;
	uint64_t busy;  /* all but idle and iowait; time of guests is in it once */
	uint64_t steal; /* taken by the hypervisor below; 0 on kernels before 2.6.11 */
};

/*
 * Cuts lines off the front of *rest up to and including the next "cpuN" line that can be read; the
 * sum line "cpu" and odd lines are passed over. False: there is none left.
 */
bool cpu_times_next(struct text *rest, struct cpu_times *ret_times);

#endif
