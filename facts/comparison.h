/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * comparison.h - the document of compare, check and ab: did it get better, did it get worse?
 *
 * Values stand in the unit of their metric: before_ns, before_ppm …; one pair of them is known.
 */
#ifndef FACTS_COMPARISON_H
#define FACTS_COMPARISON_H

#include "facts/document.h"
#include "facts/schema.h"

#define COMPARISON_FORMAT  "vfiobench-comparison"
#define COMPARISON_VERSION 1

struct comparison_metric {
	struct fact_str id, title;
	struct fact_bool is_gated; /* false: exploratory, never the exit status */
	struct fact_str verdict;   /* regressed improved no-change inconclusive not-comparable */
	struct fact_str reason;    /* for people: why it is inconclusive or not comparable */
	/* Medians of the units. */
	struct fact_u64 before_ns, after_ns;
	struct fact_u64 before_per_1000min, after_per_1000min; /* 1000: one a minute */
	struct fact_u64 before_per_1000s, after_per_1000s;
	struct fact_u64 before_ppm, after_ppm;
	struct fact_i64 change_permille;
	/* 95 % interval; one side unknown: so few units do not bound it there. */
	struct fact_i64 ci95_low_permille, ci95_high_permille;
	struct fact_u64 margin_permille;
	struct fact_str margin_reason; /* "asked for", "noise floor of 4 sessions" */
	struct fact_u64 p_regressed_ppm, p_improved_ppm, p_same_ppm;
	struct fact_str unit; /* repetitions, sessions or pairs */
	struct fact_u64 n_before, n_after;
	struct fact_u64 n_needed;         /* units per side that would do */
	struct fact_u64 visible_permille; /* smallest rise that these units find 4 times of 5 */
	struct fact_bool has_drifted;
	struct fact_bool is_too_noisy;   /* the noise floor hides a doubling */
	struct fact_bool is_boot_inside; /* differences between boots are in this number */
	/* A verdict of check that was made inconclusive: compare_hold_back() of compare.h. */
	struct fact_bool is_held_back;
	struct fact_bool is_gone;      /* it had values before and has none after */
	struct fact_bool is_confirmed; /* an alarm: fresh units showed it again, or did not */
	/* Gated ones: [session, value of a repetition] in order of time, the newest of very many.
	 */
	struct fact_pairs units_before, units_after;
};

/* Timer wake-ups by percentile, over the repetitions of a side. */
struct comparison_quantile {
	struct fact_u64 quantile_ppm;                             /* 999000: p99.9 */
	struct fact_u64 before_low_ns, before_ns, before_high_ns; /* least, median, most */
	struct fact_u64 after_low_ns, after_ns, after_high_ns;
	/* As of a metric; unknown when one side does not reach as far. */
	struct fact_i64 change_permille, ci95_low_permille, ci95_high_permille;
};

struct comparison_difference { /* a setting; unknown on a side: it was not known there */
	struct fact_str key, before, after;
};

struct comparison_finding {
	struct fact_str id, title;
	struct fact_str before, after; /* verdicts; unknown: not judged there */
	struct fact_str summary;       /* of the later one that has one */
};

/* A row whose finding went away or appeared: did what it is about move? */
struct comparison_tweak {
	struct fact_str id, title;
	struct fact_str change;  /* gone or appeared */
	struct fact_str metric;  /* id of the metric it should move, the one that moved most */
	struct fact_str verdict; /* of that metric */
	struct fact_i64 change_permille;
	/* Time that culprits of this row took, of the vCPUs' known time. */
	struct fact_u64 before_ppm, after_ppm;
	struct fact_str sentence; /* all of it, for people */
};

struct comparison_budget {
	struct fact_str rule;         /* as in the file: "wake.p99.9 < 100us" */
	struct fact_str id;           /* of the metric or finding */
	struct fact_str verdict;      /* held, broken, unknown or waived */
	struct fact_str value, limit; /* for people: "134 us", "100 us" */
	struct fact_str reason;       /* why it is unknown; of a waiver: its reason and last day */
};

struct comparison_waiver { /* that is in the file */
	struct fact_str id, reason, until;
	struct fact_str state; /* used, unused or expired */
};

struct comparison_side {
	struct fact_strs names; /* of the results or the baseline */
	struct fact_u64 n_sessions;
	struct fact_u64 started_unix_ns; /* of the newest */
	struct fact_u64 duration_ns;     /* of all together; unknown: not of each */
	struct fact_str label;           /* of the newest */
};

struct comparison_facts {
	struct fact_str
		verdict; /* the worst of the gated ones; see comparison_verdict in compare.h */
	struct fact_str reason;           /* one sentence: what decided */
	struct fact_object before, after; /* struct comparison_side */
	struct fact_strs blocking;        /* of not-comparable: keys that differ */
	struct fact_bool has_other_cpus;  /* sessions were measured on different CPUs */
	struct fact_list metrics;         /* struct comparison_metric: gated ones first */
	struct fact_list wake_curve;      /* struct comparison_quantile, rising */
	struct fact_list differences;     /* struct comparison_difference */
	struct fact_list findings;        /* struct comparison_finding: appeared, gone, changed */
	struct fact_list tweaks;          /* struct comparison_tweak */
	struct fact_list budgets;         /* struct comparison_budget */
	struct fact_list waivers;         /* struct comparison_waiver */
	struct fact_strs notes;           /* what to know before trusting it */
	struct fact_bool is_redacted;     /* names in it are replaced by pseudonyms */
};

extern const struct schema comparison_schema, comparison_metric_schema, comparison_quantile_schema,
	comparison_difference_schema, comparison_finding_schema, comparison_tweak_schema,
	comparison_budget_schema, comparison_waiver_schema, comparison_side_schema;
extern const struct document_kind comparison_kind;

#endif
