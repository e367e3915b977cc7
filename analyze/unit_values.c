/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/unit_values.h"

#include <math.h>
#include <string.h>

#define NS_PER_MINUTE 60e9

struct place { /* of a histogram among the repetitions */
	uint64_t rep;
	size_t at;
	const struct hist_bins *bins;
};

struct places {
	struct place *v;
	size_t n;
};

static void places_release(struct places *p)
{
	free(p->v);
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rep != y->rep)
		return x->rep < y->rep ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The histograms asked for, those of one repetition next to each other. */
static int collect(const struct host *h, const struct cpus *cpus, enum unit_histogram which,
		   struct places *ret_places)
{
	const struct wake_unit *u = h->wake.units.v;
	struct places p = { .v = calloc(h->wake.units.n + 1, sizeof(*p.v)) };

	if (!p.v)
		return -ENOMEM;
	for (size_t i = 0; i < h->wake.units.n; i++) {
		const struct fact_hist *hist =
			which == UNIT_CORRECTED ? &u[i].hist_corrected : &u[i].hist;

		if (!hist->known || !u[i].rep.known || !u[i].cpu.known)
			continue;
		if (cpus && (u[i].cpu.v >= CPUS_MAX || !cpus_has(cpus, (unsigned)u[i].cpu.v)))
			continue;
		p.v[p.n++] = (struct place){ u[i].rep.v, i, hist->v };
	}
	qsort(p.v, p.n, sizeof(*p.v), compare_places);
	*ret_places = p;
	return 0;
}

static size_t end_of_rep(const struct places *p, size_t first)
{
	size_t end = first + 1;

	while (end < p->n && p->v[end].rep == p->v[first].rep)
		end++;
	return end;
}

static size_t fullest_rep(const struct places *p)
{
	size_t most = 0, end;

	for (size_t first = 0; first < p->n; first = end) {
		end = end_of_rep(p, first);
		most = end - first > most ? end - first : most;
	}
	return most;
}

typedef int value_of(const struct hist *merged, const void *how, uint64_t *ret_value);

/* One value of each full repetition. */
static int take(const struct places *p, value_of *value, const void *how,
		struct unit_values *ret_values)
{
	const size_t n_cpus = fullest_rep(p);
	auto_free struct hist *merged = malloc(sizeof(*merged));
	auto_unit_values struct unit_values v = { .values = calloc(p->n + 1, sizeof(*v.values)) };
	size_t end;
	int r = merged && v.values ? 0 : -ENOMEM;

	for (size_t first = 0; first < p->n && r == 0; first = end) {
		end = end_of_rep(p, first);
		if (end - first < n_cpus)
			continue;
		hist_init(merged);
		for (size_t i = first; i < end; i++) {
			if (hist_merge_bins(merged, p->v[i].bins) < 0)
				return -EBADMSG;
		}
		r = value(merged, how, &v.values[v.n++]);
	}
	if (r == 0 && v.n == 0)
		r = -ENODATA;
	if (r < 0)
		return r;
	*ret_values = v;
	v.values = NULL;
	return 0;
}

uint64_t unit_samples_needed(uint32_t ppm)
{
	const uint64_t beyond = ppm < 1000000 ? 1000000 - ppm : 0;

	return beyond ? (UNIT_EVENTS_MIN * UINT64_C(1000000) + beyond - 1) / beyond : UINT64_MAX;
}

static int quantile(const struct hist *merged, const void *how, uint64_t *ret_value)
{
	const uint32_t ppm = *(const uint32_t *)how;

	if (ppm >= 1000000 || merged->n < unit_samples_needed(ppm))
		return -ENODATA;
	*ret_value = hist_quantile_ns(merged, ppm);
	return 0;
}

int unit_values_wake_quantile(const struct host *h, const struct cpus *cpus,
			      enum unit_histogram which, uint32_t ppm,
			      struct unit_values *ret_values)
{
	auto_cleanup(places_release) struct places p = { 0 };
	int r = collect(h, cpus, which, &p);

	return r < 0 ? r : take(&p, quantile, &ppm, ret_values);
}

struct stalls {
	uint64_t budget_ns;
	double milli_per_event; /* per minute, times 1000 */
};

static uint64_t round_u64(double v)
{
	return v < 0x1.0p64 ? (uint64_t)round(v) : UINT64_MAX;
}

static int stalls(const struct hist *merged, const void *how, uint64_t *ret_value)
{
	const struct stalls *s = how;

	*ret_value = round_u64((double)hist_n_above(merged, s->budget_ns) * s->milli_per_event);
	return 0;
}

int unit_values_wake_stalls(const struct host *h, const struct cpus *cpus,
			    enum unit_histogram which, uint64_t budget_ns,
			    struct unit_values *ret_values)
{
	const struct fact_u64 *duration = &h->wake.rep_duration_ns;
	auto_cleanup(places_release) struct places p = { 0 };
	struct stalls s = { .budget_ns = budget_ns };
	int r;

	if (!duration->known || duration->v == 0)
		return -ENODATA;
	s.milli_per_event = 1000 * NS_PER_MINUTE / (double)duration->v;
	r = collect(h, cpus, which, &p);
	if (r == 0)
		r = take(&p, stalls, &s, ret_values);
	if (r == 0)
		ret_values->offset = round_u64(s.milli_per_event / 2);
	return r;
}

void unit_values_release(struct unit_values *values)
{
	free(values->values);
	memset(values, 0, sizeof(*values));
}
