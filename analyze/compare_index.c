/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/compare_index.h"

#include <string.h>

/* What a stranger's record may hold; more is not looked at. */
#define RECORD_METRICS_MAX 4096

static int by_id(const void *a, const void *b)
{
	return strcmp((*(const struct record_metric *const *)a)->id.v,
		      (*(const struct record_metric *const *)b)->id.v);
}

static int index_record(struct arena *a, const struct record_facts *r,
			struct compare_index *ret_index)
{
	const struct record_metric *m = r->metrics.v;
	const size_t n = r->metrics.n < RECORD_METRICS_MAX ? r->metrics.n : RECORD_METRICS_MAX;

	*ret_index = (struct compare_index){ arena_calloc(a, n, sizeof(*ret_index->v)), 0 };
	if (!ret_index->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (m[i].id.known)
			ret_index->v[ret_index->n++] = &m[i];
	}
	if (ret_index->n)
		qsort(ret_index->v, ret_index->n, sizeof(*ret_index->v), by_id);
	return 0;
}

const struct record_metric *compare_index_find(const struct compare_index *x, const char *id)
{
	const struct record_metric key = { .id = { true, id } }, *wanted = &key;
	const struct record_metric **found =
		x->n ? bsearch(&wanted, x->v, x->n, sizeof(*x->v), by_id) : NULL;

	return found ? *found : NULL;
}

int compare_index_side(struct arena *a, const struct compare_side *side,
		       struct compare_indexes *ret_side)
{
	*ret_side =
		(struct compare_indexes){ arena_calloc(a, side->n, sizeof(*ret_side->v)), side->n };
	if (!ret_side->v)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		int r = index_record(a, side->records[i], &ret_side->v[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

/* CPU 10 behind CPU 9. */
static int by_name(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_ids(const struct compare_indexes *x, struct compare_ids *ids)
{
	for (size_t i = 0; i < x->n; i++) {
		for (size_t k = 0; k < x->v[i].n; k++)
			ids->v[ids->n++] = x->v[i].v[k]->id.v;
	}
}

int compare_index_ids(struct arena *a, const struct compare_indexes *before,
		      const struct compare_indexes *after, struct compare_ids *ret_ids)
{
	const struct compare_indexes *const both[] = { before, after };
	struct compare_ids ids = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		for (size_t k = 0; k < both[i]->n; k++)
			n += both[i]->v[k].n;
	}
	ids.v = arena_calloc(a, n, sizeof(*ids.v));
	if (!ids.v)
		return -ENOMEM;
	add_ids(before, &ids);
	add_ids(after, &ids);
	if (ids.n)
		qsort(ids.v, ids.n, sizeof(*ids.v), by_name);
	n = 0;
	for (size_t i = 0; i < ids.n; i++) {
		if (!n || strcmp(ids.v[n - 1], ids.v[i]) != 0)
			ids.v[n++] = ids.v[i];
	}
	ids.n = n;
	*ret_ids = ids;
	return 0;
}
