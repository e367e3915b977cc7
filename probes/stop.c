/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/stop.h"

#include <time.h>

#include "core/signals.h"

/* Ends nobody where it is not blocked; one that a stranger sends does no harm. */
#define NUDGE SIGURG

static sigset_t watched(void)
{
	sigset_t set;

	signals_that_end(&set);
	sigaddset(&set, NUDGE);
	return set;
}

int stop_watch(void)
{
	const sigset_t set = watched();

	return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

enum stop_event stop_wait(const struct timebase *time, uint64_t deadline_ns)
{
	const sigset_t set = watched();

	for (;;) {
		const uint64_t now_ns = timebase_now(time);
		const uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
		const struct timespec left = {
			.tv_sec = (time_t)(left_ns / NS_PER_S),
			.tv_nsec = (long)(left_ns % NS_PER_S),
		};
		const int r = sigtimedwait(&set, NULL, deadline_ns == UINT64_MAX ? NULL : &left);

		if (r == NUDGE)
			return STOP_NUDGED;
		if (r > 0)
			return STOP_ASKED;
		/* EINTR: the process was stopped and continued. */
		if (errno != EINTR)
			return STOP_TIME;
	}
}

void stop_nudge(pthread_t thread)
{
	/* Fails for a thread that has ended only, and ours outlives its helpers. */
	pthread_kill(thread, NUDGE);
}
