/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine_wait.c - who kept a thread from waking a vCPU: the victim is often not the vCPU but the
 * kworker, iothread or vhost thread that it waits for.
 *
 * From the moment that thread was woken until it wakes the vCPU it should have run: what had its
 * CPU instead is to blame. The same for the thread that woke it.
 */
#include <string.h>

#include "probes/trace/machine_parts.h"

/* Different culprits of one delay; more of them are passed over. */
#define N_PARTS 16

/* Interrupts wake threads too, and then the thread that they interrupted is no waker. */
static bool can_be_waker(const struct trace_machine *m, const struct thread *t)
{
	return m->has_contexts || t->role != TRACE_ROLE_STRANGER ||
	       !strncmp(t->comm, "kworker/", 8) || !strncmp(t->comm, "vhost-", 6);
}

static void add_part(struct trace_ran_part *parts, size_t *n, uint16_t id, uint64_t ns)
{
	for (size_t i = 0; i < *n; i++) {
		if (parts[i].id == id) {
			parts[i].ns += ns;
			return;
		}
	}
	if (*n < N_PARTS)
		parts[(*n)++] = (struct trace_ran_part){ id, ns };
}

static void blame_delay(struct trace_machine *m, struct vcpu_time *v, const struct trace_wakeup *w,
			uint64_t until_ns)
{
	const struct cpu_time *c = w->cpu >= 0 ? machine_cpu(m, (unsigned)w->cpu) : NULL;
	const uint64_t from = u64_max(u64_max(w->since_ns, v->slept_at_ns), v->from_ns);
	struct trace_ran_part parts[N_PARTS];
	struct slice s;
	uint64_t place = 0;
	size_t n = 0;

	if (!c)
		return;
	while (ran_next(&c->ran, from, u64_min(until_ns, v->to_ns), &place, &s)) {
		if (s.pid != w->pid)
			add_part(parts, &n, s.id, s.to_ns - s.from_ns);
	}
	for (size_t i = 0; i < n; i++)
		vcpu_time_blame(v, &m->names, names_via(&m->names, parts[i].id, w->id),
				parts[i].ns);
}

void machine_blame_upstream(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c,
			    uint64_t t_ns)
{
	struct trace_wakeup w;

	if (!c->cur || c->frames.depth || c->cur->vcpu == v || !can_be_waker(m, c->cur))
		return;
	w = c->cur->woken;
	w.cpu = (int)c->number;
	w.pid = c->cur->pid;
	w.id = machine_thread_id(m, c->cur);
	blame_delay(m, v, &w, t_ns);
	if (c->cur->waker.cpu >= 0 && w.since_ns)
		blame_delay(m, v, &c->cur->waker, w.since_ns);
}

uint64_t trace_machine_ran(const struct trace_machine *m, unsigned cpu, uint64_t from_ns,
			   uint64_t to_ns, struct trace_ran *ret_ran, size_t max, size_t *ret_n)
{
	const struct cpu_time *c = cpu < CPUS_MAX ? m->cpus[cpu] : NULL;
	uint64_t place = 0, rest = to_ns > from_ns ? to_ns - from_ns : 0;
	struct trace_ran_part parts[N_PARTS];
	struct slice s;
	size_t n = 0;

	while (c && ran_next(&c->ran, from_ns, to_ns, &place, &s)) {
		rest -= s.to_ns - s.from_ns;
		add_part(parts, &n, s.id, s.to_ns - s.from_ns);
	}
	for (size_t i = 1; i < n; i++) {
		for (size_t k = i; k > 0 && parts[k].ns > parts[k - 1].ns; k--) {
			const struct trace_ran_part swap = parts[k];

			parts[k] = parts[k - 1];
			parts[k - 1] = swap;
		}
	}
	*ret_n = n < max ? n : max;
	for (size_t i = 0; i < *ret_n; i++) {
		const struct culprit_name *name = &m->names.v[parts[i].id];

		ret_ran[i] = (struct trace_ran){ name->key.class, name->name, parts[i].ns };
	}
	return rest;
}

bool trace_machine_stretch(const struct trace_machine *m, unsigned cpu, uint64_t from_ns,
			   uint64_t to_ns, uint64_t *i, struct trace_stretch *ret_stretch)
{
	const struct cpu_time *c = cpu < CPUS_MAX ? m->cpus[cpu] : NULL;
	const struct culprit_name *name;
	struct slice s;

	if (!c || !ran_next(&c->ran, from_ns, to_ns, i, &s))
		return false;
	name = &m->names.v[s.id];
	*ret_stretch = (struct trace_stretch){ .from_ns = s.from_ns,
					       .to_ns = s.to_ns,
					       .pid = s.pid,
					       .is_known = s.id != NAME_UNSEEN,
					       .class = name->key.class,
					       .name = name->name,
					       .rows = name->rows };
	return true;
}
