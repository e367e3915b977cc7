/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_hidden.c - time that was taken behind the kernel's back. */
#include "probes/trace/machine_parts.h"

static enum vcpu_state state_of(const struct trace_machine *m)
{
	return m->has_kvm ? STATE_GUEST : STATE_RUNNING;
}

static void hide(struct trace_machine *m, struct vcpu_time *v, const struct name_key *key,
		 uint64_t n, uint64_t ns)
{
	const uint64_t placed_ns = u64_min(ns, v->state_ns[state_of(m)]);

	m->unplaced_ns += ns - placed_ns;
	vcpu_time_spread(v, state_of(m), STATE_RESIDUE, placed_ns);
	/* How it was spread over them is not known. */
	tallies_add_sum(&v->tallies, &m->names, names_find(&m->names, key), n, placed_ns);
}

int trace_machine_add_hidden(struct trace_machine *m, unsigned vcpu, enum culprit_class class,
			     const char *name, uint64_t n, uint64_t ns)
{
	const struct name_key key = { class, UINT64_MAX, name, NULL, 0 };

	if (!n || (class != CULPRIT_STEAL && class != CULPRIT_RESIDUE))
		return -EINVAL;
	for (size_t i = 0; i < m->n_vcpus; i++) {
		struct vcpu_time *v = m->vcpus[i];

		if (v->number != vcpu || v->where == WHERE_GONE)
			continue;
		m->has_hidden = true;
		hide(m, v, &key, n, ns);
		return 0;
	}
	return -ENOENT;
}

/* part of all, of ns; products of nanoseconds do not fit 64 bits, and no rest matters here. */
static uint64_t share(uint64_t ns, uint64_t part, uint64_t all)
{
	return all ? u64_min(ns, (uint64_t)((double)ns * ((double)part / (double)all))) : 0;
}

static uint64_t time_on(const struct trace_machine *m, const struct vcpu_time *v, unsigned cpu)
{
	return cpus_has(&v->cpus, cpu) ? v->state_ns[state_of(m)] : 0;
}

void trace_machine_add_steal(struct trace_machine *m, unsigned cpu, uint64_t n, uint64_t ns)
{
	static const struct name_key key = { CULPRIT_STEAL, UINT64_MAX, "hypervisor below", NULL,
					     0 };
	const struct cpu_time *c = cpu < CPUS_MAX ? m->cpus[cpu] : NULL;
	uint64_t busy_ns, all_ns = 0;

	if (!c || !n)
		return;
	m->has_hidden = true;
	busy_ns = c->used_ns[USE_VCPU] + c->used_ns[USE_TASK] + c->used_ns[USE_IRQ] +
		  c->used_ns[USE_SOFTIRQ];
	if (!busy_ns)
		m->unplaced_ns += ns;
	ns = share(ns, c->used_ns[USE_VCPU], busy_ns);
	for (size_t i = 0; i < m->n_vcpus; i++)
		all_ns += time_on(m, m->vcpus[i], cpu);
	if (!all_ns)
		m->unplaced_ns += ns;
	for (size_t i = 0; i < m->n_vcpus && ns; i++) {
		const uint64_t own_ns = time_on(m, m->vcpus[i], cpu);

		if (own_ns)
			hide(m, m->vcpus[i], &key, u64_max(1, share(n, own_ns, all_ns)),
			     share(ns, own_ns, all_ns));
	}
}
