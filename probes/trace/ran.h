/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ran.h - the last stretches of time of one CPU: who had it. A ring of a fixed size. */
#ifndef PROBES_TRACE_RAN_H
#define PROBES_TRACE_RAN_H

#include "core/base.h"

enum { RAN_MAX = 256 };

struct slice {
	uint64_t from_ns, to_ns;
	uint16_t id; /* culprit */
	int pid;     /* the thread, if none had interrupted it; -1: something had */
};

struct ran {
	struct slice at[RAN_MAX];
	uint64_t n; /* ever put in */
};

/* The next stretch: from_ns is not before the end of the last one. */
void ran_add(struct ran *r, uint64_t from_ns, uint64_t to_ns, uint16_t id, int pid);
/*
 * The i-th newest stretch that lies in from_ns .. to_ns, cut to it, *i being the place to go on
 * from (0 at first); false: there are no more.
 */
bool ran_next(const struct ran *r, uint64_t from_ns, uint64_t to_ns, uint64_t *i,
	      struct slice *ret_slice);

#endif
