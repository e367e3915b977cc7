/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits.h - what a guest sees from inside: round trips to the host, its timer, gaps in its time. */
#ifndef FACTS_EXITS_H
#define FACTS_EXITS_H

#include "facts/schema.h"

struct exits_metric {
	/* gap timer cpuid port mmio msr hlt-wake ipi irqfd */
	struct fact_str id;
	struct fact_str title;        /* what it is, for people */
	struct fact_u64 vcpu, cpu;    /* who measured it, where */
	struct fact_u64 peer_cpu;     /* ipi: the other vCPU's */
	struct fact_u64 window_ns;    /* gap: how long it looked */
	struct fact_u64 threshold_ns; /* gap: shorter ones are not counted */
	struct fact_hist hist;
};

struct exits_memory {                /* loads at random places of guest memory */
	struct fact_u64 backing_kib; /* page size of the host's memory behind it */
	struct fact_u64 size_kib;    /* memory that was walked */
	struct fact_u64 n_loads;
	struct fact_u64 load_ps;    /* one load, mean; each needs the one before */
	struct fact_u64 mapped_kib; /* page size that KVM gave the guest, as its counters tell */
};

struct exits_facts {
	/* Guest instructions are not run by the processor's own virtualisation (software does, or a
	 * hypervisor below): never compared with a host where they are. */
	struct fact_bool is_emulated;
	struct fact_str why_emulated;
	struct fact_u64 tsc_khz; /* of the guest */
	struct fact_cpus cpus;
	struct fact_u64 n_vcpus;
	struct fact_list metrics; /* struct exits_metric */
	struct fact_list memory;  /* struct exits_memory */
};

extern const struct schema exits_schema, exits_metric_schema, exits_memory_schema;

#endif
