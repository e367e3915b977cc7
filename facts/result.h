/* SPDX-License-Identifier: GPL-2.0-or-later */
/* result.h - the members of a result besides the probe documents: who, when, which guest, which
 * CPUs. */
#ifndef FACTS_RESULT_H
#define FACTS_RESULT_H

#include "facts/schema.h"

#define RESULT_FORMAT  "vfiobench-result"
#define RESULT_VERSION 1

struct tool_facts {
	struct fact_str name, version;
};

struct run_facts {
	struct fact_u64 started_unix_ns, duration_ns;
	struct fact_str profile, label;
	struct fact_bool is_partial; /* ended early; what was measured is here */
	struct fact_str reason;
	struct fact_bool is_disturbed; /* another vfiobench measured at the same time */
	struct fact_bool is_audit;     /* settings only: nothing was measured */
	struct fact_strs warnings;     /* about the measurement itself */
	struct fact_strs moved;        /* settings that changed while it ran */
	struct fact_bool is_redacted;  /* names in it are replaced by pseudonyms */
};

struct identity_facts { /* "host": what a helper wants to know first */
	struct fact_str kernel, os, cpu_model, arch;
	struct fact_u64 n_cpus, memory_kib;
	struct fact_bool is_virtual;
};

struct guestref_facts {       /* "guest": the one that ran meanwhile */
	struct fact_str kind; /* builtin, qemu or none */
	struct fact_u64 pid;
	struct fact_str name;
	struct fact_u64 n_vcpus;
};

struct cpuset_facts { /* "cpus" */
	struct fact_cpus guest, host, measured;
	struct fact_str source; /* option, guest, isolated or fallback */
};

extern const struct schema tool_schema, run_schema, identity_schema, guestref_schema, cpuset_schema;

#endif
