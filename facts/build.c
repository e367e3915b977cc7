/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build.c - setting facts; the functions are documented in facts/schema.h. */
#include <string.h>

#include "facts/schema.h"

void fact_set_u64(struct fact_u64 *f, uint64_t v)
{
	*f = (struct fact_u64){ true, v };
}

void fact_set_i64(struct fact_i64 *f, int64_t v)
{
	*f = (struct fact_i64){ true, v };
}

void fact_set_bool(struct fact_bool *f, bool v)
{
	*f = (struct fact_bool){ true, v };
}

void fact_set_cpus(struct fact_cpus *f, const struct cpus *v)
{
	*f = (struct fact_cpus){ true, *v };
}

int fact_set_text(struct fact_str *f, struct arena *a, struct text v)
{
	char *copy;

	if (!v.at)
		return 0;
	copy = arena_strndup(a, v.at, v.len);
	if (!copy)
		return -ENOMEM;
	*f = (struct fact_str){ true, copy };
	return 0;
}

int fact_set_str(struct fact_str *f, struct arena *a, const char *v)
{
	return v ? fact_set_text(f, a, text_of(v)) : 0;
}

/*
 * Room for one more item: lists grow by doubling, so their capacity is the next power of two and
 * need not be stored. Old copies stay in the arena (at most as much again).
 */
static void *grow(struct arena *a, void *v, size_t n, size_t item_size)
{
	void *bigger;

	if (v && (n & (n - 1)) != 0)
		return v;
	bigger = arena_calloc(a, n ? 2 * n : 1, item_size);
	if (bigger && n)
		memcpy(bigger, v, n * item_size);
	return bigger;
}

int fact_add_str(struct fact_strs *f, struct arena *a, const char *v)
{
	const char **bigger = grow(a, f->v, f->n, sizeof(*f->v));
	const char *copy = arena_strdup(a, v);

	if (!bigger || !copy)
		return -ENOMEM;
	f->v = bigger;
	f->v[f->n++] = copy;
	f->known = true;
	return 0;
}

int fact_add_pair(struct fact_pairs *f, struct arena *a, uint64_t key, uint64_t value)
{
	struct fact_pair *bigger = grow(a, f->v, f->n, sizeof(*f->v));

	if (!bigger)
		return -ENOMEM;
	f->v = bigger;
	f->v[f->n++] = (struct fact_pair){ key, value };
	f->known = true;
	return 0;
}

void *fact_add_item(struct fact_list *f, struct arena *a, size_t item_size)
{
	void *bigger = grow(a, f->v, f->n, item_size);

	if (!bigger)
		return NULL;
	f->v = bigger;
	f->known = true;
	return (char *)f->v + f->n++ * item_size;
}

void *fact_set_object(struct fact_object *f, struct arena *a, size_t item_size)
{
	f->v = arena_calloc(a, 1, item_size);
	f->known = f->v != NULL;
	return f->v;
}

uint64_t fact_pair_value(const struct fact_pairs *f, uint64_t key)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].key == key)
			return f->v[i].value;
	}
	return 0;
}

bool fact_is(const struct fact_str *f, const char *v)
{
	return f->known && !strcmp(f->v, v);
}

bool fact_has_cpus(const struct fact_cpus *f)
{
	return f->known && !cpus_is_empty(&f->v);
}

bool fact_is_one_of(const struct fact_str *f, const char *const *names)
{
	while (*names && !fact_is(f, *names))
		names++;
	return *names != NULL;
}
