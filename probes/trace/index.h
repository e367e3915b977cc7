/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * index.h - numbers and names to places 0, 1, 2 … in the order in which they were first met, so
 * that what belongs to them stands in a plain array. Both are bounded: a stranger's text must not
 * decide how much memory it takes.
 */
#ifndef PROBES_TRACE_INDEX_H
#define PROBES_TRACE_INDEX_H

#include "core/base.h"
#include "core/text.h"

struct trace_index {    /* { .max = most keys } is an empty one */
	uint64_t *keys; /* by place */
	uint32_t *slots;
	size_t n, n_slots, max;
};

void trace_index_release(struct trace_index *x);
/* Place of a key, or -1. */
ssize_t trace_index_find(const struct trace_index *x, uint64_t key);
/* The same; a new key gets the next place. -ENOMEM, or -ENOSPC when there are max already. */
ssize_t trace_index_add(struct trace_index *x, uint64_t key) MUST_CHECK;

enum { TRACE_NAME_MAX = 128 }; /* bytes of a name that are kept */

struct trace_names { /* { .index.max = most names } is an empty one */
	struct trace_index index;
	char **at; /* by place */
	size_t n_at;
};

void trace_names_release(struct trace_names *t);
/* Place of a name, new or known; -ENOMEM or -ENOSPC. */
ssize_t trace_names_add(struct trace_names *t, struct text name) MUST_CHECK;

/* Room for place `at` in an array of n items of that size, zeroed; 0 or -ENOMEM. */
int trace_grow(void **array, size_t *n, size_t at, size_t size) MUST_CHECK;

#endif
