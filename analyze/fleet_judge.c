/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_judge.c - ranks, limits and outliers of each group, as the document has them. */
#include <inttypes.h>
#include <string.h>

#include "analyze/fleet_parts.h"

struct crowd { /* while it is judged; hosts in order */
	const struct fleet_crowd *what;
	struct fleet_machine **hosts;
	size_t n, number;
};

/* Largest first; what has no value last. */
static int by_metric(const struct fleet_machine *x, const struct fleet_machine *y, size_t metric)
{
	const uint64_t a = x->points[metric].value, b = y->points[metric].value;

	if (x->why[metric] || y->why[metric])
		return (x->why[metric] != NULL) - (y->why[metric] != NULL);
	return (a < b) - (a > b);
}

static int by_values(const void *a, const void *b)
{
	const struct fleet_machine *x = *(struct fleet_machine *const *)a;
	const struct fleet_machine *y = *(struct fleet_machine *const *)b;
	int order = 0;

	for (size_t i = 0; i < FLEET_N_METRICS && !order; i++)
		order = by_metric(x, y, i);
	return order ? order : strcmp(x->name, y->name);
}

static int by_size(const void *a, const void *b)
{
	const struct crowd *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->what->key, y->what->key);
}

static int descending(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/* How many of the sorted values are larger, and one. */
static uint64_t rank_of(const uint64_t *sorted, size_t n, uint64_t value)
{
	size_t low = 0, high = n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (sorted[middle] > value)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}

static int rank_metric(const struct crowd *c, size_t metric)
{
	auto_free uint64_t *sorted = calloc(c->n + 1, sizeof(*sorted));
	size_t n = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < c->n; i++) {
		if (!c->hosts[i]->why[metric])
			sorted[n++] = c->hosts[i]->points[metric].value;
	}
	if (n)
		qsort(sorted, n, sizeof(*sorted), descending);
	for (size_t i = 0; i < c->n; i++)
		c->hosts[i]->rank[metric] = rank_of(sorted, n, c->hosts[i]->points[metric].value);
	return 0;
}

static int judge_points(const struct crowd *c, size_t metric, const struct metric *m, size_t *ret_n,
			struct fleet_limits *ret_limits)
{
	auto_free struct fleet_point *points = calloc(c->n + 1, sizeof(*points));
	size_t n = 0;
	int r;

	if (!points)
		return -ENOMEM;
	for (size_t i = 0; i < c->n; i++) {
		if (!c->hosts[i]->why[metric])
			points[n++] = c->hosts[i]->points[metric];
	}
	*ret_n = n;
	r = fleet_spread_judge(points, n, m->floor, m->margin_permille, ret_limits);
	for (size_t i = 0, k = 0; r == 0 && i < c->n; i++) {
		if (!c->hosts[i]->why[metric])
			c->hosts[i]->points[metric] = points[k++];
	}
	return r;
}

static void put_limits(enum metric_unit unit, const struct fleet_limits *l, struct fleet_spread *s)
{
	struct fact_u64 *const median[] = { [METRIC_NS] = &s->median_ns,
					    [METRIC_PER_1000MIN] = &s->median_per_1000min,
					    [METRIC_PER_1000S] = &s->median_per_1000s,
					    [METRIC_PPM] = &s->median_ppm };
	struct fact_u64 *const high[] = { [METRIC_NS] = &s->high_ns,
					  [METRIC_PER_1000MIN] = &s->high_per_1000min,
					  [METRIC_PER_1000S] = &s->high_per_1000s,
					  [METRIC_PPM] = &s->high_ppm };
	struct fact_u64 *const low[] = { [METRIC_NS] = &s->low_ns,
					 [METRIC_PER_1000MIN] = &s->low_per_1000min,
					 [METRIC_PER_1000S] = &s->low_per_1000s,
					 [METRIC_PPM] = &s->low_ppm };

	fact_set_u64(median[unit], l->median);
	/* A share has no more than all. */
	if (unit != METRIC_PPM || l->high < 1000000)
		fact_set_u64(high[unit], l->high);
	if (l->has_low)
		fact_set_u64(low[unit], l->low);
}

static const char *why_not_judged(struct fleet *f, const struct crowd *c, size_t metric, size_t n)
{
	if (n == 0)
		return arena_printf(&f->arena, "no host has a value: %s", c->hosts[0]->why[metric]);
	return arena_printf(&f->arena, "%zu host%s: at least %d are needed to tell who stands out",
			    n, n == 1 ? "" : "s", FLEET_HOSTS_MIN);
}

static int put_spread(struct fleet *f, const struct crowd *c, size_t metric, struct fleet_spread *s)
{
	const struct metric *m = metric_find(fleet_metric_ids[metric]);
	struct fleet_limits l;
	size_t n = 0;
	int r = judge_points(c, metric, m, &n, &l);

	if (r < 0 && r != -ENODATA)
		return r;
	s->id = (struct fact_str){ true, m->id };
	s->title = (struct fact_str){ true, m->title };
	fact_set_u64(&s->n_hosts, n);
	if (r == -ENODATA) {
		const char *why = why_not_judged(f, c, metric, n);

		s->why = (struct fact_str){ why != NULL, why };
		return why ? 0 : -ENOMEM;
	}
	fact_set_u64(&s->margin_permille, m->margin_permille);
	put_limits(m->unit, &l, s);
	return 0;
}

static void put_value(const struct fleet_machine *m, size_t i, struct fleet_value *v)
{
	const struct metric *metric = metric_find(fleet_metric_ids[i]);
	struct fact_u64 *const value[] = { [METRIC_NS] = &v->value_ns,
					   [METRIC_PER_1000MIN] = &v->value_per_1000min,
					   [METRIC_PER_1000S] = &v->value_per_1000s,
					   [METRIC_PPM] = &v->value_ppm };

	v->id = (struct fact_str){ true, metric->id };
	if (m->why[i]) {
		v->why = (struct fact_str){ true, m->why[i] };
		return;
	}
	fact_set_u64(value[metric->unit], m->points[i].value);
	fact_set_u64(&v->rank, m->rank[i]);
	if (m->points[i].is_worse || m->points[i].is_better)
		v->verdict = (struct fact_str){ true, m->points[i].is_worse ? "worse" : "better" };
}

static int put_host(struct fleet *f, const struct fleet_machine *m, struct fleet_host *to)
{
	struct fleet_value *v = arena_calloc(&f->arena, FLEET_N_METRICS, sizeof(*v));

	if (!v)
		return -ENOMEM;
	to->name = (struct fact_str){ true, m->name };
	to->files = m->files;
	to->started_unix_ns = m->started_unix_ns;
	to->label = m->label;
	to->kernel = m->kernel;
	fact_set_u64(&to->n_wakeups, m->numbers.wake ? m->numbers.wake->n : 0);
	for (size_t i = 0; i < FLEET_N_METRICS; i++)
		put_value(m, i, &v[i]);
	to->values = (struct fact_list){ true, FLEET_N_METRICS, v };
	return 0;
}

static int put_group(struct fleet *f, const struct crowd *c, struct fleet_group *g)
{
	struct fleet_spread *spreads = arena_calloc(&f->arena, FLEET_N_METRICS, sizeof(*spreads));
	struct fleet_host *hosts = arena_calloc(&f->arena, c->n, sizeof(*hosts));
	int r = spreads && hosts ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < FLEET_N_METRICS; i++) {
		r = put_spread(f, c, i, &spreads[i]);
		if (r == 0)
			r = rank_metric(c, i);
	}
	for (size_t i = 0; r == 0 && i < c->n; i++)
		r = put_host(f, c->hosts[i], &hosts[i]);
	g->fingerprint = (struct fact_object){ true, (void *)(uintptr_t)&c->what->fingerprint };
	fact_set_u64(&g->n_cpus, c->what->n_cpus);
	fact_set_u64(&g->n_measured_cpus, c->what->n_measured_cpus);
	g->spreads = (struct fact_list){ true, FLEET_N_METRICS, spreads };
	g->hosts = (struct fact_list){ true, c->n, hosts };
	return r;
}

static int put_outlier(struct fleet *f, const struct crowd *c, const struct fleet_machine *m,
		       struct fleet_outlier *o)
{
	int r = 0;

	o->host = (struct fact_str){ true, m->name };
	fact_set_u64(&o->group, c->number);
	for (size_t i = 0; r == 0 && i < FLEET_N_METRICS; i++) {
		if (m->points[i].is_worse)
			r = fact_add_str(&o->worse, &f->arena, fleet_metric_ids[i]);
		else if (m->points[i].is_better)
			r = fact_add_str(&o->better, &f->arena, fleet_metric_ids[i]);
	}
	o->worse.known = o->better.known = true;
	return r;
}

/* Hosts in order: those that are worse come before those that are only better, as they do there. */
static int put_outliers(struct fleet *f, const struct crowd *c, struct fact_list *all)
{
	struct fleet_outlier *o = arena_calloc(&f->arena, c->n, sizeof(*o));
	size_t n = 0;
	int r = o ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < c->n; i++) {
		if (fleet_stands_out(c->hosts[i]))
			r = put_outlier(f, c, c->hosts[i], &o[n++]);
	}
	if (r == 0 && n)
		r = fleet_settings(f, c->hosts, c->n, o);
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; r == 0 && i < n; i++) {
			struct fleet_outlier *to;

			if ((o[i].worse.n == 0) != (pass == 1))
				continue;
			to = fact_add_item(all, &f->arena, sizeof(*to));
			if (!to)
				return -ENOMEM;
			*to = o[i];
		}
	}
	return r;
}

/* Crowds with their hosts, the largest first; one without hosts is left out. */
static int make_crowds(struct fleet *f, struct crowd **ret_crowds, size_t *ret_n)
{
	const struct fleet_crowd *what = f->crowds.v;
	struct fleet_machine *m = f->machines.v;
	struct crowd *c = arena_calloc(&f->arena, f->crowds.n, sizeof(*c));
	size_t n = 0;

	if (!c)
		return -ENOMEM;
	for (size_t i = 0; i < f->machines.n; i++)
		c[m[i].crowd].n++;
	for (size_t i = 0; i < f->crowds.n; i++) {
		c[i].what = &what[i];
		c[i].hosts = arena_calloc(&f->arena, c[i].n, sizeof(struct fleet_machine *));
		if (!c[i].hosts)
			return -ENOMEM;
		c[i].n = 0;
	}
	for (size_t i = 0; i < f->machines.n; i++) {
		struct crowd *of = &c[m[i].crowd];

		of->hosts[of->n++] = &m[i];
	}
	if (f->crowds.n)
		qsort(c, f->crowds.n, sizeof(*c), by_size);
	while (n < f->crowds.n && c[n].n) {
		c[n].number = n;
		qsort(c[n].hosts, c[n].n, sizeof(struct fleet_machine *), by_values);
		n++;
	}
	*ret_crowds = c;
	*ret_n = n;
	return 0;
}

int fleet_judge(struct fleet *f, struct fleet_facts *ret_facts)
{
	struct fleet_machine *m = f->machines.v;
	struct fleet_facts facts = { .outliers.known = true, .groups.known = true };
	struct fleet_group *groups;
	struct crowd *crowds = NULL;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->machines.n; i++)
		r = fleet_measure(f, &m[i]);
	if (r == 0)
		r = make_crowds(f, &crowds, &n);
	groups = arena_calloc(&f->arena, n, sizeof(*groups));
	if (r == 0 && !groups)
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = put_group(f, &crowds[i], &groups[i]);
		if (r == 0)
			r = put_outliers(f, &crowds[i], &facts.outliers);
	}
	if (r < 0)
		return r;
	facts.groups = (struct fact_list){ true, n, groups };
	facts.left_out = f->left_out;
	facts.notes = f->notes;
	fact_set_u64(&facts.n_results, f->sessions.n);
	fact_set_u64(&facts.n_hosts, f->machines.n);
	*ret_facts = facts;
	return 0;
}
