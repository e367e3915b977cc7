/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse.h - the host judged once more with the guest's XML as a plan would have it: what the
 * changes ask for themselves, as pins ask for an isolation that follows them.
 */
#ifndef CLI_REHEARSE_H
#define CLI_REHEARSE_H

#include "analyze/engine.h"

/* Pins, then what they ask for, then nothing: two rounds do. Edits that undo each other end here.
 */
enum { ROUNDS_MAX = 4 };

struct rehearsal {
	struct host *hosts[ROUNDS_MAX]; /* each with the edits of the one before */
	struct findings findings[ROUNDS_MAX];
	size_t n;  /* 0: there is no XML that could be edited, or nothing to edit */
	char *xml; /* of the last; NULL: there is none */
};

/*
 * first: findings of the host of the result. Edits, judges and edits again until nothing changes;
 * the guest of the new hosts is one that does not run. 0 or -ENOMEM.
 */
int rehearse(const struct doc *result, struct host *h, const struct findings *first,
	     struct rehearsal *ret_rehearsal) MUST_CHECK;
void rehearsal_release(struct rehearsal *r);
#define auto_rehearsal auto_cleanup(rehearsal_release)

#endif
