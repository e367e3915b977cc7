/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meminfo.h - /proc/meminfo ("MemTotal:  32768 kB", of a node "Node 0 MemTotal:  32768 kB") and
 * /proc/vmstat ("thp_fault_fallback 12"). Source: Documentation/filesystems/proc.rst.
 */
#ifndef PROBES_PARSE_MEMINFO_H
#define PROBES_PARSE_MEMINFO_H

#include "core/text.h"

/* The line of that name: 0, -ENOENT (no such line), -EBADMSG (not a number of kB). */
int meminfo_kib(struct text text, const char *name, uint64_t *ret_kib) MUST_CHECK;
/* The counter of that name: 0, -ENOENT, -EBADMSG (not a number). */
int vmstat_value(struct text text, const char *name, uint64_t *ret_value) MUST_CHECK;

#endif
