/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits_samples.h - what a measuring program of the built-in guest left behind, as nanoseconds. */
#ifndef PROBES_EXITS_SAMPLES_H
#define PROBES_EXITS_SAMPLES_H

#include "core/hist.h"

/* Shorter gaps are not told from the loop that looks for them, whatever it costs. */
#define EXITS_GAP_MIN_NS UINT64_C(500)

/* Cycles of a counter at khz (not 0), rounded down; exact for any number of cycles. */
uint64_t exits_ns(uint64_t cycles, uint64_t khz);
/* The other way, rounded up; UINT64_MAX for what is beyond 64 bits. */
uint64_t exits_cycles(uint64_t ns, uint64_t khz);

/* Adds n samples, at most MG_SAMPLES_MAX of them, each in cycles. */
void exits_drain(const uint64_t *samples, uint64_t n, uint64_t khz, struct hist *into);

/*
 * From what one turn of the gap loop costs, in cycles: four times the median, at least
 * EXITS_GAP_MIN_NS. n as above; reorders the samples. No sample: the least.
 */
uint64_t exits_gap_threshold_ns(uint64_t *samples, uint64_t n, uint64_t khz);

#endif
