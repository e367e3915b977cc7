/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in any order, of any content: whatever comes, the states of a vCPU add up to its window,
 * and each loss has its culprit.
 */
#include <assert.h>
#include <string.h>

#include "probes/trace/machine.h"

enum { RECORD_SIZE = 8, N_PIDS = 12, N_CPUS = 4 };

/* A byte of flags, then events of 8 bytes: kind, CPU, thread, time back or forth, what they say. */

static const char *name_of(uint8_t byte)
{
	static const char *const names[] = { NULL,
					     "",
					     "<...>",
					     "local_timer",
					     "nvme0",
					     "kworker/1:3H",
					     "kworker/u8:1+flush",
					     "CPU 0/KVM" };

	return names[byte % ARRAY_SIZE(names)];
}

static void fill(struct trace_event *e, const uint8_t *r)
{
	const int pid = r[4] % N_PIDS;

	switch (e->kind) {
	case TRACE_SWITCH:
		e->sched_switch.prev_pid = r[7] & 1 ? e->pid : r[7] % N_PIDS;
		e->sched_switch.next_pid = pid;
		e->sched_switch.prev_comm = name_of(r[5]);
		e->sched_switch.next_comm = name_of(r[6]);
		e->sched_switch.prev_state = r[5] % (TRACE_TASK_DEAD + 1);
		break;
	case TRACE_WAKING:
		e->waking.pid = pid;
		e->waking.target_cpu = (int)(r[5] % (N_CPUS + 1)) - 1;
		e->waking.comm = name_of(r[6]);
		break;
	case TRACE_MIGRATE:
		e->migrate.pid = pid;
		e->migrate.to_cpu = (int)(r[5] % (N_CPUS + 1)) - 1;
		break;
	case TRACE_NMI:
		e->nmi.delta_ns = (uint64_t)r[5] << 8 | r[6];
		e->nmi.handler = name_of(r[4]);
		break;
	case TRACE_WORK_START:
		e->work.function_name = name_of(r[4]);
		break;
	case TRACE_TIMER_ENTRY:
		e->timer.function_name = name_of(r[4]);
		break;
	case TRACE_KVM_PIO:
	case TRACE_KVM_MMIO:
		e->io.address = (uint64_t)r[4] << (r[5] % 57);
		e->io.is_write = r[6] & 1;
		break;
	case TRACE_IDLE:
	case TRACE_LOST:
		e->lost.n = r[4] == 255 ? UINT64_MAX : r[4];
		break;
	case TRACE_KVM_ENTRY:
	case TRACE_KVM_EXIT:
	case TRACE_KVM_USERSPACE:
		e->kvm.vcpu = r[7] % 4;
		e->kvm.isa = r[5] % 4;
		e->kvm.reason = r[4];
		e->kvm.reason_name = r[5] & 0x80 ? name_of(r[6]) : NULL;
		e->kvm.info1 = (uint64_t)r[6] << 16;
		e->kvm.interrupt = r[7];
		break;
	default:
		e->irq.irq = r[4] % 16;
		e->irq.name = name_of(r[5]);
	}
}

static void check_units(const struct trace_vcpu *v)
{
	const struct trace_states *s = v->states.v;
	const struct trace_unit *u = v->units.v;
	uint64_t known = 0, lost = 0, n = 0;

	for (size_t i = 0; i < v->units.n; i++) {
		assert(u[i].lost_ns.v <= u[i].known_ns.v);
		assert(hist_bins_are_sound(u[i].outages.v));
		known += u[i].known_ns.v;
		lost += u[i].lost_ns.v;
		n += u[i].outages.v->n;
	}
	assert(known == v->window_ns.v - s->lost_ns.v - s->unknown_ns.v);
	assert(lost == s->exit_ns.v + s->host_irq_ns.v + s->softirq_ns.v + s->preempted_ns.v +
			       s->waiting_ns.v + s->qemu_ns.v + s->stopped_ns.v + s->residue_ns.v +
			       s->blocked_ns.v);
	assert(n <= v->outages.v->n);
}

static void check(const struct trace_facts *f, bool has_kvm)
{
	for (size_t i = 0; i < f->vcpus.n; i++) {
		const struct trace_vcpu *v = &((const struct trace_vcpu *)f->vcpus.v)[i];
		const struct trace_states *s = v->states.v;
		const struct trace_culprit *c = v->culprits.v;
		uint64_t sum = 0;

		assert(v->closure_ppm.v == 0);
		if (v->units.known)
			check_units(v);
		for (size_t k = 0; k < v->culprits.n; k++)
			sum += c[k].via.known ? 0 : c[k].total_ns.v;
		assert(!has_kvm || sum == s->exit_ns.v + s->host_irq_ns.v + s->softirq_ns.v +
						   s->preempted_ns.v + s->waiting_ns.v +
						   s->qemu_ns.v + s->stopped_ns.v +
						   s->blocked_ns.v);
	}
	for (size_t i = 0; i < f->cpus.n; i++) {
		const struct trace_cpu *c = &((const struct trace_cpu *)f->cpus.v)[i];

		assert(c->vcpu_ns.v + c->task_ns.v + c->irq_ns.v + c->softirq_ns.v + c->idle_ns.v +
			       c->lost_ns.v + c->unknown_ns.v ==
		       f->window_ns.v);
	}
}

static void finish(struct trace_machine *m, bool has_kvm)
{
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	assert(trace_machine_finish(m, &a, &f) == 0);
	check(&f, has_kvm);
}

static void add_thread(struct trace_machine *m, uint8_t byte)
{
	const struct trace_member t = { .tid = 1 + byte % N_PIDS,
					.role = 1 + byte % (N_TRACE_ROLES - 1),
					.vcpu = byte % 4,
					.name = name_of(byte),
					.since_ns = byte & 0x40 ? (uint64_t)byte << 12 : 0,
					.start_state = byte % (TRACE_TASK_DEAD + 1),
					.start_cpu = (int)(byte % (N_CPUS + 1)) - 1 };

	if (trace_machine_add_thread(m, &t) < 0)
		return; /* it is there */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t flags = size ? data[0] : 0;
	struct trace_setup setup = { .rung = "recording", .has_rt = flags & 1 };
	struct trace_machine *m;
	uint64_t t_ns = 1 << 20;

	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		setup.has[i] = true;
	setup.has[TRACE_KVM_ENTRY] = !(flags & 2);
	setup.has[TRACE_SWITCH] = !(flags & 4);
	setup.start_ns = flags & 8 ? t_ns : 0;
	setup.end_ns = flags & 16 ? t_ns + (1 << 24) : UINT64_MAX;
	setup.rep_ns = flags & 32 ? 1 << 14 : 0;
	setup.n_reps = flags >> 6;
	m = trace_machine_new(&setup);
	assert(m);
	for (size_t i = 1; i + RECORD_SIZE <= size; i += RECORD_SIZE) {
		const uint8_t *r = data + i;
		struct trace_event e = { .kind = r[0] % (N_TRACE_KINDS + 2),
					 .cpu = (int)(r[1] % (N_CPUS + 1)) - (r[1] == 255),
					 .pid = (int)(r[2] % (N_PIDS + 1)) - 1,
					 .comm = name_of(r[1] >> 4) };

		t_ns += (uint64_t)((int64_t)r[3] - (r[3] == 255 ? 4096 : 0)) << (r[2] >> 5);
		e.t_ns = t_ns;
		if (e.kind == N_TRACE_KINDS) {
			add_thread(m, r[4]);
		} else if (e.kind > N_TRACE_KINDS && r[4] < 16) {
			finish(m, setup.has[TRACE_KVM_ENTRY]);
			trace_machine_restart(m, r[5] & 1 ? UINT64_MAX : t_ns + (1 << 20));
		} else {
			fill(&e, r);
			trace_machine_event(m, &e);
		}
	}
	finish(m, setup.has[TRACE_KVM_ENTRY]);
	trace_machine_free(m);
	return 0;
}
