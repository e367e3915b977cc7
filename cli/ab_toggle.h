/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ab_toggle.h - the user's two commands: which of the two settings is in force.
 *
 * A command runs by /bin/sh -c with our rights, environment and folder, on the CPUs that we may
 * use, leads a process group of its own and has nothing to read. What it starts in the background
 * stays. What it prints goes to stderr when it has ended, as notes.
 */
#ifndef CLI_AB_TOGGLE_H
#define CLI_AB_TOGGLE_H

#include "core/base.h"
#include "core/timebase.h"

#define TOGGLE_LIMIT_NS (60 * NS_PER_S)

enum toggle_state {
	TOGGLE_FOUND, /* nothing was run yet */
	TOGGLE_OFF,
	TOGGLE_ON,
	TOGGLE_UNKNOWN /* a command failed or was ended */
};

struct toggle {
	const char *on, *off; /* NULL: nothing is run, every change succeeds */
	const struct timebase *time;
	uint64_t limit_ns;
	enum toggle_state state;
	bool has_off_failed; /* the last that was run: it would fail again */
	bool has_run_on;     /* also where it failed */
};

/*
 * Puts the setting there, if it is not: 0; -EINTR when stop_fd (-1: none) became readable
 * meanwhile, which ends the command; -ECANCELED when it failed, after one line on stderr that says
 * how.
 */
int toggle_put(struct toggle *t, bool is_on, int stop_fd) MUST_CHECK;
/*
 * The last: nothing interrupts it but its time limit. Where no command was ever run there is
 * nothing to put back. Where ON was asked for and failed, OFF; what failed as OFF is not run again.
 * Says how the setting is left. 0 or -ECANCELED.
 */
int toggle_end(struct toggle *t, bool is_on) MUST_CHECK;

#endif
