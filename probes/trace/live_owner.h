/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_owner.h - whose tracing instance "vfiobench.<pid>" is, by its name and its age. */
#ifndef PROBES_TRACE_LIVE_OWNER_H
#define PROBES_TRACE_LIVE_OWNER_H

#include <sys/types.h>

#include "core/base.h"

#define LIVE_NAME_PREFIX "vfiobench."

enum { LIVE_NAME_SIZE = 32 };

void live_owner_name(pid_t pid, char name[LIVE_NAME_SIZE]);
/*
 * Its process has ended, or has begun later than the directory, so that its number is that of
 * another one now. False where that cannot be told.
 */
bool live_owner_is_gone(const char *name, const char *dir);

#endif
