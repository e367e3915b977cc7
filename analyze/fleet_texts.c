/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/fleet_texts.h"

#include <string.h>

enum { SLOTS_MIN = 1024 };

void fleet_texts_release(struct fleet_texts *t)
{
	free(t->v);
	free(t->slots);
	t->v = NULL;
	t->slots = NULL;
	t->n = t->n_slots = 0;
}

/*
 * FNV-1a (Fowler, Noll, Vo), 64 bits. Texts made to collide cost the time of a list: a fleet has
 * some 10000 different ones.
 */
static uint64_t hash(const char *s)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (; *s; s++)
		sum = (sum ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return sum ^ sum >> 32;
}

/* The slot of a text, or the free one where it belongs. There is always a free one. */
static uint32_t *slot_of(const struct fleet_texts *t, const char *text)
{
	size_t i = hash(text) & (t->n_slots - 1);

	while (t->slots[i] && strcmp(t->v[t->slots[i] - 1], text) != 0)
		i = (i + 1) & (t->n_slots - 1);
	return &t->slots[i];
}

static int grow(struct fleet_texts *t)
{
	struct fleet_texts bigger = *t;

	bigger.n_slots = t->n_slots ? 2 * t->n_slots : SLOTS_MIN;
	bigger.slots = calloc(bigger.n_slots, sizeof(*bigger.slots));
	bigger.v = calloc(bigger.n_slots / 2, sizeof(*bigger.v));
	if (!bigger.slots || !bigger.v) {
		free(bigger.slots);
		free(bigger.v);
		return -ENOMEM;
	}
	if (t->n)
		memcpy(bigger.v, t->v, t->n * sizeof(*t->v));
	for (uint32_t i = 0; i < t->n; i++)
		*slot_of(&bigger, bigger.v[i]) = i + 1;
	fleet_texts_release(t);
	*t = bigger;
	return 0;
}

int fleet_texts_put(struct fleet_texts *t, const char *text, uint32_t *ret_number)
{
	uint32_t *slot;
	int r = 2 * t->n >= t->n_slots ? grow(t) : 0;

	if (r < 0)
		return r;
	slot = slot_of(t, text);
	if (!*slot) {
		const char *copy = arena_strdup(t->arena, text);

		if (!copy || t->n >= UINT32_MAX - 1)
			return -ENOMEM;
		t->v[t->n++] = copy;
		*slot = (uint32_t)t->n;
	}
	*ret_number = *slot - 1;
	return 0;
}
