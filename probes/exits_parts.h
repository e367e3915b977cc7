/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits_parts.h - what the parts of the exits probe share: time, CPUs, and where facts go. */
#ifndef PROBES_EXITS_PARTS_H
#define PROBES_EXITS_PARTS_H

#include "facts/exits.h"
#include "probes/exits_run.h"
#include "probes/probe.h"

struct exits {
	struct probe_env *env;
	struct exits_facts *facts;
	struct cpus cpus;     /* of the vCPUs */
	struct cpus first;    /* the lowest of them */
	bool has_other;       /* the main thread need not be on the first one */
	uint64_t deadline_ns; /* all is to be over */
	unsigned shares_left; /* of the time until then, for what is still to be measured */
	bool is_asked;        /* to end: the rest is left out */
	size_t n_measured;
};

/* How long something with so many shares may take; they are gone. */
uint64_t exits_budget(struct exits *x, unsigned shares);

/* Shares of the time, and what is measured: facts->memory. 0 or -ENOMEM. */
unsigned exits_memory_shares(void);
int exits_memory_measure(struct exits *x) MUST_CHECK;

#endif
