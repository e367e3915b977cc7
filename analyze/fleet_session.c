/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_session.c - what a fleet needs of one result, and how two are added. */
#include "analyze/blame.h"
#include "analyze/fleet.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"

static int add_bins(const struct hist_bins *a, const struct hist_bins *b, struct arena *arena,
		    const struct hist_bins **ret_bins)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	const struct hist_bins *bins;

	if (!all)
		return -ENOMEM;
	hist_init(all);
	if (hist_merge_bins(all, a) < 0 || hist_merge_bins(all, b) < 0)
		return -EBADMSG;
	bins = hist_to_bins(all, arena);
	if (!bins)
		return -ENOMEM;
	*ret_bins = bins;
	return 0;
}

int fleet_numbers_add(struct fleet_numbers *into, const struct fleet_numbers *from, struct arena *a)
{
	static const struct hist_bins none = { 0 };
	int r = 0;

	if (from->wake)
		r = add_bins(into->wake ? into->wake : &none, from->wake, a, &into->wake);
	if (r < 0)
		return r;
	into->wake_ns += from->wake_ns;
	into->lost_ns += from->lost_ns;
	into->known_ns += from->known_ns;
	into->n_irqs += from->n_irqs;
	into->irq_ns += from->irq_ns;
	return 0;
}

static size_t n_measured_cpus(const struct host *h)
{
	const struct wake_unit *u = h->wake.units.v;
	struct cpus seen = { { 0 } };

	for (size_t i = 0; i < h->wake.units.n; i++) {
		if (u[i].cpu.known && u[i].cpu.v < CPUS_MAX)
			cpus_add(&seen, (unsigned)u[i].cpu.v);
	}
	return cpus_count(&seen);
}

static int wake_numbers(const struct host *h, size_t n_cpus, struct arena *a,
			struct fleet_numbers *n)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	struct wake_summary s;

	if (!all)
		return -ENOMEM;
	/* The CPUs of a repetition were measured at the same time. */
	if (!n_cpus || !measure_wake(h, -1, true, all, &s) || !all->n)
		return 0;
	n->wake = hist_to_bins(all, a);
	n->wake_ns = s.window_ns / n_cpus;
	return n->wake ? 0 : -ENOMEM;
}

static void irq_numbers(const struct host *h, struct fleet_numbers *n)
{
	const struct activity_irq *irq = h->activity.irqs.v;

	if (!irqs_are_measured(h) || !h->cpus.guest.known)
		return;
	n->irq_ns = host_window_ns(h);
	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (irq[i].irq.known && !irq_is_vfio(&irq[i].actions))
			n->n_irqs += count_on(&irq[i].counts, &h->cpus.guest.v);
	}
}

int fleet_session_make(const struct host *h, const struct record_facts *record, struct arena *a,
		       struct fleet_session *ret_session)
{
	struct fleet_session s = { .record = record, .n_measured_cpus = n_measured_cpus(h) };
	int r = wake_numbers(h, s.n_measured_cpus, a, &s.numbers);

	if (r < 0)
		return r;
	s.kernel = h->identity.kernel;
	s.n_cpus = h->identity.n_cpus.known ? h->identity.n_cpus.v : 0;
	if (blame_can_tell(h)) {
		const struct blame_time t = blame_time(h, NULL);

		s.numbers.lost_ns = t.lost_ns;
		s.numbers.known_ns = t.known_ns;
	}
	irq_numbers(h, &s.numbers);
	*ret_session = s;
	return 0;
}
