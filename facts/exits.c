/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/exits.h"

/* clang-format off */
#define F(member) FIELD(struct exits_metric, member)
static const struct fact_field metric_fields[] = {
	{ F(id), FACT_STR, FACT_NOT_COMPARED, "", "gap, timer, hlt-wake, cpuid, port, port-user, mmio, mmio-user, msr, ipi or irqfd", .privacy = FACT_OPEN },
	{ F(title), FACT_STR, FACT_NOT_COMPARED, "", "what it is", .privacy = FACT_OPEN },
	{ F(vcpu), FACT_U64, FACT_NOT_COMPARED, "", "vCPU that measured it" },
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU of that vCPU" },
	{ F(peer_cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU of the other vCPU, of ipi" },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "how long it looked, of gap" },
	{ F(threshold_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "shorter gaps are not counted" },
	{ F(hist), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "one value per occurrence, by the guest's clock" },
};
#undef F
#define F(member) FIELD(struct exits_memory, member)
static const struct fact_field memory_fields[] = {
	{ F(backing_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "page size of the host's memory behind it" },
	{ F(size_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "memory that was walked" },
	{ F(n_loads), FACT_U64, FACT_NOT_COMPARED, "", "loads" },
	{ F(load_ps), FACT_U64, FACT_LOWER_IS_BETTER, "ps", "one load that needs the one before, mean" },
	{ F(mapped_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "page size that KVM gave the guest" },
};
#undef F
/* clang-format on */

const struct schema exits_metric_schema = { "metric", "One kind of round trip",
					    sizeof(struct exits_metric), metric_fields,
					    ARRAY_SIZE(metric_fields) };
const struct schema exits_memory_schema = { "memory", "Loads at random places of guest memory",
					    sizeof(struct exits_memory), memory_fields,
					    ARRAY_SIZE(memory_fields) };

/* clang-format off */
#define F(member) FIELD(struct exits_facts, member)
static const struct fact_field fields[] = {
	{ F(is_emulated), FACT_BOOL, FACT_SETTING, "", "guest instructions are not run by this processor's own virtualisation: never compared with a host where they are" },
	{ F(why_emulated), FACT_STR, FACT_NOT_COMPARED, "", "how that is known" },
	{ F(tsc_khz), FACT_U64, FACT_NOT_COMPARED, "kHz", "rate of the guest's TSC" },
	{ F(cpus), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs of the vCPUs" },
	{ F(n_vcpus), FACT_U64, FACT_NOT_COMPARED, "", "vCPUs" },
	{ F(metrics), FACT_LIST, FACT_NOT_COMPARED, "", "what was measured from inside", &exits_metric_schema },
	{ F(memory), FACT_LIST, FACT_NOT_COMPARED, "", "memory latency by what backs the memory", &exits_memory_schema },
};
#undef F
/* clang-format on */

const struct schema exits_schema = { "exits", "What a guest sees from inside",
				     sizeof(struct exits_facts), fields, ARRAY_SIZE(fields) };
