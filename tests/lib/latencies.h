/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latencies.h - made-up latencies for simulations: seeded, the same on each machine. */
#ifndef TESTS_LIB_LATENCIES_H
#define TESTS_LIB_LATENCIES_H

#include <math.h>

#include "analyze/stats_random.h"
#include "analyze/stats_size.h"
#include "core/hist.h"

/* 0 <= x < 1 in steps of 2^-53. */
static inline double noise_unit(struct stats_random *r)
{
	return (double)(stats_random_next(r) >> 11) * 0x1.0p-53;
}

/* Mean 0, spread 1 (Marsaglia's polar method; one of the two values is enough). */
static inline double noise_normal(struct stats_random *r)
{
	double u, v, square;

	do {
		u = 2 * noise_unit(r) - 1;
		v = 2 * noise_unit(r) - 1;
		square = u * u + v * v;
	} while (square >= 1 || square <= 0);
	return u * sqrt(-2 * log(square) / square);
}

/* A latency of about 100 us times ratio, in ns. */
static inline uint64_t noise_latency_ns(struct stats_random *r, double sd, double ratio)
{
	return (uint64_t)llround(100000 * ratio * exp(sd * noise_normal(r)));
}

/* A machine whose timer wakes somebody, wake-up by wake-up: neighbours are alike. */
struct noise_model {
	double base_ns, sd;                /* of every wake-up: log-normal */
	double sd_rep, sd_session;         /* of repetitions, of boots */
	double p_tick, tick_ns;            /* now and then */
	double p_burst, n_burst, burst_ns; /* how often one starts, its length, what it adds */
	double p_smi, smi_ns;              /* rare, always as long */
};

enum { NOISE_SHAPE = 4096 };

struct noise {
	struct noise_model model;
	double shape[NOISE_SHAPE]; /* quantiles of the log-normal base, about 1 */
};

static inline void noise_init(struct noise *noise, const struct noise_model *model)
{
	noise->model = *model;
	for (size_t i = 0; i < NOISE_SHAPE; i++)
		noise->shape[i] =
			exp(model->sd * stats_normal_quantile(((double)i + 0.5) / NOISE_SHAPE));
}

/* What one boot makes of the machine: a factor for noise_record(). */
static inline double noise_session(const struct noise *noise, struct stats_random *r)
{
	return exp(noise->model.sd_session * noise_normal(r));
}

/* Wake-ups before the next one that has a chance of p. */
static inline size_t noise_run(struct stats_random *r, double p)
{
	if (!(p > 0))
		return SIZE_MAX;
	return (size_t)fmin(log(1 - noise_unit(r)) / log1p(-p), 1e9);
}

/* One repetition: n wake-ups one after the other. ratio makes ticks and bursts longer. */
static inline void noise_record(struct stats_random *r, const struct noise *noise, double session,
				double ratio, size_t n, struct hist *h)
{
	const struct noise_model *m = &noise->model;
	const double base = m->base_ns * session * exp(m->sd_rep * noise_normal(r));
	const double burst = m->burst_ns * session * exp(m->sd_rep * noise_normal(r)) * ratio;
	const uint64_t tick_limit = (uint64_t)(m->p_tick * 0x1p20);
	const uint64_t smi_limit = (uint64_t)(m->p_smi * 0x1p32);
	size_t left = noise_run(r, m->p_burst);
	bool is_burst = false;

	for (size_t i = 0; i < n; i++) {
		/* 12, 20 and 32 bits of one number. */
		const uint64_t bits = stats_random_next(r);
		double ns = base * noise->shape[bits % NOISE_SHAPE];

		if (left-- == 0) {
			is_burst = !is_burst;
			left = noise_run(r, is_burst ? 1 / m->n_burst : m->p_burst);
		}
		if ((bits >> 12 & 0xfffff) < tick_limit)
			ns += m->tick_ns * ratio;
		if (bits >> 32 < smi_limit)
			ns += m->smi_ns;
		if (is_burst)
			ns += burst * (0.5 + noise_unit(r));
		hist_add(h, (uint64_t)ns);
	}
}

#endif
