/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - what comparing needs of one result: small enough for a repository to hold many.
 *
 * A comparison knows results only as records, whether they were just measured, read from a file or
 * kept in a baseline; so a baseline compares as the results would that it was made of.
 */
#ifndef FACTS_RECORD_H
#define FACTS_RECORD_H

#include "facts/document.h"
#include "facts/schema.h"

/*
 * What two results must have in common to be compared at all. Unknown on one side: it does not
 * block, and the comparison says so.
 */
struct fingerprint_facts {
	/* The machine. */
	struct fact_str cpu_model, arch;
	struct fact_bool is_virtual;
	/* What was measured, and how. */
	struct fact_str guest_kind; /* builtin, qemu or none */
	struct fact_u64 rep_duration_ns, wake_interval_ns;
	struct fact_str wake_policy;
	struct fact_bool is_dma_latency_held;
	struct fact_bool is_passive;
	struct fact_bool
		is_emulated;        /* guest instructions are, in software or a hypervisor below */
	struct fact_str trace_rung; /* what lost time was told by */
};

struct record_metric {
	struct fact_str id;       /* "wake.p99", "wake.p99/cpu3": analyze/metric.h */
	struct fact_u64 offset;   /* half an event, for counts and rates; unknown: 0 */
	struct fact_pairs values; /* [repetition, value in the metric's unit] */
	struct fact_str why;      /* why there is no value */
};

/* Timer wake-ups by percentile, corrected for coordinated omission, the CPUs of a repetition
 * merged. */
struct record_quantile {
	struct fact_u64 quantile_ppm; /* 999000: p99.9 */
	struct fact_pairs values_ns;  /* [repetition, ns]; none that rests on too few events */
};

struct record_setting { /* a fact that is a setting, as text: "cpu.governors" */
	struct fact_str key, value;
};

struct record_finding { /* what was judged when the record was made */
	struct fact_str id, verdict, summary;
};

struct record_culprit { /* who took time from all vCPUs together */
	struct fact_str class, name;
	struct fact_strs rows;     /* catalogue ids it speaks for */
	struct fact_u64 share_ppm; /* of the vCPUs' known time */
};

struct record_facts {
	struct fact_u64 started_unix_ns, duration_ns;
	struct fact_str label, profile, tool_version;
	struct fact_str name; /* the file or baseline it came from; never kept in one */
	struct fact_bool is_partial;
	struct fact_u64 steal_permille;  /* of the measured CPUs' time: the hypervisor below */
	struct fact_u64 untold_permille; /* of the vCPUs' time: the trace does not tell */
	struct fact_cpus measured_cpus;  /* compared, but it does not block: pins are a setting */
	struct fact_object fingerprint;  /* struct fingerprint_facts */
	struct fact_list metrics;        /* struct record_metric */
	struct fact_list wake_curve;     /* struct record_quantile, rising */
	struct fact_list settings;       /* struct record_setting, by key */
	struct fact_list findings; /* struct record_finding: problems, advice, passed; by id */
	struct fact_list culprits; /* struct record_culprit, most first */
	struct fact_strs warnings; /* about the measurement */
};

extern const struct schema record_schema, fingerprint_schema, record_metric_schema,
	record_quantile_schema, record_setting_schema, record_finding_schema, record_culprit_schema;

#define BASELINE_FORMAT  "vfiobench-baseline"
#define BASELINE_VERSION 1

enum { BASELINE_SESSIONS_MAX = 8 }; /* older ones make room */

struct baseline_facts { /* sessions of one machine, measured the same way; oldest first */
	struct fact_str name;
	struct fact_str about;     /* why it is kept, in the user's words */
	struct fact_list sessions; /* struct record_facts */
};

extern const struct schema baseline_schema;
extern const struct document_kind baseline_kind;

#endif
