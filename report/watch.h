/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - who takes the guest's time, as it goes on: windows of a trace added up for a screen.
 *
 * "now" is a mean over the last windows that forgets: each one counts 7/8 of the one after it.
 */
#ifndef REPORT_WATCH_H
#define REPORT_WATCH_H

#include <stdio.h>

#include "core/base.h"
#include "facts/trace.h"

struct watch;

struct watch_screen {
	unsigned width, height; /* columns and lines; height 0: as many as there are */
	bool clears_lines;      /* each line wipes what stood there before (a terminal) */
};

/* NULL: no memory. */
struct watch *watch_new(void);
void watch_free(struct watch *w); /* NULL is fine */
/*
 * One window more. 0 or -ENOMEM. Of some thousand culprits the one that took least of late gives
 * way to a new one; the head says how often.
 */
int watch_add(struct watch *w, const struct trace_facts *facts) MUST_CHECK;
/* title: which guest; a stranger's names are cleaned here. */
void watch_print(FILE *out, const struct watch *w, const char *title,
		 const struct watch_screen *screen);
/* One line with what took the most in the last window, for what is no terminal. */
void watch_print_line(FILE *out, const struct watch *w);

#endif
