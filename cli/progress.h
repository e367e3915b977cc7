/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - one line on a terminal that says how long it will still take.
 *
 * Written by a thread of its own, once a second, on the CPUs the caller may use (the host's). No
 * line where stderr is no terminal or --quiet was given.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <pthread.h>

#include "core/base.h"

struct progress {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	const char *what;
	uint64_t total_s;
	bool is_running, is_done;
};

/* Failing to start is no error: there is no line then. */
void progress_start(struct progress *p, const char *what, uint64_t total_ns, bool is_quiet);
/* Clears the line. */
void progress_stop(struct progress *p);

#endif
