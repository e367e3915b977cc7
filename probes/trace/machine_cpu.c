/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_cpu.c - time passes on a CPU: who it goes to; documented in machine_parts.h. */
#include "probes/trace/machine_parts.h"

uint16_t machine_thread_id(struct trace_machine *m, struct thread *t)
{
	if (t->work_id != NAME_NONE)
		return t->work_id;
	if (t->task_id == NAME_NONE)
		t->task_id = names_find(
			&m->names, &(struct name_key){ CULPRIT_TASK, t->role, t->comm, NULL, 0 });
	return t->task_id;
}

uint16_t machine_cpu_id(struct trace_machine *m, const struct cpu_time *c)
{
	if (c->cur)
		return machine_thread_id(m, c->cur);
	if (c->pid == 0)
		return c->idle_id;
	return c->pid == TRACE_PID_UNKNOWN ? NAME_UNSEEN : CULPRIT_TASK;
}

/* The state of a vCPU thread that nothing has interrupted. */
static enum vcpu_state own_state(const struct trace_machine *m, const struct vcpu_time *v)
{
	switch (v->mode) {
	case MODE_GUEST:
		return STATE_GUEST;
	case MODE_EXIT:
		/* Nothing would tell when it falls asleep. */
		return v->exit.kind == EXIT_HALT && !m->has_switch ? STATE_HALTED : STATE_EXIT;
	case MODE_QEMU:
		return STATE_QEMU;
	case MODE_PLAIN:
		return STATE_RUNNING;
	case MODE_UNKNOWN:
		break;
	}
	return STATE_UNKNOWN;
}

void machine_pass_vcpu(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns)
{
	const struct frames *f = &v->cpu->frames;
	const unsigned depth = v->is_active ? f->depth : 0;
	enum vcpu_state state;
	uint64_t ns;

	if (v->where == WHERE_RUNNABLE)
		state = v->off;
	else if (depth)
		state = f->at[depth - 1].class == FRAME_SOFTIRQ ? STATE_SOFTIRQ : STATE_HOST_IRQ;
	else
		state = own_state(m, v);
	ns = vcpu_time_pass(v, state, t_ns);
	if (depth || v->where == WHERE_RUNNABLE)
		v->waits_ns[depth] += ns;
	else if (v->exit.is_open && state != STATE_HALTED)
		v->exit.ns += ns;
	else if (v->mode == MODE_UNKNOWN)
		v->lead_ns += ns;
}

static enum cpu_use use_of(const struct cpu_time *c)
{
	if (c->frames.depth)
		return c->frames.at[c->frames.depth - 1].class == FRAME_SOFTIRQ ? USE_SOFTIRQ
										: USE_IRQ;
	if (c->pid == TRACE_PID_UNKNOWN)
		return USE_UNKNOWN;
	if (c->pid == 0)
		return USE_IDLE;
	return c->cur && c->cur->vcpu ? USE_VCPU : USE_TASK;
}

uint64_t machine_clip(const struct trace_machine *m, uint64_t from_ns, uint64_t to_ns)
{
	from_ns = u64_max(from_ns, m->start_ns);
	to_ns = u64_min(to_ns, m->end_ns);
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

void machine_pass(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns)
{
	const unsigned depth = c->frames.depth;

	if (t_ns > c->mark_ns) {
		c->used_ns[use_of(c)] += machine_clip(m, c->mark_ns, t_ns);
		ran_add(&c->ran, c->mark_ns, t_ns,
			depth ? c->frames.at[depth - 1].id : machine_cpu_id(m, c),
			depth ? -1 : c->pid);
		c->mark_ns = t_ns;
	}
	for (struct vcpu_time *v = c->active; v; v = v->next)
		machine_pass_vcpu(m, v, t_ns);
}

void machine_detach(struct vcpu_time *v)
{
	struct vcpu_time **head;

	if (!v->cpu)
		return;
	head = v->is_active ? &v->cpu->active : &v->cpu->asleep;
	if (v->prev)
		v->prev->next = v->next;
	else
		*head = v->next;
	if (v->next)
		v->next->prev = v->prev;
	v->prev = v->next = NULL;
	v->cpu = NULL;
}

void machine_attach(struct vcpu_time *v, struct cpu_time *c, bool is_active)
{
	struct vcpu_time **head = is_active ? &c->active : &c->asleep;

	if (v->cpu == c && v->is_active == is_active)
		return;
	machine_detach(v);
	v->cpu = c;
	v->is_active = is_active;
	v->next = *head;
	if (v->next)
		v->next->prev = v;
	*head = v;
}

/* What v waited for at the thread level of its CPU. */
static uint16_t turn_id(struct trace_machine *m, const struct vcpu_time *v)
{
	/* Nobody took the CPU: it was not allowed to run, by a quota or by the limit of real time.
	 */
	if (v->cpu->pid == 0 && v->off == STATE_PREEMPTED)
		return NAME_THROTTLED;
	return machine_cpu_id(m, v->cpu);
}

static void end_wait(struct trace_machine *m, struct vcpu_time *v, unsigned depth)
{
	const struct frames *f = &v->cpu->frames;

	if (depth && v->exit.joined_depth == depth && v->where == WHERE_RUNNING) {
		v->exit.ns += v->waits_ns[depth];
		v->exit.joined_depth = 0;
	} else {
		vcpu_time_blame(v, &m->names, depth ? f->at[depth - 1].id : turn_id(m, v),
				v->waits_ns[depth]);
	}
	v->waits_ns[depth] = 0;
}

void machine_pop(struct trace_machine *m, struct cpu_time *c)
{
	for (struct vcpu_time *v = c->active; v; v = v->next)
		end_wait(m, v, c->frames.depth);
	c->frames.depth--;
}

void machine_drop_frames(struct trace_machine *m, struct cpu_time *c, unsigned depth)
{
	while (c->frames.depth > depth) {
		m->n_unpaired++;
		machine_pop(m, c);
	}
}

void machine_end_turn(struct trace_machine *m, struct cpu_time *c)
{
	for (struct vcpu_time *v = c->active; v; v = v->next) {
		if (v->where == WHERE_RUNNABLE)
			end_wait(m, v, 0);
	}
}

void machine_end_waits(struct trace_machine *m, struct vcpu_time *v)
{
	if (!v->cpu || !v->is_active)
		return;
	for (unsigned depth = v->cpu->frames.depth; depth > 0; depth--)
		end_wait(m, v, depth);
	if (v->where == WHERE_RUNNABLE)
		end_wait(m, v, 0);
}
