/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - the same trouble with many items is one gap: "ENOENT, and 299 more like it".
 *
 * A host has hundreds of PCI functions; a gap for each field of each would bury the others.
 */
#ifndef PROBES_TALLY_H
#define PROBES_TALLY_H

#include "probes/probe.h"

struct tally_row;

struct tally { /* { 0 } is an empty one; its memory is the arena's of the probe */
	struct tally_row *rows;
};

/*
 * Counts one trouble with a field. error < 0: a negative errno; path is of the first one. 0 or
 * -ENOMEM, also for a path that is NULL.
 */
int tally_add(struct tally *t, struct probe_env *env, const char *field, const char *path,
	      int error) MUST_CHECK;
/* The same in words, which must outlive the tally; troubles in other words are another gap. */
int tally_add_words(struct tally *t, struct probe_env *env, const char *field, const char *path,
		    const char *words) MUST_CHECK;
/* The gaps, in the order in which their troubles were first met. 0 or -ENOMEM. */
int tally_report(const struct tally *t, struct probe_env *env) MUST_CHECK;

#endif
