/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_host.c - how far can the numbers of this host be trusted? */
#include "analyze/measures.h"
#include "analyze/rule.h"

#define NOISY_STEAL_PERMILLE 10

static enum verdict judge_virt(const struct host *h, struct finding *out)
{
	if (!h->cpu.is_virtual.v) {
		finding_say(out, "No hypervisor below this host.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "This host runs under a hypervisor%s%s: compare its numbers only with its "
		    "own.",
		    h->cpu.hypervisor.known ? ", " : "",
		    h->cpu.hypervisor.known ? h->cpu.hypervisor.v : "");
	return VERDICT_ADVICE;
}

static bool is_virtual(const struct host *h, struct finding *out)
{
	if (h->run.is_audit.known && h->run.is_audit.v) {
		finding_say_open(out, "Only a run measures this.");
		return false;
	}
	if (!h->cpu.is_virtual.known || h->cpu.is_virtual.v)
		return true;
	finding_say(out, "No hypervisor below this host could take time.");
	return false;
}

static enum verdict judge_steal(const struct host *h, struct finding *out)
{
	uint64_t permille;

	if (!measure_steal_permille(h, &permille)) {
		finding_say(out, "Steal time was not measured.");
		return VERDICT_UNKNOWN;
	}
	finding_measured(out, 0);
	finding_say(out, "The hypervisor below took %llu.%llu %% of the time of the measured CPUs.",
		    (unsigned long long)(permille / 10), (unsigned long long)(permille % 10));
	return permille >= NOISY_STEAL_PERMILLE ? VERDICT_ADVICE : VERDICT_PASS;
}

static const struct rule rules[] = {
	{ .id = "host.virt", .reads = READS(READ(cpu.is_virtual)), .judge = judge_virt },
	{ .id = "host.steal", .applies = is_virtual, .judge = judge_steal },
};

const struct rule_set rules_host = { rules, ARRAY_SIZE(rules) };
