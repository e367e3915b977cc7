/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h - what the kernel said since boot, as typed lines: kinds in probes/parse/klog_lines.c. */
#ifndef FACTS_LOG_H
#define FACTS_LOG_H

#include "facts/schema.h"

struct log_event {                /* Lines of one kind about one device */
	struct fact_str kind;     /* kind of line: tsc-unstable, remapping-on, dma-fault … */
	struct fact_u64 n;        /* how many lines */
	struct fact_str device;   /* PCI address or name in it */
	struct fact_str value;    /* what the line tells: a list, a mode, names */
	struct fact_u64 first_us; /* us: time of the first since boot */
	struct fact_u64 last_us;  /* us: time of the last since boot */
	struct fact_str text;     /* the last line */
};

struct log_facts {
	struct fact_bool is_complete; /* it starts with the boot: nothing was overwritten, so that a
					 line that is absent was not written */
	struct fact_list events;      /* typed lines, by kind; struct log_event */
};

extern const struct schema log_event_schema, log_schema;

#endif
