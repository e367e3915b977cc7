/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/timebase.h"

#include <time.h>

static uint64_t clock_now_ns(clockid_t clock)
{
	struct timespec ts = { 0 };

	/* Cannot fail for these two clocks: both are in every kernel. */
	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static uint64_t monotonic_now_ns(void *self)
{
	(void)self;
	return clock_now_ns(CLOCK_MONOTONIC);
}

static int monotonic_sleep_until_ns(void *self, uint64_t deadline_ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(deadline_ns / NS_PER_S),
		.tv_nsec = (long)(deadline_ns % NS_PER_S),
	};

	(void)self;
	return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

const struct timebase *timebase_monotonic(void)
{
	static const struct timebase monotonic = {
		.now_ns = monotonic_now_ns,
		.sleep_until_ns = monotonic_sleep_until_ns,
	};

	return &monotonic;
}

uint64_t unix_now_ns(void)
{
	return clock_now_ns(CLOCK_REALTIME);
}
