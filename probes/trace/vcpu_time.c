/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/vcpu_time.h"

#include <string.h>

const uint64_t vcpu_time_sizes_us[N_SIZES] = { 0, 250, 500, 1000, 2000, 4000 };

int vcpu_time_init(struct vcpu_time *v, size_t n_steps)
{
	int r;

	*v = (struct vcpu_time){ .last_cpu = -1,
				 .exit.joined = NAME_NONE,
				 .units.end_ns = UINT64_MAX };
	v->outages = malloc(sizeof(*v->outages));
	r = v->outages ? series_init(&v->series, n_steps) : -ENOMEM;
	if (r == 0)
		r = tallies_init(&v->tallies);
	if (r < 0)
		vcpu_time_release(v);
	return r;
}

void vcpu_time_release(struct vcpu_time *v)
{
	free(v->outages);
	free(v->name);
	series_release(&v->series);
	units_release(&v->units);
	tallies_release(&v->tallies);
	v->outages = NULL;
	v->name = NULL;
}

void vcpu_time_start(struct vcpu_time *v, uint64_t window_ns, uint64_t from_ns, uint64_t to_ns)
{
	v->from_ns = from_ns;
	v->to_ns = u64_max(from_ns, to_ns);
	v->mark_ns = u64_max(v->mark_ns, from_ns);
	v->lead_ns = 0;
	v->off_ns = 0;
	memset(v->waits_ns, 0, sizeof(v->waits_ns));
	memset(v->state_ns, 0, sizeof(v->state_ns));
	v->exit.ns = 0;
	v->outage.is_open = false;
	v->own_ns = 0;
	series_start(&v->series, from_ns);
	units_start(&v->units, window_ns, from_ns);
	tallies_clear(&v->tallies);
	hist_init(v->outages);
	v->n_worst = 0;
	memset(v->n_of_size, 0, sizeof(v->n_of_size));
	v->cpus = (struct cpus){ { 0 } };
	if (v->where == WHERE_RUNNING)
		cpus_add(&v->cpus, (unsigned)v->last_cpu);
	v->n_exits = v->n_migrations = v->n_lost = 0;
}

static void add_worst(struct vcpu_time *v, const struct worst *w)
{
	size_t i = v->n_worst;

	if (i == WORST_MAX)
		i--;
	else
		v->n_worst++;
	for (; i > 0 && v->worst[i - 1].ns < w->ns; i--)
		v->worst[i] = v->worst[i - 1];
	v->worst[i] = *w;
}

static void add_part(struct outage *o, uint16_t id, uint64_t ns)
{
	unsigned i = 0;

	while (i < o->n_parts && o->parts[i].id != id)
		i++;
	if (i == OUTAGE_PARTS_MAX)
		return;
	if (i == o->n_parts)
		o->parts[o->n_parts++] = (struct outage_part){ 0, id };
	o->parts[i].ns += ns;
}

/* The largest of them, in order. */
static void take_parts(const struct outage *o, struct worst *w)
{
	for (unsigned i = 0; i < o->n_parts; i++) {
		const struct outage_part *p = &o->parts[i];
		unsigned k = w->n_parts;

		if (k == WORST_PARTS_MAX && w->parts[k - 1].ns >= p->ns)
			continue;
		if (k == WORST_PARTS_MAX)
			k--;
		else
			w->n_parts++;
		for (; k > 0 && w->parts[k - 1].ns < p->ns; k--)
			w->parts[k] = w->parts[k - 1];
		w->parts[k] = *p;
	}
}

/* What nobody has been blamed for. An exit that sleeps is not over, and is not blamed yet. */
static void add_rest(const struct vcpu_time *v, struct outage *o)
{
	uint64_t rest_ns = o->ns;

	for (unsigned i = 0; i < o->n_parts; i++)
		rest_ns -= u64_min(rest_ns, o->parts[i].ns);
	if (v->exit.is_open && !o->n_parts)
		add_part(o, v->exit.id, rest_ns);
	else if (v->exit.is_open)
		add_part(o, v->exit.id, u64_min(rest_ns, v->exit.ns));
	else if (!o->n_parts)
		add_part(o, NAME_UNSEEN, rest_ns);
}

static bool is_among_worst(const struct vcpu_time *v, uint64_t ns)
{
	return v->n_worst < WORST_MAX || v->worst[WORST_MAX - 1].ns < ns;
}

/*
 * Of the measurement: its threads had as large a part as all others, but for the interrupt and the
 * exit that let them in.
 */
static bool is_own(const struct outage *o)
{
	return o->side_ns[SIDE_OWN] && o->side_ns[SIDE_OWN] >= o->side_ns[SIDE_OTHER];
}

void vcpu_time_end_outage(struct vcpu_time *v)
{
	struct outage *o = &v->outage;
	size_t size = N_SIZES - 1;

	if (!o->is_open)
		return;
	o->is_open = false;
	if (v->units.step_ns && !is_own(o))
		units_count(&v->units, o->at_ns, o->ns, v->outages);
	else
		hist_add(v->outages, o->ns);
	series_count(&v->series, o->at_ns, o->ns);
	while (o->ns < vcpu_time_sizes_us[size] * NS_PER_US)
		size--;
	v->n_of_size[size]++;
	if (is_among_worst(v, o->ns)) {
		struct worst w = { .at_ns = o->at_ns, .ns = o->ns, .cpu = (unsigned)v->last_cpu };

		add_rest(v, o);
		take_parts(o, &w);
		w.id = w.parts[0].id;
		add_worst(v, &w);
	}
}

static void pass_outage(struct vcpu_time *v, enum vcpu_state state, uint64_t at_ns, uint64_t ns)
{
	if (!(1u << state & VCPU_STATES_LOST)) {
		if (v->outage.is_open)
			vcpu_time_end_outage(v);
		return;
	}
	if (!v->outage.is_open) {
		v->outage.is_open = true;
		v->outage.at_ns = at_ns;
		v->outage.ns = v->outage.n_parts = 0;
		memset(v->outage.side_ns, 0, sizeof(v->outage.side_ns));
	}
	v->outage.ns += ns;
}

/* Borders of repetitions lie in between. */
static void pass_units(struct vcpu_time *v, enum vcpu_state state, uint64_t from, uint64_t to)
{
	while (v->units.end_ns < to) {
		const uint64_t end = u64_max(from, v->units.end_ns);

		v->state_ns[state] += end - from;
		units_next(&v->units, v->state_ns, v->own_ns);
		from = end;
	}
	v->state_ns[state] += to - from;
}

uint64_t vcpu_time_pass(struct vcpu_time *v, enum vcpu_state state, uint64_t to_ns)
{
	const uint64_t from = u64_max(v->mark_ns, v->from_ns);
	const uint64_t to = u64_min(to_ns, v->to_ns);

	if (to_ns > v->mark_ns)
		v->mark_ns = to_ns;
	if (to <= from)
		return 0;
	if (to > v->units.end_ns)
		pass_units(v, state, from, to);
	else
		v->state_ns[state] += to - from;
	series_add(&v->series, state, from, to);
	pass_outage(v, state, from, to - from);
	return to - from;
}

void vcpu_time_move(struct vcpu_time *v, enum vcpu_state from, enum vcpu_state to, uint64_t ns)
{
	ns = u64_min(ns, v->state_ns[from]);
	units_move(&v->units, from, to, ns, v->state_ns);
	v->state_ns[from] -= ns;
	v->state_ns[to] += ns;
	series_move(&v->series, from, to, ns);
}

void vcpu_time_spread(struct vcpu_time *v, enum vcpu_state from, enum vcpu_state to, uint64_t ns)
{
	ns = u64_min(ns, v->state_ns[from]);
	v->state_ns[from] -= ns;
	v->state_ns[to] += ns;
	units_spread(&v->units, from, to, ns);
	series_spread(&v->series, from, to, ns);
}

void vcpu_time_finish(struct vcpu_time *v)
{
	units_finish(&v->units, v->state_ns, v->own_ns, v->outages);
}

void vcpu_time_blame(struct vcpu_time *v, const struct names *names, uint16_t id, uint64_t ns)
{
	enum culprit_side side;

	/* Of what lay beyond the window nothing is left. */
	if (!ns && (v->mark_ns < v->from_ns || v->mark_ns > v->to_ns))
		return;
	tallies_add(&v->tallies, names, id, ns);
	side = names->v[id].side;
	if (side == SIDE_OWN)
		v->own_ns += ns;
	if (v->outage.is_open && ns) {
		v->outage.side_ns[side] += ns;
		add_part(&v->outage, id, ns);
	}
}

void vcpu_time_blame_exit(struct vcpu_time *v, const struct names *names)
{
	struct vcpu_exit *e = &v->exit;

	if (e->is_open)
		vcpu_time_blame(v, names, e->joined != NAME_NONE ? e->joined : e->id, e->ns);
	*e = (struct vcpu_exit){ .joined = NAME_NONE };
}
