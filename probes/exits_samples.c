/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_samples.h"

#include "probes/microguest/layout.h"

/* A gap is what takes so many times as long as a turn of the loop. */
#define GAP_TURNS 4

uint64_t exits_ns(uint64_t cycles, uint64_t khz)
{
	return cycles / khz * NS_PER_MS + cycles % khz * NS_PER_MS / khz;
}

uint64_t exits_cycles(uint64_t ns, uint64_t khz)
{
	const uint64_t ms = ns / NS_PER_MS, rest = ns % NS_PER_MS;
	uint64_t cycles;

	if (__builtin_mul_overflow(ms, khz, &cycles) ||
	    __builtin_add_overflow(cycles, (rest * khz + NS_PER_MS - 1) / NS_PER_MS, &cycles))
		return UINT64_MAX;
	return cycles;
}

void exits_drain(const uint64_t *samples, uint64_t n, uint64_t khz, struct hist *into)
{
	n = u64_min(n, MG_SAMPLES_MAX);
	for (uint64_t i = 0; i < n; i++)
		hist_add(into, exits_ns(samples[i], khz));
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint64_t exits_gap_threshold_ns(uint64_t *samples, uint64_t n, uint64_t khz)
{
	n = u64_min(n, MG_SAMPLES_MAX);
	if (n == 0)
		return EXITS_GAP_MIN_NS;
	qsort(samples, n, sizeof(*samples), by_size);
	return u64_max(EXITS_GAP_MIN_NS, GAP_TURNS * exits_ns(samples[n / 2], khz));
}
