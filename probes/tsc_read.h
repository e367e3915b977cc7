/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tsc_read.h - the time stamp counter of the CPU this runs on. */
#ifndef PROBES_TSC_READ_H
#define PROBES_TSC_READ_H

#include <stdint.h>

/*
 * In order: neither read before loads that came first are done, nor after loads that come next.
 * LFENCE waits for earlier loads and holds back later ones, on AMD because Linux sets it so. As
 * rdtsc_ordered() of the kernel does it. Other architectures: 0, and their probe is skipped.
 */
static inline uint64_t tsc_read(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
#else
	return 0;
#endif
}

/* A moment of a waiting loop: leaves the core to an SMT sibling. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

#endif
