/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/pairs.h"

/* A limit is reached by strangers' texts only; what is beyond it is counted. */
enum { KEYS_MAX = 16384, REASONS_MAX = 65536, TASKS_MAX = 131072, NAMES_MAX = 131072 };

int trace_pairs_init(struct trace_pairs *p, const struct cpus *traced)
{
	*p = (struct trace_pairs){
		.kvm = { .index.max = KEYS_MAX,
			 .row_index.max = REASONS_MAX,
			 .names.index.max = REASONS_MAX },
		.sched = { .traced = traced, .index.max = TASKS_MAX, .names.index.max = NAMES_MAX },
		.irq = { .names.index.max = REASONS_MAX },
	};
	p->losses = calloc(CPUS_MAX, sizeof(*p->losses));
	p->sched.cpus = calloc(CPUS_MAX, sizeof(*p->sched.cpus));
	if (p->losses && p->sched.cpus)
		return 0;
	trace_pairs_release(p);
	return -ENOMEM;
}

void trace_pairs_release(struct trace_pairs *p)
{
	pairs_kvm_release(&p->kvm);
	pairs_sched_release(&p->sched);
	pairs_irq_release(&p->irq);
	free(p->losses);
	p->losses = NULL;
}

static void note_loss(struct trace_pairs *p, const struct trace_event *e)
{
	p->n_losses++;
	if (e->cpu < 0)
		return;
	p->losses[e->cpu]++;
	p->sched.cpus[e->cpu].is_known = false;
	pairs_irq_lost(p, e->cpu);
}

int trace_pairs_add(struct trace_pairs *p, const struct trace_event *e)
{
	static int (*const parts[])(struct trace_pairs * part, const struct trace_event *event) = {
		pairs_kvm_add,
		pairs_sched_add,
		pairs_irq_add,
	};

	if (e->kind == TRACE_LOST) {
		note_loss(p, e);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		int r = parts[i](p, e);

		if (r == -ENOSPC)
			p->n_beyond++;
		else if (r < 0)
			return r;
	}
	return 0;
}

void pairs_total_add(struct pairs_total *t, uint64_t ns)
{
	t->n++;
	if (__builtin_add_overflow(t->total_ns, ns, &t->total_ns))
		t->total_ns = UINT64_MAX;
	t->max_ns = u64_max(t->max_ns, ns);
}

void pairs_begin(const struct trace_pairs *p, struct pairs_open *o, const struct trace_event *e)
{
	*o = (struct pairs_open){ .is_open = true,
				  .cpu = e->cpu,
				  .t_ns = e->t_ns,
				  .loss = e->cpu >= 0 ? p->losses[e->cpu] : 0,
				  .position = e->position };
}

bool pairs_is_whole(const struct trace_pairs *p, const struct pairs_open *o)
{
	return o->is_open && (o->cpu < 0 || o->loss == p->losses[o->cpu]);
}
