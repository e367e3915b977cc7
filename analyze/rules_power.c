/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_power.c - frequency, idle states and throttling of the guest's CPUs. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/rule.h"

/* A halted vCPU pays the exit latency at each wake-up; users hear gaps from here on. */
#define DEEP_IDLE_US 50

/* With these drivers 'powersave' is a policy of the hardware and the preference decides. */
static bool decides_by_preference(const struct freq_fact *p)
{
	static const char *const drivers[] = { "intel_pstate", "amd-pstate-epp", "amd_pstate_epp" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (fact_is(&p->driver, drivers[i]))
			return true;
	}
	return false;
}

/* The guest's CPUs of a set, as words for a shell loop: "1 2 3". */
static const char *shell_list(struct finding *out, const struct cpus *set)
{
	auto_free char *words = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&words, &size);

	for (int c = cpus_next(set, 0); to && c >= 0; c = cpus_next(set, (unsigned)c + 1))
		fprintf(to, "%s%d", ftell(to) > 0 ? " " : "", c);
	if (!to || fclose(to) == EOF) {
		out->is_out_of_memory = true;
		return "";
	}
	return finding_text(out, "%s", words);
}

/* File below cpufreq/ to set to "performance", or NULL when this policy is fast already. */
static const char *slow_file(const struct freq_fact *p)
{
	if (!p->governor.known || !strcmp(p->governor.v, "performance"))
		return NULL;
	if (!decides_by_preference(p))
		return "scaling_governor";
	if (!p->epp.known || !strcmp(p->epp.v, "performance"))
		return NULL;
	return "energy_performance_preference";
}

static enum verdict judge_governor(const struct host *h, struct finding *out)
{
	const struct freq_fact *p = h->cpu.freq.v;
	struct cpus slow = { { 0 } };
	const char *file = NULL, *old = NULL;

	if (!h->cpu.has_cpufreq.v) {
		finding_say(out, "The kernel does not control the core frequency here.");
		return VERDICT_NOT_APPLICABLE;
	}
	for (size_t i = 0; i < h->cpu.freq.n; i++) {
		struct cpus shared = cpus_and(&p[i].cpus.v, &h->cpus.guest.v);
		const char *f = p[i].cpus.known ? slow_file(&p[i]) : NULL;

		/* Policies that need another file get their own finding once these are mended. */
		if (cpus_is_empty(&shared) || !f || (file && strcmp(file, f)))
			continue;
		file = f;
		old = strcmp(f, "scaling_governor") ? p[i].epp.v : p[i].governor.v;
		slow = cpus_or(&slow, &shared);
	}
	if (!file) {
		finding_say(out, "The guest's cores are set to performance.");
		return VERDICT_PASS;
	}
	finding_fill(out, "cpus", "%s", shell_list(out, &slow));
	finding_fill(out, "file", "%s", file);
	finding_fill_quoted(out, "old", old);
	finding_say(out, "%s is '%s' on the guest's CPUs %s.", file, old, finding_cpus(out, &slow));
	return VERDICT_ADVICE;
}

static enum verdict judge_cstates(const struct host *h, struct finding *out)
{
	const struct idle_fact *s = h->cpu.idle.v, *deepest = NULL;
	struct cpus affected = { { 0 } };
	uint64_t limit = 0;

	if (h->cpu.idle.n == 0) {
		finding_say(out, "There are no idle states to choose from.");
		return VERDICT_NOT_APPLICABLE;
	}
	for (size_t i = 0; i < h->cpu.idle.n; i++) {
		struct cpus on = cpus_minus(&s[i].cpus.v, &s[i].disabled.v);
		uint64_t us = s[i].latency_us.v;

		on = cpus_and(&on, &h->cpus.guest.v);
		/* CPUs with a limit of their own do not go deeper than that. */
		for (size_t k = 0; k < h->cpu.pm_qos_resume_latency_us.n; k++) {
			const struct fact_pair *q = &h->cpu.pm_qos_resume_latency_us.v[k];

			if (q->key < CPUS_MAX && q->value < us)
				cpus_remove(&on, (unsigned)q->key);
		}
		if (cpus_is_empty(&on))
			continue;
		if (us <= DEEP_IDLE_US) {
			limit = u64_max(limit, us);
			continue;
		}
		affected = cpus_or(&affected, &on);
		if (!deepest || us > deepest->latency_us.v)
			deepest = &s[i];
	}
	if (!deepest) {
		finding_say(out,
			    "No idle state of the guest's CPUs takes longer than %d us to leave.",
			    DEEP_IDLE_US);
		return VERDICT_PASS;
	}
	finding_fill(out, "cpus", "%s", shell_list(out, &affected));
	/* 0 would mean "no limit". */
	finding_fill(out, "limit", "%llu", (unsigned long long)u64_max(limit, 1));
	finding_say(out, "CPUs %s may sleep in %s, which takes %llu us to leave.",
		    finding_cpus(out, &affected), deepest->name.known ? deepest->name.v : "a state",
		    (unsigned long long)deepest->latency_us.v);
	return VERDICT_ADVICE;
}

static bool has_realtime_vcpus(const struct host *h, struct finding *out)
{
	const struct guest_thread *t = h->running ? h->running->threads.v : NULL;
	size_t n = 0;

	for (size_t i = 0; t && i < h->running->threads.n; i++) {
		if (!fact_is(&t[i].role, "vcpu") || !is_real_time(&t[i].policy))
			continue;
		finding_item(out, "%s: %s, priority %llu", t[i].comm.known ? t[i].comm.v : "vCPU",
			     t[i].policy.v, (unsigned long long)t[i].rt_priority.v);
		n++;
	}
	if (!n)
		finding_say(out, "No vCPU has a real-time policy.");
	return n > 0;
}

static enum verdict judge_rt_throttle(const struct host *h, struct finding *out)
{
	const int64_t runtime_us = h->kernel.rt_runtime_us.v;
	const uint64_t period_us = h->kernel.rt_period_us.v;

	finding_fill(out, "old", "%lld", (long long)runtime_us);
	if (runtime_us < 0 || (uint64_t)runtime_us >= period_us) {
		finding_say(out, "Real-time threads are not throttled.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Real-time vCPUs may run %lld us of every %llu us: a busy one loses %llu us "
		    "at a stretch.",
		    (long long)runtime_us, (unsigned long long)period_us,
		    (unsigned long long)(period_us - (uint64_t)runtime_us));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "freq.governor",
		.applies = guest_cpus_are_known,
		.reads = READS(READ(cpu.has_cpufreq)),
		.judge = judge_governor,
	},
	{
		.id = "idle.cstates",
		.applies = guest_cpus_are_known,
		.reads = READS(READ(cpu.idle)),
		.judge = judge_cstates,
	},
	{
		.id = "sched.rt-throttle",
		.needs_guest = true,
		.applies = has_realtime_vcpus,
		.reads = READS(READ(kernel.rt_runtime_us), READ(kernel.rt_period_us)),
		.judge = judge_rt_throttle,
	},
};

const struct rule_set rules_power = { rules, ARRAY_SIZE(rules) };
