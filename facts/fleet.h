/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fleet.h - the document of compare --fleet: many hosts beside each other, and who stands out.
 *
 * A value stands in the unit of its metric, as in facts/comparison.h; one of the four is known.
 */
#ifndef FACTS_FLEET_H
#define FACTS_FLEET_H

#include "facts/document.h"
#include "facts/schema.h"

#define FLEET_FORMAT  "vfiobench-fleet"
#define FLEET_VERSION 1

struct fleet_value { /* of one host */
	struct fact_str id;
	struct fact_u64 value_ns, value_per_1000min, value_per_1000s, value_ppm;
	struct fact_u64 rank;    /* in its group, 1 has the largest; equal values share one */
	struct fact_str verdict; /* worse or better than its group; unknown: not told from it */
	struct fact_str why;     /* why there is no value */
};

struct fleet_host {
	struct fact_str name;
	struct fact_strs files;          /* its results, by name */
	struct fact_u64 started_unix_ns; /* of the newest */
	struct fact_str label;           /* of the newest */
	struct fact_str kernel;          /* of the newest */
	struct fact_u64 n_wakeups;       /* what the wake metrics rest on */
	struct fact_list values;         /* struct fleet_value */
};

struct fleet_spread { /* a metric over the hosts of a group */
	struct fact_str id, title;
	struct fact_u64 n_hosts; /* that have a value */
	struct fact_u64 median_ns, median_per_1000min, median_per_1000s, median_ppm;
	/* Beyond these a host stands out; unknown: no value there can be. */
	struct fact_u64 high_ns, high_per_1000min, high_per_1000s, high_ppm;
	struct fact_u64 low_ns, low_per_1000min, low_per_1000s, low_ppm;
	struct fact_u64 margin_permille;
	struct fact_str why; /* why no host is judged by it */
};

struct fleet_group {                    /* hosts that can be compared */
	struct fact_object fingerprint; /* struct fingerprint_facts */
	struct fact_u64 n_cpus, n_measured_cpus;
	struct fact_list spreads; /* struct fleet_spread */
	struct fact_list hosts;   /* struct fleet_host: largest wake p99.9 first */
};

struct fleet_setting { /* that an outlier has and no host of its group that is none */
	struct fact_str key, value;
	struct fact_str usual;      /* what most have; unknown: most have no such setting */
	struct fact_u64 n_usual;    /* hosts that have the usual one */
	struct fact_u64 n_outliers; /* outliers that have this value too, without this one */
};

struct fleet_outlier {
	struct fact_str host;
	struct fact_u64 group;          /* from 0 */
	struct fact_strs worse, better; /* metrics it stands out by */
	struct fact_list settings;      /* struct fleet_setting: those that matter most first */
	struct fact_u64 n_settings;     /* how many there are */
};

struct fleet_left_out {
	struct fact_str name, reason;
};

struct fleet_facts {
	struct fact_u64 n_results, n_hosts;
	struct fact_list outliers; /* struct fleet_outlier: worse ones first */
	struct fact_list groups;   /* struct fleet_group: largest first */
	struct fact_list left_out; /* struct fleet_left_out, in the order they were met */
	struct fact_strs notes;
};

extern const struct schema fleet_schema, fleet_value_schema, fleet_host_schema, fleet_spread_schema,
	fleet_group_schema, fleet_setting_schema, fleet_outlier_schema, fleet_left_out_schema;
extern const struct document_kind fleet_kind;

#endif
