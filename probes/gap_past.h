/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_past.h - what a CPU did lately, from the state machine, for longer than that keeps it.
 *
 * A gap is known when it is over, and events of a long one may have gone through the machine by
 * thousands. Here the last 4096 stretches of a CPU are kept.
 */
#ifndef PROBES_GAP_PAST_H
#define PROBES_GAP_PAST_H

#include "probes/trace/machine.h"

enum {
	GAP_PAST_MAX = 4096,
	GAP_PAST_EVENTS = 64 /* pull after so many events of the CPU: the machine keeps more */
};

struct gap_past { /* zeroed: nothing */
	uint64_t pulled_ns, n;
	struct trace_stretch at[GAP_PAST_MAX];
};

/* Takes over what is new up to that moment. */
void gap_past_pull(struct gap_past *p, const struct trace_machine *m, unsigned cpu, uint64_t to_ns);
/* As trace_machine_stretch(). */
bool gap_past_stretch(const struct gap_past *p, uint64_t from_ns, uint64_t to_ns, uint64_t *i,
		      struct trace_stretch *ret_stretch);

#endif
