/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_noise.c - softirqs, interrupts between CPUs, polling and throttling, as measured. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/measures.h"
#include "analyze/told.h"

enum {
	SOFTIRQ_MANY = 100,      /* per second on one set of CPUs: worth a look */
	SOFTIRQ_TOO_MANY = 1000, /* a handler of microseconds in each millisecond */
	IPI_MANY = 100,
	POLLS_FEW = 100, /* below that a ratio says nothing */
	EPB_NORMAL = 6
};

static bool is_label(const struct activity_irq *l, const char *const *labels)
{
	while (*labels && !fact_is(&l->label, *labels))
		labels++;
	return *labels != NULL;
}

/* Rate on the guest's CPUs of the lines with these labels, times 1000; each as evidence. */
static uint64_t rate_of(const struct host *h, struct finding *out, const struct fact_list *lines,
			const char *const *labels)
{
	const struct activity_irq *l = lines->v;
	uint64_t sum = 0;

	for (size_t i = 0; i < lines->n; i++) {
		uint64_t rate;

		if (!is_label(&l[i], labels))
			continue;
		rate = rate_permille(h, count_on(&l[i].counts, &h->cpus.guest.v));
		if (rate >= 1000)
			finding_item(out, "%s: %llu/s", l[i].label.v,
				     (unsigned long long)(rate / 1000));
		sum += rate;
	}
	return sum;
}

static enum verdict judge_softirqs(const struct host *h, struct finding *out)
{
	static const char *const labels[] = { "NET_RX", "NET_TX", "BLOCK", NULL };
	const uint64_t rate = rate_of(h, out, &h->activity.softirqs, labels) / 1000;

	finding_measured(out, 0);
	if (rate <= SOFTIRQ_MANY) {
		finding_say(out,
			    "Network and disks of the host ran %llu softirqs per second on the "
			    "guest's CPUs.",
			    (unsigned long long)rate);
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Network and disks of the host ran %llu softirqs per second on the guest's CPUs: "
		"they follow the interrupts of the devices.",
		(unsigned long long)rate);
	return rate > SOFTIRQ_TOO_MANY ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static enum verdict judge_ipis(const struct host *h, struct finding *out)
{
	static const char *const labels[] = { "TLB", "CAL", NULL };
	const uint64_t rate = rate_of(h, out, &h->activity.irqs, labels) / 1000;

	finding_measured(out, 0);
	if (rate <= IPI_MANY) {
		finding_say(out, "Other CPUs interrupted the guest's %llu times per second.",
			    (unsigned long long)rate);
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Other CPUs interrupted the guest's %llu times per second, to flush translations "
		"or call a function there.",
		(unsigned long long)rate);
	return VERDICT_ADVICE;
}

static enum verdict judge_timer_migration(const struct host *h, struct finding *out)
{
	const char *value = sysctl_value(h, "kernel.timer_migration");

	if (!value) {
		finding_say(out, "kernel.timer_migration is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!strcmp(value, "0")) {
		finding_say(out, "Timers stay on the CPU that set them.");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Timers move from idle CPUs to busy ones; whether some fire on the guest's CPUs "
		"only a trace tells.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_halt_poll(const struct host *h, struct finding *out)
{
	const uint64_t tried = counter_growth(h, "kvm.halt_attempted_poll");
	const uint64_t met = counter_growth(h, "kvm.halt_successful_poll");
	const char *ns = setting_value(&h->kernel.params, "kvm.halt_poll_ns");

	if (ns && !strcmp(ns, "0")) {
		finding_say(out, "KVM does not poll when a vCPU halts.");
		return VERDICT_PASS;
	}
	if (tried < POLLS_FEW) {
		finding_say(out,
			    "Too few halts were polled for in this run to tell whether it pays.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_measured(out, 0);
	finding_item(out, "%llu polls, %llu met a wake-up", (unsigned long long)tried,
		     (unsigned long long)met);
	if (met >= tried / 5) {
		finding_say(out, "Of the polls on halt %llu %% met a wake-up.",
			    (unsigned long long)(met / (tried / 100)));
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Of the polls on halt only %llu %% met a wake-up: the rest burned the CPU.",
		    (unsigned long long)(met / (tried / 100)));
	return VERDICT_ADVICE;
}

static enum verdict judge_throttling(const struct host *h, struct finding *out)
{
	const uint64_t guest = count_on(&h->activity.core_throttles, &h->cpus.guest.v);
	uint64_t all = 0;

	for (size_t i = 0; i < h->activity.core_throttles.n; i++)
		all += h->activity.core_throttles.v[i].value;
	finding_measured(out, 0);
	if (all == 0) {
		finding_say(out, "No core was throttled for its heat during the run.");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Cores were throttled for their heat %llu times during the run, %llu of them on "
		"the guest's CPUs.",
		(unsigned long long)all, (unsigned long long)guest);
	return guest ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static enum verdict judge_bias(const struct host *h, struct finding *out)
{
	struct cpus slow = { { 0 } };

	for (size_t i = 0; i < h->power.epb.n; i++) {
		const struct fact_pair *p = &h->power.epb.v[i];

		if (p->value > EPB_NORMAL && p->key < CPUS_MAX &&
		    (!h->cpus.guest.known || cpus_has(&h->cpus.guest.v, (unsigned)p->key)))
			cpus_add(&slow, (unsigned)p->key);
	}
	if (cpus_is_empty(&slow)) {
		finding_say(out, "No CPU of the guest is biased towards saving power.");
		return VERDICT_PASS;
	}
	finding_say(out, "CPUs %s are biased towards saving power.", finding_cpus(out, &slow));
	finding_fill(out, "slow", "%s", finding_cpus(out, &slow));
	return VERDICT_ADVICE;
}

/* Programs that set the governor; tuned-ppd is tuned in the clothes of the other. */
static enum verdict judge_managers(const struct host *h, struct finding *out)
{
	static const char *const names[] = { "power-profiles-daemon", "tuned", "tlp",
					     "auto-cpufreq" };
	const char *list = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (guest_list_has(&h->power.managers, names[i]))
			list = finding_text(out, "%s%s%s", list, n++ ? " and " : "", names[i]);
	}
	if (n < 2) {
		finding_say(out, n ? "Only %s sets governors." : "No program sets governors.",
			    list);
		return VERDICT_PASS;
	}
	finding_say(out, "%s run at once and set the same governors.", list);
	return VERDICT_ADVICE;
}

static enum verdict judge_latency_request(const struct host *h, struct finding *out)
{
	const struct power_holder *p = h->power.holders.v;
	const bool is_smt = h->cpu.is_smt_active.known && h->cpu.is_smt_active.v;

	for (size_t i = 0; i < h->power.holders.n; i++)
		finding_item(out, "%s (%llu)", p[i].comm.known ? p[i].comm.v : "?",
			     (unsigned long long)p[i].pid.v);
	if (h->power.holders.n == 0) {
		finding_say(out, "No program asks for a limit of the wake-up latency.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!h->power.dma_latency_us.known || h->power.dma_latency_us.v > 0 || !is_smt) {
		finding_say(out, "%zu program%s may ask for a limit of the wake-up latency.",
			    h->power.holders.n, h->power.holders.n == 1 ? "" : "s");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"%s keeps all CPUs from sleeping at all: siblings of busy threads then take part "
		"of their core, and no core can clock higher than all.",
		p[0].comm.known ? p[0].comm.v : "A program");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "softirq.net-block",
		.needs_guest = true,
		.reads = READS(READ(cpus.guest), READ(activity.softirqs), READ(activity.window_ns)),
		.judge = judge_softirqs,
	},
	{
		.id = "ipi.sources",
		.needs_guest = true,
		.reads = READS(READ(cpus.guest), READ(activity.irqs), READ(activity.window_ns)),
		.judge = judge_ipis,
	},
	{
		.id = "timer.migration",
		.reads = READS(READ(kernel.sysctls)),
		.judge = judge_timer_migration,
	},
	{
		.id = "kvm.halt-poll",
		.needs_guest = true,
		.reads = READS(READ(kernel.params), READ(activity.counters)),
		.judge = judge_halt_poll,
	},
	{
		.id = "freq.turbo-thermal",
		.reads = READS(READ(cpus.guest), READ(activity.core_throttles)),
		.judge = judge_throttling,
	},
	{ .id = "freq.epp-epb", .reads = READS(READ(power.epb)), .judge = judge_bias },
	{ .id = "freq.conflict", .reads = READS(READ(power.managers)), .judge = judge_managers },
	{
		.id = "idle.dma-latency-held",
		.reads = READS(READ(power.holders)),
		.judge = judge_latency_request,
	},
};

const struct rule_set rules_noise = { rules, ARRAY_SIZE(rules) };
