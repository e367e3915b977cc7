/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/units.h"

#include <string.h>

int units_init(struct units *u, uint64_t step_ns, size_t n_max, size_t n_bins_max)
{
	*u = (struct units){ .end_ns = UINT64_MAX };
	if (!step_ns || !n_max || n_max > UNITS_MAX)
		return 0;
	u->v = calloc(n_max, sizeof(*u->v));
	u->outages = malloc(sizeof(*u->outages));
	if (!u->v || !u->outages) {
		units_release(u);
		return -ENOMEM;
	}
	u->step_ns = step_ns;
	u->n_max = n_max;
	u->n_bins_max = n_bins_max;
	return 0;
}

static void clear(struct units *u)
{
	for (size_t i = 0; i < u->n_used; i++)
		free((void *)u->v[i].outages.bins);
	if (u->n_used)
		memset(u->v, 0, u->n_used * sizeof(*u->v));
	u->n_used = 0;
}

void units_release(struct units *u)
{
	clear(u);
	free(u->v);
	free(u->outages);
	*u = (struct units){ .end_ns = UINT64_MAX };
}

static size_t index_of(const struct units *u, uint64_t t_ns)
{
	return (size_t)u64_min((t_ns - u->start_ns) / u->step_ns, u->n_max - 1);
}

/* The last one goes on to the end of the window. */
static uint64_t end_of(const struct units *u, size_t i)
{
	return i + 1 < u->n_max ? u->start_ns + (i + 1) * u->step_ns : UINT64_MAX;
}

static void start_outages(struct units *u, size_t i)
{
	hist_init(u->outages);
	u->outages_of = i;
	u->outages_end_ns = end_of(u, i);
}

void units_start(struct units *u, uint64_t start_ns, uint64_t from_ns)
{
	if (!u->step_ns)
		return;
	clear(u);
	u->start_ns = start_ns;
	u->at = index_of(u, from_ns);
	u->end_ns = end_of(u, u->at);
	memset(u->taken_ns, 0, sizeof(u->taken_ns));
	u->taken_own_ns = 0;
	start_outages(u, u->at);
}

void units_next(struct units *u, const uint64_t sums_ns[N_VCPU_STATES], uint64_t own_ns)
{
	struct unit_time *unit = &u->v[u->at];

	for (size_t i = 0; i < N_VCPU_STATES; i++)
		unit->ns[i] = sums_ns[i] - u->taken_ns[i];
	memcpy(u->taken_ns, sums_ns, sizeof(u->taken_ns));
	unit->own_ns = own_ns - u->taken_own_ns;
	u->taken_own_ns = own_ns;
	u->n_used = ++u->at;
	u->end_ns = u->at < u->n_max ? end_of(u, u->at) : UINT64_MAX;
}

static size_t n_groups(const struct hist *h, unsigned shift)
{
	size_t n = 0, last = SIZE_MAX;

	for (size_t i = 0; i < HIST_N_BUCKETS; i++) {
		if (h->count[i] && i >> shift != last) {
			last = i >> shift;
			n++;
		}
	}
	return n;
}

/* Each group of 2^shift neighbours as its middle. */
static void pack(const struct hist *h, unsigned shift, size_t n_bins, struct hist_bins *out)
{
	struct hist_bin *bins = calloc(n_bins, sizeof(*bins));
	size_t n = 0;

	out->bins = bins;
	for (uint32_t i = 0; bins && i < HIST_N_BUCKETS; i++) {
		const uint32_t middle = (i >> shift << shift) + (1u << shift) / 2;
		const uint32_t index = middle < HIST_N_BUCKETS ? middle : HIST_N_BUCKETS - 1;

		if (!h->count[i])
			continue;
		if (!n || bins[n - 1].index != index)
			bins[n++].index = index;
		bins[n - 1].count += h->count[i];
	}
	out->n_bins = n;
}

/* The histogram has all of one repetition. */
static void keep_outages(struct units *u, struct hist *all)
{
	struct hist_bins *out = &u->v[u->outages_of].outages;
	const struct hist *h = u->outages;
	unsigned shift = 0;
	size_t n;

	if (!h->n)
		return;
	u->n_used = u64_max(u->n_used, u->outages_of + 1);
	*out = (struct hist_bins){
		.n = h->n, .min_ns = h->min_ns, .max_ns = h->max_ns, .sum_ns = h->sum_ns
	};
	n = n_groups(h, shift);
	while (n > u->n_bins_max)
		n = n_groups(h, ++shift);
	pack(h, shift, n, out);
	hist_merge(all, h);
}

void units_count(struct units *u, uint64_t at_ns, uint64_t ns, struct hist *all)
{
	if (at_ns >= u->outages_end_ns) {
		keep_outages(u, all);
		start_outages(u, index_of(u, at_ns));
	}
	hist_add(u->outages, ns);
}

void units_finish(struct units *u, const uint64_t sums_ns[N_VCPU_STATES], uint64_t own_ns,
		  struct hist *all)
{
	if (!u->step_ns || u->at == u->n_max)
		return;
	units_next(u, sums_ns, own_ns);
	u->at = u->n_max;
	u->end_ns = UINT64_MAX;
	keep_outages(u, all);
	hist_init(u->outages);
}

void units_move(struct units *u, enum vcpu_state from, enum vcpu_state to, uint64_t ns,
		const uint64_t sums_ns[N_VCPU_STATES])
{
	if (!u->step_ns)
		return;
	ns -= u64_min(ns, sums_ns[from] - u->taken_ns[from]);
	for (size_t i = u->n_used; i > 0 && ns; i--) {
		struct unit_time *unit = &u->v[i - 1];
		const uint64_t part = u64_min(ns, unit->ns[from]);

		unit->ns[from] -= part;
		unit->ns[to] += part;
		u->taken_ns[from] -= part;
		u->taken_ns[to] += part;
		ns -= part;
	}
}

void units_spread(struct units *u, enum vcpu_state from, enum vcpu_state to, uint64_t ns)
{
	uint64_t all_ns = 0, seen_ns = 0, given_ns = 0;

	if (!u->step_ns)
		return;
	for (size_t i = 0; i < u->n_used; i++)
		all_ns += u->v[i].ns[from];
	for (size_t i = 0; i < u->n_used; i++) {
		uint64_t *left = &u->v[i].ns[from], part;

		seen_ns += *left;
		part = u64_min(series_share(ns, seen_ns, all_ns) - given_ns, *left);
		*left -= part;
		u->v[i].ns[to] += part;
		u->taken_ns[from] -= part;
		u->taken_ns[to] += part;
		given_ns += part;
	}
	units_move(u, from, to, ns - given_ns, u->taken_ns);
}
