/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits_run.h - one measuring program of the built-in guest, from creation to the end of the guest.
 *
 * Each program gets a guest of its own, so that one which does not come back takes no other with
 * it. The thread that calls sleeps meanwhile (irqfd: injects); call stop_watch() before.
 */
#ifndef PROBES_EXITS_RUN_H
#define PROBES_EXITS_RUN_H

#include "core/hist.h"
#include "core/timebase.h"
#include "probes/exits_backing.h"
#include "probes/microguest/microguest.h"

struct exits_plan {
	unsigned program; /* MG_PROGRAM_*; STAMP: interrupts through an irqfd are measured */
	struct cpus cpus; /* one vCPU each; IPI: two, the first asks and the second answers */
	uint64_t budget_ns;
	uint64_t interval_ns;                /* TIMER, HLT */
	const struct exits_backing *backing; /* CHASE: what is walked */
	uint64_t seed;                       /* CHASE: which way */
};

/* What one vCPU measured. */
struct exits_seat {
	unsigned cpu;
	struct hist hist;      /* but for CHASE and LOOP: a value for each sample */
	uint64_t window_ns;    /* GAP: of all batches */
	uint64_t threshold_ns; /* GAP */
	uint64_t n_units;      /* CHASE: loads; LOOP: instructions */
	uint64_t unit_ps;      /* CHASE: mean; LOOP: least */
	/* of the run */
	bool has_begun; /* first batch is over: GAP knows its loop, CHASE has seen all its memory */
	uint64_t sum_cycles;
};

struct exits_result {
	size_t n_seats;
	struct exits_seat *seats; /* by CPU; without the one that only answers */
	uint64_t tsc_khz;
	uint64_t mapped_kib; /* CHASE: 0 if it could not be told, and then: */
	int mapped_error;
	/* Why there is nothing, or less than was asked for; NULL: all is well. */
	char *trouble;
};

/*
 * 0: what there is, is in *result, which may be nothing, and trouble says why; -EINTR: the same,
 * and the probe was asked to end; -ENOMEM. exits_result_release() is right after each of them.
 */
int exits_run(const struct timebase *time, const struct exits_plan *plan,
	      struct exits_result *result) MUST_CHECK;
void exits_result_release(struct exits_result *result);

#endif
