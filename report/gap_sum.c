/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/gap_sum.h"

static uint64_t known(const struct fact_u64 *f)
{
	return f->known ? f->v : 0;
}

bool gap_sum_make(const struct host *h, int cpu, struct hist *merged, struct gap_sum *ret_sum)
{
	const struct gap_unit *u = h->gap.units.v;
	struct gap_sum s = { 0 };

	hist_init(merged);
	for (size_t i = 0; i < h->gap.units.n; i++) {
		if (cpu >= 0 && (!u[i].cpu.known || u[i].cpu.v != (uint64_t)cpu))
			continue;
		if (!u[i].hist.known || !u[i].window_ns.known || !u[i].window_ns.v ||
		    hist_merge_bins(merged, u[i].hist.v) < 0)
			continue;
		s.n_units++;
		s.window_ns += u[i].window_ns.v;
		s.is_explained |= u[i].explained_ns.known;
		s.n_explained += known(&u[i].n_explained);
		s.explained_ns += known(&u[i].explained_ns);
		s.entry_exit_ns += known(&u[i].entry_exit_ns);
		s.n_unjoined += known(&u[i].n_unjoined);
	}
	s.n = merged->n;
	s.sum_ns = merged->sum_ns;
	s.max_ns = merged->max_ns;
	*ret_sum = s;
	return s.n_units > 0 && s.window_ns > 0;
}

uint64_t gap_rate_permille(const struct gap_sum *s)
{
	const uint64_t ms = u64_max(s->window_ns / NS_PER_MS, 1);

	return s->n > UINT64_MAX / 1000000 ? s->n / ms * 1000000 : s->n * 1000000 / ms;
}
