/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_frames.c - interrupts and softirqs begin and end on a CPU. */
#include "probes/trace/machine_parts.h"

/* linux/interrupt.h, in order. */
static const char *const softirqs[N_SOFTIRQS] = { "HI",      "TIMER",    "NET_TX",  "NET_RX",
						  "BLOCK",   "IRQ_POLL", "TASKLET", "SCHED",
						  "HRTIMER", "RCU" };

static const struct {
	enum frame_class frame;
	enum culprit_class culprit;
	bool is_entry;
} kinds[N_TRACE_KINDS] = {
	[TRACE_IRQ_ENTRY] = { FRAME_IRQ, CULPRIT_IRQ, true },
	[TRACE_IRQ_EXIT] = { FRAME_IRQ, CULPRIT_IRQ, false },
	[TRACE_VECTOR_ENTRY] = { FRAME_VECTOR, CULPRIT_VECTOR, true },
	[TRACE_VECTOR_EXIT] = { FRAME_VECTOR, CULPRIT_VECTOR, false },
	[TRACE_SOFTIRQ_ENTRY] = { FRAME_SOFTIRQ, CULPRIT_SOFTIRQ, true },
	[TRACE_SOFTIRQ_EXIT] = { FRAME_SOFTIRQ, CULPRIT_SOFTIRQ, false },
};

static uint16_t softirq_id(struct trace_machine *m, uint64_t vector, const char *name)
{
	const bool is_known = vector < N_SOFTIRQS;
	const struct name_key key = { CULPRIT_SOFTIRQ, vector, is_known ? softirqs[vector] : name,
				      NULL, 0 };
	uint16_t id;

	if (is_known && m->softirq_ids[vector])
		return (uint16_t)(m->softirq_ids[vector] - 1);
	id = names_find(&m->names, &key);
	if (is_known)
		m->softirq_ids[vector] = (uint16_t)(id + 1);
	return id;
}

static uint16_t id_of(struct trace_machine *m, enum culprit_class class,
		      const struct trace_event *e)
{
	const bool is_vector = class == CULPRIT_VECTOR;
	const struct name_key key = { class, is_vector ? UINT64_MAX : e->irq.irq, e->irq.name, NULL,
				      0 };

	if (class == CULPRIT_SOFTIRQ)
		return softirq_id(m, e->irq.irq, e->irq.name);
	return names_find(&m->names, &key);
}

/* Of a vector both events have the name; of an interrupt the exit has the line alone. */
static uint32_t key_of(struct trace_machine *m, enum frame_class class, const struct trace_event *e)
{
	return class == FRAME_VECTOR ? id_of(m, CULPRIT_VECTOR, e) : (uint32_t)e->irq.irq;
}

/* The vCPU that has the CPU; NULL: another thread. */
static struct vcpu_time *running(const struct cpu_time *c)
{
	return c->cur ? c->cur->vcpu : NULL;
}

/* What made the guest exit runs first of all. */
static void join(struct cpu_time *c, uint16_t id, enum exit_kind kind)
{
	struct vcpu_time *v = running(c);

	if (!v || !v->exit.is_open || v->exit.kind != kind || v->exit.joined != NAME_NONE ||
	    c->frames.depth != 1)
		return;
	v->exit.joined = id;
	v->exit.joined_depth = 1;
}

static void enter(struct trace_machine *m, struct cpu_time *c, enum frame_class class, uint32_t key,
		  uint16_t id)
{
	machine_drop_frames(m, c, frames_below(&c->frames, class, key));
	if (!frames_push(&c->frames, class, key, id)) {
		m->n_unpaired++;
		return;
	}
	if (class == FRAME_IRQ || class == FRAME_VECTOR)
		join(c, id, EXIT_INTERRUPT);
}

static void leave(struct trace_machine *m, struct cpu_time *c, enum frame_class class, uint32_t key)
{
	const unsigned depth = frames_find(&c->frames, class, key);

	if (!depth) {
		m->n_unpaired++;
		return;
	}
	machine_drop_frames(m, c, depth);
	machine_pop(m, c);
}

/*
 * A timer interrupt is named by the first timer that it was for: a tick of the host, a thread that
 * sleeps, a timer of the guest.
 */
static void name_timer(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	struct frame *f = c->frames.depth ? &c->frames.at[c->frames.depth - 1] : NULL;
	struct vcpu_time *v = running(c);
	struct name_key key;
	uint16_t old;

	if (!f || !e->timer.function_name ||
	    (f->class != FRAME_VECTOR && f->class != FRAME_SOFTIRQ))
		return;
	old = f->id;
	key = m->names.v[old].key;
	if (key.function)
		return;
	key.function = e->timer.function_name;
	f->id = names_find(&m->names, &key);
	if (v && v->exit.joined_depth == c->frames.depth)
		v->exit.joined = f->id;
}

/* It is over, and says how long it took: the end of the time that has just passed. */
static void add_nmi(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	const struct name_key key = { CULPRIT_NMI, UINT64_MAX, e->nmi.handler, NULL, 0 };
	const uint16_t id = names_find(&m->names, &key);

	if (frames_push(&c->frames, FRAME_NMI, 0, id)) {
		machine_pass(m, c, u64_max(c->mark_ns, e->t_ns));
		join(c, id, EXIT_NMI);
		machine_pop(m, c);
	}
}

void machine_frame_event(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	const enum frame_class class = kinds[e->kind].frame;
	uint16_t id;

	if (e->kind == TRACE_NMI) {
		add_nmi(m, c, e);
	} else if (e->kind == TRACE_TIMER_ENTRY) {
		name_timer(m, c, e);
	} else if (kinds[e->kind].is_entry) {
		id = id_of(m, kinds[e->kind].culprit, e);
		enter(m, c, class, class == FRAME_VECTOR ? id : key_of(m, class, e), id);
	} else {
		leave(m, c, class, key_of(m, class, e));
	}
}
