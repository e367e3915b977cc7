/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_clock.c - is the host's clock the TSC, what does reading it cost, do CPUs agree on it? */
#include <string.h>

#include "analyze/measures.h"
#include "analyze/rule.h"

/* Reading the TSC through the vDSO takes 20-40 ns; a slow clocksource about 1 us. */
#define CHEAP_CLOCK_NS 100

static bool is_x86(const struct host *h, struct finding *out)
{
	if (!h->clock.arch.known || !strcmp(h->clock.arch.v, "x86_64"))
		return true;
	finding_say(out, "Only x86 has a TSC; this is %s.", h->clock.arch.v);
	return false;
}

static bool offers_tsc(const struct host *h)
{
	for (size_t i = 0; i < h->clock.available.n; i++) {
		if (!strcmp(h->clock.available.v[i], "tsc"))
			return true;
	}
	return false;
}

/* Clocksources that a hypervisor provides: fast, but second choice where a TSC is offered. */
static bool is_paravirtual(const char *clocksource)
{
	static const char *const names[] = { "kvm-clock", "xen", "hyperv_clocksource_tsc_page",
					     "hyperv_clocksource_msr" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(clocksource, names[i]))
			return true;
	}
	return false;
}

/* "; reading it costs 31 ns (p99 35 ns)" with the numbers of the run, or "". */
static const char *cost_words(const struct host *h, struct finding *out)
{
	struct clock_cost cost;

	if (!measure_clock_cost(h, &cost))
		return "";
	finding_measured(out, 0);
	return finding_text(out, "; reading it costs %llu ns (p99 %llu ns)",
			    (unsigned long long)cost.p50_ns, (unsigned long long)cost.p99_ns);
}

static enum verdict judge_slow(const struct host *h, struct finding *out, const char *cost)
{
	const char *current = h->clock.current.v;

	finding_fill_quoted(out, "current", current);
	if (h->clock.is_tsc_unstable.known && h->clock.is_tsc_unstable.v) {
		finding_say(out,
			    "The clocksource is %s because the kernel marked the TSC unstable%s.",
			    current, cost);
		finding_fix(out, "",
			    "Update the firmware of the board: the kernel log says why it "
			    "gave the TSC up.",
			    "");
		return VERDICT_PROBLEM;
	}
	if (!offers_tsc(h)) {
		finding_say(out, "The clocksource is %s and the kernel offers no TSC%s.", current,
			    cost);
		finding_fix(out, "", "Look in the kernel log for the reason (dmesg | grep -i tsc).",
			    "");
		return is_paravirtual(current) ? VERDICT_ADVICE : VERDICT_PROBLEM;
	}
	finding_say(out, "The clocksource is %s although tsc is offered%s.", current, cost);
	return is_paravirtual(current) ? VERDICT_ADVICE : VERDICT_PROBLEM;
}

static enum verdict judge_clocksource(const struct host *h, struct finding *out)
{
	const char *cost = cost_words(h, out);
	struct clock_cost measured;

	for (size_t i = 0; i < h->clock.verdicts.n && i < 8; i++)
		finding_item(out, "kernel log: %s", h->clock.verdicts.v[i]);
	if (strcmp(h->clock.current.v, "tsc") != 0)
		return judge_slow(h, out, cost);
	if (measure_clock_cost(h, &measured) && measured.p50_ns > CHEAP_CLOCK_NS) {
		finding_say(out,
			    "The clocksource is tsc, yet a clock read costs %llu ns "
			    "(p99 %llu ns): the vDSO is not used.",
			    (unsigned long long)measured.p50_ns,
			    (unsigned long long)measured.p99_ns);
		finding_fix(out, "",
			    "Look for vdso=0 on the command line, or a program that traces.", "");
		return VERDICT_ADVICE;
	}
	finding_say(out, "The clocksource is tsc%s.", cost);
	return VERDICT_PASS;
}

static enum verdict judge_tsc_sync(const struct host *h, struct finding *out)
{
	const struct tsc_order *o = h->tsc.orders.v;
	uint64_t n_turns = 0, n_backward = 0, worst_ns = 0;

	for (size_t i = 0; i < h->tsc.orders.n; i++) {
		n_turns += o[i].n_turns.v;
		n_backward += o[i].n_backward.v;
		worst_ns = u64_max(worst_ns, o[i].max_backward_ns.v);
		if (o[i].n_backward.v)
			finding_item(out,
				     "CPU %llu and CPU %llu: %llu of %llu turns went back, by up "
				     "to %llu ns",
				     (unsigned long long)o[i].cpu_a.v,
				     (unsigned long long)o[i].cpu_b.v,
				     (unsigned long long)o[i].n_backward.v,
				     (unsigned long long)o[i].n_turns.v,
				     (unsigned long long)o[i].max_backward_ns.v);
	}
	finding_measured(out, 0);
	if (n_backward) {
		finding_say(out,
			    "The TSC stepped back between CPUs in %llu of %llu turns, by up to "
			    "%llu ns.",
			    (unsigned long long)n_backward, (unsigned long long)n_turns,
			    (unsigned long long)worst_ns);
		return VERDICT_PROBLEM;
	}
	finding_say(out, "The TSC never stepped back in %llu turns between %zu pair%s of CPUs.",
		    (unsigned long long)n_turns, h->tsc.orders.n, h->tsc.orders.n == 1 ? "" : "s");
	return VERDICT_PASS;
}

static bool has_second_cpu(const struct host *h, struct finding *out)
{
	if (!is_x86(h, out))
		return false;
	if (!h->cpu.online.known || cpus_count(&h->cpu.online.v) > 1)
		return true;
	finding_say(out, "There is only one CPU.");
	return false;
}

static const struct rule rules[] = {
	{
		.id = "clocksource.tsc",
		.applies = is_x86,
		.reads = READS(READ(clock.current), READ(clock.available)),
		.judge = judge_clocksource,
	},
	{
		.id = "clock.tsc-sync",
		.applies = has_second_cpu,
		.reads = READS(READ(tsc.orders)),
		.judge = judge_tsc_sync,
	},
};

const struct rule_set rules_clock = { rules, ARRAY_SIZE(rules) };
