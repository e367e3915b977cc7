/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_copies.c - a run that stands there twice is one session, and not two that agree. */
#include <string.h>

#include "analyze/compare_parts.h"
#include "analyze/record_values.h"

static bool has_same_values(const struct fact_pairs *x, const struct fact_pairs *y)
{
	return x->n == y->n && (!x->n || !memcmp(x->v, y->v, x->n * sizeof(*x->v)));
}

/*
 * Started at the same nanosecond, with the same values of all that decides: however often it was
 * written, and whatever else of it was kept.
 */
static bool is_same_run(const struct record_facts *x, const struct record_facts *y)
{
	size_t n = 0;

	if (!x->started_unix_ns.known || !y->started_unix_ns.known ||
	    x->started_unix_ns.v != y->started_unix_ns.v)
		return false;
	for (const struct metric *m = metrics; m->id; m++) {
		const struct record_metric *a = m->is_gated ? record_metric_of(x, m->id) : NULL;
		const struct record_metric *b = a ? record_metric_of(y, m->id) : NULL;

		if (!b || (!a->values.n && !b->values.n))
			continue;
		if (!has_same_values(&a->values, &b->values))
			return false;
		n++;
	}
	return n || x->duration_ns.v == y->duration_ns.v;
}

static const char *name_of(const struct record_facts *r)
{
	return r->name.known ? r->name.v : NULL;
}

static int note_copy(struct comparer *w, const struct record_facts *copy,
		     const struct record_facts *of)
{
	const char *name = name_of(copy), *first = name_of(of);

	if (!name || !first)
		return compare_note(w, "the same run is there more than once: it counts once");
	if (!strcmp(name, first))
		return compare_note(w, "%s is there more than once: a run counts once", name);
	return compare_note(w, "%s holds the same run as %s: it counts once", name, first);
}

/* Each run of a side once, the first of it. */
static int drop_copies(struct comparer *w, struct compare_side *side)
{
	const struct record_facts **kept = arena_calloc(w->arena, side->n, sizeof(*kept));
	size_t n = 0;

	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		size_t k = 0;

		while (k < n && !is_same_run(side->records[i], kept[k]))
			k++;
		if (k == n)
			kept[n++] = side->records[i];
		else if (note_copy(w, side->records[i], kept[k]) < 0)
			return -ENOMEM;
	}
	*side = (struct compare_side){ kept, n };
	return 0;
}

static int drop_at(struct comparer *w, struct compare_side *side, size_t at)
{
	const struct record_facts **kept = arena_calloc(w->arena, side->n, sizeof(*kept));
	size_t n = 0;

	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < side->n; i++) {
		if (i != at)
			kept[n++] = side->records[i];
	}
	*side = (struct compare_side){ kept, n };
	return 0;
}

static size_t find_run(const struct compare_side *side, const struct record_facts *run)
{
	size_t i = 0;

	while (i < side->n && !is_same_run(side->records[i], run))
		i++;
	return i;
}

/*
 * A run on both sides counts where there are fewer, so that none becomes empty. Where both have as
 * many it stays: which of them it tells about nobody knows.
 */
static int split_runs(struct comparer *w, struct compare_side *before, struct compare_side *after)
{
	for (size_t i = 0; i < after->n;) {
		const struct record_facts *run = after->records[i];
		const size_t k = find_run(before, run);
		const char *name = name_of(run) ? name_of(run) : "it started at the same moment";
		int r = 0;

		if (k == before->n) {
			i++;
			continue;
		}
		r = compare_note(w, "the same run stands on both sides: %s%s", name,
				 before->n > after->n   ? "; it counts after"
				 : before->n < after->n ? "; it counts before"
							: "");
		if (r == 0 && before->n > after->n)
			r = drop_at(w, before, k);
		else if (r == 0 && before->n < after->n)
			r = drop_at(w, after, i--);
		if (r < 0)
			return r;
		i++;
	}
	return 0;
}

int compare_drop_copies(struct comparer *w, struct compare_wish *wish)
{
	int r = drop_copies(w, &wish->before);

	if (r == 0)
		r = drop_copies(w, &wish->after);
	if (r == 0)
		r = drop_copies(w, &wish->calibration);
	if (r < 0 || wish->is_paired)
		return r;
	/* Kept as one of a machine with nothing changed: that a run is after, too, is no matter. */
	if (!wish->calibration.n && wish->before.n >= COMPARE_CALIBRATION_MIN)
		wish->calibration = wish->before;
	return split_runs(w, &wish->before, &wish->after);
}
