/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_tsc.h - the time stamp counter and nanoseconds; the trace clock "x86-tsc" is the counter. */
#ifndef PROBES_TRACE_LIVE_TSC_H
#define PROBES_TRACE_LIVE_TSC_H

#include "core/base.h"

/* (tsc - base) * 10^9 / hz, rounded down, exact; before base: 0. hz up to 18 GHz, not 0. */
static inline uint64_t live_tsc_to_ns(uint64_t tsc, uint64_t base, uint64_t hz)
{
	const uint64_t passed = tsc > base ? tsc - base : 0;

	return passed / hz * NS_PER_S + passed % hz * NS_PER_S / hz;
}

static inline uint64_t live_tsc_now(void)
{
	return __builtin_ia32_rdtsc();
}

#endif
