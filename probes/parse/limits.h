/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limits.h - /proc/PID/limits: a table of names, soft and hard limits and units, in columns.
 * Sources: proc(5), proc_pid_limits() in fs/proc/base.c.
 */
#ifndef PROBES_PARSE_LIMITS_H
#define PROBES_PARSE_LIMITS_H

#include "core/text.h"

#define LIMIT_UNLIMITED UINT64_MAX

/*
 * Soft limit of that name, such as "Max locked memory": a number in the unit of the line, or
 * LIMIT_UNLIMITED. 0, -ENOENT (no such line), -EBADMSG.
 */
int limits_soft(struct text text, const char *name, uint64_t *ret_limit) MUST_CHECK;

#endif
