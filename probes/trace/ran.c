/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/ran.h"

void ran_add(struct ran *r, uint64_t from_ns, uint64_t to_ns, uint16_t id, int pid)
{
	struct slice *last = r->n ? &r->at[(r->n - 1) % RAN_MAX] : NULL;

	if (last && last->to_ns == from_ns && last->id == id && last->pid == pid)
		last->to_ns = to_ns;
	else
		r->at[r->n++ % RAN_MAX] = (struct slice){ from_ns, to_ns, id, pid };
}

bool ran_next(const struct ran *r, uint64_t from_ns, uint64_t to_ns, uint64_t *i,
	      struct slice *ret_slice)
{
	while (*i < r->n && *i < RAN_MAX) {
		struct slice s = r->at[(r->n - 1 - (*i)++) % RAN_MAX];

		s.from_ns = u64_max(s.from_ns, from_ns);
		s.to_ns = u64_min(s.to_ns, to_ns);
		if (s.from_ns < s.to_ns) {
			*ret_slice = s;
			return true;
		}
		/* All others are older still. */
		if (s.to_ns <= from_ns)
			return false;
	}
	return false;
}
