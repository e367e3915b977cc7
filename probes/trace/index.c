/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/index.h"

#include <string.h>

enum { FIRST_SLOTS = 64, NAME_TRIES = 8 };

/* The finaliser of splitmix64: neighbouring thread numbers must not stand side by side. */
static uint64_t mix(uint64_t v)
{
	v = (v ^ (v >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ (v >> 27)) * UINT64_C(0x94d049bb133111eb);
	return v ^ (v >> 31);
}

void trace_index_release(struct trace_index *x)
{
	free(x->keys);
	free(x->slots);
	*x = (struct trace_index){ .max = x->max };
}

/* Slots hold place + 1; 0 is free. There is always a free one. */
static uint32_t *find_slot(const struct trace_index *x, uint64_t key)
{
	size_t i = mix(key) & (x->n_slots - 1);

	while (x->slots[i] && x->keys[x->slots[i] - 1] != key)
		i = (i + 1) & (x->n_slots - 1);
	return &x->slots[i];
}

ssize_t trace_index_find(const struct trace_index *x, uint64_t key)
{
	return x->n_slots ? (ssize_t)*find_slot(x, key) - 1 : -1;
}

static int index_grow(struct trace_index *x)
{
	const size_t n_slots = x->n_slots ? x->n_slots * 2 : FIRST_SLOTS;
	uint64_t *keys = reallocarray(x->keys, n_slots / 2, sizeof(*keys));
	uint32_t *slots = calloc(n_slots, sizeof(*slots));

	if (keys)
		x->keys = keys;
	if (!keys || !slots) {
		free(slots);
		return -ENOMEM;
	}
	free(x->slots);
	x->slots = slots;
	x->n_slots = n_slots;
	for (size_t i = 0; i < x->n; i++)
		*find_slot(x, x->keys[i]) = (uint32_t)i + 1;
	return 0;
}

ssize_t trace_index_add(struct trace_index *x, uint64_t key)
{
	ssize_t at = trace_index_find(x, key);

	if (at >= 0)
		return at;
	if (x->n >= x->max || x->n >= UINT32_MAX / 4)
		return -ENOSPC;
	if (x->n >= x->n_slots / 2) {
		int r = index_grow(x);

		if (r < 0)
			return r;
	}
	*find_slot(x, key) = (uint32_t)x->n + 1;
	x->keys[x->n] = key;
	return (ssize_t)x->n++;
}

void trace_names_release(struct trace_names *t)
{
	for (size_t i = 0; i < t->index.n; i++)
		free(t->at[i]);
	free(t->at);
	t->at = NULL;
	t->n_at = 0;
	trace_index_release(&t->index);
}

/* FNV-1a */
static uint64_t hash(struct text name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)name.at[i]) * UINT64_C(0x100000001b3);
	return h;
}

static ssize_t add_new(struct trace_names *t, uint64_t key, struct text name)
{
	auto_free char *copy = strndup(name.at ? name.at : "", name.len);
	ssize_t at;
	int r;

	if (!copy)
		return -ENOMEM;
	r = trace_grow((void **)&t->at, &t->n_at, t->index.n, sizeof(*t->at));
	if (r < 0)
		return r;
	at = trace_index_add(&t->index, key);
	if (at < 0)
		return at;
	t->at[at] = copy;
	copy = NULL;
	return at;
}

ssize_t trace_names_add(struct trace_names *t, struct text name)
{
	const char *nul;
	uint64_t key;

	if (name.len > TRACE_NAME_MAX)
		name.len = TRACE_NAME_MAX;
	nul = name.len ? memchr(name.at, '\0', name.len) : NULL;
	if (nul)
		name.len = (size_t)(nul - name.at);
	key = hash(name);
	/* Two names with one hash stand under neighbouring keys. */
	for (unsigned i = 0; i < NAME_TRIES; i++, key++) {
		ssize_t at = trace_index_find(&t->index, key);

		if (at < 0)
			return add_new(t, key, name);
		if (text_equal(name, t->at[at]))
			return at;
	}
	return -ENOSPC;
}

int trace_grow(void **array, size_t *n, size_t at, size_t size)
{
	size_t want, n_bytes;
	char *more;

	if (at < *n)
		return 0;
	want = *n * 2 > at ? *n * 2 : at + 16;
	if (__builtin_mul_overflow(want, size, &n_bytes))
		return -ENOMEM;
	more = realloc(*array, n_bytes);
	if (!more)
		return -ENOMEM;
	memset(more + *n * size, 0, (want - *n) * size);
	*array = more;
	*n = want;
	return 0;
}
