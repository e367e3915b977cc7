/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_members.c - threads of the guest come and go. */
#include <string.h>

#include "probes/trace/machine_parts.h"

/* Steps of all series together: a bound for memory and documents. */
#define N_STEPS_ALL 16384u
#define N_STEPS_MIN 60u
#define N_STEPS_MAX 480u

/* Buckets of all repetitions together, the same. */
#define N_BINS_ALL (1u << 20)
#define N_BINS_MIN 32u

static size_t n_bins(const struct trace_machine *m)
{
	const size_t n = N_BINS_ALL / (m->n_vcpus + 1) / (m->setup.n_reps + 1);

	return n < N_BINS_MIN ? N_BINS_MIN : n > HIST_N_BUCKETS ? HIST_N_BUCKETS : n;
}

static size_t n_steps(const struct trace_machine *m)
{
	const size_t n = N_STEPS_ALL / (m->n_vcpus + 1) & ~(size_t)1;

	return n < N_STEPS_MIN ? N_STEPS_MIN : n > N_STEPS_MAX ? N_STEPS_MAX : n;
}

/* Where somebody saw it at that moment. */
static void place_vcpu(struct trace_machine *m, struct vcpu_time *v, const struct trace_member *in)
{
	struct cpu_time *c = in->start_cpu >= 0 ? machine_cpu(m, (unsigned)in->start_cpu) : NULL;

	if (in->start_state == TRACE_TASK_SLEEPING || in->start_state == TRACE_TASK_BLOCKED ||
	    in->start_state == TRACE_TASK_STOPPED) {
		v->where = WHERE_ASLEEP;
		v->off = machine_sleep_state(v, in->start_state);
		v->slept_at_ns = v->from_ns;
	}
	if (!c)
		return;
	v->last_cpu = (int)c->number;
	machine_attach(v, c, false);
	if (in->start_state == TRACE_TASK_RUNNABLE && c->pid == TRACE_PID_UNKNOWN)
		machine_find_running(m, c, v->tid, v->name, v->from_ns);
}

static int add_vcpu(struct trace_machine *m, struct thread *t, const struct trace_member *in)
{
	struct vcpu_time *v = calloc(1, sizeof(*v));

	if (!v || vcpu_time_init(v, n_steps(m)) < 0) {
		free(v);
		return -ENOMEM;
	}
	if (units_init(&v->units, m->setup.rep_ns, m->setup.n_reps, n_bins(m)) < 0) {
		vcpu_time_release(v);
		free(v);
		return -ENOMEM;
	}
	v->name = in->name ? strdup(in->name) : NULL;
	v->tid = in->tid;
	v->number = in->vcpu;
	v->since_ns = u64_min(in->since_ns, T_NS_MAX);
	v->mode = m->has_kvm ? MODE_UNKNOWN : MODE_PLAIN;
	m->vcpus[m->n_vcpus++] = v;
	t->vcpu = v;
	machine_start_vcpu(m, v);
	place_vcpu(m, v, in);
	return 0;
}

static int add_helper(struct trace_machine *m, struct thread *t, const struct trace_member *in)
{
	struct helper_time *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->name = in->name ? strdup(in->name) : NULL;
	h->tid = in->tid;
	h->role = in->role;
	h->last_cpu = -1;
	m->helpers[m->n_helpers++] = h;
	t->helper = h;
	return 0;
}

int trace_machine_add_thread(struct trace_machine *m, const struct trace_member *in)
{
	struct thread *t;
	int r;

	if (in->tid <= 0 || in->role <= TRACE_ROLE_STRANGER || in->role >= N_TRACE_ROLES)
		return -EINVAL;
	if ((in->role == TRACE_ROLE_VCPU ? m->n_vcpus : m->n_helpers) == TRACE_MEMBERS_MAX)
		return -ENOSPC;
	t = threads_get(&m->threads, in->tid);
	if (!t)
		return -ENOSPC;
	if (t->vcpu || t->helper)
		return -EEXIST;
	thread_rename(t, in->name);
	t->role = in->role;
	t->task_id = NAME_NONE;
	t->is_held = true;
	r = in->role == TRACE_ROLE_VCPU ? add_vcpu(m, t, in) : add_helper(m, t, in);
	if (r == 0)
		machine_start_member(m, t);
	return r;
}

static void end_vcpu(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns)
{
	if (v->where == WHERE_RUNNABLE && !v->cpu->is_recorded) {
		machine_pass_vcpu(m, v, t_ns);
		machine_unknow_wait(v);
	}
	machine_end_sleep(m, v, t_ns);
	machine_end_waits(m, v);
	vcpu_time_blame_exit(v, &m->names);
	vcpu_time_end_outage(v);
	v->where = WHERE_GONE;
	v->to_ns = u64_max(v->from_ns, u64_min(v->to_ns, v->mark_ns));
	if (v->cpu)
		machine_attach(v, v->cpu, false);
}

void trace_machine_end_thread(struct trace_machine *m, int tid, uint64_t t_ns)
{
	struct thread *t = tid > 0 ? threads_find(&m->threads, tid) : NULL;

	/* One that is on a CPU has its last switch still before it. */
	if (!t || t->on || (!t->vcpu && !t->helper))
		return;
	if (t->vcpu)
		end_vcpu(m, t->vcpu, t_ns);
	if (t->helper) {
		machine_helper_pass(m, t->helper, t_ns);
		t->helper->where = WHERE_GONE;
	}
	threads_forget(&m->threads, t);
}
