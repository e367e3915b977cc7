/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost_marks.c - the worst stretches of all vCPUs, and what caused them. */
#include <string.h>

#include "report/lost_parts.h"

/* Whether the measurement itself was most of it. */
static bool is_own(const struct trace_worst *w)
{
	const struct trace_culprit c = {
		.class = w->class, .name = w->name, .n = { true, 1 }, .total_ns = { true, 1 }
	};

	return w->class.known && w->name.known && !blame_counts(&c);
}

static bool is_usable(const struct lost *l, const struct trace_worst *w)
{
	return w->at_ns.known && w->duration_ns.known && w->at_ns.v <= l->window_ns && !is_own(w);
}

static int by_duration(const void *pa, const void *pb)
{
	const struct lost_mark *a = pa, *b = pb;
	const uint64_t a_ns = a->worst->duration_ns.v, b_ns = b->worst->duration_ns.v;

	if (a_ns != b_ns)
		return a_ns < b_ns ? 1 : -1;
	if (a->worst->at_ns.v != b->worst->at_ns.v)
		return a->worst->at_ns.v > b->worst->at_ns.v ? 1 : -1;
	return (a->vcpu > b->vcpu) - (a->vcpu < b->vcpu);
}

static const char *text_or(const struct fact_str *f)
{
	return f->known ? f->v : "?";
}

static bool is_cause(const struct lost_cause *c, const struct trace_worst *w)
{
	return c->name && !strcmp(c->class, text_or(&w->class)) &&
	       !strcmp(c->name, text_or(&w->name));
}

/* Marks come by length: the first of a cause is its longest, and the causes are in order. */
static size_t cause_of(struct lost *l, const struct trace_worst *w)
{
	struct lost_cause *c;
	size_t i = 0;

	while (i < l->n_causes && !is_cause(&l->causes[i], w) && l->causes[i].name)
		i++;
	c = &l->causes[i];
	if (i == l->n_causes) {
		l->n_causes++;
		c->max_ns = w->duration_ns.v;
		if (l->n_causes < LOST_CAUSES_MAX) {
			c->class = text_or(&w->class);
			c->name = text_or(&w->name);
		}
	}
	c->n++;
	return i;
}

int lost_make_marks(const struct trace_facts *t, struct arena *a, struct lost *l)
{
	const struct trace_vcpu *v = t->vcpus.v;
	size_t n = 0;

	for (size_t i = 0; i < t->vcpus.n; i++)
		n += v[i].worst.n;
	l->marks = arena_calloc(a, n, sizeof(*l->marks));
	l->causes = arena_calloc(a, LOST_CAUSES_MAX, sizeof(*l->causes));
	if (!l->marks || !l->causes)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < t->vcpus.n; i++) {
		const struct trace_worst *w = v[i].worst.v;

		for (size_t k = 0; k < v[i].worst.n; k++) {
			if (is_usable(l, &w[k]))
				l->marks[n++] = (struct lost_mark){ &v[i], &w[k], 0 };
		}
	}
	if (n)
		qsort(l->marks, n, sizeof(*l->marks), by_duration);
	l->n_worst = n;
	l->n_marks = n < LOST_MARKS_MAX ? n : LOST_MARKS_MAX;
	for (size_t i = 0; i < l->n_marks; i++)
		l->marks[i].cause = cause_of(l, l->marks[i].worst);
	return 0;
}
