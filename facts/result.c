/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/result.h"

/* clang-format off */
#define F(member) FIELD(struct tool_facts, member)
static const struct fact_field tool_fields[] = {
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "program that wrote this", .privacy = FACT_OPEN },
	{ F(version), FACT_STR, FACT_NOT_COMPARED, "", "its version", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct run_facts, member)
static const struct fact_field run_fields[] = {
	{ F(started_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "start, since 1970 UTC" },
	{ F(duration_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "how long it took" },
	{ F(profile), FACT_STR, FACT_SETTING, "", "quick, standard, soak or custom", .privacy = FACT_OPEN },
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "what the user called it", .privacy = FACT_PSEUDONYM, .pseudonym = "label" },
	{ F(is_partial), FACT_BOOL, FACT_NOT_COMPARED, "", "it ended early; what was measured is here" },
	{ F(reason), FACT_STR, FACT_NOT_COMPARED, "", "why it ended early" },
	{ F(is_disturbed), FACT_BOOL, FACT_NOT_COMPARED, "", "another vfiobench measured at the same time" },
	{ F(is_audit), FACT_BOOL, FACT_NOT_COMPARED, "", "settings only: nothing was measured" },
	{ F(warnings), FACT_STRS, FACT_NOT_COMPARED, "", "what makes the numbers less certain" },
	{ F(moved), FACT_STRS, FACT_NOT_COMPARED, "", "settings that changed while it ran" },
	{ F(is_redacted), FACT_BOOL, FACT_NOT_COMPARED, "", "names in it are replaced by pseudonyms" },
};
#undef F
#define F(member) FIELD(struct identity_facts, member)
static const struct fact_field identity_fields[] = {
	{ F(kernel), FACT_STR, FACT_SETTING, "", "kernel release", .privacy = FACT_OPEN },
	{ F(os), FACT_STR, FACT_SETTING, "", "distribution and version", .privacy = FACT_OPEN },
	{ F(cpu_model), FACT_STR, FACT_SETTING, "", "CPU model", .privacy = FACT_OPEN },
	{ F(arch), FACT_STR, FACT_SETTING, "", "machine architecture", .privacy = FACT_OPEN },
	{ F(n_cpus), FACT_U64, FACT_SETTING, "", "CPUs online" },
	{ F(memory_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "memory" },
	{ F(is_virtual), FACT_BOOL, FACT_SETTING, "", "this host runs under a hypervisor itself" },
};
#undef F
#define F(member) FIELD(struct guestref_facts, member)
static const struct fact_field guestref_fields[] = {
	{ F(kind), FACT_STR, FACT_SETTING, "", "builtin, qemu or none", .privacy = FACT_OPEN },
	{ F(pid), FACT_U64, FACT_NOT_COMPARED, "", "its process" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "its name", .privacy = FACT_PSEUDONYM, .pseudonym = "guest" },
	{ F(n_vcpus), FACT_U64, FACT_SETTING, "", "its vCPU threads" },
};
#undef F
#define F(member) FIELD(struct cpuset_facts, member)
static const struct fact_field cpuset_fields[] = {
	{ F(guest), FACT_CPUS, FACT_SETTING, "", "CPUs where vCPU threads may run (G)" },
	{ F(host), FACT_CPUS, FACT_SETTING, "", "all other CPUs (H)" },
	{ F(measured), FACT_CPUS, FACT_SETTING, "", "CPUs the timed probes measured" },
	{ F(source), FACT_STR, FACT_SETTING, "", "how G was found: option, guest, isolated or fallback", .privacy = FACT_OPEN },
};
#undef F
/* clang-format on */

const struct schema tool_schema = { "tool", "The program", sizeof(struct tool_facts), tool_fields,
				    ARRAY_SIZE(tool_fields) };
const struct schema run_schema = { "run", "The run", sizeof(struct run_facts), run_fields,
				   ARRAY_SIZE(run_fields) };
const struct schema identity_schema = { "host", "The host", sizeof(struct identity_facts),
					identity_fields, ARRAY_SIZE(identity_fields) };
const struct schema guestref_schema = { "guest", "The guest that ran meanwhile",
					sizeof(struct guestref_facts), guestref_fields,
					ARRAY_SIZE(guestref_fields) };
const struct schema cpuset_schema = { "cpus", "Guest and host CPUs", sizeof(struct cpuset_facts),
				      cpuset_fields, ARRAY_SIZE(cpuset_fields) };
