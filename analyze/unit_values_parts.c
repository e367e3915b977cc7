/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/unit_values_parts.h"

#include <math.h>
#include <string.h>

int unit_places_init(struct unit_places *p, size_t n_max)
{
	*p = (struct unit_places){ .v = calloc(n_max + 1, sizeof(*p->v)) };
	return p->v ? 0 : -ENOMEM;
}

void unit_places_release(struct unit_places *p)
{
	free(p->v);
	memset(p, 0, sizeof(*p));
}

void unit_places_add(struct unit_places *p, uint64_t rep, const void *of)
{
	p->v[p->n] = (struct unit_place){ rep, p->n, of };
	p->n++;
}

static int compare_places(const void *a, const void *b)
{
	const struct unit_place *x = a, *y = b;

	if (x->rep != y->rep)
		return x->rep < y->rep ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

void unit_places_sort(struct unit_places *p)
{
	qsort(p->v, p->n, sizeof(*p->v), compare_places);
}

size_t unit_places_end(const struct unit_places *p, size_t first)
{
	size_t end = first + 1;

	while (end < p->n && p->v[end].rep == p->v[first].rep)
		end++;
	return end;
}

int unit_values_init(struct unit_values *v, const struct unit_places *p)
{
	*v = (struct unit_values){ .values = calloc(p->n + 1, sizeof(*v->values)),
				   .reps = calloc(p->n + 1, sizeof(*v->reps)) };
	if (v->values && v->reps)
		return 0;
	unit_values_release(v);
	return -ENOMEM;
}

void unit_values_add(struct unit_values *v, uint64_t rep, uint64_t value)
{
	v->reps[v->n] = rep;
	v->values[v->n++] = value;
}

int unit_values_give(struct unit_values *v, struct unit_values *ret_values)
{
	if (v->n == 0)
		return -ENODATA;
	*ret_values = *v;
	memset(v, 0, sizeof(*v));
	return 0;
}

uint64_t unit_round(double v)
{
	return v < (double)INT64_MAX ? (uint64_t)round(v) : INT64_MAX;
}

void unit_values_release(struct unit_values *values)
{
	free(values->values);
	free(values->reps);
	memset(values, 0, sizeof(*values));
}
