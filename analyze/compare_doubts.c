/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_doubts.c - what took part in the numbers that neither side did. */
#include "analyze/compare_parts.h"

/* Of the hypervisor below: on a side; and between them. Of what the trace does not tell: any. */
enum { STEAL_PERMILLE = 50, STEAL_APART_PERMILLE = 20, UNTOLD_PERMILLE = 50 };

static struct fact_u64 mean_of(const struct compare_side *side, size_t at)
{
	uint64_t sum = 0, n = 0;

	for (size_t i = 0; i < side->n; i++) {
		const struct fact_u64 *share =
			(const struct fact_u64 *)((const char *)side->records[i] + at);

		sum += share->known ? u64_min(share->v, 1000) : 0;
		n += share->known;
	}
	return n ? (struct fact_u64){ true, (sum + n / 2) / n } : (struct fact_u64){ 0 };
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

int compare_doubts(struct comparer *w)
{
	int r = note_steal(w);

	return r < 0 ? r : note_untold(w);
}
