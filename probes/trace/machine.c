/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/machine.h"

#include <string.h>

#include "probes/trace/machine_parts.h"

const char *const trace_role_names[N_TRACE_ROLES] = {
	[TRACE_ROLE_STRANGER] = "stranger", [TRACE_ROLE_VCPU] = "vcpu",
	[TRACE_ROLE_EMULATOR] = "emulator", [TRACE_ROLE_IOTHREAD] = "iothread",
	[TRACE_ROLE_VHOST] = "vhost",       [TRACE_ROLE_WORKER] = "worker",
	[TRACE_ROLE_OTHER] = "other",
};

void machine_set_end(struct trace_machine *m, uint64_t end_ns)
{
	m->end_ns = end_ns > T_NS_MAX ? UINT64_MAX : u64_max(m->start_ns, end_ns);
}

struct trace_machine *trace_machine_new(const struct trace_setup *setup)
{
	struct trace_machine *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->setup = *setup;
	m->start_ns = u64_min(setup->start_ns, T_NS_MAX);
	machine_set_end(m, setup->end_ns);
	m->has_kvm = setup->has[TRACE_KVM_ENTRY] && setup->has[TRACE_KVM_EXIT];
	m->has_switch = setup->has[TRACE_SWITCH];
	m->has_contexts = setup->has[TRACE_IRQ_ENTRY] && setup->has[TRACE_VECTOR_ENTRY];
	m->vcpus = calloc(TRACE_MEMBERS_MAX, sizeof(struct vcpu_time *));
	m->helpers = calloc(TRACE_MEMBERS_MAX, sizeof(struct helper_time *));
	if (!m->vcpus || !m->helpers || names_init(&m->names) < 0 ||
	    threads_init(&m->threads) < 0) {
		trace_machine_free(m);
		return NULL;
	}
	return m;
}

void trace_machine_free(struct trace_machine *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_vcpus; i++) {
		vcpu_time_release(m->vcpus[i]);
		free(m->vcpus[i]);
	}
	for (size_t i = 0; i < m->n_helpers; i++) {
		free(m->helpers[i]->name);
		free(m->helpers[i]);
	}
	for (unsigned i = 0; i < m->n_cpus; i++)
		free(m->cpus[i]);
	free(m->vcpus);
	free(m->helpers);
	names_release(&m->names);
	threads_release(&m->threads);
	free(m);
}

struct cpu_time *machine_cpu(struct trace_machine *m, unsigned number)
{
	struct cpu_time *c = number < CPUS_MAX ? m->cpus[number] : NULL;

	if (c || number >= CPUS_MAX)
		return c;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->number = number;
	c->pid = TRACE_PID_UNKNOWN;
	c->mark_ns = m->start_ns;
	c->idle_id = NAME_IDLE;
	m->cpus[number] = c;
	if (m->n_cpus <= number)
		m->n_cpus = number + 1;
	return c;
}

void machine_start_vcpu(const struct trace_machine *m, struct vcpu_time *v)
{
	vcpu_time_start(v, m->start_ns, u64_max(m->start_ns, v->since_ns), m->end_ns);
}

static void start(struct trace_machine *m, uint64_t t_ns)
{
	m->has_started = true;
	if (m->start_ns)
		return;
	m->start_ns = t_ns;
	for (size_t i = 0; i < m->n_vcpus; i++)
		machine_start_vcpu(m, m->vcpus[i]);
	for (unsigned i = 0; i < m->n_cpus; i++) {
		if (!m->cpus[i])
			continue;
		m->cpus[i]->mark_ns = t_ns;
		memset(m->cpus[i]->used_ns, 0, sizeof(m->cpus[i]->used_ns));
	}
}

/* Time of a CPU does not run back. */
static uint64_t clamp(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns)
{
	if (t_ns >= c->mark_ns)
		return t_ns;
	m->n_clamped++;
	return c->mark_ns;
}

typedef void handle_fn(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e);

/*
 * A worker's time goes to the function of its work item, with what lies before the first and
 * behind the last one of its turn.
 */
static void handle_work(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	struct thread *t = c->cur;

	if (!t)
		return;
	t->is_work_over = e->kind == TRACE_WORK_END;
	if (t->is_work_over)
		return;
	if (t->work_id != NAME_NONE)
		machine_end_turn(m, c);
	t->work_id = NAME_NONE;
	if (e->work.function_name)
		t->work_id =
			names_find(&m->names, &(struct name_key){ CULPRIT_TASK, t->role, t->comm,
								  e->work.function_name, 0 });
}

static void handle_idle(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	char text[] = "idle CPU wakes from state N";

	/* The event of leaving it comes after what woke it. */
	if (c->pid != 0 || e->idle.state > 9)
		return;
	text[sizeof(text) - 2] = (char)('0' + e->idle.state);
	c->idle_id = names_find(&m->names,
				&(struct name_key){ CULPRIT_RESIDUE, UINT64_MAX, text, NULL, 0 });
}

static handle_fn *const handlers[N_TRACE_KINDS] = {
	[TRACE_SWITCH] = machine_switch,
	[TRACE_WAKING] = machine_waking,
	[TRACE_MIGRATE] = machine_migrate,
	[TRACE_IRQ_ENTRY] = machine_frame_event,
	[TRACE_IRQ_EXIT] = machine_frame_event,
	[TRACE_VECTOR_ENTRY] = machine_frame_event,
	[TRACE_VECTOR_EXIT] = machine_frame_event,
	[TRACE_SOFTIRQ_ENTRY] = machine_frame_event,
	[TRACE_SOFTIRQ_EXIT] = machine_frame_event,
	[TRACE_NMI] = machine_frame_event,
	[TRACE_TIMER_ENTRY] = machine_frame_event,
	[TRACE_WORK_START] = handle_work,
	[TRACE_WORK_END] = handle_work,
	[TRACE_IDLE] = handle_idle,
	[TRACE_KVM_ENTRY] = machine_kvm_event,
	[TRACE_KVM_EXIT] = machine_kvm_event,
	[TRACE_KVM_USERSPACE] = machine_kvm_event,
	[TRACE_KVM_PIO] = machine_kvm_event,
	[TRACE_KVM_MMIO] = machine_kvm_event,
};

/* Text of some kernels tells no thread, but the number of the vCPU. */
static int running_pid(const struct trace_machine *m, const struct trace_event *e)
{
	if (e->kind == TRACE_SWITCH)
		return e->sched_switch.prev_pid;
	if (e->pid >= 0 || (e->kind != TRACE_KVM_ENTRY && e->kind != TRACE_KVM_EXIT))
		return e->pid;
	for (size_t i = 0; i < m->n_vcpus; i++) {
		if (m->vcpus[i]->number == e->kvm.vcpu)
			return m->vcpus[i]->tid;
	}
	return TRACE_PID_UNKNOWN;
}

void trace_machine_event(struct trace_machine *m, const struct trace_event *e)
{
	struct cpu_time *c;
	uint64_t t;
	int pid;

	if (e->cpu < 0 || (unsigned)e->kind >= N_TRACE_KINDS || e->t_ns > T_NS_MAX)
		return;
	if (!m->has_started)
		start(m, e->t_ns);
	c = machine_cpu(m, (unsigned)e->cpu);
	if (!c)
		return;
	m->n_events += e->kind != TRACE_LOST;
	c->is_recorded = true;
	t = clamp(m, c, e->t_ns);
	m->last_ns = u64_max(m->last_ns, t);
	if (e->kind == TRACE_LOST) {
		machine_lost(m, c, t, e->lost.n);
		return;
	}
	pid = running_pid(m, e);
	if (pid >= 0 && pid != c->pid)
		machine_find_running(m, c, pid, e->comm, t);
	/* An NMI is told when it is over: its time has not passed yet. */
	machine_pass(m, c,
		     e->kind == TRACE_NMI ? u64_max(c->mark_ns, t - u64_min(t, e->nmi.delta_ns))
					  : t);
	if (handlers[e->kind])
		handlers[e->kind](m, c, e);
}
