/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample.h - a whole measured host, made up, for tests of reports. */
#ifndef TESTS_LIB_SAMPLE_H
#define TESTS_LIB_SAMPLE_H

#include "analyze/host.h"

struct sample {
	unsigned n_cores; /* two threads each: core i has CPUs i and i + n_cores */
	unsigned n_irqs;  /* numbered lines */
	unsigned n_reps;
	unsigned n_wakeups; /* in each unit */
};

/* A guest on all cores but the first two; the same host each time. Caller frees (host_free). */
struct host *sample_host(const struct sample *s);
/* How large what a trace of the host holds is; sample_host() gives it a usual one. */
struct sample_trace {
	unsigned n_vcpus;
	unsigned n_culprits; /* in all; of a vCPU at most 64 */
	unsigned n_steps;
};

/* Trace, gap loop and built-in guest of the host, instead of what it has. */
void sample_add_trace(struct host *h, const struct sample_trace *size);
/* Every text that is known, in every list of every domain, becomes this one. */
void sample_poison(struct host *h, const char *text);

#endif
