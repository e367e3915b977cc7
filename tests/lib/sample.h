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
/* Every text that is known, in every list of every domain, becomes this one. */
void sample_poison(struct host *h, const char *text);

#endif
