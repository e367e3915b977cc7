/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_window.c - a window ends, and the next one begins where threads are. */
#include <string.h>

#include "probes/trace/machine_parts.h"

/* An exit that goes on behind the window is blamed for what lies in it. */
static void close_vcpu(struct trace_machine *m, struct vcpu_time *v)
{
	const struct vcpu_exit open = v->exit;

	v->to_ns = u64_max(v->from_ns, u64_min(v->to_ns, m->end_ns));
	if (v->where == WHERE_RUNNING || v->where == WHERE_RUNNABLE) {
		machine_settle(m, v, m->end_ns);
		if (v->where == WHERE_RUNNABLE && !v->cpu->is_recorded)
			machine_unknow_wait(v);
		machine_end_waits(m, v);
	} else {
		machine_end_sleep(m, v, m->end_ns);
	}
	vcpu_time_blame_exit(v, &m->names);
	v->exit = open;
	v->exit.ns = 0;
	vcpu_time_end_outage(v);
	vcpu_time_finish(v);
}

void trace_machine_close(struct trace_machine *m, uint64_t end_ns)
{
	/* What was counted of later time stays: the window has to hold it. */
	if (!m->is_closed)
		machine_set_end(m, u64_min(m->end_ns, u64_max(end_ns, m->last_ns)));
	machine_close_window(m);
}

void machine_close_window(struct trace_machine *m)
{
	if (m->is_closed)
		return;
	m->is_closed = true;
	if (m->end_ns == UINT64_MAX)
		m->end_ns = u64_max(m->last_ns, m->start_ns);
	for (unsigned i = 0; i < m->n_cpus; i++) {
		if (m->cpus[i])
			machine_pass(m, m->cpus[i], m->end_ns);
	}
	for (size_t i = 0; i < m->n_vcpus; i++)
		close_vcpu(m, m->vcpus[i]);
	for (size_t i = 0; i < m->n_helpers; i++)
		machine_helper_pass(m, m->helpers[i], m->end_ns);
}

static void forget_dead(struct trace_machine *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_vcpus; i++) {
		struct vcpu_time *v = m->vcpus[i];

		if (v->where != WHERE_GONE) {
			m->vcpus[n++] = v;
			continue;
		}
		machine_detach(v);
		vcpu_time_release(v);
		free(v);
	}
	m->n_vcpus = n;
	n = 0;
	for (size_t i = 0; i < m->n_helpers; i++) {
		struct helper_time *h = m->helpers[i];

		if (h->where != WHERE_GONE) {
			m->helpers[n++] = h;
			continue;
		}
		free(h->name);
		free(h);
	}
	m->n_helpers = n;
}

void trace_machine_restart(struct trace_machine *m, uint64_t end_ns)
{
	/* Events behind the old end have been taken already. */
	m->is_closed = false;
	m->start_ns = u64_max(m->end_ns, m->last_ns);
	machine_set_end(m, end_ns);
	forget_dead(m);
	for (size_t i = 0; i < m->n_vcpus; i++)
		machine_start_vcpu(m, m->vcpus[i]);
	for (size_t i = 0; i < m->n_helpers; i++) {
		struct helper_time *h = m->helpers[i];

		h->run_ns = h->delay_ns = h->max_delay_ns = h->n_delays = h->n_migrations = 0;
	}
	for (unsigned i = 0; i < m->n_cpus; i++) {
		if (!m->cpus[i])
			continue;
		memset(m->cpus[i]->used_ns, 0, sizeof(m->cpus[i]->used_ns));
		m->cpus[i]->n_lost = 0;
	}
	m->n_events = m->n_unpaired = m->n_incomplete = m->n_clamped = m->n_strayed = 0;
	m->n_unseen_starts = 0;
	m->has_hidden = false;
	m->unplaced_ns = 0;
}
