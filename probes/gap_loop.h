/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_loop.h - the measuring loop of the gap probe: reads the TSC, and notes when it took long.
 *
 * The thread does nothing else, so time between two reads beyond the few ns of the loop was taken
 * from it: by an interrupt, another thread, firmware, a hypervisor. A turn is one read and one
 * comparison; only a gap costs more, and what noting it takes is left out by taking a new stamp.
 * If noting took so long that it must have been interrupted itself, that is a gap too.
 *
 * Every gap is counted: in a histogram, with exact number and sum, the longest ones one by one, and
 * each goes into a ring for who wants to join it. A full ring loses the gap for joining only, and
 * that is counted. Nothing ever stops the loop but its end.
 *
 * The TSC is read without waiting for other instructions (RDTSC alone): a read may be some ns off,
 * which is below any threshold. Source: Intel SDM 2B, RDTSC; AMD APM 3, RDTSC.
 */
#ifndef PROBES_GAP_LOOP_H
#define PROBES_GAP_LOOP_H

#include "core/hist.h"
#include "probes/gap_ring.h"

enum { GAP_TOP_MAX = 64 };

struct gap_plan { /* in ticks of the TSC */
	uint64_t end_tsc;
	uint64_t threshold;  /* gaps as long as this or longer are noted; 0: every turn */
	uint64_t note_limit; /* noting one that takes as long as this was interrupted; > 0 */
	uint64_t ns_q32;     /* gap_ns_q32() */
};

struct gap_series { /* of one repetition */
	struct hist hist;
	uint64_t start_tsc, end_tsc;
	uint64_t n_turns;                 /* reads of the clock */
	uint64_t gap_ticks;               /* in all gaps */
	uint64_t note_ticks;              /* between gaps, in noting them */
	uint64_t n_not_taken;             /* gaps for which the ring had no room */
	struct gap_span top[GAP_TOP_MAX]; /* longest first */
	size_t n_top;
};

struct gap_lane { /* what the thread of a CPU and its reader share; zeroed before the first use */
	/*
	 * The last read of the clock, 0 before the first one of a repetition: all gaps that ended
	 * up to here are in the ring by then, and none is going on. Written with each turn, which
	 * costs nothing: the processor does not wait for it.
	 */
	_Alignas(128) atomic_uint_least64_t seen_tsc;
	atomic_uint_least64_t start_tsc; /* 0: the repetition has not begun */
	struct gap_ring ring;
	struct gap_series series;
};

/* A clock in place of the TSC, for tests. */
struct gap_clock {
	uint64_t (*read)(void *self);
	void *self;
};

/* 2^32 times the length of a tick; hz: 1 MHz or more. */
uint64_t gap_ns_q32(uint64_t hz);
/* Fills lane->series anew. Runs until end_tsc, or until *stop is seen. No call to the system. */
void gap_loop_run(const struct gap_plan *plan, const atomic_bool *stop, struct gap_lane *lane);
void gap_loop_run_with(const struct gap_clock *clock, const struct gap_plan *plan,
		       const atomic_bool *stop, struct gap_lane *lane);
/*
 * What 999 of 1000 turns of the loop do not exceed, in ticks, here and now, in the calmest of some
 * tries: what it is without the noise that is to be measured. Some 10 ms. NULL: the TSC.
 */
uint64_t gap_loop_p999(const struct gap_clock *clock);
/* A turn's mean cost in picoseconds: the window less gaps and noting; 0: there was none. */
uint64_t gap_loop_ps(const struct gap_series *s, uint64_t hz);

#endif
