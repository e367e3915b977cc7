/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode_state.h - what the number prev_state of sched_switch means on a kernel: its bits move, but
 * the print format of the event says them.
 *
 * Source: events/sched/sched_switch/format ("print fmt"), TASK_REPORT of include/linux/sched.h.
 */
#ifndef PROBES_TRACE_DECODE_STATE_H
#define PROBES_TRACE_DECODE_STATE_H

#include "probes/trace/event.h"

struct tep_event;

enum { DECODE_STATES_MAX = 32 };

struct decode_states {
	uint64_t preempted; /* the bit of "+"; 0: not known */
	struct {
		uint64_t bit;
		char letter[2];
		enum trace_task_state state;
	} v[DECODE_STATES_MAX];
	size_t n;
	uint8_t of_bit[64]; /* of a number with one bit: which of v, from 1; 0: none */
	char letters[2 * DECODE_STATES_MAX + 2]; /* of the last one asked for */
};

/* Without a print format that we understand: 0, 1 and 2 alone are R, S and D of any kernel. */
void decode_states_read(const struct tep_event *sched_switch, struct decode_states *ret_states);
/* *ret_letters, "R+" or "D|K", lives until the next call; NULL: not known. */
void decode_state(struct decode_states *s, uint64_t value, enum trace_task_state *ret_state,
		  const char **ret_letters);

#endif
