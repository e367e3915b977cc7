/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_irq_vfio.c - interrupts of passed-through devices, and the daemon that moves all others. */
#include "analyze/engine.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"

/* An interrupt that moves between more CPUs than its own and a neighbour has no place. */
#define STEADY_CPUS 2
/* A CPU with so many other interrupts makes one that arrives wait. */
#define BUSY_PERMILLE (1000ull * 1000)
#define ITEMS_MAX     16u

static bool is_automatic(const struct host *h)
{
	struct cpus kept_off = { { 0 } };

	if (h->cpu.isolated.known)
		kept_off = h->cpu.isolated.v;
	if (h->cpu.nohz_full.known)
		kept_off = cpus_or(&kept_off, &h->cpu.nohz_full.v);
	return cpus_is_subset(&h->cpus.guest.v, &kept_off);
}

static enum verdict judge_banned(const struct host *h, struct finding *out)
{
	const struct cpus *banned = &h->irq.irqbalance_banned.v, *guest = &h->cpus.guest.v;
	const struct cpus missing = cpus_minus(guest, banned);

	if (!cpus_is_empty(&missing)) {
		finding_say(
			out,
			"irqbalance runs and is kept off CPUs %s only: it may move interrupts to "
			"%s of the guest's CPUs. A list in its settings replaces what it keeps off "
			"by itself.",
			finding_cpus(out, banned), finding_cpus(out, &missing));
		return VERDICT_ADVICE;
	}
	finding_say(out, "irqbalance runs and is kept off the guest's CPUs (%s).",
		    finding_cpus(out, guest));
	return VERDICT_PASS;
}

/* A list replaces what is kept off by itself: isolated and tickless CPUs belong in it too. */
static void fill_ban(const struct host *h, struct finding *out)
{
	struct cpus ban = cpus_or(&h->cpus.guest.v, &h->irq.irqbalance_banned.v);

	if (h->cpu.isolated.known)
		ban = cpus_or(&ban, &h->cpu.isolated.v);
	if (h->cpu.nohz_full.known)
		ban = cpus_or(&ban, &h->cpu.nohz_full.v);
	finding_fill(out, "ban", "%s", finding_cpus(out, &ban));
}

enum verdict irq_judge_irqbalance(const struct host *h, struct finding *out)
{
	const struct irq_facts *irq = &h->irq;

	fill_ban(h, out);
	if (!irq->is_irqbalance_running.v) {
		finding_say(out, "irqbalance does not run: interrupts stay where they were put.");
		return VERDICT_PASS;
	}
	if (irq->has_irqbalance_oneshot.known && irq->has_irqbalance_oneshot.v) {
		finding_say(out, "irqbalance places interrupts once and leaves them then.");
		return VERDICT_PASS;
	}
	if (!irq->irqbalance_banned.known) {
		finding_say(out,
			    "irqbalance runs; which CPUs its settings keep it off is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!cpus_is_empty(&irq->irqbalance_banned.v))
		return judge_banned(h, out);
	if (is_automatic(h)) {
		finding_say(out,
			    "irqbalance runs and keeps off isolated and tickless CPUs, which the "
			    "guest's (%s) are.",
			    finding_cpus(out, &h->cpus.guest.v));
		return VERDICT_PASS;
	}
	if (!h->cpu.isolated.known) {
		finding_say(out,
			    "irqbalance runs; whether the guest's CPUs are isolated is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(
		out,
		"irqbalance runs and knows nothing of the guest's CPUs (%s): within ten seconds "
		"it may move any interrupt there.",
		finding_cpus(out, &h->cpus.guest.v));
	return VERDICT_ADVICE;
}

/* All online CPUs, or all that the interrupts were counted on. */
static struct cpus all_cpus(const struct host *h)
{
	return h->cpu.online.known ? h->cpu.online.v : h->irq.cpus.v;
}

/* Device interrupts that are not the guest's, by CPU; CPUS_MAX counts, freed by the caller. */
static uint64_t *host_counts_new(const struct host *h)
{
	const struct activity_irq *a = h->activity.irqs.v;
	uint64_t *counts = calloc(CPUS_MAX, sizeof(*counts));

	for (size_t i = 0; counts && i < h->activity.irqs.n; i++) {
		const struct fact_pairs *p = &a[i].counts;

		if (!a[i].irq.known || irq_is_vfio(&a[i].actions))
			continue;
		for (size_t k = 0; k < p->n; k++) {
			if (p->v[k].key < CPUS_MAX)
				counts[p->v[k].key] += p->v[k].value;
		}
	}
	return counts;
}

/* The CPU of the host with the fewest interrupts; -1: none is known. */
static int quietest_cpu(const struct host *h, const uint64_t *counts)
{
	int best = -1;

	if (!h->cpus.host.known)
		return -1;
	for (int c = cpus_next(&h->cpus.host.v, 0); c >= 0;
	     c = cpus_next(&h->cpus.host.v, (unsigned)c + 1)) {
		if (best < 0 || counts[c] < counts[best])
			best = c;
	}
	return best;
}

static bool has_vfio_line(const struct host *h)
{
	const struct irq_line *line = h->irq.lines.v;

	for (size_t i = 0; i < h->irq.lines.n; i++) {
		if (irq_is_vfio(&line[i].actions))
			return true;
	}
	return false;
}

/* Interrupts that the CPU takes without the host: their counters stay where they are. */
static bool are_posted(const struct host *h)
{
	const struct activity_irq *a = h->activity.irqs.v;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if ((fact_is(&a[i].label, "PIN") || fact_is(&a[i].label, "PIW")) &&
		    a[i].counts.n > 0)
			return true;
	}
	return false;
}

static enum verdict judge_silent(const struct host *h, struct finding *out)
{
	if (!irqs_are_measured(h)) {
		finding_say_open(out,
				 "Only a run tells where interrupts of the passed-through devices "
				 "arrive.");
		return h->run.is_audit.known && h->run.is_audit.v ? VERDICT_NOT_APPLICABLE
								  : VERDICT_UNKNOWN;
	}
	if (are_posted(h)) {
		finding_measured(out, 0);
		finding_say(out,
			    "Interrupts of the passed-through devices are posted: the host does "
			    "not handle them.");
		return VERDICT_PASS;
	}
	finding_say(out, "The counters of the passed-through devices did not move: they were idle, "
			 "or their interrupts are posted. The counters cannot tell which.");
	return VERDICT_UNKNOWN;
}

/* The first CPU among those an interrupt arrived on that is too busy; -1: none is. */
static int busy_neighbour(const struct host *h, const struct irq_hit *hit, const uint64_t *counts)
{
	for (int c = cpus_next(&hit->cpus, 0); c >= 0; c = cpus_next(&hit->cpus, (unsigned)c + 1)) {
		if (rate_permille(h, counts[c]) > BUSY_PERMILLE)
			return c;
	}
	return -1;
}

/* Moves those with a reason to one CPU of the host. */
static void fix_placement(const struct host *h, const struct irq_hit *bad, size_t n,
			  const uint64_t *counts, struct finding *out)
{
	const int cpu = quietest_cpu(h, counts);

	if (cpu < 0) {
		finding_fix(out, "", "No CPU is left to the host for these interrupts.", "");
		return;
	}
	finding_fix(out, irq_moves(bad, n, finding_text(out, "%d", cpu), out), NULL,
		    irq_moves(bad, n, NULL, out));
}

static enum verdict judge_places(const struct host *h, const struct irq_hit *hits, size_t n,
				 const uint64_t *counts, struct finding *out)
{
	struct irq_hit bad[ITEMS_MAX];
	size_t n_bad = 0, n_bouncing = 0;

	for (size_t i = 0; i < n && n_bad < ITEMS_MAX; i++) {
		const bool is_bouncing = cpus_count(&hits[i].cpus) > STEADY_CPUS;
		const int cpu = is_bouncing ? -1 : busy_neighbour(h, &hits[i], counts);

		if (is_bouncing)
			finding_item(out, "%s: %s, over CPUs %s", irq_name(out, &hits[i]),
				     irq_rate(out, hits[i].rate_permille),
				     finding_cpus(out, &hits[i].cpus));
		else if (cpu >= 0)
			finding_item(out, "%s: %s, beside %s of the host on CPU %d",
				     irq_name(out, &hits[i]), irq_rate(out, hits[i].rate_permille),
				     irq_rate(out, rate_permille(h, counts[cpu])), cpu);
		else
			continue;
		n_bouncing += is_bouncing;
		bad[n_bad++] = hits[i];
	}
	if (!n_bad) {
		finding_say(out, "%zu interrupt%s of passed-through devices %s a place of %s own.",
			    n, n == 1 ? "" : "s", n == 1 ? "has" : "have",
			    n == 1 ? "its" : "their");
		return VERDICT_PASS;
	}
	if (n_bouncing)
		finding_say(out,
			    "%zu of %zu interrupts of passed-through devices move between more "
			    "than %d CPUs.",
			    n_bouncing, n, STEADY_CPUS);
	else
		finding_say(out,
			    "%zu of %zu interrupts of passed-through devices arrive on a CPU that "
			    "is busy with the host's.",
			    n_bad, n);
	fix_placement(h, bad, n_bad, counts, out);
	return VERDICT_ADVICE;
}

enum verdict irq_judge_vfio(const struct host *h, struct finding *out)
{
	const struct cpus all = all_cpus(h);
	const struct irq_hit *hits = NULL;
	auto_free uint64_t *counts = NULL;
	size_t n = 0;

	if (irqs_are_measured(h))
		hits = irqs_on(h, IRQ_VFIO, &all, out, &n);
	if (!n && !has_vfio_line(h)) {
		finding_say(out, "No device that is passed through has an interrupt.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!n)
		return judge_silent(h, out);
	counts = host_counts_new(h);
	if (!counts) {
		out->is_out_of_memory = true;
		return VERDICT_UNKNOWN;
	}
	finding_measured(out, 0);
	return judge_places(h, hits, n, counts, out);
}
