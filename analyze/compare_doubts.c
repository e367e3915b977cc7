/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_doubts.c - what took part in the numbers that neither side did. */
#include "analyze/compare_parts.h"
#include "analyze/record_values.h"

/* Of the hypervisor below: on a side; and between them. Of what the trace does not tell: any. */
enum { STEAL_PERMILLE = 50, STEAL_APART_PERMILLE = 20, UNTOLD_PERMILLE = 50 };

static struct fact_u64 mean_of(const struct compare_side *side, size_t at)
{
	return record_mean_permille(side->records, side->n, at);
}

/* "12 %", "an unknown part" */
static const char *part_words(struct arena *a, const struct fact_u64 *share)
{
	return share->known ? compare_percent(a, share->v) : "an unknown part";
}

static int note_steal(struct comparer *w)
{
	const struct fact_u64 before =
		mean_of(&w->wish->before, offsetof(struct record_facts, steal_permille));
	const struct fact_u64 after =
		mean_of(&w->wish->after, offsetof(struct record_facts, steal_permille));
	const uint64_t most = u64_max(before.v, after.v), least = u64_min(before.v, after.v);
	const char *x = part_words(w->arena, &before), *y = part_words(w->arena, &after);

	if (!x || !y)
		return -ENOMEM;
	if (most > STEAL_PERMILLE ||
	    (before.known && after.known && most - least > STEAL_APART_PERMILLE))
		return compare_note(w,
				    "the hypervisor below took %s of the CPUs' time before, %s "
				    "after: what moved may be its doing",
				    x, y);
	return 0;
}

static int note_untold(struct comparer *w)
{
	const struct fact_u64 before =
		mean_of(&w->wish->before, offsetof(struct record_facts, untold_permille));
	const struct fact_u64 after =
		mean_of(&w->wish->after, offsetof(struct record_facts, untold_permille));
	const char *x = part_words(w->arena, &before), *y = part_words(w->arena, &after);

	if (!x || !y)
		return -ENOMEM;
	if (u64_max(before.v, after.v) <= UNTOLD_PERMILLE)
		return 0;
	return compare_note(
		w,
		"the trace does not tell %s of the vCPUs' time before, %s after: "
		"guest.lost is a share of what it tells, and 'vfiobench run' says it of "
		"all",
		x, y);
}

static bool is_elsewhere(const struct fact_cpus *x, const struct fact_cpus *y)
{
	return x->known && y->known && !cpus_equal(&x->v, &y->v);
}

/* The first session of a side that was measured elsewhere; NULL: none. */
static const struct fact_cpus *find_other(const struct compare_side *side,
					  const struct fact_cpus *cpus)
{
	for (size_t i = 0; i < side->n; i++) {
		if (is_elsewhere(cpus, &side->records[i]->measured_cpus))
			return &side->records[i]->measured_cpus;
	}
	return NULL;
}

static const char *cpus_words(struct arena *a, const struct fact_cpus *f)
{
	auto_free char *list = cpus_list_new(&f->v);

	return list ? arena_strdup(a, list) : NULL;
}

int compare_other_cpus(const struct compare_side *before, const struct compare_side *after,
		       struct arena *a, const char **ret_words)
{
	const struct fact_cpus *cpus = &before->records[before->n - 1]->measured_cpus;
	const struct fact_cpus *other = find_other(after, cpus);
	const bool is_after = other != NULL;
	const char *x, *y, *words = NULL;

	if (!other)
		other = find_other(before, cpus);
	if (other) {
		x = cpus_words(a, cpus);
		y = cpus_words(a, other);
		words = !x || !y ? NULL
			: is_after
				? arena_printf(a, "measured on CPUs %s before, %s after", x, y)
				: arena_printf(a,
					       "the sessions before were measured on CPUs %s and "
					       "on %s",
					       x, y);
		if (!words)
			return -ENOMEM;
	}
	*ret_words = words;
	return 0;
}

static int note_cpus(struct comparer *w)
{
	const struct compare_side *before = &w->wish->before, *after = &w->wish->after;
	const struct fact_cpus *old = &compare_newest(before)->measured_cpus,
			       *new = &compare_newest(after)->measured_cpus;
	const char *words;
	int r = compare_other_cpus(before, after, w->arena, &words);

	if (r < 0)
		return r;
	fact_set_bool(&w->c->has_other_cpus, words != NULL);
	if (words)
		return compare_note(w, "%s: that may be all that differs", words);
	if (old->known == new->known)
		return 0;
	words = cpus_words(w->arena, old->known ? old : new);
	return words ? compare_note(w, "which CPUs were measured is known %s only: %s",
				    old->known ? "before" : "after", words)
		     : -ENOMEM;
}

int compare_doubts(struct comparer *w)
{
	static int (*const notes[])(struct comparer *) = { note_cpus, note_steal, note_untold };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(notes) && r == 0; i++)
		r = notes[i](w);
	return r;
}
