/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop.h - a timed probe that is asked to end (core/signals.h) prints what it has.
 *
 * No handlers and no globals: the signals are blocked and waited for.
 */
#ifndef PROBES_STOP_H
#define PROBES_STOP_H

#include <pthread.h>

#include "core/timebase.h"

enum stop_event {
	STOP_TIME,  /* the deadline came */
	STOP_ASKED, /* a signal asks the probe to end; later waits can be told of the same again */
	STOP_NUDGED /* stop_nudge() */
};

/* Call before other threads are started: they inherit it. */
int stop_watch(void) MUST_CHECK;
/* Sleeps, without waking up in between; UINT64_MAX: as long as it takes. */
enum stop_event stop_wait(const struct timebase *time, uint64_t deadline_ns);
/* Ends a stop_wait() of that thread, the running one or else the next. */
void stop_nudge(pthread_t thread);

#endif
