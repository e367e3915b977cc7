/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits.h - what a guest sees from inside: round trips to the host, its timer, gaps in its time.
 *
 * Measured by a guest of our own, each by the time stamp counter of the guest. Kinds of metric:
 *
 * gap        time between two looks at the clock of a loop that does nothing else, from
 * threshold_ns on; the threshold is at least 500 ns and four times what a turn of the loop takes
 * timer      from the deadline of the TSC-deadline timer to the first instruction of its interrupt,
 *            while the vCPU executes others; 0 if it came early
 * hlt-wake   the same while the vCPU is halted, the deadline 250 us away: what it has over timer is
 *            the price of halting
 * cpuid      CPUID, leaf 0; as all round trips with the two looks at the clock around it
 * port, mmio one OUT, or one store, that KVM completes by itself (ioeventfd, as virtio has it)
 * port-user, mmio-user  the same that a program has to complete, as QEMU does for its devices
 * msr        RDMSR of IA32_APIC_BASE, which is never given to the guest directly
 * ipi        there and back: an interrupt to another vCPU, and the one its handler sends back; both
 *            vCPUs execute instructions meanwhile. Not halved
 * irqfd      from before a write(2) to an eventfd on another CPU to the first instruction of the
 *            interrupt that it is wired to, the vCPU executing; by the offset of the guest's
 * counter that KVM tells, checked against the host's before and after
 */
#ifndef FACTS_EXITS_H
#define FACTS_EXITS_H

#include "facts/schema.h"

struct exits_metric {
	/* gap timer hlt-wake cpuid port port-user mmio mmio-user msr ipi irqfd */
	struct fact_str id;
	struct fact_str title;        /* what it is, for people */
	struct fact_u64 vcpu, cpu;    /* who measured it, where */
	struct fact_u64 peer_cpu;     /* ipi: the other vCPU's */
	struct fact_u64 window_ns;    /* gap: how long it looked */
	struct fact_u64 threshold_ns; /* gap: shorter ones are not counted */
	struct fact_hist hist;
};

/*
 * Loads at random places of guest memory, each from the address that the one before gave: one word
 * of each 4 KiB, the same way for each kind of backing. The guest maps all of it in one page of 1
 * GiB (or pages of 2 MiB where its CPUID has no larger ones), so what differs is the host's side.
 * Where an emulator executes the loads, it is the emulator that they measure.
 */
struct exits_memory {
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
