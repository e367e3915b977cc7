/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost_columns.c - the series of all vCPUs as few columns, each of whole steps. */
#include "report/lost_parts.h"

/* What the longest step is; and of several steps at all. */
static uint64_t longest_step(const struct trace_facts *t, bool *ret_is_series)
{
	const struct trace_vcpu *v = t->vcpus.v;
	uint64_t ns = 0;

	*ret_is_series = false;
	for (size_t i = 0; i < t->vcpus.n; i++) {
		if (!v[i].step_ns.known)
			continue;
		ns = u64_max(ns, v[i].step_ns.v);
		*ret_is_series |= v[i].series.n > 1;
	}
	return ns;
}

static size_t length_of(uint64_t us)
{
	size_t i = 0;

	while (us && i + 1 < LOST_LENGTHS) {
		us /= 2;
		i++;
	}
	return i;
}

static void add_step(struct lost *l, const struct trace_second *s)
{
	const struct trace_states *states = states_of(&s->states);
	struct lost_column *c;

	if (!s->at_ns.known || s->at_ns.v / l->column_ns >= l->n_columns)
		return;
	c = &l->columns[s->at_ns.v / l->column_ns];
	c->all_ns += states_all_ns(states);
	for (size_t k = 0; k < N_LOST_STATES; k++)
		c->ns[k] += state_ns(states, k);
	l->has_lengths |= s->outages.known;
	for (size_t k = 0; k < s->outages.n; k++)
		c->n_of_length[length_of(s->outages.v[k].key)] += s->outages.v[k].value;
}

int lost_make_columns(const struct trace_facts *t, struct arena *a, struct lost *l)
{
	const struct trace_vcpu *v = t->vcpus.v;
	bool is_series;
	const uint64_t step_ns = longest_step(t, &is_series);
	uint64_t n_steps;

	if (!is_series || step_ns == 0 || l->window_ns == 0)
		return 0;
	n_steps = (l->window_ns - 1) / step_ns + 1;
	if (n_steps > UINT32_MAX)
		return 0;
	l->column_ns = step_ns * ((n_steps - 1) / LOST_COLUMNS_MAX + 1);
	l->n_columns = (size_t)((l->window_ns - 1) / l->column_ns + 1);
	l->columns = arena_calloc(a, l->n_columns, sizeof(*l->columns));
	if (!l->columns)
		return -ENOMEM;
	for (size_t i = 0; i < t->vcpus.n; i++) {
		const struct trace_second *s = v[i].series.v;

		for (size_t k = 0; k < v[i].series.n; k++)
			add_step(l, &s[k]);
	}
	return 0;
}
