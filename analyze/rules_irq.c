/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_irq.c - do interrupts of the host's devices reach the guest's CPUs? */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"

/* More than this is felt; the rare ones of an idle device are not. */
#define FELT_PERMILLE (10 * 1000)
/* Time that an interrupt takes from the guest, with its exit; for the order of findings only. */
#define COST_US   5
#define ITEMS_MAX 16u

/* A run may guess which CPUs a guest would have: what it counted there is true all the same. */
static bool has_guest_cpus(const struct host *h, struct finding *out)
{
	if (irqs_are_measured(h) && host_has_running_guest(h) && h->cpus.guest.known &&
	    !cpus_is_empty(&h->cpus.guest.v))
		return true;
	return guest_cpus_are_known(h, out);
}

static bool has_host_cpus(const struct host *h)
{
	return h->cpus.host.known && !cpus_is_empty(&h->cpus.host.v);
}

/* "CPU 1", "CPUs 1-4" */
static const char *cpus_words(struct finding *out, const struct cpus *set)
{
	return finding_text(out, "CPU%s %s", cpus_count(set) == 1 ? "" : "s",
			    finding_cpus(out, set));
}

static void list_hits(const struct irq_hit *hits, size_t n, struct finding *out)
{
	for (size_t i = 0; i < n && i < ITEMS_MAX; i++) {
		const char *where = cpus_words(out, &hits[i].cpus);

		if (hits[i].rate_permille)
			finding_item(out, "%s: %s on %s", irq_name(out, &hits[i]),
				     irq_rate(out, hits[i].rate_permille), where);
		else
			finding_item(out, "%s: on %s, %llu since boot", irq_name(out, &hits[i]),
				     where, (unsigned long long)hits[i].n_since_boot);
	}
}

static uint64_t sum_of_rates(const struct irq_hit *hits, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += hits[i].rate_permille;
	return sum;
}

static void set_measured(const struct host *h, uint64_t rate_permille, struct finding *out)
{
	const uint64_t n_cpus = u64_max(cpus_count(&h->cpus.guest.v), 1);

	finding_measured(out, rate_permille / 1000 * COST_US / 1000 / n_cpus);
}

static void fix_moves(const struct host *h, const struct irq_hit *hits, size_t n,
		      struct finding *out)
{
	if (has_host_cpus(h))
		finding_fix(out, irq_moves(hits, n, "{H}", out), NULL,
			    irq_moves(hits, n, NULL, out));
	else
		finding_fix(out, "",
			    "No CPU is left to the host: give the guest fewer CPUs, then move "
			    "the interrupts to the others.",
			    "");
}

static enum verdict say_measured(const struct host *h, const struct irq_hit *hits, size_t n,
				 struct finding *out)
{
	const bool is_felt = hits[0].rate_permille > FELT_PERMILLE;
	const uint64_t sum = sum_of_rates(hits, n);

	set_measured(h, sum, out);
	if (n == 1)
		finding_say(out, "%s fires on the guest's CPUs: %s on %s.", irq_name(out, hits),
			    irq_rate(out, sum), cpus_words(out, &hits->cpus));
	else
		finding_say(out,
			    "%zu interrupts of the host fire on the guest's CPUs, %s together; "
			    "most of them %s: %s on %s.",
			    n, irq_rate(out, sum), irq_name(out, hits),
			    irq_rate(out, hits->rate_permille), cpus_words(out, &hits->cpus));
	return is_felt ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static enum verdict judge_host_on_g(const struct host *h, struct finding *out)
{
	const bool is_measured = irqs_are_measured(h);
	enum verdict verdict = VERDICT_ADVICE;
	size_t n;
	const struct irq_hit *hits = irqs_on(h, IRQ_MOVABLE, &h->cpus.guest.v, out, &n);

	if (!n && is_measured) {
		finding_measured(out, 0);
		finding_say(out,
			    "No interrupt of the host that can be moved fired on the guest's CPUs "
			    "%s.",
			    finding_cpus(out, &h->cpus.guest.v));
		return VERDICT_PASS;
	}
	if (!n) {
		finding_say(out,
			    "No interrupt of the host that fired before goes to the guest's CPUs "
			    "%s.",
			    finding_cpus(out, &h->cpus.guest.v));
		return VERDICT_PASS;
	}
	list_hits(hits, n, out);
	if (is_measured)
		verdict = say_measured(h, hits, n, out);
	else
		finding_say(out,
			    "%zu interrupt%s of the host go%s to the guest's CPUs %s; whether "
			    "they fire while it runs was not measured.",
			    n, n == 1 ? "" : "s", n == 1 ? "es" : "",
			    finding_cpus(out, &h->cpus.guest.v));
	fix_moves(h, hits, n, out);
	return verdict;
}

/* Whether the kernel already keeps managed interrupts off these CPUs where it can. */
static bool keeps_managed_off(const struct host *h)
{
	const struct fact_strs *flags = &h->kernel.isolcpus_flags;

	if (!h->kernel.isolcpus.known || !cpus_is_subset(&h->cpus.guest.v, &h->kernel.isolcpus.v))
		return false;
	for (size_t i = 0; i < flags->n; i++) {
		if (!strcmp(flags->v[i], "managed_irq"))
			return true;
	}
	return false;
}

/* Lines that cannot be moved and may go to the guest's CPUs; whether that is known at all. */
static size_t n_immovable(const struct host *h, bool *ret_is_known)
{
	const struct irq_line *line = h->irq.lines.v;
	size_t n = 0;

	*ret_is_known = false;
	for (size_t i = 0; i < h->irq.lines.n; i++) {
		const struct fact_cpus *where =
			line[i].effective.known ? &line[i].effective : &line[i].affinity;

		*ret_is_known |= line[i].is_movable.known;
		n += line[i].irq.known && line[i].is_movable.known && !line[i].is_movable.v &&
		     !irq_is_vfio(&line[i].actions) && where->known &&
		     cpus_intersects(&where->v, &h->cpus.guest.v);
	}
	return n;
}

static enum verdict judge_silent(const struct host *h, struct finding *out)
{
	const bool is_audit = h->run.is_audit.known && h->run.is_audit.v;
	bool is_known;
	const size_t n = n_immovable(h, &is_known);

	if (!is_known) {
		finding_say(out,
			    "Which interrupts cannot be moved is not known: only root is told, "
			    "on the live system.");
		return is_audit ? VERDICT_NOT_APPLICABLE : VERDICT_UNKNOWN;
	}
	if (!n) {
		finding_say(out, "No interrupt that cannot be moved goes to the guest's CPUs.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (irqs_are_measured(h)) {
		finding_say(out,
			    "%zu interrupt%s that cannot be moved may go to the guest's CPUs, and "
			    "%s silent in this run.",
			    n, n == 1 ? "" : "s", n == 1 ? "was" : "were");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out,
		    "%zu interrupt%s that cannot be moved may go to the guest's CPUs; only a run "
		    "tells whether they fire.",
		    n, n == 1 ? "" : "s");
	return is_audit ? VERDICT_NOT_APPLICABLE : VERDICT_UNKNOWN;
}

static enum verdict judge_managed(const struct host *h, struct finding *out)
{
	size_t n = 0;
	const struct irq_hit *hits = NULL;

	if (irqs_are_measured(h))
		hits = irqs_on(h, IRQ_IMMOVABLE, &h->cpus.guest.v, out, &n);
	if (!n)
		return judge_silent(h, out);
	list_hits(hits, n, out);
	set_measured(h, sum_of_rates(hits, n), out);
	finding_say(
		out,
		"%zu interrupt%s that cannot be moved fire%s on the guest's CPUs: %s, %s on %s.", n,
		n == 1 ? "" : "s", n == 1 ? "s" : "", irq_name(out, hits),
		irq_rate(out, hits->rate_permille), cpus_words(out, &hits->cpus));
	if (host_is_all_guest(h))
		finding_fix(out, NULL,
			    "fewer queues (ethtool -L for network cards, "
			    "virtio_blk.num_request_queues=1), or pin the vCPUs to some CPUs "
			    "(see pin.vcpupin) and keep managed interrupts off these",
			    "");
	else if (keeps_managed_off(h))
		finding_fix(out, NULL,
			    "isolcpus=managed_irq is in effect and does what it can: a queue whose "
			    "CPUs are all the guest's stays there. Give the device fewer queues "
			    "(ethtool -L for network cards, virtio_blk.num_request_queues=1).",
			    "");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "irq.host-on-g",
		.applies = has_guest_cpus,
		.reads = READS(READ(irq.lines)),
		.judge = judge_host_on_g,
	},
	{
		.id = "irq.managed",
		.applies = has_guest_cpus,
		.reads = READS(READ(irq.lines)),
		.judge = judge_managed,
	},
	{
		.id = "irq.irqbalance",
		.applies = guest_cpus_are_known,
		.reads = READS(READ(irq.is_irqbalance_running)),
		.judge = irq_judge_irqbalance,
	},
	{
		.id = "irq.vfio-placement",
		.reads = READS(READ(irq.lines)),
		.judge = irq_judge_vfio,
	},
};

const struct rule_set rules_irq = { rules, ARRAY_SIZE(rules) };
