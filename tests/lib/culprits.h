/* SPDX-License-Identifier: GPL-2.0-or-later */
/* culprits.h - traces of a run made by hand: who took the guest's time, for tests of rules. */
#ifndef TESTS_LIB_CULPRITS_H
#define TESTS_LIB_CULPRITS_H

#include "tests/lib/host.h"

/* A trace of ten seconds of vCPU 0 on CPU 1: nine in the guest, one lost, of which nobody is blamed
 * yet. rung NULL: tracefs, of a guest that runs. */
static inline void set_trace(struct host *h, const char *rung)
{
	struct trace_vcpu *v = fact_add_item(&h->trace.vcpus, &h->arena, sizeof(*v));
	struct trace_states *s;

	assert_non_null(v);
	set_str(&h->trace.rung, rung ? rung : "tracefs");
	fact_set_u64(&h->trace.window_ns, 10 * NS_PER_S);
	h->trace.culprits.known = v->culprits.known = true;
	if (!rung && !host_has_running_guest(h))
		set_str(&h->guestref.kind, "qemu");
	fact_set_u64(&v->vcpu, h->trace.vcpus.n - 1);
	set_cpus(&v->cpus, "1");
	fact_set_u64(&v->window_ns, 10 * NS_PER_S);
	s = fact_set_object(&v->states, &h->arena, sizeof(*s));
	assert_non_null(s);
	fact_set_u64(&s->guest_ns, 9 * NS_PER_S);
	fact_set_u64(&s->preempted_ns, NS_PER_S);
}

static inline void fill_culprit(struct host *h, struct trace_culprit *c, const char *class,
				const char *name, const char *rows, uint64_t n, uint64_t total_us,
				uint64_t max_us)
{
	struct text rest = text_of(rows), row;

	assert_non_null(c);
	set_str(&c->class, class);
	set_str(&c->name, name);
	c->rows.known = true;
	while (text_next_word(&rest, &row))
		assert_int_equal(fact_add_str(&c->rows, &h->arena,
					      arena_strndup(&h->arena, row.at, row.len)),
				 0);
	fact_set_u64(&c->n, n);
	fact_set_u64(&c->total_ns, total_us * NS_PER_US);
	fact_set_u64(&c->max_ns, max_us * NS_PER_US);
}

/* Of vCPU 0 and of all; rows: ids between blanks. Returned is the one of all. */
static inline struct trace_culprit *add_culprit(struct host *h, const char *class, const char *name,
						const char *rows, uint64_t n, uint64_t total_us,
						uint64_t max_us)
{
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_culprit *c =
		fact_add_item(&v->culprits, &h->arena, sizeof(struct trace_culprit));

	fill_culprit(h, c, class, name, rows, n, total_us, max_us);
	c = fact_add_item(&h->trace.culprits, &h->arena, sizeof(*c));
	fill_culprit(h, c, class, name, rows, n, total_us, max_us);
	return c;
}

#endif
