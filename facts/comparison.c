/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/comparison.h"

/* clang-format off */
#define F(member) FIELD(struct comparison_side, member)
static const struct fact_field side_fields[] = {
	{ F(names), FACT_STRS, FACT_NOT_COMPARED, "", "where the results came from", .pseudonym = "path" },
	{ F(n_sessions), FACT_U64, FACT_NOT_COMPARED, "", "results on this side" },
	{ F(started_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "start of the newest, since 1970 UTC" },
	{ F(duration_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "how long measuring all of them took" },
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "of the newest", .privacy = FACT_PSEUDONYM, .pseudonym = "label" },
};
#undef F
#define F(member) FIELD(struct comparison_metric, member)
static const struct fact_field metric_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric" },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what it is" },
	{ F(is_gated), FACT_BOOL, FACT_NOT_COMPARED, "", "one of the few that decide; else exploratory" },
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "regressed, improved, no-change, inconclusive or not-comparable", .privacy = FACT_OPEN },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "why it is inconclusive or not comparable" },
	{ F(before_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "median of the units before" },
	{ F(after_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "median of the units after" },
	{ F(before_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "the same of a rate per minute" },
	{ F(after_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "after" },
	{ F(before_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "the same of a rate per second" },
	{ F(after_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "after" },
	{ F(before_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the same of a share" },
	{ F(after_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "after" },
	{ F(change_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "Hodges-Lehmann estimate of the change" },
	{ F(ci95_low_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "95 % interval of the change; absent: not bounded below" },
	{ F(ci95_high_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "absent: not bounded above" },
	{ F(margin_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "smaller changes are not told from none" },
	{ F(margin_reason), FACT_STR, FACT_NOT_COMPARED, "", "where the margin comes from" },
	{ F(p_regressed_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "p of a rise by no more than the margin, adjusted" },
	{ F(p_improved_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "p of a fall by no more than the margin, adjusted" },
	{ F(p_same_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "p of a change of at least the margin" },
	{ F(unit), FACT_STR, FACT_NOT_COMPARED, "", "what counts as one observation: repetitions, sessions or pairs", .privacy = FACT_OPEN },
	{ F(n_before), FACT_U64, FACT_NOT_COMPARED, "", "units before" },
	{ F(n_after), FACT_U64, FACT_NOT_COMPARED, "", "units after" },
	{ F(n_needed), FACT_U64, FACT_NOT_COMPARED, "", "units per side that would do; absent: no number would" },
	{ F(visible_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "smallest rise that these units find four times of five" },
	{ F(has_drifted), FACT_BOOL, FACT_NOT_COMPARED, "", "the machine drifted meanwhile" },
	{ F(is_too_noisy), FACT_BOOL, FACT_NOT_COMPARED, "", "inconclusive: sessions with nothing changed differ so much that a doubling would not be found" },
	{ F(is_boot_inside), FACT_BOOL, FACT_NOT_COMPARED, "", "differences between boots are inside this number" },
	{ F(is_held_back), FACT_BOOL, FACT_NOT_COMPARED, "", "inconclusive for 'check' only: too little is known to count it" },
	{ F(is_gone), FACT_BOOL, FACT_NOT_COMPARED, "", "it had values before and has none after" },
	{ F(is_confirmed), FACT_BOOL, FACT_NOT_COMPARED, "", "of an alarm: fresh units showed it again" },
	{ F(units_before), FACT_PAIRS, FACT_NOT_COMPARED, "", "of what decides: [session, value of a repetition], in order of time" },
	{ F(units_after), FACT_PAIRS, FACT_NOT_COMPARED, "", "after" },
};
#undef F
#define F(member) FIELD(struct comparison_quantile, member)
static const struct fact_field quantile_fields[] = {
	{ F(quantile_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the quantile: 999000 is p99.9" },
	{ F(before_low_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "least of the repetitions before" },
	{ F(before_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "their median" },
	{ F(before_high_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "most" },
	{ F(after_low_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "least of the repetitions after" },
	{ F(after_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "their median" },
	{ F(after_high_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "most" },
	{ F(change_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "Hodges-Lehmann estimate of the change" },
	{ F(ci95_low_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "95 % interval of the change; absent: not bounded below" },
	{ F(ci95_high_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "absent: not bounded above" },
};
#undef F
#define F(member) FIELD(struct comparison_difference, member)
static const struct fact_field difference_fields[] = {
	{ F(key), FACT_STR, FACT_NOT_COMPARED, "", "probe and fact" },
	{ F(before), FACT_STR, FACT_NOT_COMPARED, "", "absent: not known there" },
	{ F(after), FACT_STR, FACT_NOT_COMPARED, "", "absent: not known there" },
};
#undef F
#define F(member) FIELD(struct comparison_finding, member)
static const struct fact_field finding_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "catalogue row", .privacy = FACT_OPEN },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what is looked at", .privacy = FACT_OPEN },
	{ F(before), FACT_STR, FACT_NOT_COMPARED, "", "verdict; absent: not judged there", .privacy = FACT_OPEN },
	{ F(after), FACT_STR, FACT_NOT_COMPARED, "", "verdict; absent: not judged there", .privacy = FACT_OPEN },
	{ F(summary), FACT_STR, FACT_NOT_COMPARED, "", "what was found" },
};
#undef F
#define F(member) FIELD(struct comparison_tweak, member)
static const struct fact_field tweak_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "catalogue row", .privacy = FACT_OPEN },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what is looked at", .privacy = FACT_OPEN },
	{ F(change), FACT_STR, FACT_NOT_COMPARED, "", "gone or appeared", .privacy = FACT_OPEN },
	{ F(metric), FACT_STR, FACT_NOT_COMPARED, "", "the metric it should move" },
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "of that metric", .privacy = FACT_OPEN },
	{ F(change_permille), FACT_I64, FACT_NOT_COMPARED, "permille", "of that metric" },
	{ F(before_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "time that culprits of this row took, of the vCPUs' known time" },
	{ F(after_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "after" },
	{ F(sentence), FACT_STR, FACT_NOT_COMPARED, "", "all of it" },
};
#undef F
#define F(member) FIELD(struct comparison_budget, member)
static const struct fact_field budget_fields[] = {
	{ F(rule), FACT_STR, FACT_NOT_COMPARED, "", "as it stands in the file" },
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric or finding" },
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "held, broken, unknown or waived", .privacy = FACT_OPEN },
	{ F(value), FACT_STR, FACT_NOT_COMPARED, "", "what was found" },
	{ F(limit), FACT_STR, FACT_NOT_COMPARED, "", "what is allowed" },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "why it is unknown or waived" },
};
#undef F
#define F(member) FIELD(struct comparison_waiver, member)
static const struct fact_field waiver_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric or finding" },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "in the user's words" },
	{ F(until), FACT_STR, FACT_NOT_COMPARED, "", "last day", .privacy = FACT_OPEN },
	{ F(state), FACT_STR, FACT_NOT_COMPARED, "", "used, unused or expired", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct comparison_facts, member)
static const struct fact_field fields[] = {
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "regressed, improved, no-change, inconclusive or not-comparable", .privacy = FACT_OPEN },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "what decided" },
	{ F(before), FACT_OBJECT, FACT_NOT_COMPARED, "", "the side before", &comparison_side_schema },
	{ F(after), FACT_OBJECT, FACT_NOT_COMPARED, "", "the side after", &comparison_side_schema },
	{ F(blocking), FACT_STRS, FACT_NOT_COMPARED, "", "what differs and forbids to compare" },
	{ F(has_other_cpus), FACT_BOOL, FACT_NOT_COMPARED, "", "sessions were measured on different CPUs" },
	{ F(metrics), FACT_LIST, FACT_NOT_COMPARED, "", "gated ones first", &comparison_metric_schema },
	{ F(wake_curve), FACT_LIST, FACT_NOT_COMPARED, "", "timer wake-ups by percentile, for figures", &comparison_quantile_schema },
	{ F(differences), FACT_LIST, FACT_NOT_COMPARED, "", "settings that differ", &comparison_difference_schema },
	{ F(findings), FACT_LIST, FACT_NOT_COMPARED, "", "appeared, gone or changed", &comparison_finding_schema },
	{ F(tweaks), FACT_LIST, FACT_NOT_COMPARED, "", "what moved with them", &comparison_tweak_schema },
	{ F(budgets), FACT_LIST, FACT_NOT_COMPARED, "", "of the file", &comparison_budget_schema },
	{ F(waivers), FACT_LIST, FACT_NOT_COMPARED, "", "of the file", &comparison_waiver_schema },
	{ F(notes), FACT_STRS, FACT_NOT_COMPARED, "", "what to know before trusting it" },
	{ F(is_redacted), FACT_BOOL, FACT_NOT_COMPARED, "", "names in it are replaced by pseudonyms" },
};
#undef F
/* clang-format on */

const struct schema comparison_side_schema = { "side", "One side of it",
					       sizeof(struct comparison_side), side_fields,
					       ARRAY_SIZE(side_fields) };
const struct schema comparison_metric_schema = { "metric", "A metric and its verdict",
						 sizeof(struct comparison_metric), metric_fields,
						 ARRAY_SIZE(metric_fields) };
const struct schema comparison_quantile_schema = { "quantile", "Wake-ups of one percentile",
						   sizeof(struct comparison_quantile),
						   quantile_fields, ARRAY_SIZE(quantile_fields) };
const struct schema comparison_difference_schema = { "difference", "A setting that differs",
						     sizeof(struct comparison_difference),
						     difference_fields,
						     ARRAY_SIZE(difference_fields) };
const struct schema comparison_finding_schema = { "finding", "A finding that changed",
						  sizeof(struct comparison_finding), finding_fields,
						  ARRAY_SIZE(finding_fields) };
const struct schema comparison_tweak_schema = { "tweak",
						"A tweak that was made or unmade, and what moved",
						sizeof(struct comparison_tweak), tweak_fields,
						ARRAY_SIZE(tweak_fields) };
const struct schema comparison_budget_schema = { "budget", "A budget",
						 sizeof(struct comparison_budget), budget_fields,
						 ARRAY_SIZE(budget_fields) };
const struct schema comparison_waiver_schema = { "waiver", "A waiver",
						 sizeof(struct comparison_waiver), waiver_fields,
						 ARRAY_SIZE(waiver_fields) };
const struct schema comparison_schema = { "comparison", "Did it get better, did it get worse",
					  sizeof(struct comparison_facts), fields,
					  ARRAY_SIZE(fields) };
const struct document_kind comparison_kind = { COMPARISON_FORMAT, COMPARISON_VERSION,
					       &comparison_schema, "comparison" };
