/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - one result, decoded: all that rules, comparison and reports may look at.
 *
 * Strings and lists live in the arena of the host and are valid until host_free().
 */
#ifndef ANALYZE_HOST_H
#define ANALYZE_HOST_H

#include "core/arena.h"
#include "core/doc.h"
#include "facts/activity.h"
#include "facts/aio.h"
#include "facts/clock.h"
#include "facts/cpu.h"
#include "facts/domain.h"
#include "facts/exits.h"
#include "facts/gap.h"
#include "facts/guest.h"
#include "facts/hugepages.h"
#include "facts/iommu.h"
#include "facts/irq.h"
#include "facts/kernel.h"
#include "facts/log.h"
#include "facts/mm.h"
#include "facts/net.h"
#include "facts/pci.h"
#include "facts/power.h"
#include "facts/result.h"
#include "facts/sched.h"
#include "facts/setup.h"
#include "facts/trace.h"
#include "facts/tsc.h"
#include "facts/wake.h"

struct host_gap {
	const char *field, *path, *error;
};

struct host_probe { /* the envelope of one probe document */
	const char *name;
	const char *status, *reason; /* status "absent": the result has no such document */
	const struct host_gap *gaps;
	size_t n_gaps;
	uint64_t duration_ns; /* 0: not told */
};

enum { HOST_N_PROBES = 23 };

struct host {
	struct arena arena;
	struct tool_facts tool;
	struct run_facts run;
	struct identity_facts identity;
	struct guestref_facts guestref;
	struct cpuset_facts cpus;
	struct kernel_facts kernel;
	struct cpu_facts cpu;
	struct clock_facts clock;
	struct irq_facts irq;
	struct hugepages_facts hugepages;
	struct aio_facts aio;
	struct guest_facts guest;
	struct domain_facts domain;
	struct pci_facts pci;
	struct iommu_facts iommu;
	struct power_facts power;
	struct mm_facts mm;
	struct sched_facts sched;
	struct net_facts net;
	struct log_facts log;
	struct setup_facts setup;
	struct wake_facts wake;
	struct tsc_facts tsc;
	struct activity_facts activity;
	struct wake_facts wake_bare;
	struct gap_facts gap;
	struct exits_facts exits;
	struct trace_facts trace;
	struct host_probe probes[HOST_N_PROBES];
	/* The guest the result is about: the running one of guestref.pid; NULL: none. */
	const struct guest_process *running;
};

/*
 * Decodes a result: 0; -EBADMSG (not a result, or damaged); -ENOTSUP (written by a newer version);
 * -ENOMEM. On an error *ret_why is one line for the user, freed by the caller.
 */
int host_new(const struct doc *result, struct host **ret_host, char **ret_why) MUST_CHECK;
void host_free(struct host *h);
static inline void cleanup_host(struct host **h)
{
	host_free(*h);
}
#define auto_host auto_cleanup(cleanup_host)

/*
 * The tables of a result, by number: of the objects in it ("tool", "run" …) and of the documents
 * below "probes". NULL: no more.
 */
const struct schema *host_member_schema(size_t i);
const struct schema *host_probe_schema(size_t i);

/* By the first part of a field name, "cpu.nohz_full" or "cpu". NULL: no such probe. */
const struct host_probe *host_probe(const struct host *h, const char *field);
/* Why a fact is unknown, for people: from the gaps, else from the status of its probe. */
const char *host_why_unknown(struct host *h, const char *field);

/* Whether vCPU threads, pins, isolation or the user said which CPUs are the guest's. */
bool host_knows_guest_cpus(const struct host *h);
/* The guest's CPUs are all there are, as with a guest that is not pinned: none to be isolated. */
bool host_is_all_guest(const struct host *h);
/* A guest runs (or the built-in one ran) and is the subject of this result. */
bool host_has_running_guest(const struct host *h);
/*
 * The running guest is the one whose configuration is known: false when none runs, or when the
 * user's file names another one.
 */
bool host_runs_domain(const struct host *h);
/* Time series helpers on the activity of the run; 0 when there is none. */
uint64_t host_window_ns(const struct host *h);

#endif
