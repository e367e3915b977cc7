/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/hist.h"

#include <string.h>

#define LINEAR_BUCKETS (2u << HIST_SUB_BITS) /* values with a bucket of their own */
#define PPM            1000000u
#define MIN_EVENTS     10u
#define CORRECTED_MAX  1000000u
#define LAST_BUCKET    (HIST_N_BUCKETS - 1u)
#define SUB_BUCKETS    (1u << HIST_SUB_BITS)
#define HIGHEST_BIT(v) (63u - (unsigned)__builtin_clzll(v))

static uint64_t add_saturated(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

void hist_init(struct hist *h)
{
	memset(h, 0, sizeof(*h));
	h->min_ns = UINT64_MAX;
}

unsigned hist_index(uint64_t value_ns)
{
	/* The set bit gives small values the shift 0, so that they need no branch of their own. */
	unsigned shift = HIGHEST_BIT(value_ns | SUB_BUCKETS) - HIST_SUB_BITS;
	uint64_t index = ((uint64_t)shift << HIST_SUB_BITS) + (value_ns >> shift);

	return (unsigned)u64_min(index, LAST_BUCKET);
}

uint64_t hist_floor_ns(unsigned index)
{
	unsigned shift;

	if (index < LINEAR_BUCKETS)
		return index;
	if (index > HIST_N_BUCKETS)
		index = HIST_N_BUCKETS;
	shift = (index >> HIST_SUB_BITS) - 1;
	return (uint64_t)(SUB_BUCKETS + (index & (SUB_BUCKETS - 1))) << shift;
}

void hist_add(struct hist *h, uint64_t value_ns)
{
	h->count[hist_index(value_ns)]++;
	h->n++;
	h->sum_ns = add_saturated(h->sum_ns, value_ns);
	h->min_ns = u64_min(h->min_ns, value_ns);
	h->max_ns = u64_max(h->max_ns, value_ns);
}

void hist_add_corrected(struct hist *h, uint64_t latency_ns, uint64_t period_ns)
{
	hist_add(h, latency_ns);
	if (period_ns == 0)
		return;
	for (unsigned i = 1; i < CORRECTED_MAX && latency_ns > period_ns; i++) {
		latency_ns -= period_ns;
		hist_add(h, latency_ns);
	}
}

void hist_merge(struct hist *into, const struct hist *from)
{
	for (size_t i = 0; i < HIST_N_BUCKETS; i++)
		into->count[i] = add_saturated(into->count[i], from->count[i]);
	into->n = add_saturated(into->n, from->n);
	into->sum_ns = add_saturated(into->sum_ns, from->sum_ns);
	into->min_ns = u64_min(into->min_ns, from->min_ns);
	into->max_ns = u64_max(into->max_ns, from->max_ns);
}

bool hist_bins_are_sound(const struct hist_bins *b)
{
	uint64_t n = 0;

	if (b->min_ns > b->max_ns)
		return false;
	for (size_t i = 0; i < b->n_bins; i++) {
		const struct hist_bin *bin = &b->bins[i];

		if (bin->index >= HIST_N_BUCKETS || bin->count == 0)
			return false;
		if (i > 0 && bin->index <= bin[-1].index)
			return false;
		if (__builtin_add_overflow(n, bin->count, &n))
			return false;
	}
	return n == b->n;
}

int hist_merge_bins(struct hist *into, const struct hist_bins *from)
{
	if (!hist_bins_are_sound(from))
		return -EINVAL;
	if (from->n == 0)
		return 0;
	for (size_t i = 0; i < from->n_bins; i++) {
		uint64_t *count = &into->count[from->bins[i].index];

		*count = add_saturated(*count, from->bins[i].count);
	}
	into->n = add_saturated(into->n, from->n);
	into->sum_ns = add_saturated(into->sum_ns, from->sum_ns);
	into->min_ns = u64_min(into->min_ns, from->min_ns);
	into->max_ns = u64_max(into->max_ns, from->max_ns);
	return 0;
}

const struct hist_bins *hist_to_bins(const struct hist *h, struct arena *a)
{
	struct hist_bins *ret = arena_alloc(a, sizeof(*ret));
	struct hist_bin *bins;
	size_t n_bins = 0;

	for (size_t i = 0; i < HIST_N_BUCKETS; i++)
		n_bins += h->count[i] != 0;
	bins = arena_calloc(a, n_bins, sizeof(*bins));
	if (!ret || !bins)
		return NULL;

	ret->bins = bins;
	if (h->n == 0)
		return ret;
	ret->n = h->n;
	ret->min_ns = h->min_ns;
	ret->max_ns = h->max_ns;
	ret->sum_ns = h->sum_ns;
	for (uint32_t i = 0; i < HIST_N_BUCKETS; i++) {
		if (h->count[i] != 0)
			bins[ret->n_bins++] = (struct hist_bin){ .index = i, .count = h->count[i] };
	}
	return ret;
}

/* n * ppm / 1e6 without overflow; the remainder of the division goes to ret_rest. */
static uint64_t share(uint64_t n, uint32_t ppm, uint64_t *ret_rest)
{
	uint64_t low = n % PPM * ppm;

	*ret_rest = low % PPM;
	return n / PPM * ppm + low / PPM;
}

/* The k-th of count values (k from 1) that are taken to lie evenly in the bucket. */
static uint64_t value_inside(unsigned index, uint64_t k, uint64_t count)
{
	uint64_t floor_ns = hist_floor_ns(index);
	uint64_t width = hist_floor_ns(index + 1) - floor_ns;
	double part = ((double)k - 0.5) / (double)count;

	return floor_ns + u64_min((uint64_t)((double)width * part), width - 1);
}

uint64_t hist_quantile_ns(const struct hist *h, uint32_t ppm)
{
	uint64_t rest, rank, below = 0, value = h->max_ns;

	if (h->n == 0)
		return 0;
	rank = share(h->n, ppm < PPM ? ppm : PPM, &rest) + (rest != 0);
	if (rank <= 1)
		return h->min_ns;
	if (rank >= h->n)
		return h->max_ns;
	for (unsigned i = 0; i < HIST_N_BUCKETS; i++) {
		if (h->count[i] >= rank - below) {
			value = value_inside(i, rank - below, h->count[i]);
			break;
		}
		below += h->count[i];
	}
	return u64_max(h->min_ns, u64_min(h->max_ns, value));
}

bool hist_can_show(const struct hist *h, uint32_t ppm)
{
	uint64_t rest;

	return ppm < PPM && share(h->n, PPM - ppm, &rest) >= MIN_EVENTS;
}

uint64_t hist_n_above(const struct hist *h, uint64_t limit_ns)
{
	uint64_t n = 0;

	for (size_t i = hist_index(limit_ns) + 1; i < HIST_N_BUCKETS; i++)
		n = add_saturated(n, h->count[i]);
	return n;
}
