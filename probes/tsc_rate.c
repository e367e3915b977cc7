/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/tsc_rate.h"

#include <time.h>

#include "probes/tsc_read.h"

#define PPB 1000000000

/* Products of two 64-bit numbers; every compiler for 64-bit machines has it. */
__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

static uint64_t real_tsc(void *self)
{
	(void)self;
	return tsc_read();
}

static uint64_t real_raw_ns(void *self)
{
	struct timespec ts = { 0 };

	(void)self;
	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

struct tsc_clocks tsc_clocks_real(void)
{
	return (struct tsc_clocks){ .tsc = real_tsc, .raw_ns = real_raw_ns };
}

struct tsc_pair tsc_pair_take(const struct tsc_clocks *clocks, unsigned n_tries)
{
	struct tsc_pair best = { .bracket = UINT64_MAX };

	for (unsigned i = 0; i < n_tries; i++) {
		const uint64_t before = clocks->tsc(clocks->self);
		const uint64_t raw_ns = clocks->raw_ns(clocks->self);
		const uint64_t bracket = clocks->tsc(clocks->self) - before;

		if (bracket >= best.bracket)
			continue;
		best.tsc = before + bracket / 2;
		best.raw_ns = raw_ns;
		best.bracket = bracket;
	}
	return best;
}

/* Ticks per 1e9 seconds: Hz with nine more digits, for differences of parts per 1e9. */
static int nano_hz(const struct tsc_pair *a, const struct tsc_pair *b, u128 *ret_nano_hz)
{
	if (b->tsc <= a->tsc || b->raw_ns <= a->raw_ns)
		return -ERANGE;
	/* 2^64 ticks * 1e18 is over 2^123: fits. */
	*ret_nano_hz = (u128)(b->tsc - a->tsc) * NS_PER_S * PPB / (b->raw_ns - a->raw_ns);
	return 0;
}

int tsc_rate_between(const struct tsc_pair *a, const struct tsc_pair *b, struct tsc_rate *ret_rate)
{
	u128 nano, hz, error;
	int r = nano_hz(a, b, &nano);

	if (r < 0)
		return r;
	hz = (nano + PPB / 2) / PPB;
	error = ((u128)a->bracket + b->bracket) * PPB / 2 / (b->tsc - a->tsc) + 1;
	if (hz > UINT64_MAX || error > UINT64_MAX)
		return -ERANGE;
	ret_rate->hz = (uint64_t)hz;
	ret_rate->error_ppb = (uint64_t)error;
	ret_rate->window_ns = b->raw_ns - a->raw_ns;
	return 0;
}

int tsc_drift_ppb(const struct tsc_pair *a, const struct tsc_pair *b, const struct tsc_pair *c,
		  int64_t *ret_ppb)
{
	u128 first, second;
	i128 apart, ppb;
	int r = nano_hz(a, b, &first);

	if (r == 0)
		r = nano_hz(b, c, &second);
	if (r < 0)
		return r;
	/* Rates of counters are below 2^64 Hz; then the product with 1e9 fits too. */
	if (first == 0 || first >> 94 != 0 || second >> 94 != 0)
		return -ERANGE;
	apart = (i128)second - (i128)first;
	ppb = apart * PPB / (i128)first;
	if (ppb > INT64_MAX || ppb < INT64_MIN)
		return -ERANGE;
	*ret_ppb = (int64_t)ppb;
	return 0;
}

uint64_t tsc_ticks_to_ns(uint64_t ticks, uint64_t hz)
{
	u128 ns = hz == 0 ? 0 : (u128)ticks * NS_PER_S / hz;

	return ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

uint64_t tsc_ns_to_ticks(uint64_t ns, uint64_t hz)
{
	const u128 ticks = (u128)ns * hz / NS_PER_S;

	return ticks > UINT64_MAX ? UINT64_MAX : (uint64_t)ticks;
}
