/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_units.c - repetitions of a vCPU become facts; documented in machine_parts.h. */
#include <string.h>

#include "probes/trace/machine_parts.h"

static int add_unit(const struct unit_time *u, size_t rep, struct arena *a, struct fact_list *list)
{
	uint64_t known_ns = 0, lost_ns = 0;
	struct trace_unit *f;
	struct hist_bins *outages;
	struct hist_bin *bins;

	for (unsigned i = 0; i < N_VCPU_STATES; i++) {
		known_ns += i == STATE_LOST || i == STATE_UNKNOWN ? 0 : u->ns[i];
		lost_ns += 1u << i & VCPU_STATES_LOST ? u->ns[i] : 0;
	}
	f = fact_add_item(list, a, sizeof(*f));
	outages = arena_alloc(a, sizeof(*outages));
	bins = arena_calloc(a, u->outages.n_bins, sizeof(*bins));
	if (!f || !outages || !bins)
		return -ENOMEM;
	fact_set_u64(&f->rep, rep);
	fact_set_u64(&f->known_ns, known_ns);
	fact_set_u64(&f->lost_ns, lost_ns);
	fact_set_u64(&f->own_ns, u->own_ns);
	if (u->outages.n && !u->outages.bins)
		return 0;
	if (u->outages.n)
		memcpy(bins, u->outages.bins, u->outages.n_bins * sizeof(*bins));
	*outages = u->outages;
	outages->bins = bins;
	f->outages = (struct fact_hist){ true, outages };
	return 0;
}

int machine_add_units(const struct units *u, struct arena *a, struct fact_list *list)
{
	list->known = u->step_ns > 0;
	for (size_t i = 0; i < u->n_used; i++) {
		uint64_t ns = 0;

		for (unsigned k = 0; k < N_VCPU_STATES; k++)
			ns += u->v[i].ns[k];
		if (ns && add_unit(&u->v[i], i, a, list) < 0)
			return -ENOMEM;
	}
	return 0;
}
