/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/irqs.h"
#include "analyze/measures.h"
#include "analyze/unit_values_parts.h"

static bool is_meant(const struct activity_irq *a, const char *handler)
{
	if (!a->irq.known)
		return false;
	return handler ? fact_is(&a->actions, handler) : !irq_is_vfio(&a->actions);
}

static double n_on_guest(const struct host *h, const struct activity_unit *u, const char *handler)
{
	const struct activity_irq *a = u->irqs.v;
	double n = 0;

	for (size_t i = 0; i < u->irqs.n; i++) {
		if (is_meant(&a[i], handler))
			n += (double)count_on(&a[i].counts, &h->cpus.guest.v);
	}
	return n;
}

static int collect(const struct host *h, struct unit_places *ret_places, uint64_t *ret_longest_ns)
{
	const struct activity_unit *u = h->activity.units.v;
	struct unit_places p;
	int r = unit_places_init(&p, h->activity.units.n);

	if (r < 0)
		return r;
	*ret_longest_ns = 0;
	for (size_t i = 0; i < h->activity.units.n; i++) {
		if (!u[i].rep.known || !u[i].irqs.known || !u[i].window_ns.known)
			continue;
		unit_places_add(&p, u[i].rep.v, &u[i]);
		*ret_longest_ns = u64_max(*ret_longest_ns, u[i].window_ns.v);
	}
	unit_places_sort(&p);
	*ret_places = p;
	return 0;
}

int unit_values_irq_rate(const struct host *h, const char *handler, struct unit_values *ret_values)
{
	auto_unit_places struct unit_places p = { 0 };
	auto_unit_values struct unit_values v = { 0 };
	uint64_t longest_ns;
	size_t end;
	int r;

	if (!fact_has_cpus(&h->cpus.guest))
		return -ENODATA;
	r = collect(h, &p, &longest_ns);
	if (r == 0)
		r = unit_values_init(&v, &p);
	if (r < 0)
		return r;
	for (size_t first = 0; first < p.n; first = end) {
		const struct activity_unit *u = p.v[first].of;

		end = unit_places_end(&p, first);
		/* One that was cut short is another measurement. */
		if (u->window_ns.v == 0 || u->window_ns.v < longest_ns / 2)
			continue;
		unit_values_add(&v, u->rep.v,
				unit_round(n_on_guest(h, u, handler) * 1000 /
					   ((double)u->window_ns.v / NS_PER_S)));
	}
	v.offset = longest_ns ? unit_round(500.0 * NS_PER_S / (double)longest_ns) : 0;
	return unit_values_give(&v, ret_values);
}

int unit_values_gap_lost(const struct host *h, struct unit_values *ret_values)
{
	const struct gap_unit *u = h->gap.units.v;
	auto_unit_places struct unit_places p = { 0 };
	auto_unit_values struct unit_values v = { 0 };
	size_t most = 0, end;
	int r = unit_places_init(&p, h->gap.units.n);

	if (r < 0)
		return r;
	for (size_t i = 0; i < h->gap.units.n; i++) {
		if (u[i].rep.known && u[i].window_ns.known && u[i].hist.known)
			unit_places_add(&p, u[i].rep.v, &u[i]);
	}
	unit_places_sort(&p);
	r = unit_values_init(&v, &p);
	if (r < 0)
		return r;
	for (size_t first = 0; first < p.n; first = unit_places_end(&p, first))
		most = u64_max(most, unit_places_end(&p, first) - first);
	for (size_t first = 0; first < p.n; first = end) {
		double lost_ns = 0, window_ns = 0;

		end = unit_places_end(&p, first);
		for (size_t i = first; i < end; i++) {
			const struct gap_unit *g = p.v[i].of;

			if (!hist_bins_are_sound(g->hist.v))
				return -EBADMSG;
			lost_ns += (double)g->hist.v->sum_ns;
			window_ns += (double)g->window_ns.v;
		}
		if (end - first == most && window_ns > 0)
			unit_values_add(&v, p.v[first].rep, unit_round(lost_ns / window_ns * 1e6));
	}
	return unit_values_give(&v, ret_values);
}
