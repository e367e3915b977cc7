/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_past.h"

#define NEW_MAX 256u

static bool goes_on(const struct trace_stretch *a, const struct trace_stretch *b)
{
	return a->to_ns == b->from_ns && a->pid == b->pid && a->class == b->class &&
	       a->name == b->name && a->is_known == b->is_known;
}

static void push(struct gap_past *p, const struct trace_stretch *s)
{
	struct trace_stretch *last = p->n ? &p->at[(p->n - 1) % GAP_PAST_MAX] : NULL;

	if (last && goes_on(last, s))
		last->to_ns = s->to_ns;
	else
		p->at[p->n++ % GAP_PAST_MAX] = *s;
}

void gap_past_pull(struct gap_past *p, const struct trace_machine *m, unsigned cpu, uint64_t to_ns)
{
	struct trace_stretch new[NEW_MAX];
	uint64_t place = 0;
	size_t n = 0;

	if (to_ns <= p->pulled_ns)
		return;
	while (n < NEW_MAX && trace_machine_stretch(m, cpu, p->pulled_ns, to_ns, &place, &new[n]))
		n++;
	while (n > 0)
		push(p, &new[--n]);
	p->pulled_ns = to_ns;
}

bool gap_past_stretch(const struct gap_past *p, uint64_t from_ns, uint64_t to_ns, uint64_t *i,
		      struct trace_stretch *ret_stretch)
{
	while (*i < p->n && *i < GAP_PAST_MAX) {
		struct trace_stretch s = p->at[(p->n - 1 - (*i)++) % GAP_PAST_MAX];

		s.from_ns = u64_max(s.from_ns, from_ns);
		s.to_ns = u64_min(s.to_ns, to_ns);
		if (s.from_ns < s.to_ns) {
			*ret_stretch = s;
			return true;
		}
		/* All others are older still. */
		if (s.to_ns <= from_ns)
			return false;
	}
	return false;
}
