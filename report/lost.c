/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/lost.h"

#include "report/lost_parts.h"

const uint64_t lost_sizes_us[LOST_SIZES] = { 0, 250, 500, 1000, 2000, 4000 };

static struct lost_bar bar_of(const struct host *h, const struct trace_vcpu *v, size_t i)
{
	const struct trace_states *s = states_of(&v->states);
	const struct blame_time t = blame_time(h, v);
	struct lost_bar b = { .vcpu = v, .number = v->vcpu.known ? v->vcpu.v : i };

	b.known_ns = t.known_ns;
	b.lost_ns = t.lost_ns;
	b.all_ns = states_all_ns(s);
	b.own_ns = states_lost_ns(s) - u64_min(states_lost_ns(s), t.lost_ns);
	for (size_t k = 0; k < N_LOST_STATES; k++)
		b.ns[k] = state_ns(s, k);
	return b;
}

static int by_lost(const void *pa, const void *pb)
{
	const struct lost_bar *a = pa, *b = pb;

	if (a->lost_ns != b->lost_ns)
		return a->lost_ns < b->lost_ns ? 1 : -1;
	return (a->number > b->number) - (a->number < b->number);
}

static int by_number(const void *pa, const void *pb)
{
	const struct lost_bar *a = pa, *b = pb;

	return (a->number > b->number) - (a->number < b->number);
}

static int make_bars(const struct host *h, struct arena *a, struct lost *l)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;
	uint64_t in_states_ns = 0;

	l->n_vcpus = h->trace.vcpus.n;
	l->bars = arena_calloc(a, l->n_vcpus, sizeof(*l->bars));
	if (!l->bars)
		return -ENOMEM;
	for (size_t i = 0; i < l->n_vcpus; i++) {
		l->bars[i] = bar_of(h, &v[i], i);
		in_states_ns += states_lost_ns(states_of(&v[i].states));
	}
	l->own_ns = in_states_ns - u64_min(in_states_ns, l->lost_ns);
	l->n_bars = l->n_vcpus < LOST_BARS_MAX ? l->n_vcpus : LOST_BARS_MAX;
	qsort(l->bars, l->n_vcpus, sizeof(*l->bars), by_lost);
	qsort(l->bars, l->n_bars, sizeof(*l->bars), by_number);
	return 0;
}

static void count_sizes(const struct trace_facts *t, struct lost *l)
{
	const struct trace_vcpu *v = t->vcpus.v;

	for (size_t i = 0; i < t->vcpus.n; i++) {
		l->has_sizes |= v[i].sizes.known;
		for (size_t k = 0; k < LOST_SIZES; k++)
			l->n_of[k] += fact_pair_value(&v[i].sizes, lost_sizes_us[k]);
	}
}

static uint64_t window_of(const struct trace_facts *t)
{
	const struct trace_vcpu *v = t->vcpus.v;
	uint64_t ns = 0;

	if (t->window_ns.known)
		return t->window_ns.v;
	for (size_t i = 0; i < t->vcpus.n; i++)
		ns = u64_max(ns, v[i].window_ns.known ? v[i].window_ns.v : 0);
	return ns;
}

int lost_make(const struct host *h, struct arena *a, struct lost *ret_lost)
{
	const struct trace_facts *t = &h->trace;
	const struct blame_time time = blame_time(h, NULL);
	struct lost l = { .window_ns = window_of(t),
			  .all_ns = time.known_ns + time.untold_ns,
			  .known_ns = time.known_ns,
			  .lost_ns = time.lost_ns,
			  .untold_ns = time.untold_ns };
	int r;

	if (t->vcpus.n == 0)
		return -ENODATA;
	r = make_bars(h, a, &l);
	if (r == 0)
		r = lost_make_columns(t, a, &l);
	if (r == 0)
		r = lost_make_marks(t, a, &l);
	if (r < 0)
		return r;
	count_sizes(t, &l);
	*ret_lost = l;
	return 0;
}
