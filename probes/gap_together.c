/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_together.h"

#define SPANS_MAX 65536u

struct span {
	uint64_t from_ns, ns;
	unsigned cpu;
};

struct gap_together {
	struct span *v;
	size_t n, n_room;
	uint64_t n_dropped;
};

struct gap_together *gap_together_new(void)
{
	return calloc(1, sizeof(struct gap_together));
}

void gap_together_free(struct gap_together *t)
{
	if (t)
		free(t->v);
	free(t);
}

void gap_together_add(struct gap_together *t, unsigned cpu, uint64_t from_ns, uint64_t ns)
{
	if (t->n == t->n_room) {
		const size_t n_room = t->n_room ? 2 * t->n_room : 64;
		struct span *bigger = NULL;

		if (n_room <= SPANS_MAX)
			bigger = reallocarray(t->v, n_room, sizeof(*bigger));
		if (!bigger) {
			t->n_dropped++;
			return;
		}
		t->v = bigger;
		t->n_room = n_room;
	}
	t->v[t->n++] = (struct span){ from_ns, ns, cpu };
}

uint64_t gap_together_dropped(const struct gap_together *t)
{
	return t->n_dropped;
}

static int compare(const void *pa, const void *pb)
{
	const struct span *a = pa, *b = pb;

	if (a->from_ns != b->from_ns)
		return a->from_ns < b->from_ns ? -1 : 1;
	return (a->cpu > b->cpu) - (a->cpu < b->cpu);
}

void gap_together_count(struct gap_together *t, uint64_t *ret_n, uint64_t *ret_ns)
{
	size_t i = 0;

	*ret_n = *ret_ns = 0;
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), compare);
	while (i < t->n) {
		const struct span *first = &t->v[i];
		uint64_t longest_ns = 0;
		bool is_shared = false;

		for (; i < t->n && t->v[i].from_ns - first->from_ns <= GAP_TOGETHER_NS; i++) {
			is_shared |= t->v[i].cpu != first->cpu;
			longest_ns = u64_max(longest_ns, t->v[i].ns);
		}
		*ret_n += is_shared;
		*ret_ns += is_shared ? longest_ns : 0;
	}
}
