/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals.h - which signals ask a program to end, for all programs that tidy up before they do. */
#ifndef CORE_SIGNALS_H
#define CORE_SIGNALS_H

#include <signal.h>

#include "core/base.h"

/*
 * All that end a process by default, come from outside, and can be blocked. Not SIGPIPE, which a
 * write raises that also fails, nor what a fault raises. Source: signal(7).
 */
void signals_that_end(sigset_t *ret_set);

/*
 * While something is there that must not stay behind these signals wait; those that came do as they
 * always do in calm_end(). Signals that are ignored or blocked already, as somebody else takes care
 * of them, are left alone.
 */
struct calm {
	sigset_t before;
	int fd; /* readable when one waits; -1: not begun */
};

/* 0, or -errno; calm_end() may follow either. */
int calm_begin(struct calm *ret_calm) MUST_CHECK;
void calm_end(struct calm *calm);

#endif
