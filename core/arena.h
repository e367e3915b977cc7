/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arena.h - memory that is freed at once: facts and findings of one document live in one arena.
 *
 * Allocation never returns memory that has to be freed by itself. All functions return NULL when
 * there is no memory left; the arena stays usable and is released as a whole.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>

#include "core/base.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first; NULL: nothing allocated yet */
	size_t size, max; /* of all blocks; max 0: no limit. Beyond it there is no memory */
};

/* An empty arena is { 0 }: there is no init function that could fail. */
void arena_release(struct arena *a);
#define auto_arena auto_cleanup(arena_release)

/* Zeroed memory, aligned for any type. size 0 gives a valid pointer too. */
void *arena_alloc(struct arena *a, size_t size);
/* n * size, NULL when the product overflows. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n); /* ends at a NUL in s */
/* n bytes, NULs among them, and a NUL behind them. */
char *arena_memdup(struct arena *a, const void *bytes, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) FORMAT_PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) FORMAT_PRINTF(2, 0);

/* A text that grows at its end, in time and memory linear in its length. Empty: { 0 }. */
struct arena_text {
	char *v; /* NULL until something is added */
	size_t len, size;
};
/* The whole text; NULL, with the text as it was: no memory. */
const char *arena_text_add(struct arena *a, struct arena_text *t, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);
const char *arena_text_vadd(struct arena *a, struct arena_text *t, const char *fmt, va_list ap)
	FORMAT_PRINTF(3, 0);

#endif
