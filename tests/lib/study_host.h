/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * study_host.h - a made-up run of a made-up machine, as result.json would have it: histograms of
 * wake-ups, of stretches in which the guest did not run, counts of interrupts.
 */
#ifndef TESTS_LIB_STUDY_HOST_H
#define TESTS_LIB_STUDY_HOST_H

#include "analyze/host.h"
#include "tests/lib/latencies.h"

enum { STUDY_HOST_CPUS = 2, STUDY_HOST_REPS = 10 };

struct study_machine {
	struct noise wake, outage;
	double irqs_per_rep; /* on each CPU of the guest */
};

void study_machine_init(struct study_machine *m);
/*
 * One run: what this boot makes of the machine is drawn first. ratio makes ticks, bursts, outages
 * and interrupts more. Everything in h->arena. 0 or -ENOMEM.
 */
int study_host(struct host *h, const struct study_machine *m, double ratio,
	       struct stats_random *r) MUST_CHECK;

#endif
