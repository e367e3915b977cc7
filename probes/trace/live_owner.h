/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_owner.h - whose tracing instance "vfiobench.<pid>" is, by its name and its age.
 *
 * tracefs is the same in all containers, but pids are not: outside of the first pid namespace the
 * name is "vfiobench.<pid>-<inode of the namespace>".
 *
 * Source: pid_namespaces(7), PROC_PID_INIT_INO of include/linux/proc_ns.h.
 */
#ifndef PROBES_TRACE_LIVE_OWNER_H
#define PROBES_TRACE_LIVE_OWNER_H

#include <sys/types.h>

#include "core/base.h"

#define LIVE_NAME_PREFIX "vfiobench."

enum { LIVE_NAME_SIZE = 48 };

void live_owner_name(pid_t pid, char name[LIVE_NAME_SIZE]);
/*
 * Its process has ended, or has begun later than the directory, so that its number is that of
 * another one now. False where that cannot be told, as of another namespace.
 */
bool live_owner_is_gone(const char *name, const char *dir);
/*
 * Of another pid namespace, where nobody can see whether its process lives, and not made just now.
 * Such a process has a file of it open: the kernel will not remove it.
 */
bool live_owner_may_be_gone(const char *name, const char *dir);

#endif
