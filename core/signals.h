/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals.h - which signals ask a program to end, for all programs that tidy up before they do. */
#ifndef CORE_SIGNALS_H
#define CORE_SIGNALS_H

#include <signal.h>

/*
 * All that end a process by default, come from outside, and can be blocked. Not SIGPIPE, which a
 * write raises that also fails, nor what a fault raises. Source: signal(7).
 */
void signals_that_end(sigset_t *ret_set);

#endif
