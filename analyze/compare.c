/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/compare.h"

#include <string.h>

#include "analyze/compare_parts.h"

const struct record_facts *compare_newest(const struct compare_side *side)
{
	return side->records[side->n - 1];
}

int compare_note(struct comparer *w, const char *fmt, ...)
{
	struct fact_strs *notes = &w->c->notes;
	const char *note;
	va_list ap;

	if (notes->n >= COMPARE_NOTES_MAX)
		return 0;
	va_start(ap, fmt);
	note = arena_vprintf(w->arena, fmt, ap);
	va_end(ap);
	if (!note)
		return -ENOMEM;
	for (size_t i = 0; i < notes->n; i++) {
		if (!strcmp(notes->v[i], note))
			return 0;
	}
	return fact_add_str(notes, w->arena, note);
}

static int name_side(const struct compare_side *side, struct arena *a, struct comparison_side *s)
{
	s->names.known = true;
	for (size_t i = 0; i < side->n; i++) {
		const struct fact_str *name = &side->records[i]->name;
		const size_t last = s->names.n - 1;

		if (!name->known || (s->names.n && !strcmp(s->names.v[last], name->v)))
			continue;
		if (fact_add_str(&s->names, a, name->v) < 0)
			return -ENOMEM;
	}
	return 0;
}

int compare_describe(const struct compare_side *side, struct arena *a, struct fact_object *ret_side)
{
	struct comparison_side *s = fact_set_object(ret_side, a, sizeof(*s));
	const struct record_facts *newest = compare_newest(side);

	if (!s || name_side(side, a, s) < 0)
		return -ENOMEM;
	fact_set_u64(&s->n_sessions, side->n);
	s->started_unix_ns = newest->started_unix_ns;
	s->label = newest->label;
	s->duration_ns.known = true;
	for (size_t i = 0; i < side->n; i++) {
		s->duration_ns.known &= side->records[i]->duration_ns.known;
		s->duration_ns.v += side->records[i]->duration_ns.v;
	}
	return 0;
}

/* Every record against the newest one before, so that neither side mixes machines. */
static int compare_fingerprints(struct comparer *w)
{
	const struct compare_side *sides[] = { &w->wish->before, &w->wish->after };
	const struct record_facts *reference = compare_newest(&w->wish->before);

	w->c->blocking.known = true;
	for (size_t s = 0; s < ARRAY_SIZE(sides); s++) {
		for (size_t i = 0; i < sides[s]->n; i++) {
			struct fact_strs blocking, notes;
			const bool is_first = !w->c->blocking.n; /* that differs */
			int r = record_blocking(reference, sides[s]->records[i], w->arena,
						&blocking, &notes);

			for (size_t k = 0; k < notes.n && r == 0; k++)
				r = compare_note(w, "%s", notes.v[k]);
			for (size_t k = 0; k < blocking.n && r == 0 && is_first; k++)
				r = fact_add_str(&w->c->blocking, w->arena, blocking.v[k]);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int note_record(struct comparer *w, const struct record_facts *r, const char *when)
{
	const char *name = r->name.known ? r->name.v : when;
	int e = 0;

	if (r->is_partial.known && r->is_partial.v)
		e = compare_note(w, "%s ended early: it has fewer repetitions", name);
	for (size_t i = 0; i < r->warnings.n && i < COMPARE_NOTES_MAX && e == 0; i++)
		e = compare_note(w, "%s: %s", when, r->warnings.v[i]);
	return e;
}

static int note_records(struct comparer *w)
{
	const struct compare_side *b = &w->wish->before, *a = &w->wish->after;
	const struct fact_str *old = &compare_newest(b)->tool_version,
			      *new = &compare_newest(a)->tool_version;
	int r = 0;

	for (size_t i = 0; i < b->n && r == 0; i++)
		r = note_record(w, b->records[i], "before");
	for (size_t i = 0; i < a->n && r == 0; i++)
		r = note_record(w, a->records[i], "after");
	if (r == 0 && old->known && new->known && strcmp(old->v, new->v) != 0)
		r = compare_note(w, "measured by different versions: %s and %s", old->v, new->v);
	return r;
}

static bool is_possible(const struct compare_wish *wish)
{
	if (!wish->before.n || !wish->after.n)
		return false;
	return !wish->is_paired || (wish->before.n == 1 && wish->after.n == 1);
}

int compare_records(const struct compare_wish *wish, struct arena *a,
		    struct comparison_facts *ret_comparison)
{
	static int (*const steps[])(struct comparer *) = { compare_fingerprints, compare_metrics,
							   compare_curve,        compare_settings,
							   compare_findings,     compare_tweaks,
							   compare_decide,       note_records };
	struct comparison_facts c = { .notes = { .known = true } };
	struct compare_wish once = *wish; /* without copies */
	struct comparer w = { &once, { 0 }, a, &c };
	int r;

	if (!is_possible(wish))
		return -EINVAL;
	/* The first thing to know. */
	r = compare_doubts(&w);
	if (r == 0)
		r = compare_drop_copies(&w, &once);
	w.calibration = once.calibration;
	if (r == 0)
		r = compare_describe(&once.before, a, &c.before);
	if (r == 0)
		r = compare_describe(&once.after, a, &c.after);
	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](&w);
	if (r == 0)
		*ret_comparison = c;
	return r;
}
