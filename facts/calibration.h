/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calibration.h - how far repetitions and sessions of one machine lie apart when nothing changed.
 */
#ifndef FACTS_CALIBRATION_H
#define FACTS_CALIBRATION_H

#include "facts/document.h"
#include "facts/schema.h"

#define CALIBRATION_FORMAT  "vfiobench-calibration"
#define CALIBRATION_VERSION 1

struct calibration_metric {
	struct fact_str id, title;
	struct fact_str why;     /* why nothing else is known */
	struct fact_str typical; /* median of the sessions, for people: "134 us" */
	struct fact_u64 n_sessions;
	/* Standard deviations of the logarithm, as a change: 200 is a factor of 1.2. */
	struct fact_u64 repetitions_permille; /* of repetitions of one session */
	struct fact_u64 sessions_permille;    /* of the medians of sessions */
	struct fact_u64 noise_permille;       /* noise floor between two sessions */
	struct fact_u64 margin_permille; /* that will hold: the larger of it and the metric's */
	struct fact_str margin_reason;
	/* Smallest rise that a session of 10 repetitions finds four times of five; unknown: none.
	 */
	struct fact_u64 visible_permille;
	struct fact_str visible_at; /* the value then, for people */
	/* Repetitions per session that find a rise by half; unknown: no number does. */
	struct fact_u64 n_for_half;
	struct fact_bool is_gate; /* a doubling would be found: fit to decide */
};

struct calibration_facts {
	struct fact_u64 n_sessions, n_repetitions; /* the fewest of a session */
	struct fact_list metrics;                  /* struct calibration_metric: the gated ones */
	struct fact_str sentence;                  /* what this host can gate on */
	struct fact_strs notes;
};

extern const struct schema calibration_schema, calibration_metric_schema;
extern const struct document_kind calibration_kind;

#endif
