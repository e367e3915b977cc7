/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timebase.h - the clock behind a struct, so that loops and time limits can be tested with a fake.
 */
#ifndef CORE_TIMEBASE_H
#define CORE_TIMEBASE_H

#include "core/base.h"

struct timebase {
	void *self;
	uint64_t (*now_ns)(void *self); /* monotonic nanoseconds */
	/* Sleep until an absolute time of now_ns. 0, or -EINTR when a signal came. */
	int (*sleep_until_ns)(void *self, uint64_t deadline_ns);
};

/* CLOCK_MONOTONIC and clock_nanosleep(TIMER_ABSTIME). Static, never freed. */
const struct timebase *timebase_monotonic(void);
/* CLOCK_REALTIME in seconds and nanoseconds since 1970. */
uint64_t unix_now_ns(void);

static inline uint64_t timebase_now(const struct timebase *t)
{
	return t->now_ns(t->self);
}

#endif
