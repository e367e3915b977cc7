/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h - the result of an audit: what the state probes say, and whose CPUs are which. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/state.h"

struct settings_wish { /* what the user asked for; text is not owned */
	struct state_wish state;
	const char *guest; /* as of struct target_wish */
	const struct cpus *cpus;
};

/*
 * A new result with all of it. stop_fd: as of collect_state(). 0, or a negative errno, for which
 * one line was printed where the user can do something about it; -EINTR: stop_fd became readable.
 */
int settings_collect(const struct settings_wish *wish, int stop_fd,
		     struct doc **ret_result) MUST_CHECK;

#endif
