/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * told.h - what the kernel and its modules were told, and what the kernel says: command line,
 * modprobe.d, sysctls, counters of a run, log. For judges; all text lives as long as the finding.
 */
#ifndef ANALYZE_TOLD_H
#define ANALYZE_TOLD_H

#include "analyze/rule.h"

/* Value of a sysctl by its name with dots, as text; NULL: it was not read. */
const char *sysctl_value(const struct host *h, const char *name);
/* By how much a counter grew during the run; 0: not at all, or it was not read. */
uint64_t counter_growth(const struct host *h, const char *name);

/* NULL: no such line was seen, or the log was not read. */
const struct log_event *log_find(const struct host *h, const char *kind);
/* The same about one device. */
const struct log_event *log_find_device(const struct host *h, const char *kind, const char *device);
/* The log was read from the boot on: a line that is not there was not written. */
bool log_is_whole(const struct host *h);

/* Value of a kernel argument, "" without one; NULL: it is not there or no line is known. */
const char *cmdline_value(const struct host *h, struct finding *out, const char *key);
/* "1", "y", "on", "" … as the kernel reads a bool (lib/kstrtox.c); NULL is not on. */
bool is_switched_on(const char *value);
/* One of the items of a list with commas. */
bool has_item(const char *list, const char *item);
/* Value of an option in lines "options MODULE …" of modprobe.d, the last one; NULL: none. */
const char *modprobe_option(const struct host *h, struct finding *out, const char *module,
			    const char *option, const struct setup_modprobe **ret_line);
/* First line of modprobe.d with this command for this module; NULL: none. */
const struct setup_modprobe *modprobe_find(const struct host *h, const char *command,
					   const char *module);

#endif
