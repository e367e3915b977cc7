/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_isolation.c - do the arguments of isolation complete each other, and did they take? */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/pin.h"
#include "analyze/told.h"

/* "managed_irq,domain,1-4": the list behind the flags. */
static const char *after_flags(const char *value)
{
	while (value && *value && !strchr("0123456789", *value)) {
		const char *comma = strchr(value, ',');

		if (!comma)
			break;
		value = comma + 1;
	}
	return value;
}

/* "all", "0-N", "0-7": with CPU 0, which the host needs, or all there are. */
static bool leaves_host_cpus(const struct host *h, const char *list)
{
	struct cpus cpus;

	if (cpus_parse_list(text_of(list), &cpus) < 0 || cpus_has(&cpus, 0))
		return false;
	return !h->cpu.online.known || !cpus_is_subset(&h->cpu.online.v, &cpus);
}

static void fix_list(const struct host *h, struct finding *out, const char *list)
{
	if (host_knows_guest_cpus(h) && !host_is_all_guest(h))
		return;
	if (!leaves_host_cpus(h, list)) {
		finding_change(out, CHANGE_BOOT, NULL);
		finding_fix(out, NULL,
			    "Choose the guest's CPUs, leave CPU 0 and its sibling to the host, and "
			    "use that list for pins, isolcpus=managed_irq,domain,… and nohz_full=.",
			    NULL);
		return;
	}
	finding_change(out, CHANGE_BOOT, "isolcpus=managed_irq,domain,%s nohz_full=%s rcu_nocbs=%s",
		       list, list, list);
}

static enum verdict without_tick(const struct host *h, struct finding *out, const char *list)
{
	if (h->cpu.has_nohz_full.known && !h->cpu.has_nohz_full.v) {
		finding_say(out,
			    "CPUs %s are isolated; this kernel is built without full dynticks, so "
			    "their tick cannot be stopped.",
			    list);
		return VERDICT_PASS;
	}
	finding_say(out, "CPUs %s are isolated, but their tick runs on: nohz_full= is missing.",
		    list);
	fix_list(h, out, list);
	return VERDICT_ADVICE;
}

static enum verdict without_isolation(const struct host *h, struct finding *out, const char *list)
{
	if (fact_has_cpus(&h->sched.isolated) || fact_has_cpus(&h->cpu.unbalanced)) {
		finding_say(out, "The tick is off on CPUs %s, and cpusets keep the scheduler away.",
			    list);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "nohz_full=%s stops the tick only while one task runs there, and nothing keeps "
		    "other tasks away: isolcpus= or an isolated cpuset is missing.",
		    list);
	fix_list(h, out, list);
	return VERDICT_ADVICE;
}

static enum verdict judge_three_flags(const struct host *h, struct finding *out)
{
	const char *isolcpus = cmdline_value(h, out, "isolcpus"),
		   *nohz = cmdline_value(h, out, "nohz_full");
	const char *rcu = cmdline_value(h, out, "rcu_nocbs");

	if (!isolcpus && fact_has_cpus(&h->cpu.isolated))
		isolcpus = finding_cpus(out, &h->cpu.isolated.v);
	if (!nohz && fact_has_cpus(&h->cpu.nohz_full))
		nohz = finding_cpus(out, &h->cpu.nohz_full.v);
	if (!isolcpus && !nohz) {
		finding_say(out, rcu ? "rcu_nocbs= alone isolates nothing: it only moves callbacks."
				     : "Nothing is isolated by the kernel command line.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!nohz)
		return without_tick(h, out, after_flags(isolcpus));
	if (!isolcpus)
		return without_isolation(h, out, nohz);
	finding_say(out, "isolcpus= and nohz_full= are both set%s.",
		    rcu ? ", and rcu_nocbs=" : "; nohz_full= moves RCU callbacks too");
	return VERDICT_PASS;
}

static bool has_flags(const struct host *h, struct finding *out)
{
	if (h->kernel.isolcpus_flags.known && h->kernel.isolcpus_flags.n)
		return true;
	finding_say(out, "isolcpus= has no flags.");
	return false;
}

static enum verdict judge_domain_flag(const struct host *h, struct finding *out)
{
	const struct fact_strs *flags = &h->kernel.isolcpus_flags;
	const char *list = h->kernel.isolcpus.known
				   ? finding_cpus(out, &h->kernel.isolcpus.v)
				   : after_flags(cmdline_value(h, out, "isolcpus"));

	for (size_t i = 0; i < flags->n; i++) {
		if (!strcmp(flags->v[i], "domain")) {
			finding_say(out, "The flag domain is among those of isolcpus=.");
			return VERDICT_PASS;
		}
	}
	finding_say(out,
		    "isolcpus=%s… has flags, but not 'domain': the scheduler goes on balancing "
		    "tasks onto these CPUs.",
		    flags->v[0]);
	finding_fill(out, "list", "%s", list ? list : "LIST");
	/* That no CPU is isolated is seen, not only expected. */
	return h->cpu.isolated.known && cpus_is_empty(&h->cpu.isolated.v) ? VERDICT_PROBLEM
									  : VERDICT_ADVICE;
}

static bool moves_callbacks(const struct host *h, struct finding *out)
{
	if (fact_has_cpus(&h->kernel.rcu_nocbs) || fact_has_cpus(&h->cpu.nohz_full) ||
	    fact_has_cpus(&h->cpu.rcu_offloaded))
		return true;
	finding_say(out, "No CPU's RCU callbacks are to be moved.");
	return false;
}

/* Threads that run the callbacks in place of the CPUs, and may do so on the guest's. */
static bool find_offload_threads(const struct host *h, struct finding *out)
{
	const struct sched_tasks *t = h->sched.tasks.v;
	size_t n = 0;

	for (size_t i = 0; i < h->sched.tasks.n; i++) {
		if (!t[i].comm.known || strncmp(t[i].comm.v, "rcuo", 4) != 0 ||
		    !t[i].affinity.known || !cpus_intersects(&t[i].affinity.v, &h->cpus.guest.v))
			continue;
		finding_item(out, "%s: %llu threads may run on %s", t[i].comm.v,
			     (unsigned long long)t[i].n_threads.v,
			     finding_cpus(out, &t[i].affinity.v));
		n++;
	}
	return n > 0;
}

static enum verdict judge_rcu(const struct host *h, struct finding *out)
{
	const struct cpus *offloaded = &h->cpu.rcu_offloaded.v;
	struct cpus missing = cpus_minus(&h->cpus.guest.v, offloaded);

	if (cpus_is_empty(offloaded)) {
		finding_say(out,
			    "rcu_nocbs= was asked for, but no callbacks are moved: the kernel is "
			    "built without it.");
		finding_fix(out, "",
			    "Use a kernel with CONFIG_RCU_NOCB_CPU=y, or drop the argument.", "");
		return VERDICT_ADVICE;
	}
	if (!host_knows_guest_cpus(h)) {
		finding_say(out, "RCU callbacks of CPUs %s run elsewhere.",
			    finding_cpus(out, offloaded));
		return VERDICT_PASS;
	}
	if (!cpus_is_empty(&missing)) {
		finding_say(out, "RCU callbacks run on %s of the guest's CPUs.",
			    finding_cpus(out, &missing));
		if (cpus_has(&h->cpus.guest.v, 0))
			pin_leaves_boot_cpu(h, out, NULL);
		return VERDICT_ADVICE;
	}
	if (find_offload_threads(h, out)) {
		finding_say(out,
			    "RCU callbacks of the guest's CPUs are moved, but the threads that run "
			    "them may do so on these CPUs.");
		finding_change(out, CHANGE_BOOT, NULL);
		return VERDICT_ADVICE;
	}
	finding_say(out, "RCU callbacks of the guest's CPUs run elsewhere.");
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{
		.id = "cpu.rcu-nocbs",
		.applies = moves_callbacks,
		.reads = READS(READ(cpu.rcu_offloaded)),
		.judge = judge_rcu,
	},
	{
		.id = "isol.three-flags",
		.reads = READS(READ(kernel.cmdline)),
		.judge = judge_three_flags,
	},
	{
		.id = "isol.domain-flag",
		.reads = READS(READ(kernel.cmdline)),
		.applies = has_flags,
		.judge = judge_domain_flag,
	},
};

const struct rule_set rules_isolation = { rules, ARRAY_SIZE(rules) };
