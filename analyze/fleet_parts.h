/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_parts.h - what the files of analyze/fleet*.c share; nothing outside includes this. */
#ifndef ANALYZE_FLEET_PARTS_H
#define ANALYZE_FLEET_PARTS_H

#include "analyze/fleet.h"
#include "analyze/fleet_spread.h"
#include "analyze/fleet_texts.h"
#include "analyze/metric.h"

struct fleet_pair { /* a setting: numbers of its texts */
	uint32_t key, value;
};

struct fleet_crowd { /* hosts that can be compared */
	const char *key;
	struct fingerprint_facts fingerprint;
	uint64_t n_cpus, n_measured_cpus;
};

struct fleet_machine { /* a host, measured one way */
	const char *name;
	size_t crowd;
	struct fact_strs files;
	struct fact_u64 started_unix_ns;
	struct fact_str label, kernel;
	struct fleet_numbers numbers;
	struct fleet_pair *settings; /* of the newest, by the number of the key */
	size_t n_settings;
	/* Of judging. */
	struct fleet_point points[FLEET_N_METRICS];
	const char *why[FLEET_N_METRICS]; /* there is no point; NULL: there is */
	uint64_t rank[FLEET_N_METRICS];
};

struct fleet_seen { /* a session that is in it */
	uint64_t started_unix_ns, duration_ns;
	const char *file;
};

struct fleet {
	struct arena arena;
	struct fleet_texts texts;
	struct fact_list crowds;   /* struct fleet_crowd */
	struct fact_list machines; /* struct fleet_machine */
	struct fact_list sessions; /* struct fleet_seen */
	struct fact_list left_out; /* struct fleet_left_out */
	struct fact_strs notes;
};

extern const char *const fleet_metric_ids[FLEET_N_METRICS];

/* Values of a host, or why there are none. 0 or -ENOMEM. */
int fleet_measure(struct fleet *f, struct fleet_machine *m) MUST_CHECK;

bool fleet_stands_out(const struct fleet_machine *m);
/*
 * Settings that each outlier among these hosts of one crowd has, and none of the others. outliers
 * has a row for each that stands out, in the same order. 0 or -ENOMEM.
 */
int fleet_settings(struct fleet *f, struct fleet_machine *const *hosts, size_t n,
		   struct fleet_outlier *outliers) MUST_CHECK;

#endif
