/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_blame.h - the sums behind gap_join.h: how much of each gap is named, by whom, and what of the
 * rest is entry and exit of the kernel. For gap_join.c and its test.
 */
#ifndef PROBES_GAP_BLAME_H
#define PROBES_GAP_BLAME_H

#include "probes/gap_join.h"
#include "probes/trace/machine.h"

struct gap_blame;

struct gap_blamed { /* a gap that is being joined; at most one at a time */
	unsigned cpu;
	size_t unit;
	uint64_t from_ns, ns;
	uint64_t named_ns, n_stretches; /* so far */
	uint16_t top;                   /* culprit of the largest part that is named, at the end */
};

struct gap_blame *gap_blame_new(uint64_t threshold_ns, bool is_virtual); /* NULL: no memory */
void gap_blame_free(struct gap_blame *b);                                /* NULL is fine */
int gap_blame_add_unit(struct gap_blame *b, size_t unit) MUST_CHECK;
struct gap_unit_sums gap_blame_unit(const struct gap_blame *b, size_t unit);
/* Another gap of that unit, of which nothing can be said. */
void gap_blame_unjoined(struct gap_blame *b, size_t unit);

/* A gap, with sums of 0; its stretches, one by one; and then they count. */
void gap_blame_begin(struct gap_blame *b);
void gap_blame_add(struct gap_blame *b, struct gap_blamed *gap, const struct trace_stretch *s);
void gap_blame_end(struct gap_blame *b, struct gap_blamed *gap);
/* Gaps that wait for the calibration are judged with what there is. */
void gap_blame_finish(struct gap_blame *b);

/* Without what gap_join.c counts itself. */
struct gap_join_sums gap_blame_sums(const struct gap_blame *b);
int gap_blame_culprits(const struct gap_blame *b, struct arena *a,
		       struct fact_list *list) MUST_CHECK;
int gap_blame_worst(const struct gap_blame *b, unsigned cpu, uint64_t from_ns, struct arena *a,
		    struct gap_worst *worst) MUST_CHECK;

#endif
