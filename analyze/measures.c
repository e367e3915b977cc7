/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/measures.h"

#include <string.h>

bool measure_clock_cost(const struct host *h, struct clock_cost *ret_cost)
{
	const struct tsc_cost *c = h->tsc.costs.v;
	auto_free struct hist *all = malloc(sizeof(*all));

	if (!all)
		return false;
	hist_init(all);
	for (size_t i = 0; i < h->tsc.costs.n; i++) {
		if (c[i].hist.known && hist_merge_bins(all, c[i].hist.v) < 0)
			return false;
	}
	if (!hist_can_show(all, 990000))
		return false;
	*ret_cost =
		(struct clock_cost){ hist_quantile_ns(all, 500000), hist_quantile_ns(all, 990000) };
	return true;
}

bool measure_wake(const struct host *h, int cpu, bool is_corrected, struct hist *merged,
		  struct wake_summary *ret_summary)
{
	const struct wake_unit *u = h->wake.units.v;
	struct wake_summary s = { 0 };

	if (merged)
		hist_init(merged);
	for (size_t i = 0; i < h->wake.units.n; i++) {
		const struct fact_hist *hist = is_corrected ? &u[i].hist_corrected : &u[i].hist;

		if (!hist->known || (cpu >= 0 && u[i].cpu.v != (uint64_t)cpu))
			continue;
		if (merged && hist_merge_bins(merged, hist->v) < 0)
			return false;
		s.n += hist->v->n;
		s.n_expected += u[i].n_expected.v;
		s.n_missed += u[i].missed.v;
		s.max_ns = u64_max(s.max_ns, hist->v->max_ns);
		s.steal_ns += u[i].steal_ns.v;
		s.window_ns += h->wake.rep_duration_ns.v;
		s.n_units++;
	}
	if (s.n_units == 0)
		return false;
	*ret_summary = s;
	return true;
}

uint64_t rate_permille(const struct host *h, uint64_t count)
{
	const uint64_t window_ms = host_window_ns(h) / NS_PER_MS;

	/* count is at most some 1e12: no overflow. */
	return window_ms ? count * 1000 * 1000 / window_ms : 0;
}

uint64_t count_on(const struct fact_pairs *counts, const struct cpus *set)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < counts->n; i++) {
		if (counts->v[i].key < CPUS_MAX && cpus_has(set, (unsigned)counts->v[i].key))
			sum += counts->v[i].value;
	}
	return sum;
}

bool measure_steal_permille(const struct host *h, uint64_t *ret_permille)
{
	const uint64_t window_ns = host_window_ns(h);
	struct wake_summary wake;

	/* The activity window is the longer one; the wake units are the next best. */
	if (window_ns >= NS_PER_US && h->activity.steal_ns.known && h->cpus.measured.known &&
	    !cpus_is_empty(&h->cpus.measured.v)) {
		const uint64_t n_cpus = cpus_count(&h->cpus.measured.v);
		const uint64_t steal_ns = count_on(&h->activity.steal_ns, &h->cpus.measured.v);

		/* Divided twice: a product of hostile numbers may wrap to 0. */
		*ret_permille = steal_ns / n_cpus / NS_PER_US * 1000 / (window_ns / NS_PER_US);
		return true;
	}
	if (!measure_wake(h, -1, false, NULL, &wake) || wake.window_ns < NS_PER_US)
		return false;
	*ret_permille = wake.steal_ns / NS_PER_US * 1000 / (wake.window_ns / NS_PER_US);
	return true;
}

const struct activity_thread *activity_of_thread(const struct host *h, uint64_t tid)
{
	const struct activity_thread *t = h->activity.threads.v;

	for (size_t i = 0; i < h->activity.threads.n; i++) {
		if (t[i].tid.known && t[i].tid.v == tid)
			return &t[i];
	}
	return NULL;
}

const char *measure_guest_end(const struct host *h)
{
	static const char words[] = "the guest ended after ";
	const struct host_probe *p = host_probe(h, "activity");

	for (size_t i = 0; p && i < p->n_gaps; i++) {
		if (!strncmp(p->gaps[i].error, words, strlen(words)))
			return p->gaps[i].error;
	}
	return NULL;
}
