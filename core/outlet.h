/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outlet.h - text on its way to a descriptor that may not take it: a terminal after Ctrl-S, one
 * that hangs, a pipe whose reader sleeps. What is not taken now waits here.
 *
 * Descriptors stay as they are: O_NONBLOCK would be one of the shell, too, whose open file it is.
 * Source: poll(2), write(2), timer_create(2).
 */
#ifndef CORE_OUTLET_H
#define CORE_OUTLET_H

#include "core/base.h"

struct outlet { /* { .fd = 1 } */
	int fd;
	int error; /* -errno that ended it, e.g. -EPIPE; all that is added later is dropped */
	char *text;
	size_t n, n_sent;
};

/* Bytes that wait. */
static inline size_t outlet_left(const struct outlet *o)
{
	return o->n - o->n_sent;
}

/* Behind what waits already; nothing is written yet. 0 or -ENOMEM. */
int outlet_add(struct outlet *o, const char *text, size_t n) MUST_CHECK;
/* Writes what is taken now; a write that is not done in 20 ms is broken off, and goes on later. */
void outlet_push(struct outlet *o);
/*
 * Writes until nothing is left: 0, o->error, -ETIMEDOUT when nothing was taken for limit_ns, or
 * -EINTR when stop_fd (-1: none) is readable.
 */
int outlet_drain(struct outlet *o, uint64_t limit_ns, int stop_fd);
/* Drops what waits. */
void outlet_release(struct outlet *o);

#endif
