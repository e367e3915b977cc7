/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/arena.h"

#include <string.h>

#define BLOCK_SIZE 16384u
#define ALIGNMENT  _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t used, size; /* bytes of data */
	_Alignas(max_align_t) unsigned char data[];
};

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	a->size = 0;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (block)
		block->size = size;
	return block;
}

static bool block_has_room(const struct arena_block *block, size_t size)
{
	return block && size <= block->size - block->used;
}

/* A block with room for size bytes, NULL: no memory. */
static struct arena_block *arena_block_for(struct arena *a, size_t size)
{
	struct arena_block *block;
	size_t block_size;

	if (block_has_room(a->blocks, size))
		return a->blocks;
	block_size = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
	if (a->max && (a->size > a->max || block_size > a->max - a->size))
		return NULL;
	block = block_new(block_size);
	if (!block)
		return NULL;
	a->size += block_size;
	if (a->blocks && size > BLOCK_SIZE / 4) {
		/* Full from the start: keep the room that is left in the newest block in use. */
		block->next = a->blocks->next;
		a->blocks->next = block;
	} else {
		block->next = a->blocks;
		a->blocks = block;
	}
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *block;
	void *p;

	if (size > PTRDIFF_MAX - sizeof(*block) - ALIGNMENT)
		return NULL;
	/* Never 0, so that each allocation has an address of its own. */
	size = (size + !size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	block = arena_block_for(a, size);
	if (!block)
		return NULL;
	p = block->data + block->used;
	block->used += size;
	return p;
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = arena_alloc(a, len + 1);

	if (copy && len)
		memcpy(copy, s, len);
	return copy;
}

char *arena_memdup(struct arena *a, const void *bytes, size_t n)
{
	char *copy = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;

	if (copy && n)
		memcpy(copy, bytes, n);
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list measure;
	char *s;
	int n;

	va_copy(measure, ap);
	n = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (n < 0)
		return NULL;
	s = arena_alloc(a, (size_t)n + 1);
	if (s)
		vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

/* Room for len bytes and a NUL. */
static bool reserve(struct arena *a, struct arena_text *t, size_t len)
{
	const size_t size = len > SIZE_MAX / 4 ? SIZE_MAX : 2 * (len + 1);
	char *bigger;

	if (len < t->size)
		return true;
	bigger = arena_alloc(a, size);
	if (!bigger)
		return false;
	if (t->len)
		memcpy(bigger, t->v, t->len);
	t->v = bigger;
	t->size = size;
	return true;
}

const char *arena_text_vadd(struct arena *a, struct arena_text *t, const char *fmt, va_list ap)
{
	va_list measure;
	int n;

	va_copy(measure, ap);
	n = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (n < 0 || !reserve(a, t, t->len + (size_t)n))
		return NULL;
	vsnprintf(t->v + t->len, (size_t)n + 1, fmt, ap);
	t->len += (size_t)n;
	return t->v;
}

const char *arena_text_add(struct arena *a, struct arena_text *t, const char *fmt, ...)
{
	const char *whole;
	va_list ap;

	va_start(ap, fmt);
	whole = arena_text_vadd(a, t, fmt, ap);
	va_end(ap);
	return whole;
}
