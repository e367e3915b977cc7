/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pin.c - has each vCPU a CPU of its own, and do others stay away from it? */
#include "analyze/pin.h"

/* vCPUs by what is wrong with their pins. */
struct pin_groups {
	struct cpus floating, doubled, offline; /* vCPU numbers */
	struct cpus shared;                     /* CPUs with more than one vCPU */
	uint64_t run_ns, delay_ns;              /* of the doubled vCPUs in this run */
};

static size_t n_pinned_to(const struct placement *p, unsigned cpu)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].is_pinned && cpus_has(&p->v[i].cpus, cpu);
	return n;
}

static struct pin_groups group(const struct host *h, const struct placement *p)
{
	struct pin_groups g = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		const struct vcpu_place *v = &p->v[i];
		const struct activity_thread *a = placement_activity(h, v);
		const unsigned vcpu = v->vcpu < CPUS_MAX ? (unsigned)v->vcpu : CPUS_MAX - 1;
		const int cpu = cpus_next(&v->cpus, 0);

		if (!v->is_pinned) {
			cpus_add(&g.floating, vcpu);
			continue;
		}
		if (h->cpu.online.known && !cpus_has(&h->cpu.online.v, (unsigned)cpu))
			cpus_add(&g.offline, vcpu);
		if (n_pinned_to(p, (unsigned)cpu) < 2)
			continue;
		cpus_add(&g.doubled, vcpu);
		cpus_add(&g.shared, (unsigned)cpu);
		if (a && a->run_ns.known && a->delay_ns.known) {
			g.run_ns += a->run_ns.v;
			g.delay_ns += a->delay_ns.v;
		}
	}
	return g;
}

static void say_doubled(const struct host *h, const struct pin_groups *g, struct finding *out)
{
	const char *measured = "";

	if (g->run_ns + g->delay_ns) {
		measured = finding_text(out, "; in this run they ran %s and waited %s for it",
					pin_time(out, g->run_ns), pin_time(out, g->delay_ns));
		finding_measured(out,
				 host_window_ns(h)
					 ? pin_permille(g->delay_ns,
							host_window_ns(h) * cpus_count(&g->doubled))
					 : 0);
	}
	finding_say(out, "%s are pinned to %s, which can run only one at a time%s.",
		    pin_vcpus(out, &g->doubled), pin_cpus(out, &g->shared), measured);
}

static void say_floating(const struct placement *p, const struct pin_groups *g, struct finding *out)
{
	const char *where = cpus_is_empty(&p->all)
				    ? "any CPU"
				    : finding_text(out, "CPUs %s", finding_cpus(out, &p->all));

	if (p->n_pinned)
		finding_say(out, "%zu of %zu vCPUs are pinned; %s may run on several CPUs.",
			    p->n_pinned, p->n, pin_vcpus(out, &g->floating));
	else if (p->n == 1)
		finding_say(out, "The vCPU is not pinned: it may run on %s.", where);
	else
		finding_say(out, "None of the %zu vCPUs is pinned: they may run on %s.", p->n,
			    where);
}

static enum verdict judge_vcpupin(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	struct pin_groups g;
	auto_free struct proposal *prop = NULL;
	enum verdict verdict = VERDICT_ADVICE;
	int r;

	if (!p->n)
		return placement_says_nothing(p, out);
	g = group(h, p);
	if (!cpus_is_empty(&g.doubled)) {
		say_doubled(h, &g, out);
		verdict = VERDICT_PROBLEM;
	} else if (!cpus_is_empty(&g.offline)) {
		finding_say(out, "%s: pinned to a CPU that is not online here (online are %s).",
			    pin_vcpus(out, &g.offline), finding_cpus(out, &h->cpu.online.v));
	} else if (!cpus_is_empty(&g.floating)) {
		say_floating(p, &g, out);
	} else if (p->n == 1) {
		finding_say(out, "The vCPU is pinned to CPU %s.", finding_cpus(out, &p->pinned));
		return VERDICT_PASS;
	} else {
		finding_say(out, "All %zu vCPUs are pinned, each to a CPU of its own (%s).", p->n,
			    finding_cpus(out, &p->pinned));
		return VERDICT_PASS;
	}
	r = pin_propose(h, p, true, &prop);
	pin_fix(h, p, r, prop, out);
	return verdict;
}

static const struct rule rules[] = {
	{ .id = "pin.vcpupin", .applies = placement_applies, .judge = judge_vcpupin },
	{ .id = "pin.pileup", .applies = placement_applies, .judge = pin_judge_pileup },
	{
		.id = "pin.smt-siblings",
		.applies = placement_applies,
		.reads = READS(READ(cpu.cores)),
		.judge = pin_judge_smt,
	},
	{
		.id = "pin.l3-ccd",
		.applies = placement_applies,
		.reads = READS(READ(cpu.l3s), READ(cpu.online)),
		.judge = pin_judge_l3,
	},
	{ .id = "pin.emulator", .applies = placement_applies, .judge = pin_judge_emulator },
	{ .id = "pin.iothread", .applies = placement_applies, .judge = pin_judge_iothread },
	{
		.id = "cpu.host-reserve",
		.applies = pin_knows_share,
		.reads = READS(READ(cpu.cores), READ(cpu.online)),
		.judge = pin_judge_reserve,
	},
};

const struct rule_set rules_pin = { rules, ARRAY_SIZE(rules) };
