/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_cpu.c - do isolation and the tick match the guest's CPUs? */
#include "analyze/measures.h"
#include "analyze/pin.h"
#include "analyze/rule.h"

/* With the tick stopped about one interrupt per second is left; the guest's own timers add some. */
#define TICK_STOPPED_PERMILLE_OF_HZ 100
#define USUAL_HZ                    250

static bool knows_guest_cpus(const struct host *h, struct finding *out)
{
	if (host_knows_guest_cpus(h))
		return true;
	finding_say_open(out, "No guest, pin or isolated CPU tells which CPUs are the guest's.");
	return false;
}

/* Isolating every CPU would leave the host none; the kernel refuses that or suffers from it. */
static void fix_isolation(const struct host *h, struct finding *out)
{
	const char *words = "The guest may run on every CPU: first pin its vCPUs to some of them "
			    "(see pin.vcpupin), then isolate those.";

	if (!host_is_all_guest(h)) {
		/* Lists that are made anew leave the boot CPU out: isol.cpu0. */
		if (!cpus_has(&h->cpus.guest.v, 0) || pin_leaves_boot_cpu(h, out, NULL))
			return;
		words = "CPU 0, which the kernel needs for itself, is among the guest's: first pin "
			"its vCPUs to others (see isol.cpu0), then isolate those.";
	}
	finding_change(out, CHANGE_BOOT, NULL);
	finding_fix(out, "", words, "");
}

static enum verdict judge_isolcpus(const struct host *h, struct finding *out)
{
	const struct cpus *isolated = &h->cpu.isolated.v, *guest = &h->cpus.guest.v;
	struct cpus missing = cpus_minus(guest, isolated);

	fix_isolation(h, out);
	if (cpus_is_empty(isolated)) {
		if (fact_has_cpus(&h->kernel.isolcpus)) {
			finding_say(out, "isolcpus=%s was asked for, but no CPU is isolated.",
				    finding_cpus(out, &h->kernel.isolcpus.v));
			return VERDICT_ADVICE;
		}
		finding_say(out, "No CPU is isolated; the guest uses %s.",
			    finding_cpus(out, guest));
		return VERDICT_ADVICE;
	}
	if (cpus_is_empty(&missing)) {
		finding_say(out, "All guest CPUs (%s) are isolated.", finding_cpus(out, guest));
		return VERDICT_PASS;
	}
	finding_say(out, "Isolated are %s, the guest uses %s: %s is not isolated.",
		    finding_cpus(out, isolated), finding_cpus(out, guest),
		    finding_cpus(out, &missing));
	return VERDICT_ADVICE;
}

static const struct activity_irq *find_line(const struct host *h, const char *label)
{
	const struct activity_irq *l = h->activity.irqs.v;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (fact_is(&l[i].label, label))
			return &l[i];
	}
	return NULL;
}

/* Ticks per second, times 1000, of the guest CPU that got most; false: not measured. */
static bool worst_tick(const struct host *h, unsigned *ret_cpu, uint64_t *ret_permille)
{
	const struct activity_irq *loc = find_line(h, "LOC");
	uint64_t worst = 0;

	if (!loc || !host_window_ns(h))
		return false;
	for (size_t i = 0; i < loc->counts.n; i++) {
		const struct fact_pair *p = &loc->counts.v[i];
		uint64_t rate = rate_permille(h, p->value);

		if (p->key < CPUS_MAX && cpus_has(&h->cpus.guest.v, (unsigned)p->key) &&
		    rate >= worst) {
			worst = rate;
			*ret_cpu = (unsigned)p->key;
		}
	}
	*ret_permille = worst;
	return true;
}

static enum verdict judge_tick_rate(const struct host *h, struct finding *out)
{
	const uint64_t hz = h->kernel.hz.known ? h->kernel.hz.v : USUAL_HZ;
	uint64_t permille = 0;
	unsigned cpu = 0;

	if (!worst_tick(h, &cpu, &permille)) {
		finding_say(out, "The tick is off on %s; whether it stays off was not measured.",
			    finding_cpus(out, &h->cpu.nohz_full.v));
		return VERDICT_PASS;
	}
	finding_measured(out, 0);
	if (permille > hz * TICK_STOPPED_PERMILLE_OF_HZ) {
		finding_say(out,
			    "nohz_full is on, yet CPU %u took %llu timer interrupts per second "
			    "(a tick would be %llu).",
			    cpu, (unsigned long long)(permille / 1000), (unsigned long long)hz);
		finding_fix(out, "",
			    "One runnable thread per CPU: look at pins and at what else "
			    "runs there.",
			    "");
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "The tick is off on the guest's CPUs: at most %llu timer interrupts per "
		    "second.",
		    (unsigned long long)(permille / 1000));
	return VERDICT_PASS;
}

static enum verdict judge_nohz_full(const struct host *h, struct finding *out)
{
	const bool is_asked = fact_has_cpus(&h->kernel.nohz_full);
	struct cpus missing = cpus_minus(&h->cpus.guest.v, &h->cpu.nohz_full.v);
	uint64_t permille;
	unsigned cpu;

	if (!h->cpu.has_nohz_full.v) {
		if (!is_asked) {
			finding_say(out, "This kernel is built without full dynticks.");
			return VERDICT_NOT_APPLICABLE;
		}
		finding_say(out, "nohz_full=%s was asked for, but this kernel is built without it.",
			    finding_cpus(out, &h->kernel.nohz_full.v));
		finding_fix(out, "", "Use a kernel with CONFIG_NO_HZ_FULL=y, or drop the option.",
			    "");
		return VERDICT_ADVICE;
	}
	if (cpus_is_empty(&missing))
		return judge_tick_rate(h, out);
	if (worst_tick(h, &cpu, &permille)) {
		finding_measured(out, 0);
		finding_item(out, "CPU %u took %llu timer interrupts per second", cpu,
			     (unsigned long long)(permille / 1000));
	}
	finding_say(out, "The tick runs on %s of the guest's CPUs.", finding_cpus(out, &missing));
	fix_isolation(h, out);
	return VERDICT_ADVICE;
}

static bool isolates_anything(const struct host *h, struct finding *out)
{
	if (fact_has_cpus(&h->cpu.isolated) || fact_has_cpus(&h->cpu.nohz_full) ||
	    fact_has_cpus(&h->kernel.isolcpus) || fact_has_cpus(&h->kernel.nohz_full) ||
	    fact_has_cpus(&h->kernel.rcu_nocbs))
		return true;
	finding_say(out, "Nothing is isolated by the kernel command line.");
	return false;
}

/* Each list there is, next to the guest's CPUs when these are known, else to each other. */
static enum verdict judge_lists(const struct host *h, struct finding *out)
{
	const struct {
		const char *name;
		const struct fact_cpus *set;
	} lists[] = {
		{ "the guest's CPUs", &h->cpus.guest },
		{ "isolated",
		  fact_has_cpus(&h->cpu.isolated) ? &h->cpu.isolated : &h->kernel.isolcpus },
		{ "nohz_full",
		  fact_has_cpus(&h->kernel.nohz_full) ? &h->kernel.nohz_full : &h->cpu.nohz_full },
		{ "rcu_nocbs", &h->kernel.rcu_nocbs },
	};
	const size_t first = host_knows_guest_cpus(h) ? 0 : 1;
	const struct cpus *common = NULL;
	bool differs = false;
	size_t n = 0;

	for (size_t i = first; i < ARRAY_SIZE(lists); i++) {
		if (!fact_has_cpus(lists[i].set))
			continue;
		if (common && !cpus_equal(common, &lists[i].set->v))
			differs = true;
		common = &lists[i].set->v;
		finding_item(out, "%s: %s", lists[i].name, finding_cpus(out, common));
		n++;
	}
	if (n < 2) {
		finding_say(out, "There is only one list.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (differs) {
		finding_say(out, "%zu lists that should be the same name different CPUs.", n);
		fix_isolation(h, out);
		return VERDICT_ADVICE;
	}
	finding_say(out, "All %zu lists name %s.", n, finding_cpus(out, common));
	return VERDICT_PASS;
}

/* Cores without CPU 0, where that can be said: the lists that there are, and the pins, name them.
 */
static void leave_cpu0(const struct host *h, struct finding *out)
{
	const struct {
		const char *argument;
		const struct fact_cpus *set;
	} lists[] = {
		{ "isolcpus=managed_irq,domain,", &h->kernel.isolcpus },
		{ "nohz_full=", &h->kernel.nohz_full },
		{ "rcu_nocbs=", &h->kernel.rcu_nocbs },
	};
	auto_free struct proposal *prop = NULL;
	const struct placement *p;
	bool has_pin, has_list = false;

	if (!pin_leaves_boot_cpu(h, out, &prop))
		return;
	p = placement_of(h, out);
	has_pin = cpus_has(&p->pinned, 0);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		has_list |= fact_has_cpus(lists[i].set);
	if (has_pin)
		pin_write(h, p, prop, true, out);
	else if (has_list)
		finding_fix(out, NULL, "", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (fact_has_cpus(lists[i].set))
			finding_change(out, CHANGE_BOOT, "%s%s", lists[i].argument,
				       finding_cpus(out, &prop->guest));
	}
}

static enum verdict judge_cpu0(const struct host *h, struct finding *out)
{
	const struct {
		const char *words;
		const struct fact_cpus *set;
		bool counts;
	} places[] = {
		{ "the guest's CPUs", &h->cpus.guest, host_knows_guest_cpus(h) },
		{ "isolcpus=", &h->kernel.isolcpus, true },
		{ "nohz_full=", &h->kernel.nohz_full, true },
	};
	const char *where = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (!places[i].counts || !places[i].set->known || !cpus_has(&places[i].set->v, 0))
			continue;
		finding_item(out, "%s: %s", places[i].words, finding_cpus(out, &places[i].set->v));
		if (!where)
			where = places[i].words;
	}
	if (where) {
		finding_say(out, "CPU 0, the boot CPU, is among %s.", where);
		leave_cpu0(h, out);
		return VERDICT_ADVICE;
	}
	finding_say(out, "CPU 0 is left to the host.");
	return VERDICT_PASS;
}

static bool names_any_cpu(const struct host *h, struct finding *out)
{
	return host_knows_guest_cpus(h) || isolates_anything(h, out);
}

static const struct rule rules[] = {
	{
		.id = "cpu.isolcpus",
		.applies = knows_guest_cpus,
		.reads = READS(READ(cpu.isolated)),
		.judge = judge_isolcpus,
	},
	{
		.id = "cpu.nohz-full",
		.applies = knows_guest_cpus,
		.reads = READS(READ(cpu.has_nohz_full)),
		.judge = judge_nohz_full,
	},
	{ .id = "isol.list-mismatch", .applies = isolates_anything, .judge = judge_lists },
	{ .id = "isol.cpu0", .applies = names_any_cpu, .judge = judge_cpu0 },
};

const struct rule_set rules_cpu = { rules, ARRAY_SIZE(rules) };
