/* SPDX-License-Identifier: GPL-2.0-or-later */
/* programs.h - which of a list of programs run, by the names of processes (/proc/PID/comm). */
#ifndef PROBES_PROGRAMS_H
#define PROBES_PROGRAMS_H

#include "core/sysroot.h"

/*
 * ret_running[i]: a process is called names[i]; of longer names the kernel keeps 15 bytes. 0;
 * -ENOENT: there are no processes to look at (a captured tree without any); -EACCES: those of other
 * users are hidden (hidepid=), so only what was found is sure - *ret_running is filled then too; or
 * another errno of reading /proc.
 */
int programs_running(const struct sysroot *root, const char *const *names, size_t n,
		     bool *ret_running) MUST_CHECK;

#endif
