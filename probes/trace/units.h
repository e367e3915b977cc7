/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * units.h - the time of a vCPU by repetitions of a timed window, each kept apart.
 *
 * Sums are taken at the borders: an event costs nothing but the look whether one has come. The
 * time of all repetitions together is that of the window, and so are the stretches.
 */
#ifndef PROBES_TRACE_UNITS_H
#define PROBES_TRACE_UNITS_H

#include "core/hist.h"
#include "probes/trace/series.h"

enum { UNITS_MAX = 1000 };

struct unit_time {
	uint64_t ns[N_VCPU_STATES];
	uint64_t own_ns;          /* part that threads of the measurement took */
	struct hist_bins outages; /* bins are owned; NULL with n: there was no memory for them */
};

struct units {
	uint64_t start_ns, step_ns; /* step_ns 0: none are kept */
	uint64_t end_ns;            /* of the one that runs; UINT64_MAX: of the window, or none */
	size_t n_max, at;           /* the one that runs; n_max: all are over */
	size_t n_used;              /* from the first on */
	uint64_t taken_ns[N_VCPU_STATES], taken_own_ns; /* by those before it */
	struct hist *outages; /* of outages_of, until one that began later is over; NULL: none */
	size_t outages_of;
	uint64_t outages_end_ns;
	size_t n_bins_max; /* of one; where they are more, neighbours become one */
	struct unit_time *v;
};

/* step_ns or n_max 0: none are kept, and all below does nothing. */
int units_init(struct units *u, uint64_t step_ns, size_t n_max, size_t n_bins_max) MUST_CHECK;
void units_release(struct units *u);
/* Empty, for a window from start_ns on that this vCPU is in from from_ns on. */
void units_start(struct units *u, uint64_t start_ns, uint64_t from_ns);
/* The one that runs is over; sums are those of the window so far. */
void units_next(struct units *u, const uint64_t sums_ns[N_VCPU_STATES], uint64_t own_ns);
/* A stretch that began at at_ns is over; those that began before have been told. all: the
 * histogram of the window, which gets those of a repetition when it is over. */
void units_count(struct units *u, uint64_t at_ns, uint64_t ns, struct hist *all);
/* The window is over. */
void units_finish(struct units *u, const uint64_t sums_ns[N_VCPU_STATES], uint64_t own_ns,
		  struct hist *all);
/* The newest ns of one state turn out to have been another; sums before that. */
void units_move(struct units *u, enum vcpu_state from, enum vcpu_state to, uint64_t ns,
		const uint64_t sums_ns[N_VCPU_STATES]);
/* ns of all the time in a state were another, nobody knows when; the one that runs gets the rest.
 */
void units_spread(struct units *u, enum vcpu_state from, enum vcpu_state to, uint64_t ns);

#endif
