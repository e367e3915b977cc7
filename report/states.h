/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * states.h - where the time of a vCPU went, state by state, as people read it.
 *
 * Lost is what the guest would have run in: all but guest, running, halted, and what the recording
 * does not tell.
 */
#ifndef REPORT_STATES_H
#define REPORT_STATES_H

#include "facts/trace.h"

/* Those that are lost come first. */
enum { N_LOST_STATES = 9, N_TRACE_STATES = 14 };

struct state_row {
	size_t at;          /* in struct trace_states */
	const char *word;   /* "preempted" */
	const char *about;  /* "thrown off its CPU by another thread" */
	const char *colour; /* in figures; NULL: not lost, never drawn */
};

/* What took time first, then the guest's own, then what is not known. */
extern const struct state_row state_rows[N_TRACE_STATES];

/* The states of a vCPU or of a step; where nothing is known all of them are unknown. */
const struct trace_states *states_of(const struct fact_object *object);
const struct fact_u64 *state_of(const struct trace_states *s, size_t row);
/* How many ns; 0 where that is not known. */
uint64_t state_ns(const struct trace_states *s, size_t row);
uint64_t states_lost_ns(const struct trace_states *s);
uint64_t states_all_ns(const struct trace_states *s);

#endif
