/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_kernel.c - how the host's kernel was built and started, and what watches it. */
#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/told.h"

static const char *build_option(const struct host *h, const char *name)
{
	return setting_value(&h->kernel.config, name);
}

static bool is_built(const struct host *h, const char *name)
{
	const char *value = build_option(h, name);

	return value && *value != 'n';
}

/* Arguments that do nothing without an option of the build. */
static enum verdict judge_prerequisites(const struct host *h, struct finding *out)
{
	static const struct {
		const char *argument, *option;
	} pairs[] = {
		{ "nohz_full", "NO_HZ_FULL" },
		{ "rcu_nocbs", "RCU_NOCB_CPU" },
		{ "isolcpus", "CPU_ISOLATION" },
	};
	size_t n_asked = 0, n_missing = 0;

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!boot_line_value(out->arena, h->kernel.cmdline.v, pairs[i].argument))
			continue;
		n_asked++;
		if (!build_option(h, pairs[i].option) || is_built(h, pairs[i].option))
			continue;
		finding_item(out, "%s= needs CONFIG_%s", pairs[i].argument, pairs[i].option);
		finding_change(out, CHANGE_BOOT, "-%s", pairs[i].argument);
		n_missing++;
	}
	if (n_asked == 0) {
		finding_say(out,
			    "No argument of isolation is given that would need a build option.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (n_missing) {
		finding_say(out,
			    "%zu of %zu arguments of isolation do nothing: this kernel is built "
			    "without what they need.",
			    n_missing, n_asked);
		return VERDICT_PROBLEM;
	}
	finding_say(out, "The kernel is built with what the arguments of isolation need.");
	return VERDICT_PASS;
}

/* What costs time in every kernel path; CONFIG_KFENCE and the tracers that only are there do not.
 */
static enum verdict judge_debug(const struct host *h, struct finding *out)
{
	static const char *const options[] = { "LOCKDEP",       "PROVE_LOCKING",   "KASAN",
					       "KCSAN",         "DEBUG_PAGEALLOC", "DEBUG_KMEMLEAK",
					       "DEBUG_PREEMPT", "SLUB_DEBUG_ON" };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!is_built(h, options[i]))
			continue;
		finding_item(out, "CONFIG_%s", options[i]);
		n++;
	}
	if (h->sched.tracer.known && !fact_is(&h->sched.tracer, "nop")) {
		finding_item(out, "tracer %s is on", h->sched.tracer.v);
		n++;
	}
	if (h->sched.n_trace_events.known && h->sched.n_trace_events.v) {
		finding_item(out, "%llu trace events are on",
			     (unsigned long long)h->sched.n_trace_events.v);
		n++;
	}
	if (n == 0) {
		finding_say(out, "The kernel carries no debugging that costs time.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%zu thing%s that help%s debugging the host's kernel cost%s time in each of "
		    "its paths.",
		    n, n == 1 ? "" : "s", n == 1 ? "s" : "", n == 1 ? "s" : "");
	return VERDICT_ADVICE;
}

static enum verdict judge_lockup(const struct host *h, struct finding *out)
{
	const char *watchdog = sysctl_value(h, "kernel.watchdog");
	const char *mask = sysctl_value(h, "kernel.watchdog_cpumask");
	struct cpus watched;

	if (!watchdog) {
		finding_say(out, "Whether lockup detectors run is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!strcmp(watchdog, "0")) {
		finding_say(out, "The lockup detectors are off.");
		return VERDICT_PASS;
	}
	if (!mask || cpus_parse_list(text_trim(text_of(mask)), &watched) < 0) {
		finding_say(out, "Lockup detectors run; on which CPUs is not known.");
		return VERDICT_UNKNOWN;
	}
	watched = cpus_and(&watched, &h->cpus.guest.v);
	if (cpus_is_empty(&watched)) {
		finding_say(out, "The lockup detectors leave the guest's CPUs alone.");
		return VERDICT_PASS;
	}
	finding_say(out, "Lockup detectors wake up every 4 s on %s of the guest's CPUs.",
		    finding_cpus(out, &watched));
	return VERDICT_ADVICE;
}

/* Arguments whose change waits for a reboot; the rest of a line is the boot loader's business. */
static enum verdict judge_booted(const struct host *h, struct finding *out)
{
	static const char *const keys[] = {
		"isolcpus",     "nohz_full",  "rcu_nocbs",          "irqaffinity",
		"hugepages",    "hugepagesz", "default_hugepagesz", "transparent_hugepage",
		"intel_iommu",  "iommu",      "vfio-pci.ids",       "pcie_acs_override",
		"mitigations",  "tsc",        "clocksource",        "processor.max_cstate",
		"intel_pstate", "amd_pstate", "kvm.nx_huge_pages",
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *is = boot_line_value(out->arena, h->kernel.cmdline.v, keys[i]);
		const char *will = boot_line_value(out->arena, h->setup.boot_cmdline.v, keys[i]);

		if (!is == !will && (!is || !strcmp(is, will)))
			continue;
		finding_item(out, "%s: booted with %s, configured %s", keys[i], is ? is : "none",
			     will ? will : "none");
		n++;
	}
	if (n == 0) {
		finding_say(out, "The kernel was started with the arguments that are configured.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%zu argument%s of the kernel %s configured otherwise than it was started.", n,
		    n == 1 ? "" : "s", n == 1 ? "is" : "are");
	return VERDICT_ADVICE;
}

/* The longest wake-up of the run, 0: none was measured. */
static uint64_t longest_wake_ns(const struct host *h)
{
	const struct wake_unit *u = h->wake.units.v;
	uint64_t longest = 0;

	for (size_t i = 0; i < h->wake.units.n; i++) {
		if (u[i].hist.known && u[i].hist.v->max_ns > longest)
			longest = u[i].hist.v->max_ns;
	}
	return longest;
}

static enum verdict judge_preempt(const struct host *h, struct finding *out)
{
	const bool is_coarse =
		fact_is(&h->sched.preempt, "none") || fact_is(&h->sched.preempt, "voluntary");
	const uint64_t longest = longest_wake_ns(h);
	const bool is_noisy = !h->cpu.is_virtual.known || h->cpu.is_virtual.v;

	if (!is_coarse || longest < NS_PER_MS || is_noisy) {
		finding_say(out, "The kernel's preemption model is '%s'.", h->sched.preempt.v);
		return VERDICT_PASS;
	}
	finding_measured(out, 0);
	finding_say(
		out,
		"The preemption model is '%s', and a wake-up took %llu us: one that preempts the "
		"kernel itself may shorten the longest ones.",
		h->sched.preempt.v, (unsigned long long)(longest / NS_PER_US));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "kernel.hz-config",
		.reads = READS(READ(kernel.cmdline), READ(kernel.config)),
		.judge = judge_prerequisites,
	},
	{ .id = "kernel.debug-cost", .reads = READS(READ(kernel.config)), .judge = judge_debug },
	{ .id = "kernel.preempt", .reads = READS(READ(sched.preempt)), .judge = judge_preempt },
	{
		.id = "wdt.lockup",
		.applies = guest_has_own_cpus,
		.reads = READS(READ(kernel.sysctls)),
		.judge = judge_lockup,
	},
	{
		.id = "boot.update-loader",
		.reads = READS(READ(kernel.cmdline), READ(setup.boot_cmdline)),
		.judge = judge_booted,
	},
};

const struct rule_set rules_kernel = { rules, ARRAY_SIZE(rules) };
