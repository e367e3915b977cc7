/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series.h - where the time of a vCPU went, second by second. When there is no room for more
 * steps, two become one: a long window has longer steps.
 */
#ifndef PROBES_TRACE_SERIES_H
#define PROBES_TRACE_SERIES_H

#include "core/base.h"

enum vcpu_state { /* in the order of struct trace_states */
		  STATE_GUEST,
		  STATE_EXIT,
		  STATE_HOST_IRQ,
		  STATE_SOFTIRQ,
		  STATE_PREEMPTED,
		  STATE_WAITING,
		  STATE_HALTED,
		  STATE_QEMU,
		  STATE_STOPPED,
		  STATE_RESIDUE,
		  STATE_RUNNING,
		  STATE_BLOCKED,
		  STATE_LOST,
		  STATE_UNKNOWN,
		  N_VCPU_STATES
};

/* Lengths of outages: below a microsecond, then by powers of two of them; the last is open. */
enum { N_LENGTHS = 24 };

struct series_step {
	uint64_t ns[N_VCPU_STATES];
	uint32_t n_of_length[N_LENGTHS];
};

struct series {
	uint64_t start_ns, step_ns;
	uint64_t last_from_ns, last_to_ns; /* bounds of step last */
	size_t last;
	size_t n, n_max;
	struct series_step *v;
};

int series_init(struct series *s, size_t n_max) MUST_CHECK; /* n_max: even, not 0 */
void series_release(struct series *s);
/* An empty series of seconds from start_ns on. */
void series_start(struct series *s, uint64_t start_ns);
/* from_ns is not before the start. */
void series_add(struct series *s, enum vcpu_state state, uint64_t from_ns, uint64_t to_ns);
/* An outage began at from_ns, of which series_add() has been told, and was so long. */
void series_count(struct series *s, uint64_t from_ns, uint64_t ns);
uint64_t series_length_us(size_t i); /* the shortest of n_of_length[i] */
/* The newest ns of one state were another one. */
void series_move(struct series *s, enum vcpu_state from, enum vcpu_state to, uint64_t ns);
/* ns of all the time in a state were another one, nobody knows when: each step has its share. */
void series_spread(struct series *s, enum vcpu_state from, enum vcpu_state to, uint64_t ns);
/* Up to here: ns, as the part seen of all. */
uint64_t series_share(uint64_t ns, uint64_t seen, uint64_t all);

#endif
