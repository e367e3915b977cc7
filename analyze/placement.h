/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * placement.h - where each vCPU may run: the answer that all rules about pins begin with.
 *
 * A running guest answers with the affinity of its vCPU threads. Without one the configured guest
 * does: its pins, then the CPU set of its other vCPUs, then all CPUs online. QEMU's arguments hold
 * no pins, so a guest that is known by them alone has no placement. The built-in guest stands for
 * one: it has no placement of its own.
 */
#ifndef ANALYZE_PLACEMENT_H
#define ANALYZE_PLACEMENT_H

#include "analyze/rule.h"

/* Guests with more vCPUs are judged by the first so many. */
#define PLACEMENT_MAX 1024u

enum placement_source {
	PLACEMENT_NONE,
	PLACEMENT_RUNNING,    /* threads of the running guest */
	PLACEMENT_CONFIGURED, /* its configuration, read while it does not run */
};

struct vcpu_place {
	uint64_t vcpu;
	uint64_t tid;     /* of its thread; 0 when configured */
	struct cpus cpus; /* where it may run; empty: any CPU, and which there are is not known */
	bool is_pinned;   /* to exactly one CPU */
};

struct placement {
	enum placement_source source;
	struct vcpu_place *v; /* by vCPU number */
	size_t n, n_pinned;
	struct cpus all;    /* CPUs that some vCPU may use */
	struct cpus pinned; /* CPUs that have a vCPU pinned to them */
};

/* Which of the two sources there is. */
enum placement_source placement_source(const struct host *h);
/* For .applies: true when there is a placement, else the reason is said. */
bool placement_applies(const struct host *h, struct finding *out);
/*
 * The placement, in the arena of the finding; never NULL. n is 0 when the source does not tell how
 * many vCPUs there are, and without memory (then the engine drops the finding anyway).
 */
const struct placement *placement_of(const struct host *h, struct finding *out);
/* Says that n is 0, and why. */
enum verdict placement_says_nothing(const struct placement *p, struct finding *out);
/* The activity of a vCPU's thread in this run; NULL: not measured. */
const struct activity_thread *placement_activity(const struct host *h, const struct vcpu_place *v);

/* CPUs of cores that have no vCPU, else CPUs without one; not isolated ones if others are left.
 * Empty: none is left, or which CPUs there are is not known. */
struct cpus placement_housekeeping(const struct host *h, const struct placement *p);

#endif
