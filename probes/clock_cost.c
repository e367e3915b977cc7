/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/clock_cost.h"

#include <time.h>

#define N_FAST   64u
#define N_SLOW   8u
#define SLOW_NS  200u
#define N_WARM   32u /* the vDSO's pages and the caches */
#define N_VALUES 4000u
#define LIMIT_NS (100 * NS_PER_MS)

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* From the reading of the first to the reading of the last of n + 1 calls: n calls. */
static uint64_t time_calls(unsigned n, uint64_t *ret_end_ns)
{
	const uint64_t start_ns = now_ns();
	struct timespec ts;

	for (unsigned i = 1; i < n; i++)
		clock_gettime(CLOCK_MONOTONIC, &ts);
	*ret_end_ns = now_ns();
	return *ret_end_ns - start_ns;
}

void clock_cost_measure(struct hist *ret_hist, uint64_t *ret_n_per_value)
{
	const uint64_t limit_ns = now_ns() + LIMIT_NS;
	uint64_t end_ns = 0;
	unsigned n = N_FAST;

	hist_init(ret_hist);
	for (unsigned i = 0; i < N_WARM; i++) {
		if (time_calls(N_SLOW, &end_ns) / N_SLOW >= SLOW_NS)
			n = N_SLOW;
		else
			n = N_FAST;
	}
	while (ret_hist->n < N_VALUES && end_ns < limit_ns)
		hist_add(ret_hist, (time_calls(n, &end_ns) + n / 2) / n);
	*ret_n_per_value = n;
}
