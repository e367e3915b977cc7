/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fleet.h - results of many hosts beside each other: who ranks where, and who stands out.
 *
 * Hosts are compared that agree in all of their fingerprint (facts/record.h), in the number of
 * their CPUs and of those that were measured: a group. Results of one host are merged by adding:
 * histograms, times and counts, never percentiles (Tene, How NOT to measure latency, 2015).
 *
 * Metrics are those of analyze/metric.h, of all that was measured of a host together: wake.p99.9
 * (corrected), wake.stalls, guest.lost, irq.g_rate. Whom they name is in fleet_spread.h.
 */
#ifndef ANALYZE_FLEET_H
#define ANALYZE_FLEET_H

#include "analyze/host.h"
#include "facts/fleet.h"
#include "facts/record.h"

enum { FLEET_N_METRICS = 4 };

struct fleet_numbers {                /* what is added; a time of 0: not measured */
	const struct hist_bins *wake; /* corrected, of all CPUs; NULL: none */
	uint64_t wake_ns;             /* how long all of them were measured at the same time */
	uint64_t lost_ns, known_ns;   /* of the vCPUs' time */
	uint64_t n_irqs, irq_ns;      /* of devices on the guest's CPUs */
};

struct fleet_session { /* one result */
	const struct record_facts *record;
	struct fact_str kernel; /* release */
	uint64_t n_cpus, n_measured_cpus;
	struct fleet_numbers numbers;
};

/*
 * What a fleet needs of a result; record is the result's (analyze/record.h) and stays the caller's.
 * 0; -EBADMSG (a histogram is not sound); -ENOMEM.
 */
int fleet_session_make(const struct host *h, const struct record_facts *record, struct arena *a,
		       struct fleet_session *ret_session) MUST_CHECK;
/* 0; -EBADMSG; -ENOMEM. The histogram lives in a. */
int fleet_numbers_add(struct fleet_numbers *into, const struct fleet_numbers *from,
		      struct arena *a) MUST_CHECK;

struct fleet;
struct fleet *fleet_new(void); /* NULL: no memory */
void fleet_free(struct fleet *f);
static inline void cleanup_fleet(struct fleet **f)
{
	fleet_free(*f);
}
#define auto_fleet auto_cleanup(cleanup_fleet)

/*
 * One result of the host of that name; file is where it came from. The session may be freed
 * afterwards. 0; -EEXIST (the very session is there already; *ret_file, which lives as long as the
 * fleet, says where it came from); -EBADMSG; -ENOMEM (the fleet stays as it was).
 */
int fleet_add(struct fleet *f, const char *name, const char *file, const struct fleet_session *s,
	      const char **ret_file) MUST_CHECK;
int fleet_leave_out(struct fleet *f, const char *name, const char *reason) MUST_CHECK;
int fleet_note(struct fleet *f, const char *note) MUST_CHECK;

/* The whole; it lives as long as the fleet. 0 or -ENOMEM. */
int fleet_judge(struct fleet *f, struct fleet_facts *ret_facts) MUST_CHECK;
int fleet_encode(const struct fleet_facts *facts, struct doc **ret_doc) MUST_CHECK;

#endif
