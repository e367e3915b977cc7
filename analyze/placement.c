/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/placement.h"

#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/measures.h"

enum placement_source placement_source(const struct host *h)
{
	const struct domain_facts *d = &h->domain;

	if (h->running && !fact_is(&h->running->kind, "builtin"))
		return PLACEMENT_RUNNING;
	if (guest_is_argv(h) || (!d->n_vcpus.known && d->vcpu_pins.n == 0))
		return PLACEMENT_NONE;
	return PLACEMENT_CONFIGURED;
}

bool placement_applies(const struct host *h, struct finding *out)
{
	if (placement_source(h) != PLACEMENT_NONE)
		return true;
	if (fact_is(&h->guestref.kind, "builtin"))
		finding_say(out, "The built-in guest has no configuration of its own.");
	else if (guest_is_argv(h))
		finding_say(out, "QEMU's arguments hold no pins: look while the guest runs.");
	else
		finding_say(out, "No guest runs, and the configuration of none is known.");
	return false;
}

static int compare_places(const void *a, const void *b)
{
	const struct vcpu_place *x = a, *y = b;

	if (x->vcpu != y->vcpu)
		return x->vcpu < y->vcpu ? -1 : 1;
	return x->tid < y->tid ? -1 : x->tid > y->tid;
}

static struct vcpu_place *reserve(struct placement *p, size_t n, struct finding *out)
{
	if (n > PLACEMENT_MAX)
		n = PLACEMENT_MAX;
	p->v = arena_calloc(out->arena, n, sizeof(*p->v));
	if (!p->v)
		out->is_out_of_memory = true;
	return p->v;
}

static void take_threads(struct placement *p, const struct guest_process *g, struct finding *out)
{
	const struct guest_thread *t = g->threads.v;
	size_t n = 0;

	for (size_t i = 0; i < g->threads.n; i++)
		n += fact_is(&t[i].role, "vcpu") && t[i].affinity.known;
	if (!reserve(p, n, out))
		return;
	for (size_t i = 0; i < g->threads.n && p->n < PLACEMENT_MAX; i++) {
		if (!fact_is(&t[i].role, "vcpu") || !t[i].affinity.known)
			continue;
		p->v[p->n] = (struct vcpu_place){ .vcpu = t[i].vcpu.known ? t[i].vcpu.v : p->n,
						  .tid = t[i].tid.v,
						  .cpus = t[i].affinity.v };
		p->n++;
	}
}

static bool has_place(const struct placement *p, uint64_t vcpu)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].vcpu == vcpu)
			return true;
	}
	return false;
}

static uint64_t n_started(const struct domain_facts *d)
{
	if (!d->n_vcpus.known)
		return 0;
	return d->n_current_vcpus.known ? u64_min(d->n_current_vcpus.v, d->n_vcpus.v)
					: d->n_vcpus.v;
}

/*
 * vCPUs with pins, and as many more as the guest has: with hot-plugged vCPUs the numbers of those
 * that exist have holes.
 */
static void take_configuration(struct placement *p, const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	const struct domain_pin *pin = d->vcpu_pins.v;
	const struct cpus none = { { 0 } };
	const struct cpus others = d->vcpu_cpuset.known && !cpus_is_empty(&d->vcpu_cpuset.v)
					   ? d->vcpu_cpuset.v
					   : (h->cpu.online.known ? h->cpu.online.v : none);
	const uint64_t n_vcpus = u64_min(n_started(d), PLACEMENT_MAX);

	if (!reserve(p, u64_max(d->vcpu_pins.n, n_vcpus), out))
		return;
	for (size_t i = 0; i < d->vcpu_pins.n && p->n < PLACEMENT_MAX; i++) {
		if (!pin[i].id.known || !pin[i].cpus.known || has_place(p, pin[i].id.v))
			continue;
		p->v[p->n++] = (struct vcpu_place){ .vcpu = pin[i].id.v, .cpus = pin[i].cpus.v };
	}
	for (uint64_t id = 0; p->n < n_vcpus; id++) {
		if (!has_place(p, id))
			p->v[p->n++] = (struct vcpu_place){ .vcpu = id, .cpus = others };
	}
}

/* On a host of one CPU nothing is pinned: there is no other choice. */
static void summarise(struct placement *p, const struct host *h)
{
	const bool has_choice = !h->cpu.online.known || cpus_count(&h->cpu.online.v) > 1;

	for (size_t i = 0; i < p->n; i++) {
		struct vcpu_place *v = &p->v[i];

		p->all = cpus_or(&p->all, &v->cpus);
		if (!has_choice || cpus_count(&v->cpus) != 1)
			continue;
		v->is_pinned = true;
		p->n_pinned++;
		p->pinned = cpus_or(&p->pinned, &v->cpus);
	}
}

const struct placement *placement_of(const struct host *h, struct finding *out)
{
	static const struct placement nothing;
	struct placement *p = arena_alloc(out->arena, sizeof(*p));

	if (!p) {
		out->is_out_of_memory = true;
		return &nothing;
	}
	p->source = placement_source(h);
	if (p->source == PLACEMENT_RUNNING)
		take_threads(p, h->running, out);
	else if (p->source == PLACEMENT_CONFIGURED)
		take_configuration(p, h, out);
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), compare_places);
	summarise(p, h);
	return p;
}

enum verdict placement_says_nothing(const struct placement *p, struct finding *out)
{
	if (p->source == PLACEMENT_RUNNING)
		finding_say(out, "The guest's vCPU threads have no names: see pin.identify.");
	else
		finding_say(out, "The configuration does not say how many vCPUs there are.");
	return VERDICT_UNKNOWN;
}

const struct activity_thread *placement_activity(const struct host *h, const struct vcpu_place *v)
{
	return v->tid ? activity_of_thread(h, v->tid) : NULL;
}

static struct cpus without_isolated(const struct host *h, const struct cpus *set)
{
	struct cpus rest = *set;

	if (h->cpu.isolated.known)
		rest = cpus_minus(set, &h->cpu.isolated.v);
	return cpus_is_empty(&rest) ? *set : rest;
}

struct cpus placement_housekeeping(const struct host *h, const struct placement *p)
{
	const struct core_fact *core = h->cpu.cores.v;
	struct cpus rest = { { 0 } }, whole = { { 0 } };

	if (!h->cpu.online.known)
		return rest;
	rest = cpus_minus(&h->cpu.online.v, &p->pinned);
	for (size_t i = 0; i < h->cpu.cores.n; i++) {
		if (core[i].cpus.known && cpus_is_subset(&core[i].cpus.v, &rest))
			whole = cpus_or(&whole, &core[i].cpus.v);
	}
	return without_isolated(h, cpus_is_empty(&whole) ? &rest : &whole);
}
