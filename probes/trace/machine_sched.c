/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_sched.c - threads get a CPU, give it up, wake and wait; and what was not seen of that. */
#include "probes/trace/machine_parts.h"

void machine_settle(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns)
{
	const enum vcpu_state state = v->where == WHERE_ASLEEP ? v->off : STATE_UNKNOWN;
	uint64_t ns;

	if (v->where == WHERE_RUNNING || v->where == WHERE_RUNNABLE) {
		machine_pass_vcpu(m, v, t_ns);
		return;
	}
	ns = vcpu_time_pass(v, state, t_ns);
	v->off_ns += ns;
	if (v->exit.is_open && (state == STATE_QEMU || state == STATE_BLOCKED))
		v->exit.ns += ns;
}

void machine_end_sleep(struct trace_machine *m, struct vcpu_time *v, uint64_t t_ns)
{
	machine_settle(m, v, t_ns);
	if (v->where == WHERE_ASLEEP && v->off == STATE_STOPPED)
		vcpu_time_blame(v, &m->names, NAME_STOPPED, v->off_ns);
	if (v->where == WHERE_ASLEEP && v->off == STATE_BLOCKED && !v->exit.is_open)
		vcpu_time_blame(v, &m->names, NAME_BLOCKED, v->off_ns);
	v->off_ns = 0;
}

/* Nothing is known of it from here on. */
static void forget_place(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c)
{
	vcpu_time_blame_exit(v, &m->names);
	v->where = WHERE_UNKNOWN;
	v->mode = m->has_kvm ? MODE_UNKNOWN : MODE_PLAIN;
	v->lead_ns = v->off_ns = 0;
	machine_attach(v, c, false);
}

static void vcpu_in(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c, uint64_t t_ns)
{
	if (v->where == WHERE_RUNNING && v->is_active) {
		/* It left another CPU unseen, some time after that CPU's last event. */
		if (!m->has_switch)
			machine_pass_vcpu(m, v, t_ns);
		machine_end_waits(m, v);
		vcpu_time_pass(v, STATE_UNKNOWN, t_ns);
		if (m->has_switch)
			forget_place(m, v, c);
	} else if (v->where == WHERE_RUNNABLE) {
		machine_pass_vcpu(m, v, t_ns);
		/* On this CPU its turns are over, but for what nobody is known to have had. */
		if (v->cpu == c && v->waits_ns[0])
			vcpu_time_blame(v, &m->names, NAME_UNSEEN, v->waits_ns[0]);
		else if (v->cpu != c)
			machine_end_waits(m, v);
		v->waits_ns[0] = 0;
	} else {
		machine_end_sleep(m, v, t_ns);
	}
	machine_attach(v, c, true);
	v->where = WHERE_RUNNING;
	v->lead_ns = 0;
	/* Nobody is switched in inside of a guest: the exit was missed. */
	if (v->mode == MODE_GUEST && m->has_switch)
		v->mode = MODE_UNKNOWN;
	v->n_migrations += v->last_cpu >= 0 && v->last_cpu != (int)c->number;
	v->last_cpu = (int)c->number;
	cpus_add(&v->cpus, c->number);
}

void machine_helper_pass(struct trace_machine *m, struct helper_time *h, uint64_t t_ns)
{
	const uint64_t ns = machine_clip(m, h->mark_ns, t_ns);

	h->mark_ns = u64_max(h->mark_ns, t_ns);
	if (h->where == WHERE_RUNNING)
		h->run_ns += ns;
	if (h->where != WHERE_RUNNABLE || !ns)
		return;
	h->delay_ns += ns;
	h->n_delays++;
	h->max_delay_ns = u64_max(h->max_delay_ns, ns);
}

static void helper_go(struct trace_machine *m, struct helper_time *h, enum vcpu_where where,
		      int cpu, uint64_t t_ns)
{
	machine_helper_pass(m, h, t_ns);
	h->where = where;
	if (where != WHERE_RUNNING)
		return;
	h->n_migrations += h->last_cpu >= 0 && h->last_cpu != cpu;
	h->last_cpu = cpu;
}

static void let_go(struct thread *t)
{
	if (!t)
		return;
	t->is_held = t->vcpu || t->helper;
	t->on = NULL;
}

/* Its thread is seen elsewhere: who has the CPU now is not known. */
static void empty_cpu(struct trace_machine *m, struct cpu_time *c)
{
	m->n_strayed += m->has_switch;
	let_go(c->cur);
	c->cur = NULL;
	c->pid = TRACE_PID_UNKNOWN;
	c->is_resumed = false;
}

void machine_start_member(struct trace_machine *m, struct thread *t)
{
	if (t->on && t->vcpu && t->vcpu->where != WHERE_RUNNING)
		vcpu_in(m, t->vcpu, t->on, t->on->mark_ns);
	if (t->on && t->helper)
		helper_go(m, t->helper, WHERE_RUNNING, (int)t->on->number, t->on->mark_ns);
}

/* pid gets the CPU at t, from whoever had it before. */
static void take_cpu(struct trace_machine *m, struct cpu_time *c, int pid, const char *comm,
		     uint64_t t_ns)
{
	struct thread *t = pid > 0 ? threads_get(&m->threads, pid) : NULL;

	if (t && t->on)
		empty_cpu(m, t->on);
	c->pid = pid;
	c->cur = t;
	c->is_resumed = false;
	if (pid == 0)
		c->idle_id = NAME_IDLE;
	if (!t)
		return;
	if (thread_rename(t, comm))
		t->task_id = t->work_id = NAME_NONE;
	t->is_held = true;
	t->on = c;
	t->is_asleep = false;
	t->woken.cpu = (int)c->number;
	if (t->vcpu)
		vcpu_in(m, t->vcpu, c, t_ns);
	if (t->helper)
		helper_go(m, t->helper, WHERE_RUNNING, (int)c->number, t_ns);
	/* A softirq is a thread's own under PREEMPT_RT. */
	if (t->softirq_id != NAME_NONE && !c->frames.depth)
		frames_push(&c->frames, FRAME_SOFTIRQ, t->softirq_key, t->softirq_id);
	t->softirq_id = NAME_NONE;
}

/*
 * Some kernels do not tell switches out of idle. An idle CPU takes up at once what was woken there.
 */
static bool leave_idle(struct trace_machine *m, struct cpu_time *c, int pid, const char *comm,
		       uint64_t t_ns)
{
	const struct thread *t = pid > 0 ? threads_find(&m->threads, pid) : NULL;
	uint64_t at_ns;

	if (c->pid != 0 || !m->has_switch || !t || t->on || t->is_asleep || !t->woken.since_ns ||
	    t->woken.cpu != (int)c->number)
		return false;
	at_ns = u64_min(t_ns, u64_max(c->mark_ns, t->woken.since_ns));
	machine_pass(m, c, at_ns);
	machine_drop_frames(m, c, 0);
	machine_end_turn(m, c);
	take_cpu(m, c, pid, comm, at_ns);
	m->n_unseen_starts++;
	return true;
}

void machine_find_running(struct trace_machine *m, struct cpu_time *c, int pid, const char *comm,
			  uint64_t t_ns)
{
	struct vcpu_time *v = c->cur ? c->cur->vcpu : NULL;

	if (c->pid == TRACE_PID_UNKNOWN) {
		/* Before the first event of a CPU nothing is known; after a loss it has had the CPU
		   since events came again. */
		if (!c->is_resumed) {
			c->used_ns[USE_UNKNOWN] += machine_clip(m, c->mark_ns, t_ns);
			c->mark_ns = u64_max(c->mark_ns, t_ns);
		}
		take_cpu(m, c, pid, comm, c->mark_ns);
		return;
	}
	if (leave_idle(m, c, pid, comm, t_ns))
		return;
	let_go(c->cur);
	if (!m->has_switch) {
		/* Switches are not recorded: it goes on for itself, unseen, in what it was in. */
		machine_pass(m, c, t_ns);
		machine_drop_frames(m, c, 0);
		if (v)
			machine_attach(v, c, false);
	} else {
		m->n_strayed++;
		machine_drop_frames(m, c, 0);
		machine_end_turn(m, c);
		while (c->active) {
			v = c->active;
			vcpu_time_pass(v, STATE_UNKNOWN, t_ns);
			forget_place(m, v, c);
		}
		c->used_ns[USE_UNKNOWN] += machine_clip(m, c->mark_ns, t_ns);
		c->mark_ns = t_ns;
	}
	take_cpu(m, c, pid, comm, t_ns);
}

enum vcpu_state machine_sleep_state(const struct vcpu_time *v, enum trace_task_state why)
{
	if (why == TRACE_TASK_STOPPED)
		return STATE_STOPPED;
	if (v->mode == MODE_QEMU)
		return STATE_QEMU;
	return why == TRACE_TASK_BLOCKED ? STATE_BLOCKED : STATE_HALTED;
}

static void vcpu_out(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c,
		     enum trace_task_state why)
{
	/* Since it was found it has not left the host: it would have been seen to. */
	if (v->mode == MODE_UNKNOWN)
		vcpu_time_move(v, STATE_UNKNOWN, STATE_RESIDUE, v->lead_ns);
	v->lead_ns = v->off_ns = 0;
	switch (why) {
	case TRACE_TASK_RUNNABLE:
	case TRACE_TASK_PREEMPTED:
		v->where = WHERE_RUNNABLE;
		v->off = STATE_PREEMPTED;
		machine_attach(v, c, true);
		return;
	case TRACE_TASK_DEAD:
		vcpu_time_blame_exit(v, &m->names);
		vcpu_time_end_outage(v);
		v->where = WHERE_GONE;
		/* Its time elsewhere may be ahead, where clocks are not in step. */
		v->to_ns = u64_max(v->from_ns, u64_min(v->to_ns, u64_max(v->mark_ns, c->mark_ns)));
		break;
	case TRACE_TASK_UNKNOWN:
		v->where = WHERE_UNKNOWN;
		break;
	case TRACE_TASK_SLEEPING:
	case TRACE_TASK_BLOCKED:
	case TRACE_TASK_STOPPED:
		v->where = WHERE_ASLEEP;
		v->off = machine_sleep_state(v, why);
		v->slept_at_ns = c->mark_ns;
		break;
	}
	machine_attach(v, c, false);
}

static void helper_out(struct trace_machine *m, struct helper_time *h, enum trace_task_state why,
		       uint64_t t_ns)
{
	static const enum vcpu_where where[] = {
		[TRACE_TASK_RUNNABLE] = WHERE_RUNNABLE, [TRACE_TASK_PREEMPTED] = WHERE_RUNNABLE,
		[TRACE_TASK_SLEEPING] = WHERE_ASLEEP,   [TRACE_TASK_BLOCKED] = WHERE_ASLEEP,
		[TRACE_TASK_STOPPED] = WHERE_ASLEEP,    [TRACE_TASK_DEAD] = WHERE_GONE,
		[TRACE_TASK_UNKNOWN] = WHERE_UNKNOWN,
	};

	helper_go(m, h, (unsigned)why < ARRAY_SIZE(where) ? where[why] : WHERE_UNKNOWN, -1, t_ns);
}

/* The thread that has the CPU leaves it. */
static void leave_cpu(struct trace_machine *m, struct cpu_time *c, enum trace_task_state why)
{
	struct thread *t = c->cur;

	if (!t)
		return;
	if (t->is_work_over)
		t->work_id = NAME_NONE;
	t->is_asleep = why == TRACE_TASK_SLEEPING || why == TRACE_TASK_BLOCKED ||
		       why == TRACE_TASK_STOPPED;
	if (t->vcpu)
		vcpu_out(m, t->vcpu, c, why);
	if (t->helper)
		helper_out(m, t->helper, why, c->mark_ns);
	let_go(t);
	if (why == TRACE_TASK_DEAD)
		threads_forget(&m->threads, t);
	c->cur = NULL;
}

/* Interrupts are over before a thread is switched; a softirq may be its own. */
static void put_frames_away(struct trace_machine *m, struct cpu_time *c)
{
	const bool keeps_one =
		m->setup.has_rt && c->frames.depth && c->frames.at[0].class == FRAME_SOFTIRQ;

	machine_drop_frames(m, c, keeps_one);
	if (!c->frames.depth)
		return;
	if (c->cur) {
		c->cur->softirq_id = c->frames.at[0].id;
		c->cur->softirq_key = c->frames.at[0].key;
	}
	machine_pop(m, c);
}

void machine_switch(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	if (c->cur && thread_rename(c->cur, e->sched_switch.prev_comm))
		c->cur->task_id = c->cur->work_id = NAME_NONE;
	put_frames_away(m, c);
	machine_end_turn(m, c);
	leave_cpu(m, c, e->sched_switch.prev_state);
	take_cpu(m, c, e->sched_switch.next_pid, e->sched_switch.next_comm, c->mark_ns);
}

/* Who woke it: a thread, if nothing had interrupted that. */
static struct trace_wakeup waker_of(struct trace_machine *m, const struct cpu_time *c)
{
	struct trace_wakeup w = { .cpu = -1 };

	if (!c->cur || c->frames.depth)
		return w;
	w = c->cur->woken;
	w.id = machine_thread_id(m, c->cur);
	w.pid = c->cur->pid;
	return w;
}

void machine_unknow_wait(struct vcpu_time *v)
{
	vcpu_time_move(v, v->off, STATE_UNKNOWN, v->waits_ns[0]);
	v->waits_ns[0] = 0;
	v->where = WHERE_UNKNOWN;
	v->outage.is_open = false;
}

static void wake_vcpu(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c,
		      int target_cpu)
{
	struct cpu_time *target = target_cpu >= 0 ? machine_cpu(m, (unsigned)target_cpu) : v->cpu;

	if (v->where == WHERE_RUNNABLE && !v->cpu->is_recorded) {
		machine_pass_vcpu(m, v, c->mark_ns);
		machine_unknow_wait(v);
	}
	if (v->where != WHERE_ASLEEP && v->where != WHERE_UNKNOWN)
		return;
	/* It is woken, so it slept: since when is not known, but it was not seen to run. */
	if (v->where == WHERE_UNKNOWN)
		v->slept_at_ns = v->mark_ns;
	machine_end_sleep(m, v, c->mark_ns);
	machine_blame_upstream(m, v, c, c->mark_ns);
	v->where = WHERE_RUNNABLE;
	v->off = STATE_WAITING;
	machine_attach(v, target ? target : c, true);
}

void machine_waking(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	const int pid = e->waking.pid;
	struct thread *t = pid > 0 ? threads_get(&m->threads, pid) : NULL;

	if (!t)
		return;
	if (thread_rename(t, e->waking.comm))
		t->task_id = t->work_id = NAME_NONE;
	if (t->vcpu)
		wake_vcpu(m, t->vcpu, c, e->waking.target_cpu);
	if (t->helper && t->helper->where != WHERE_RUNNING && t->helper->where != WHERE_RUNNABLE)
		helper_go(m, t->helper, WHERE_RUNNABLE, -1, c->mark_ns);
	if (t->is_asleep || !t->woken.since_ns) {
		t->woken.since_ns = c->mark_ns;
		t->woken.cpu = e->waking.target_cpu;
		t->waker = waker_of(m, c);
		t->is_asleep = false;
	}
}

void machine_migrate(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	const int number = e->migrate.to_cpu;
	struct thread *t = e->migrate.pid > 0 ? threads_find(&m->threads, e->migrate.pid) : NULL;
	struct cpu_time *to = number >= 0 ? machine_cpu(m, (unsigned)number) : NULL;
	struct vcpu_time *v = t ? t->vcpu : NULL;

	if (!t || !to)
		return;
	t->woken.cpu = number;
	if (!v || v->where != WHERE_RUNNABLE || v->cpu == to)
		return;
	machine_pass_vcpu(m, v, c->mark_ns);
	machine_end_waits(m, v);
	machine_attach(v, to, true);
}

/* What was lost is counted; a pause has nothing to count. */
static void lose_vcpu(struct trace_machine *m, struct vcpu_time *v, struct cpu_time *c,
		      uint64_t t_ns, uint64_t n)
{
	if (v->where == WHERE_RUNNING || v->where == WHERE_RUNNABLE)
		machine_settle(m, v, c->mark_ns);
	else
		machine_end_sleep(m, v, c->mark_ns);
	m->n_incomplete += v->exit.is_open;
	machine_end_waits(m, v);
	vcpu_time_pass(v, n ? STATE_LOST : STATE_UNKNOWN, t_ns);
	v->n_lost += n;
	if (v->where == WHERE_GONE)
		return;
	forget_place(m, v, c);
}

static void lose_place(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns, uint64_t n)
{
	struct vcpu_time *next;

	m->n_incomplete += c->frames.depth;
	while (c->active)
		lose_vcpu(m, c->active, c, t_ns, n);
	for (struct vcpu_time *v = c->asleep; v; v = next) {
		next = v->next;
		if (v->mark_ns < t_ns)
			lose_vcpu(m, v, c, t_ns, n);
	}
	c->frames.depth = 0;
	if (c->cur && c->cur->helper)
		helper_go(m, c->cur->helper, WHERE_UNKNOWN, -1, c->mark_ns);
	let_go(c->cur);
	c->cur = NULL;
	c->pid = TRACE_PID_UNKNOWN;
	c->is_resumed = true;
	c->n_lost += n;
	c->used_ns[n ? USE_LOST : USE_UNKNOWN] += machine_clip(m, c->mark_ns, t_ns);
	c->mark_ns = t_ns;
}

void machine_lost(struct trace_machine *m, struct cpu_time *c, uint64_t t_ns, uint64_t n)
{
	lose_place(m, c, t_ns, n == UINT64_MAX || !n ? 1 : n);
}

void trace_machine_pause(struct trace_machine *m, uint64_t t_ns)
{
	if (!m->has_started || t_ns > T_NS_MAX || t_ns <= m->last_ns)
		return;
	for (unsigned i = 0; i < m->n_cpus; i++) {
		if (!m->cpus[i])
			continue;
		machine_pass(m, m->cpus[i], m->last_ns);
		lose_place(m, m->cpus[i], t_ns, 0);
	}
	m->last_ns = t_ns;
}
