/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/pairs.h"

enum { DEPTH = 32 }; /* of nested handlers: an interrupt, its softirqs, a timer; more is no trace */

struct pairs_frame {
	enum trace_kind kind;
	uint64_t id, t_ns;
	size_t row;
};

struct pairs_stack {
	struct pairs_frame *frames; /* outermost first; NULL: the CPU had no handler yet */
	size_t depth;
};

void pairs_irq_release(struct pairs_irq *q)
{
	trace_names_release(&q->names);
	free(q->rows);
	for (size_t i = 0; q->stacks && i < CPUS_MAX; i++)
		free(q->stacks[i].frames);
	free(q->stacks);
	*q = (struct pairs_irq){ .names.index.max = q->names.index.max };
}

/* The kind of the entry of an entry or exit; N_TRACE_KINDS: neither. */
static enum trace_kind entry_kind(enum trace_kind kind)
{
	switch (kind) {
	case TRACE_IRQ_ENTRY:
	case TRACE_IRQ_EXIT:
		return TRACE_IRQ_ENTRY;
	case TRACE_VECTOR_ENTRY:
	case TRACE_VECTOR_EXIT:
		return TRACE_VECTOR_ENTRY;
	case TRACE_SOFTIRQ_ENTRY:
	case TRACE_SOFTIRQ_EXIT:
		return TRACE_SOFTIRQ_ENTRY;
	case TRACE_TIMER_ENTRY:
	case TRACE_TIMER_EXIT:
		return TRACE_TIMER_ENTRY;
	default:
		return N_TRACE_KINDS;
	}
}

static int find_row(struct pairs_irq *q, const struct trace_event *e, size_t *ret_row)
{
	const bool is_timer = e->kind == TRACE_TIMER_ENTRY;
	const char *name = is_timer ? e->timer.function_name : e->irq.name;
	const uint64_t id = is_timer ? e->timer.function : e->irq.irq;
	auto_free char *key = NULL;
	const size_t n = q->names.index.n;
	ssize_t at;
	int r;

	if (name ? asprintf(&key, "%c%s", (char)('A' + e->kind), name) < 0
		 : asprintf(&key, "%c#%llu", (char)('A' + e->kind), (unsigned long long)id) < 0)
		return -ENOMEM;
	at = trace_names_add(&q->names, text_of(key));
	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	r = trace_grow((void **)&q->rows, &q->n_rows, (size_t)at, sizeof(*q->rows));
	if (r < 0)
		return r;
	if ((size_t)at == n)
		q->rows[at] =
			(struct pairs_handler){ .kind = e->kind, .name = q->names.at[at] + 1 };
	*ret_row = (size_t)at;
	return 0;
}

/* The handlers that run on a CPU; NULL: no memory. */
static struct pairs_stack *find_stack(struct pairs_irq *q, int cpu)
{
	struct pairs_stack *stack;

	if (!q->stacks)
		q->stacks = calloc(CPUS_MAX, sizeof(*q->stacks));
	stack = q->stacks ? &q->stacks[cpu] : NULL;
	if (stack && !stack->frames)
		stack->frames = calloc(DEPTH, sizeof(*stack->frames));
	return stack && stack->frames ? stack : NULL;
}

static void end_frame(struct pairs_irq *q, struct pairs_stack *stack, enum trace_kind kind,
		      uint64_t id, uint64_t t_ns)
{
	const struct pairs_frame *frames = stack->frames;
	size_t i = stack->depth;

	while (i && (frames[i - 1].kind != kind || frames[i - 1].id != id))
		i--;
	if (!i) {
		q->n_unmatched++; /* the trace began inside it */
		return;
	}
	q->n_unmatched += stack->depth - i; /* their exits are missing */
	stack->depth = i - 1;
	pairs_total_add(&q->rows[frames[i - 1].row].total,
			t_ns > frames[i - 1].t_ns ? t_ns - frames[i - 1].t_ns : 0);
}

int pairs_irq_add(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_irq *q = &p->irq;
	const enum trace_kind kind = entry_kind(e->kind);
	const uint64_t id = kind == TRACE_TIMER_ENTRY ? e->timer.timer : e->irq.irq;
	struct pairs_stack *stack;
	size_t row;
	int r;

	if (kind == N_TRACE_KINDS || e->cpu < 0 || e->t_ns == UINT64_MAX)
		return 0;
	q->n_events++;
	stack = find_stack(q, e->cpu);
	if (!stack)
		return -ENOMEM;
	if (e->kind != kind) {
		end_frame(q, stack, kind, id, e->t_ns);
		return 0;
	}
	r = find_row(q, e, &row);
	if (r < 0)
		return r;
	if (stack->depth == DEPTH) {
		q->n_unmatched++;
		return 0;
	}
	stack->frames[stack->depth++] =
		(struct pairs_frame){ .kind = kind, .id = id, .t_ns = e->t_ns, .row = row };
	return 0;
}

void pairs_irq_lost(struct trace_pairs *p, int cpu)
{
	if (p->irq.stacks)
		p->irq.stacks[cpu].depth = 0;
}
