/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_units.h - interrupts by repetition: what /proc/interrupts says at each border of two.
 *
 * One text is kept at a time. Together the repetitions have what the window has, but for lines that
 * were set up anew meanwhile.
 */
#ifndef PROBES_ACTIVITY_UNITS_H
#define PROBES_ACTIVITY_UNITS_H

#include "probes/activity_sample.h"

/* Lines of all repetitions together; more make the document too long. */
enum { ACTIVITY_UNIT_LINES_MAX = 200000 };

struct activity_units {
	char *owned; /* the text at the last border; NULL: it is the first sample's */
	struct text text;
	uint64_t start_ns, at_ns; /* of the window; of the text */
	uint64_t rep;             /* that began there */
	uint64_t end_ns;          /* when it ends; UINT64_MAX: with the window, or none are kept */
	size_t n_lines;
};

void activity_units_start(const struct probe_env *env, const struct activity_sample *first,
			  struct activity_units *u);
static inline uint64_t activity_units_end_ns(const struct activity_units *u)
{
	return u->end_ns;
}
/* A border has come. What cannot be read ends the list with a gap. 0, -ENOMEM. */
int activity_units_turn(struct probe_env *env, struct activity_units *u,
			struct activity_facts *f) MUST_CHECK;
/* The window ended with that sample. */
int activity_units_finish(struct probe_env *env, struct activity_units *u,
			  const struct activity_sample *last, struct activity_facts *f) MUST_CHECK;
void activity_units_release(struct activity_units *u);

/*
 * One more repetition: the numbered lines that moved between two texts. *n_lines counts them all;
 * -ENOSPC: too many, and nothing is added; -EBADMSG, -ENOMEM.
 */
int activity_unit_add(struct text before, struct text after, uint64_t rep, uint64_t window_ns,
		      struct arena *a, size_t *n_lines, struct activity_facts *f) MUST_CHECK;

#endif
