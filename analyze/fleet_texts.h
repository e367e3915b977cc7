/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_texts.h - each text once: the settings of many hosts are mostly the same. */
#ifndef ANALYZE_FLEET_TEXTS_H
#define ANALYZE_FLEET_TEXTS_H

#include "core/arena.h"

struct fleet_texts {
	struct arena *arena; /* where the texts live; the tables are on the heap */
	const char **v;      /* by number */
	size_t n;
	uint32_t *slots; /* number + 1; 0: free */
	size_t n_slots;  /* a power of two */
};

void fleet_texts_release(struct fleet_texts *t);
/* The number of a text, the same for the same text. 0 or -ENOMEM. */
int fleet_texts_put(struct fleet_texts *t, const char *text, uint32_t *ret_number) MUST_CHECK;

#endif
