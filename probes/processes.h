/* SPDX-License-Identifier: GPL-2.0-or-later */
/* processes.h - which processes there are: the numbered directories of /proc (proc(5)). */
#ifndef PROBES_PROCESSES_H
#define PROBES_PROCESSES_H

#include "core/sysroot.h"

struct processes {
	uint32_t *pids; /* ascending */
	size_t n;
	bool is_partial; /* those of other users may be hidden (hidepid=): process 1 is not there */
};

/*
 * The numbered entries of "/proc", or of another directory such as "/proc/7/task". 0, or a negative
 * errno of reading it. Release it after 0 only.
 */
int processes_list(const struct sysroot *root, const char *dir,
		   struct processes *ret_list) MUST_CHECK;
void processes_release(struct processes *list);
#define auto_processes auto_cleanup(processes_release)

#endif
