/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/blame.h"
#include "analyze/unit_values_parts.h"

#define PPM 1000000u

/* Moments that wait less than this are alike: half of the smallest difference that matters. */
#define GAP_OFFSET_NS 500

static size_t n_vcpus(const struct host *h)
{
	return h->trace.vcpus.n < BLAME_VCPUS_MAX ? h->trace.vcpus.n : BLAME_VCPUS_MAX;
}

/* The repetitions of all vCPUs; how many vCPUs have some. */
static int collect(const struct host *h, struct unit_places *ret_places, size_t *ret_n_vcpus)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;
	struct unit_places p;
	size_t n = 0, n_with = 0;
	int r;

	for (size_t i = 0; i < n_vcpus(h); i++)
		n += v[i].units.n;
	r = unit_places_init(&p, n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n_vcpus(h); i++) {
		const struct trace_unit *u = v[i].units.v;

		for (size_t k = 0; k < v[i].units.n; k++) {
			if (u[k].rep.known && u[k].known_ns.known)
				unit_places_add(&p, u[k].rep.v, &u[k]);
		}
		n_with += v[i].units.n > 0;
	}
	unit_places_sort(&p);
	*ret_places = p;
	*ret_n_vcpus = n_with;
	return 0;
}

struct rep { /* all vCPUs together; doubles, for sums of a stranger's numbers do not wrap */
	double known_ns, lost_ns;
	size_t n_lost, n_outages; /* vCPUs that tell it */
	struct hist *outages;     /* NULL: not wanted */
};

static int sum_rep(const struct unit_place *v, size_t n, struct rep *rep)
{
	if (rep->outages)
		hist_init(rep->outages);
	for (size_t i = 0; i < n; i++) {
		const struct trace_unit *u = v[i].of;
		const uint64_t own_ns = u->own_ns.known ? u->own_ns.v : 0;

		rep->known_ns += (double)u->known_ns.v;
		rep->lost_ns += (double)(u->lost_ns.v - u64_min(u->lost_ns.v, own_ns));
		rep->n_lost += u->lost_ns.known;
		rep->n_outages += u->outages.known;
		if (rep->outages && u->outages.known &&
		    hist_merge_bins(rep->outages, u->outages.v) < 0)
			return -EBADMSG;
	}
	return 0;
}

/* -ENODATA: this repetition does not tell it. */
typedef int value_of(const struct rep *rep, size_t n, uint32_t ppm, uint64_t *ret_value);

static int take(const struct host *h, struct hist *outages, value_of *value, uint32_t ppm,
		struct unit_values *ret_values)
{
	const struct fact_u64 *duration = &h->trace.rep_duration_ns;
	auto_unit_places struct unit_places p = { 0 };
	auto_unit_values struct unit_values v = { 0 };
	size_t n_with, end;
	int r;

	if (!duration->known || duration->v == 0)
		return -ENODATA;
	r = collect(h, &p, &n_with);
	if (r == 0)
		r = unit_values_init(&v, &p);
	for (size_t first = 0; r == 0 && first < p.n; first = end) {
		struct rep rep = { .outages = outages };
		uint64_t of_rep;

		end = unit_places_end(&p, first);
		r = sum_rep(&p.v[first], end - first, &rep);
		if (r < 0 || rep.known_ns < (double)duration->v * (double)n_with / 2)
			continue;
		if (value(&rep, end - first, ppm, &of_rep) == 0)
			unit_values_add(&v, p.v[first].rep, of_rep);
	}
	return r < 0 ? r : unit_values_give(&v, ret_values);
}

static int lost(const struct rep *rep, size_t n, uint32_t ppm, uint64_t *ret_value)
{
	(void)ppm;
	if (rep->n_lost < n)
		return -ENODATA;
	*ret_value = unit_round(rep->lost_ns / rep->known_ns * PPM);
	return 0;
}

int unit_values_guest_lost(const struct host *h, struct unit_values *ret_values)
{
	return take(h, NULL, lost, 0, ret_values);
}

/* What those in a bucket are long: the middle of it, but the longest of all is known. */
static double mean_of(const struct hist *h, unsigned index)
{
	const double n = (double)h->count[index], longest = (double)h->max_ns;
	const double middle =
		((double)hist_floor_ns(index) + (double)hist_floor_ns(index + 1) - 1) / 2;

	if (index != hist_index(h->max_ns))
		return middle;
	return (longest + (n - 1) * (middle < longest ? middle : longest)) / n;
}

/*
 * From the longest stretch down, n of them sum_ns long: at each x between this one and the next,
 * moments wait sum_ns - n x longer than x.
 */
static uint64_t wait_beyond(const struct hist *h, double moments_ns)
{
	double n = 0, sum_ns = 0;

	for (unsigned i = HIST_N_BUCKETS; i-- > 0;) {
		double value_ns;

		if (h->count[i] == 0)
			continue;
		value_ns = mean_of(h, i);
		if (sum_ns - n * value_ns >= moments_ns)
			break;
		n += (double)h->count[i];
		sum_ns += (double)h->count[i] * value_ns;
	}
	return sum_ns > moments_ns ? unit_round((sum_ns - moments_ns) / n) : 0;
}

static int gap(const struct rep *rep, size_t n, uint32_t ppm, uint64_t *ret_value)
{
	if (rep->n_outages < n)
		return -ENODATA;
	*ret_value = wait_beyond(rep->outages, rep->known_ns / PPM * (double)(PPM - ppm));
	return 0;
}

int unit_values_guest_gap(const struct host *h, uint32_t ppm, struct unit_values *ret_values)
{
	auto_free struct hist *outages = malloc(sizeof(*outages));
	int r;

	if (!outages)
		return -ENOMEM;
	if (ppm >= PPM)
		return -ENODATA;
	r = take(h, outages, gap, ppm, ret_values);
	if (r == 0)
		ret_values->offset = GAP_OFFSET_NS;
	return r;
}
