/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/unit_values.h"

#include "analyze/unit_values_parts.h"

#define NS_PER_MINUTE 60e9

/* The histograms asked for, those of one repetition next to each other. */
static int collect(const struct wake_facts *w, const struct cpus *cpus, enum unit_histogram which,
		   struct unit_places *ret_places)
{
	const struct wake_unit *u = w->units.v;
	struct unit_places p;
	int r = unit_places_init(&p, w->units.n);

	if (r < 0)
		return r;
	for (size_t i = 0; i < w->units.n; i++) {
		const struct fact_hist *hist =
			which == UNIT_CORRECTED ? &u[i].hist_corrected : &u[i].hist;

		if (!hist->known || !u[i].rep.known || !u[i].cpu.known)
			continue;
		if (cpus && (u[i].cpu.v >= CPUS_MAX || !cpus_has(cpus, (unsigned)u[i].cpu.v)))
			continue;
		unit_places_add(&p, u[i].rep.v, hist->v);
	}
	unit_places_sort(&p);
	*ret_places = p;
	return 0;
}

static size_t fullest_rep(const struct unit_places *p)
{
	size_t most = 0, end;

	for (size_t first = 0; first < p->n; first = end) {
		end = unit_places_end(p, first);
		most = end - first > most ? end - first : most;
	}
	return most;
}

typedef int value_of(const struct hist *merged, const void *how, uint64_t *ret_value);

/* One value of each full repetition. */
static int take(const struct unit_places *p, value_of *value, const void *how,
		struct unit_values *ret_values)
{
	const size_t n_cpus = fullest_rep(p);
	auto_free struct hist *merged = malloc(sizeof(*merged));
	auto_unit_values struct unit_values v = { 0 };
	size_t end;
	int r = merged ? unit_values_init(&v, p) : -ENOMEM;

	for (size_t first = 0; first < p->n && r == 0; first = end) {
		uint64_t of_rep;

		end = unit_places_end(p, first);
		if (end - first < n_cpus)
			continue;
		hist_init(merged);
		for (size_t i = first; i < end; i++) {
			if (hist_merge_bins(merged, p->v[i].of) < 0)
				return -EBADMSG;
		}
		r = value(merged, how, &of_rep);
		if (r == 0)
			unit_values_add(&v, p->v[first].rep, of_rep);
	}
	return r < 0 ? r : unit_values_give(&v, ret_values);
}

static int take_wake(const struct wake_facts *w, const struct cpus *cpus, enum unit_histogram which,
		     value_of *value, const void *how, struct unit_values *ret_values)
{
	auto_unit_places struct unit_places p = { 0 };
	int r = collect(w, cpus, which, &p);

	return r < 0 ? r : take(&p, value, how, ret_values);
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
	return take_wake(&h->wake, cpus, which, quantile, &ppm, ret_values);
}

int unit_values_bare_quantile(const struct host *h, enum unit_histogram which, uint32_t ppm,
			      struct unit_values *ret_values)
{
	return take_wake(&h->wake_bare, NULL, which, quantile, &ppm, ret_values);
}

int unit_values_exits(const struct host *h, const char *id, uint32_t ppm,
		      struct unit_values *ret_values)
{
	const struct exits_metric *m = h->exits.metrics.v;
	auto_unit_places struct unit_places p = { 0 };
	int r = unit_places_init(&p, h->exits.metrics.n);

	if (r < 0)
		return r;
	for (size_t i = 0; i < h->exits.metrics.n; i++) {
		if (fact_is(&m[i].id, id) && m[i].hist.known)
			unit_places_add(&p, 0, m[i].hist.v);
	}
	return take(&p, quantile, &ppm, ret_values);
}

static int latest(const struct hist *merged, const void *how, uint64_t *ret_value)
{
	(void)how;
	if (merged->n == 0)
		return -ENODATA;
	*ret_value = unit_round((double)merged->max_ns);
	return 0;
}

int unit_values_wake_max(const struct host *h, struct unit_values *ret_values)
{
	return take_wake(&h->wake, NULL, UNIT_RAW, latest, NULL, ret_values);
}

struct stalls {
	uint64_t budget_ns;
	double milli_per_event; /* per minute, times 1000 */
};

static int stalls(const struct hist *merged, const void *how, uint64_t *ret_value)
{
	const struct stalls *s = how;

	*ret_value = unit_round((double)hist_n_above(merged, s->budget_ns) * s->milli_per_event);
	return 0;
}

int unit_values_wake_stalls(const struct host *h, const struct cpus *cpus,
			    enum unit_histogram which, uint64_t budget_ns,
			    struct unit_values *ret_values)
{
	const struct fact_u64 *duration = &h->wake.rep_duration_ns;
	struct stalls s = { .budget_ns = budget_ns };
	int r;

	if (!duration->known || duration->v == 0)
		return -ENODATA;
	s.milli_per_event = 1000 * NS_PER_MINUTE / (double)duration->v;
	r = take_wake(&h->wake, cpus, which, stalls, &s, ret_values);
	if (r == 0)
		ret_values->offset = unit_round(s.milli_per_event / 2);
	return r;
}

uint64_t unit_wake_samples(const struct host *h, enum unit_histogram which)
{
	auto_unit_places struct unit_places p = { 0 };
	uint64_t least = UINT64_MAX;
	size_t n_cpus, end;

	if (collect(&h->wake, NULL, which, &p) < 0)
		return 0;
	n_cpus = fullest_rep(&p);
	for (size_t first = 0; first < p.n; first = end) {
		uint64_t n = 0;

		end = unit_places_end(&p, first);
		for (size_t i = first; i < end; i++) {
			const struct hist_bins *bins = p.v[i].of;

			n = bins->n > UINT64_MAX - n ? UINT64_MAX : n + bins->n;
		}
		if (end - first == n_cpus)
			least = u64_min(least, n);
	}
	return p.n ? least : 0;
}
