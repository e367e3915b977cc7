/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/fleet.h"

#include "facts/record.h"

/* clang-format off */
#define F(member) FIELD(struct fleet_value, member)
static const struct fact_field value_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric" },
	{ F(value_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "of all results of the host merged" },
	{ F(value_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "the same of a rate per minute" },
	{ F(value_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "the same of a rate per second" },
	{ F(value_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the same of a share" },
	{ F(rank), FACT_U64, FACT_NOT_COMPARED, "", "in its group; 1 has the largest value" },
	{ F(verdict), FACT_STR, FACT_NOT_COMPARED, "", "worse or better than its group; absent: not told from it", .privacy = FACT_OPEN },
	{ F(why), FACT_STR, FACT_NOT_COMPARED, "", "why there is no value" },
};
#undef F
#define F(member) FIELD(struct fleet_host, member)
static const struct fact_field host_fields[] = {
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "of its folder or file", .privacy = FACT_PSEUDONYM, .pseudonym = "host" },
	{ F(files), FACT_STRS, FACT_NOT_COMPARED, "", "its results", .pseudonym = "path" },
	{ F(started_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "start of the newest, since 1970 UTC" },
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "of the newest", .privacy = FACT_PSEUDONYM, .pseudonym = "label" },
	{ F(kernel), FACT_STR, FACT_NOT_COMPARED, "", "release, of the newest", .privacy = FACT_OPEN },
	{ F(n_wakeups), FACT_U64, FACT_NOT_COMPARED, "", "wake-ups its metrics rest on" },
	{ F(values), FACT_LIST, FACT_NOT_COMPARED, "", "metrics", &fleet_value_schema },
};
#undef F
#define F(member) FIELD(struct fleet_spread, member)
static const struct fact_field spread_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "metric" },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what it is" },
	{ F(n_hosts), FACT_U64, FACT_NOT_COMPARED, "", "hosts that have a value" },
	{ F(median_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "median of the hosts" },
	{ F(median_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "the same of a rate per minute" },
	{ F(median_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "the same of a rate per second" },
	{ F(median_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the same of a share" },
	{ F(high_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "a host above it stands out" },
	{ F(high_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "the same of a rate per minute" },
	{ F(high_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "the same of a rate per second" },
	{ F(high_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the same of a share" },
	{ F(low_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "a host below it stands out" },
	{ F(low_per_1000min), FACT_U64, FACT_NOT_COMPARED, "per 1000 min", "the same of a rate per minute" },
	{ F(low_per_1000s), FACT_U64, FACT_NOT_COMPARED, "per 1000 s", "the same of a rate per second" },
	{ F(low_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "the same of a share" },
	{ F(margin_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "no host stands out by less" },
	{ F(why), FACT_STR, FACT_NOT_COMPARED, "", "why no host is judged by it" },
};
#undef F
#define F(member) FIELD(struct fleet_group, member)
static const struct fact_field group_fields[] = {
	{ F(fingerprint), FACT_OBJECT, FACT_NOT_COMPARED, "", "what they have in common", &fingerprint_schema },
	{ F(n_cpus), FACT_U64, FACT_NOT_COMPARED, "", "CPUs of each host" },
	{ F(n_measured_cpus), FACT_U64, FACT_NOT_COMPARED, "", "CPUs of each that were measured" },
	{ F(spreads), FACT_LIST, FACT_NOT_COMPARED, "", "metrics over its hosts", &fleet_spread_schema },
	{ F(hosts), FACT_LIST, FACT_NOT_COMPARED, "", "hosts, the largest wake p99.9 first", &fleet_host_schema },
};
#undef F
#define F(member) FIELD(struct fleet_setting, member)
static const struct fact_field setting_fields[] = {
	{ F(key), FACT_STR, FACT_NOT_COMPARED, "", "probe and fact" },
	{ F(value), FACT_STR, FACT_NOT_COMPARED, "", "what the outlier has, and no host that is none" },
	{ F(usual), FACT_STR, FACT_NOT_COMPARED, "", "what most have; absent: most have no such setting" },
	{ F(n_usual), FACT_U64, FACT_NOT_COMPARED, "", "hosts that have what is usual" },
	{ F(n_outliers), FACT_U64, FACT_NOT_COMPARED, "", "other outliers that have this value too" },
};
#undef F
#define F(member) FIELD(struct fleet_outlier, member)
static const struct fact_field outlier_fields[] = {
	{ F(host), FACT_STR, FACT_NOT_COMPARED, "", "name", .privacy = FACT_PSEUDONYM, .pseudonym = "host" },
	{ F(group), FACT_U64, FACT_NOT_COMPARED, "", "place of its group in the list, from 0" },
	{ F(worse), FACT_STRS, FACT_NOT_COMPARED, "", "metrics by which it is worse than its group" },
	{ F(better), FACT_STRS, FACT_NOT_COMPARED, "", "metrics by which it is better" },
	{ F(settings), FACT_LIST, FACT_NOT_COMPARED, "", "settings that outliers alone have", &fleet_setting_schema },
	{ F(n_settings), FACT_U64, FACT_NOT_COMPARED, "", "how many there are; the first are listed" },
};
#undef F
#define F(member) FIELD(struct fleet_left_out, member)
static const struct fact_field left_out_fields[] = {
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "file or folder", .privacy = FACT_PSEUDONYM, .pseudonym = "host" },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "why it is not in it" },
};
#undef F
#define F(member) FIELD(struct fleet_facts, member)
static const struct fact_field fields[] = {
	{ F(n_results), FACT_U64, FACT_NOT_COMPARED, "", "results that are in it" },
	{ F(n_hosts), FACT_U64, FACT_NOT_COMPARED, "", "hosts they are of" },
	{ F(outliers), FACT_LIST, FACT_NOT_COMPARED, "", "hosts that stand out", &fleet_outlier_schema },
	{ F(groups), FACT_LIST, FACT_NOT_COMPARED, "", "hosts that can be compared", &fleet_group_schema },
	{ F(left_out), FACT_LIST, FACT_NOT_COMPARED, "", "what could not be used", &fleet_left_out_schema },
	{ F(notes), FACT_STRS, FACT_NOT_COMPARED, "", "what to know before trusting it" },
};
#undef F
/* clang-format on */

const struct schema fleet_value_schema = { "value", "A metric of a host",
					   sizeof(struct fleet_value), value_fields,
					   ARRAY_SIZE(value_fields) };
const struct schema fleet_host_schema = { "host", "A host", sizeof(struct fleet_host), host_fields,
					  ARRAY_SIZE(host_fields) };
const struct schema fleet_spread_schema = { "spread", "A metric over a group of hosts",
					    sizeof(struct fleet_spread), spread_fields,
					    ARRAY_SIZE(spread_fields) };
const struct schema fleet_group_schema = { "group", "Hosts that can be compared",
					   sizeof(struct fleet_group), group_fields,
					   ARRAY_SIZE(group_fields) };
const struct schema fleet_setting_schema = { "setting", "A setting that outliers alone have",
					     sizeof(struct fleet_setting), setting_fields,
					     ARRAY_SIZE(setting_fields) };
const struct schema fleet_outlier_schema = { "outlier", "A host that stands out",
					     sizeof(struct fleet_outlier), outlier_fields,
					     ARRAY_SIZE(outlier_fields) };
const struct schema fleet_left_out_schema = { "left_out", "What could not be used",
					      sizeof(struct fleet_left_out), left_out_fields,
					      ARRAY_SIZE(left_out_fields) };
const struct schema fleet_schema = { "fleet", "Many hosts beside each other",
				     sizeof(struct fleet_facts), fields, ARRAY_SIZE(fields) };
const struct document_kind fleet_kind = { FLEET_FORMAT, FLEET_VERSION, &fleet_schema,
					  "comparison of a fleet" };
