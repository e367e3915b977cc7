/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tallies.h - how often and how long each culprit was at it, for one vCPU: at most 256. */
#ifndef PROBES_TRACE_TALLIES_H
#define PROBES_TRACE_TALLIES_H

#include "probes/trace/durations.h"
#include "probes/trace/names.h"

enum { TALLIES_MAX = 256 };

struct tally {
	uint16_t id; /* of names.h */
	struct durations took;
	uint64_t n_sum, sum_ns; /* so often, so long in all: how long each was is not known */
};

/* The first are "other" of each class: what has no room is added there, so sums stay exact. */
struct tallies {
	uint16_t *of; /* by id: place in v + 1 */
	struct tally *v;
	size_t n, n_room;
};

int tallies_init(struct tallies *t) MUST_CHECK;
void tallies_release(struct tallies *t);
void tallies_clear(struct tallies *t);
void tallies_add(struct tallies *t, const struct names *names, uint16_t id, uint64_t ns);
/* n times, ns in all. */
void tallies_add_sum(struct tallies *t, const struct names *names, uint16_t id, uint64_t n,
		     uint64_t ns);

#endif
