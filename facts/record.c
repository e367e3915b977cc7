/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/record.h"

/* clang-format off */
#define F(member) FIELD(struct fingerprint_facts, member)
static const struct fact_field fingerprint_fields[] = {
	{ F(cpu_model), FACT_STR, FACT_SETTING, "", "CPU model", .privacy = FACT_OPEN },
	{ F(arch), FACT_STR, FACT_SETTING, "", "machine architecture", .privacy = FACT_OPEN },
	{ F(is_virtual), FACT_BOOL, FACT_SETTING, "", "the host runs under a hypervisor itself" },
	{ F(guest_kind), FACT_STR, FACT_SETTING, "", "builtin, qemu or none", .privacy = FACT_OPEN },
	{ F(rep_duration_ns), FACT_U64, FACT_SETTING, "ns", "length of a repetition" },
	{ F(wake_interval_ns), FACT_U64, FACT_SETTING, "ns", "period of the wake probe" },
	{ F(wake_policy), FACT_STR, FACT_SETTING, "", "its scheduling policy", .privacy = FACT_OPEN },
	{ F(is_dma_latency_held), FACT_BOOL, FACT_SETTING, "", "idle states were switched off for the run" },
	{ F(is_passive), FACT_BOOL, FACT_SETTING, "", "nothing was put on the guest's CPUs" },
	{ F(is_emulated), FACT_BOOL, FACT_SETTING, "", "guest instructions were not run by the processor's own virtualisation" },
	{ F(trace_rung), FACT_STR, FACT_SETTING, "", "what lost time was told by: tracefs, schedstat …", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct record_metric, member)
static const struct fact_field metric_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric, with /cpuN or /HANDLER for one of many" },
	{ F(offset), FACT_U64, FACT_NOT_COMPARED, "", "what half an event is, where a value can be 0" },
	{ F(values), FACT_PAIRS, FACT_NOT_COMPARED, "", "[repetition, value in the metric's unit]" },
	{ F(why), FACT_STR, FACT_NOT_COMPARED, "", "why there is no value" },
};
#undef F
#define F(member) FIELD(struct record_quantile, member)
static const struct fact_field quantile_fields[] = {
	{ F(quantile_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the quantile: 999000 is p99.9" },
	{ F(values_ns), FACT_PAIRS, FACT_NOT_COMPARED, "ns", "[repetition, latency of a wake-up]" },
};
#undef F
#define F(member) FIELD(struct record_setting, member)
static const struct fact_field setting_fields[] = {
	{ F(key), FACT_STR, FACT_NOT_COMPARED, "", "probe and fact" },
	{ F(value), FACT_STR, FACT_NOT_COMPARED, "", "its value as text" },
};
#undef F
#define F(member) FIELD(struct record_finding, member)
static const struct fact_field finding_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "catalogue row", .privacy = FACT_OPEN },
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "problem, advice or pass", .privacy = FACT_OPEN },
	{ F(summary), FACT_STR, FACT_NOT_COMPARED, "", "what was found; not kept of what passed" },
};
#undef F
#define F(member) FIELD(struct record_culprit, member)
static const struct fact_field culprit_fields[] = {
	{ F(class), FACT_STR, FACT_NOT_COMPARED, "", "task, irq, vector …", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "who it was", .pseudonym = "task" },
	{ F(rows), FACT_STRS, FACT_NOT_COMPARED, "", "catalogue rows it speaks for", .privacy = FACT_OPEN },
	{ F(share_ppm), FACT_U64, FACT_LOWER_IS_BETTER, "ppm", "of the vCPUs' known time" },
};
#undef F
#define F(member) FIELD(struct record_facts, member)
static const struct fact_field record_fields[] = {
	{ F(started_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "start, since 1970 UTC" },
	{ F(duration_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "how long it took" },
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "what the user called it", .privacy = FACT_PSEUDONYM, .pseudonym = "label" },
	{ F(profile), FACT_STR, FACT_NOT_COMPARED, "", "quick, standard, soak or custom", .privacy = FACT_OPEN },
	{ F(tool_version), FACT_STR, FACT_NOT_COMPARED, "", "version of the program that measured", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "where it came from", .pseudonym = "path" },
	{ F(is_partial), FACT_BOOL, FACT_NOT_COMPARED, "", "it ended early" },
	{ F(steal_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "time of the measured CPUs that the hypervisor below took" },
	{ F(untold_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "time of the vCPUs that the trace does not tell" },
	{ F(measured_cpus), FACT_CPUS, FACT_SETTING, "", "the guest's CPUs that were measured" },
	{ F(fingerprint), FACT_OBJECT, FACT_NOT_COMPARED, "", "what must be the same to compare", &fingerprint_schema },
	{ F(metrics), FACT_LIST, FACT_NOT_COMPARED, "", "one value per repetition", &record_metric_schema },
	{ F(wake_curve), FACT_LIST, FACT_NOT_COMPARED, "", "timer wake-ups by percentile, for figures", &record_quantile_schema },
	{ F(settings), FACT_LIST, FACT_NOT_COMPARED, "", "settings of the host and guest", &record_setting_schema },
	{ F(findings), FACT_LIST, FACT_NOT_COMPARED, "", "what was judged", &record_finding_schema },
	{ F(culprits), FACT_LIST, FACT_NOT_COMPARED, "", "who took the vCPUs' time", &record_culprit_schema },
	{ F(warnings), FACT_STRS, FACT_NOT_COMPARED, "", "what makes the numbers less certain" },
};
#undef F
#define F(member) FIELD(struct baseline_facts, member)
static const struct fact_field baseline_fields[] = {
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "its name", .pseudonym = "baseline" },
	{ F(about), FACT_STR, FACT_NOT_COMPARED, "", "why it is kept" },
	{ F(sessions), FACT_LIST, FACT_NOT_COMPARED, "", "oldest first", &record_schema },
};
#undef F
/* clang-format on */

const struct schema fingerprint_schema = { "fingerprint", "What must be the same to compare",
					   sizeof(struct fingerprint_facts), fingerprint_fields,
					   ARRAY_SIZE(fingerprint_fields) };
const struct schema record_metric_schema = { "metric", "A metric, one value per repetition",
					     sizeof(struct record_metric), metric_fields,
					     ARRAY_SIZE(metric_fields) };
const struct schema record_quantile_schema = { "quantile", "Wake-ups of one percentile",
					       sizeof(struct record_quantile), quantile_fields,
					       ARRAY_SIZE(quantile_fields) };
const struct schema record_setting_schema = { "setting", "A setting as text",
					      sizeof(struct record_setting), setting_fields,
					      ARRAY_SIZE(setting_fields) };
const struct schema record_finding_schema = { "finding", "What was judged",
					      sizeof(struct record_finding), finding_fields,
					      ARRAY_SIZE(finding_fields) };
const struct schema record_culprit_schema = { "culprit", "Who took the vCPUs' time",
					      sizeof(struct record_culprit), culprit_fields,
					      ARRAY_SIZE(culprit_fields) };
const struct schema record_schema = { "record", "What comparing needs of one result",
				      sizeof(struct record_facts), record_fields,
				      ARRAY_SIZE(record_fields) };
const struct schema baseline_schema = { "baseline", "Sessions of one machine",
					sizeof(struct baseline_facts), baseline_fields,
					ARRAY_SIZE(baseline_fields) };
const struct document_kind baseline_kind = { BASELINE_FORMAT, BASELINE_VERSION, &baseline_schema,
					     "baseline" };
