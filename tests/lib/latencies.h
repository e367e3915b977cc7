/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latencies.h - made-up latencies for simulations: seeded, the same on each machine. */
#ifndef TESTS_LIB_LATENCIES_H
#define TESTS_LIB_LATENCIES_H

#include <math.h>

#include "analyze/stats_random.h"
#include "core/hist.h"

/* Mean 0, spread 1 (Marsaglia's polar method; one of the two values is enough). */
static inline double noise_normal(struct stats_random *r)
{
	double u, v, square;

	do {
		u = 2 * stats_random_unit(r) - 1;
		v = 2 * stats_random_unit(r) - 1;
		square = u * u + v * v;
	} while (square >= 1 || square <= 0);
	return u * sqrt(-2 * log(square) / square);
}

/* A latency of about 100 us times ratio, in ns. */
static inline uint64_t noise_latency_ns(struct stats_random *r, double sd, double ratio)
{
	return (uint64_t)llround(100000 * ratio * exp(sd * noise_normal(r)));
}

/* n wake-ups one after the other: neighbours are alike. ratio makes ticks and bursts longer. */
struct noise_model {
	double base_ns, sd;                /* of every sample */
	double sd_rep;                     /* of repetitions */
	double p_tick, tick_ns;            /* now and then */
	double p_burst, n_burst, burst_ns; /* how often one starts, its length, what it adds */
};

static inline void noise_record(struct stats_random *r, const struct noise_model *m, double ratio,
				size_t n, struct hist *h)
{
	const double base = m->base_ns * exp(m->sd_rep * noise_normal(r));
	const double burst = m->burst_ns * exp(m->sd_rep * noise_normal(r)) * ratio;
	bool is_burst = false;

	for (size_t i = 0; i < n; i++) {
		double ns = base * (1 + m->sd * (2 * stats_random_unit(r) - 1));

		if (stats_random_unit(r) < m->p_tick)
			ns += m->tick_ns * ratio;
		if (!is_burst)
			is_burst = stats_random_unit(r) < m->p_burst;
		if (is_burst) {
			ns += burst * (0.5 + stats_random_unit(r));
			is_burst = stats_random_unit(r) >= 1 / m->n_burst;
		}
		hist_add(h, (uint64_t)ns);
	}
}

#endif
