/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit_values_parts.h - what the files that make values of repetitions share. */
#ifndef ANALYZE_UNIT_VALUES_PARTS_H
#define ANALYZE_UNIT_VALUES_PARTS_H

#include "analyze/unit_values.h"

struct unit_place { /* one measurement among the repetitions */
	uint64_t rep;
	size_t at; /* in the document */
	const void *of;
};

struct unit_places {
	struct unit_place *v;
	size_t n;
};

/* Room for n_max of them; 0 or -ENOMEM. */
int unit_places_init(struct unit_places *p, size_t n_max) MUST_CHECK;
void unit_places_release(struct unit_places *p);
void unit_places_add(struct unit_places *p, uint64_t rep, const void *of);
/* By repetition, then as they came. */
void unit_places_sort(struct unit_places *p);
/* Behind the last one of the repetition that begins at first. */
size_t unit_places_end(const struct unit_places *p, size_t first);

/* Room for a value of each place; 0 or -ENOMEM. */
int unit_values_init(struct unit_values *v, const struct unit_places *p) MUST_CHECK;
void unit_values_add(struct unit_values *v, uint64_t rep, uint64_t value);
/* Hands v over where it has a value: 0, or -ENODATA. */
int unit_values_give(struct unit_values *v, struct unit_values *ret_values) MUST_CHECK;
/* To the nearest, and never more than a document can hold. */
uint64_t unit_round(double v);

#define auto_unit_places auto_cleanup(unit_places_release)

#endif
