/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/calibration.h"

/* clang-format off */
#define F(member) FIELD(struct calibration_metric, member)
static const struct fact_field metric_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric", .privacy = FACT_OPEN },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what it is", .privacy = FACT_OPEN },
	{ F(why), FACT_STR, FACT_NOT_COMPARED, "", "why nothing else is known" },
	{ F(typical), FACT_STR, FACT_NOT_COMPARED, "", "median of the sessions, for people", .privacy = FACT_OPEN },
	{ F(n_sessions), FACT_U64, FACT_NOT_COMPARED, "", "sessions with a value" },
	{ F(repetitions_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "standard deviation of the logarithm among repetitions of one session, as a change" },
	{ F(sessions_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "the same among medians of sessions" },
	{ F(noise_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "noise floor: what two sessions differ by when nothing changed; 5 of 100 times some metric that decides exceeds it" },
	{ F(margin_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "the margin that holds: the larger of the noise floor and the metric's own" },
	{ F(margin_reason), FACT_STR, FACT_NOT_COMPARED, "", "which of the two it is", .privacy = FACT_OPEN },
	{ F(visible_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "smallest rise that 10 repetitions find four times of five; absent: none" },
	{ F(visible_at), FACT_STR, FACT_NOT_COMPARED, "", "the value then, for people", .privacy = FACT_OPEN },
	{ F(n_for_half), FACT_U64, FACT_NOT_COMPARED, "", "repetitions that find a rise by half; absent: no number does" },
	{ F(is_gate), FACT_BOOL, FACT_NOT_COMPARED, "", "10 repetitions find a doubling: fit to decide" },
};
#undef F
#define F(member) FIELD(struct calibration_facts, member)
static const struct fact_field fields[] = {
	{ F(n_sessions), FACT_U64, FACT_NOT_COMPARED, "", "sessions in a row with nothing changed" },
	{ F(n_repetitions), FACT_U64, FACT_NOT_COMPARED, "", "repetitions of a session, the fewest" },
	{ F(metrics), FACT_LIST, FACT_NOT_COMPARED, "", "those that decide", &calibration_metric_schema },
	{ F(sentence), FACT_STR, FACT_NOT_COMPARED, "", "what this host can gate on" },
	{ F(notes), FACT_STRS, FACT_NOT_COMPARED, "", "what to know before trusting it" },
};
#undef F
/* clang-format on */

const struct schema calibration_metric_schema = { "metric", "A metric and its noise",
						  sizeof(struct calibration_metric), metric_fields,
						  ARRAY_SIZE(metric_fields) };
const struct schema calibration_schema = { "calibration", "The noise of this machine",
					   sizeof(struct calibration_facts), fields,
					   ARRAY_SIZE(fields) };
const struct document_kind calibration_kind = { CALIBRATION_FORMAT, CALIBRATION_VERSION,
						&calibration_schema, "calibration" };
