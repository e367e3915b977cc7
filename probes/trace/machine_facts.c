/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_facts.c - the window closes: what the machine knows becomes facts. */
#include <string.h>

#include "probes/trace/machine_parts.h"

static const struct {
	enum trace_kind kind;
	const char *event, *hides;
} recorded[] = {
	{ TRACE_KVM_ENTRY, "kvm_entry",
	  "guest, exits and QEMU: time on a CPU is one state, running; asleep is halted" },
	{ TRACE_KVM_EXIT, "kvm_exit",
	  "guest, exits and QEMU: time on a CPU is one state, running; asleep is halted" },
	{ TRACE_KVM_USERSPACE, "kvm_userspace_exit", "QEMU: its time counts as that of exits" },
	{ TRACE_KVM_PIO, "kvm_pio", "ports that the guest used" },
	{ TRACE_KVM_MMIO, "kvm_mmio", "emulated memory that the guest used" },
	{ TRACE_SWITCH, "sched_switch",
	  "who had the CPU: preempted, waiting and stopped time counts as that of exits" },
	{ TRACE_WAKING, "sched_waking", "waiting for a CPU after a wake-up: it counts as asleep" },
	{ TRACE_IRQ_ENTRY, "irq_handler_entry",
	  "interrupts of devices: their time counts for what they interrupted" },
	{ TRACE_VECTOR_ENTRY, "irq_vectors",
	  "timer and inter-processor interrupts: their time counts for what they interrupted" },
	{ TRACE_SOFTIRQ_ENTRY, "softirq_entry",
	  "softirqs: their time counts for what they interrupted" },
	{ TRACE_NMI, "nmi_handler", "NMIs: their time counts for what they interrupted" },
	{ TRACE_WORK_START, "workqueue_execute_start", "what workers of the kernel worked on" },
};

static int add_missing(const struct trace_machine *m, struct arena *a, struct fact_list *list)
{
	*list = (struct fact_list){ .known = true };
	for (size_t i = 0; i < ARRAY_SIZE(recorded); i++) {
		struct trace_missing *f;

		if (m->setup.has[recorded[i].kind])
			continue;
		f = fact_add_item(list, a, sizeof(*f));
		if (!f || fact_set_str(&f->event, a, recorded[i].event) < 0 ||
		    fact_set_str(&f->hides, a, recorded[i].hides) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Can these events tell that state? */
static bool can_tell(const struct trace_machine *m, enum vcpu_state state)
{
	const bool *has = m->setup.has;

	switch (state) {
	case STATE_GUEST:
	case STATE_EXIT:
	case STATE_RESIDUE:
		return m->has_kvm;
	case STATE_QEMU:
		return m->has_kvm && has[TRACE_KVM_USERSPACE];
	case STATE_RUNNING:
		return !m->has_kvm;
	case STATE_HOST_IRQ:
		return has[TRACE_IRQ_ENTRY] || has[TRACE_VECTOR_ENTRY];
	case STATE_SOFTIRQ:
		return has[TRACE_SOFTIRQ_ENTRY];
	case STATE_WAITING:
		return m->has_switch && has[TRACE_WAKING];
	case STATE_PREEMPTED:
	case STATE_STOPPED:
	case STATE_BLOCKED:
		return m->has_switch;
	case STATE_HALTED:
		return m->has_switch || m->has_kvm;
	case STATE_LOST:
	case STATE_UNKNOWN:
	case N_VCPU_STATES:
		break;
	}
	return true;
}

static int set_states(const struct trace_machine *m, struct arena *a,
		      const uint64_t ns[N_VCPU_STATES], struct fact_object *object)
{
	struct trace_states *f = fact_set_object(object, a, sizeof(*f));
	struct fact_u64 *const facts[N_VCPU_STATES] = {
		[STATE_GUEST] = &f->guest_ns,         [STATE_EXIT] = &f->exit_ns,
		[STATE_HOST_IRQ] = &f->host_irq_ns,   [STATE_SOFTIRQ] = &f->softirq_ns,
		[STATE_PREEMPTED] = &f->preempted_ns, [STATE_WAITING] = &f->waiting_ns,
		[STATE_HALTED] = &f->halted_ns,       [STATE_QEMU] = &f->qemu_ns,
		[STATE_STOPPED] = &f->stopped_ns,     [STATE_RESIDUE] = &f->residue_ns,
		[STATE_RUNNING] = &f->running_ns,     [STATE_BLOCKED] = &f->blocked_ns,
		[STATE_LOST] = &f->lost_ns,           [STATE_UNKNOWN] = &f->unknown_ns,
	};

	if (!f)
		return -ENOMEM;
	for (unsigned i = 0; i < N_VCPU_STATES; i++) {
		if (ns[i] || can_tell(m, i))
			fact_set_u64(facts[i], ns[i]);
	}
	return 0;
}

static int set_name(const struct trace_machine *m, struct arena *a, uint16_t id,
		    struct fact_str *ret_class, struct fact_str *ret_name)
{
	const struct culprit_name *name = &m->names.v[id];
	const char *class = culprit_class_names[name->key.class];

	return fact_set_str(ret_class, a, class) < 0 || fact_set_str(ret_name, a, name->name) < 0
		       ? -ENOMEM
		       : 0;
}

struct culprit_sum { /* of those whose lengths are known only in all */
	uint64_t n, ns;
};

static int add_culprit(const struct trace_machine *m, struct arena *a, uint16_t id,
		       const struct hist *h, const struct culprit_sum *sum, struct fact_list *list)
{
	struct trace_culprit *f = fact_add_item(list, a, sizeof(*f));
	const struct culprit_name *name = &m->names.v[id];

	if (!f || set_name(m, a, id, &f->class, &f->name) < 0)
		return -ENOMEM;
	if (name->key.via && fact_set_str(&f->via, a, m->names.v[name->key.via].name) < 0)
		return -ENOMEM;
	f->rows.known = true;
	for (size_t i = 0; i < ROWS_MAX && name->rows[i]; i++) {
		if (fact_add_str(&f->rows, a, name->rows[i]) < 0)
			return -ENOMEM;
	}
	fact_set_u64(&f->n, h->n + sum->n);
	fact_set_u64(&f->total_ns, h->sum_ns + sum->ns);
	if (sum->n)
		return 0;
	fact_set_u64(&f->max_ns, h->max_ns);
	if (hist_can_show(h, 990000))
		fact_set_u64(&f->p99_ns, hist_quantile_ns(h, 990000));
	return 0;
}

static int compare_text(const struct fact_str *a, const struct fact_str *b)
{
	return strcmp(a->known ? a->v : "", b->known ? b->v : "");
}

static int compare_culprits(const void *pa, const void *pb)
{
	const struct trace_culprit *a = pa, *b = pb;
	int order = (a->total_ns.v < b->total_ns.v) - (a->total_ns.v > b->total_ns.v);

	if (!order)
		order = compare_text(&a->class, &b->class);
	if (!order)
		order = compare_text(&a->name, &b->name);
	return order ? order : compare_text(&a->via, &b->via);
}

/* Of one vCPU, or, NULL, of all of them. */
static int add_culprits(const struct trace_machine *m, struct arena *a, const struct vcpu_time *of,
			struct hist *h, struct fact_list *list)
{
	*list = (struct fact_list){ .known = true };
	for (uint16_t id = 0; id < m->names.n; id++) {
		struct culprit_sum sum = { 0, 0 };

		hist_init(h);
		for (size_t i = 0; i < m->n_vcpus; i++) {
			const struct vcpu_time *v = m->vcpus[i];

			const struct tally *t;

			if ((of && of != v) || !v->tallies.of[id])
				continue;
			t = &v->tallies.v[v->tallies.of[id] - 1];
			durations_to_hist(&t->took, h);
			sum.n += t->n_sum;
			sum.ns += t->sum_ns;
		}
		if (h->n + sum.n && add_culprit(m, a, id, h, &sum, list) < 0)
			return -ENOMEM;
	}
	if (list->n)
		qsort(list->v, list->n, sizeof(struct trace_culprit), compare_culprits);
	return 0;
}

static void set_unix(const struct trace_machine *m, uint64_t t_ns, struct fact_u64 *f)
{
	if (m->setup.unix_ns)
		fact_set_u64(f, m->setup.unix_ns + (t_ns - m->setup.clock_ns));
}

static int add_parts(const struct trace_machine *m, struct arena *a, const struct worst *w,
		     struct fact_list *list)
{
	*list = (struct fact_list){ .known = true };
	for (size_t i = 0; i < w->n_parts; i++) {
		struct trace_part *f = fact_add_item(list, a, sizeof(*f));

		if (!f || set_name(m, a, w->parts[i].id, &f->class, &f->name) < 0)
			return -ENOMEM;
		fact_set_u64(&f->total_ns, w->parts[i].ns);
	}
	return 0;
}

static int add_worst(const struct trace_machine *m, struct arena *a, const struct vcpu_time *v,
		     struct fact_list *list)
{
	*list = (struct fact_list){ .known = true };
	for (size_t i = 0; i < v->n_worst; i++) {
		const struct worst *w = &v->worst[i];
		struct trace_worst *f = fact_add_item(list, a, sizeof(*f));

		if (!f || set_name(m, a, w->id, &f->class, &f->name) < 0 ||
		    add_parts(m, a, w, &f->parts) < 0)
			return -ENOMEM;
		set_unix(m, w->at_ns, &f->at_unix_ns);
		fact_set_u64(&f->at_ns, w->at_ns - m->start_ns);
		fact_set_u64(&f->duration_ns, w->ns);
		if (w->cpu < CPUS_MAX)
			fact_set_u64(&f->cpu, w->cpu);
	}
	return 0;
}

static int add_sizes(const struct vcpu_time *v, struct arena *a, struct fact_pairs *pairs)
{
	*pairs = (struct fact_pairs){ .known = true };
	for (size_t i = 0; i < N_SIZES; i++) {
		if (fact_add_pair(pairs, a, vcpu_time_sizes_us[i], v->n_of_size[i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_lengths(const struct series_step *step, struct arena *a, struct fact_pairs *pairs)
{
	*pairs = (struct fact_pairs){ .known = true };
	for (size_t i = 0; i < N_LENGTHS; i++) {
		if (step->n_of_length[i] &&
		    fact_add_pair(pairs, a, series_length_us(i), step->n_of_length[i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_series(const struct trace_machine *m, struct arena *a, const struct series *s,
		      struct fact_list *list)
{
	*list = (struct fact_list){ .known = true };
	for (size_t i = 0; i < s->n; i++) {
		struct trace_second *f = fact_add_item(list, a, sizeof(*f));

		if (!f || set_states(m, a, s->v[i].ns, &f->states) < 0 ||
		    add_lengths(&s->v[i], a, &f->outages) < 0)
			return -ENOMEM;
		fact_set_u64(&f->at_ns, s->start_ns - m->start_ns + i * s->step_ns);
	}
	return 0;
}

static uint64_t closure_ppm(const struct vcpu_time *v)
{
	const uint64_t window = v->to_ns - v->from_ns;
	uint64_t sum = 0, off;

	for (unsigned i = 0; i < N_VCPU_STATES; i++)
		sum += v->state_ns[i];
	off = sum > window ? sum - window : window - sum;
	if (!off)
		return 0;
	return window ? off / (window / 1000000 + 1) + 1 : 1000000;
}

static int add_vcpu(const struct trace_machine *m, struct arena *a, const struct vcpu_time *v,
		    struct hist *scratch, struct fact_list *list)
{
	struct trace_vcpu *f = fact_add_item(list, a, sizeof(*f));

	if (!f || fact_set_str(&f->name, a, v->name) < 0)
		return -ENOMEM;
	fact_set_u64(&f->vcpu, v->number);
	if (v->tid < TRACE_TID_UNTOLD)
		fact_set_u64(&f->tid, (uint64_t)v->tid);
	fact_set_cpus(&f->cpus, &v->cpus);
	fact_set_u64(&f->window_ns, v->to_ns - v->from_ns);
	fact_set_u64(&f->lost_events, v->n_lost);
	fact_set_u64(&f->n_migrations, v->n_migrations);
	if (m->setup.has[TRACE_KVM_EXIT])
		fact_set_u64(&f->n_exits, v->n_exits);
	fact_set_u64(&f->closure_ppm, closure_ppm(v));
	f->outages = (struct fact_hist){ true, hist_to_bins(v->outages, a) };
	fact_set_u64(&f->step_ns, v->series.step_ns);
	if (!f->outages.v || set_states(m, a, v->state_ns, &f->states) < 0 ||
	    add_culprits(m, a, v, scratch, &f->culprits) < 0 || add_worst(m, a, v, &f->worst) < 0 ||
	    add_sizes(v, a, &f->sizes) < 0 || add_series(m, a, &v->series, &f->series) < 0 ||
	    machine_add_units(&v->units, a, &f->units) < 0)
		return -ENOMEM;
	return 0;
}

static int add_helper(const struct trace_machine *m, struct arena *a, const struct helper_time *h,
		      struct fact_list *list)
{
	struct trace_thread *f = fact_add_item(list, a, sizeof(*f));

	if (!f || fact_set_str(&f->name, a, h->name) < 0 ||
	    fact_set_str(&f->role, a, trace_role_names[h->role]) < 0)
		return -ENOMEM;
	fact_set_u64(&f->tid, (uint64_t)h->tid);
	/* It was seen now and then: since when it ran, and until when, is not told. */
	if (!m->has_switch)
		return 0;
	fact_set_u64(&f->run_ns, h->run_ns);
	fact_set_u64(&f->delay_ns, h->delay_ns);
	fact_set_u64(&f->n_delays, h->n_delays);
	fact_set_u64(&f->max_delay_ns, h->max_delay_ns);
	fact_set_u64(&f->n_migrations, h->n_migrations);
	return 0;
}

static int add_cpu(struct arena *a, const struct cpu_time *c, struct fact_list *list)
{
	uint64_t known_ns = c->n_lost;
	struct trace_cpu *f;

	for (unsigned i = 0; i < USE_UNKNOWN; i++)
		known_ns += c->used_ns[i];
	if (!known_ns)
		return 0;
	f = fact_add_item(list, a, sizeof(*f));
	if (!f)
		return -ENOMEM;
	fact_set_u64(&f->cpu, c->number);
	fact_set_u64(&f->vcpu_ns, c->used_ns[USE_VCPU]);
	fact_set_u64(&f->task_ns, c->used_ns[USE_TASK]);
	fact_set_u64(&f->irq_ns, c->used_ns[USE_IRQ]);
	fact_set_u64(&f->softirq_ns, c->used_ns[USE_SOFTIRQ]);
	fact_set_u64(&f->idle_ns, c->used_ns[USE_IDLE]);
	fact_set_u64(&f->lost_ns, c->used_ns[USE_LOST]);
	fact_set_u64(&f->unknown_ns, c->used_ns[USE_UNKNOWN]);
	fact_set_u64(&f->lost_events, c->n_lost);
	return 0;
}

static int set_totals(const struct trace_machine *m, struct arena *a, struct trace_facts *facts)
{
	uint64_t n_lost = 0;

	for (unsigned i = 0; i < m->n_cpus; i++)
		n_lost += m->cpus[i] ? m->cpus[i]->n_lost : 0;
	fact_set_u64(&facts->window_ns, m->end_ns - m->start_ns);
	set_unix(m, m->start_ns, &facts->start_unix_ns);
	if (m->setup.rep_ns && m->setup.n_reps && m->setup.n_reps <= UNITS_MAX)
		fact_set_u64(&facts->rep_duration_ns, m->setup.rep_ns);
	fact_set_u64(&facts->n_events, m->n_events);
	fact_set_u64(&facts->lost_events, n_lost);
	fact_set_u64(&facts->n_unpaired, m->n_unpaired);
	fact_set_u64(&facts->n_incomplete, m->n_incomplete);
	fact_set_u64(&facts->n_clamped, m->n_clamped);
	fact_set_u64(&facts->n_strayed, m->n_strayed);
	fact_set_u64(&facts->n_unseen_starts, m->n_unseen_starts);
	if (m->has_hidden)
		fact_set_u64(&facts->hidden_unplaced_ns, m->unplaced_ns);
	return fact_set_str(&facts->rung, a, m->setup.rung);
}

int trace_machine_finish(struct trace_machine *m, struct arena *a, struct trace_facts *facts)
{
	auto_free struct hist *scratch = malloc(sizeof(*scratch));
	int r = scratch ? 0 : -ENOMEM;

	machine_close_window(m);
	facts->vcpus.known = facts->threads.known = facts->cpus.known = true;
	for (size_t i = 0; r == 0 && i < m->n_vcpus; i++)
		r = add_vcpu(m, a, m->vcpus[i], scratch, &facts->vcpus);
	for (size_t i = 0; r == 0 && i < m->n_helpers; i++)
		r = add_helper(m, a, m->helpers[i], &facts->threads);
	for (unsigned i = 0; r == 0 && i < m->n_cpus; i++)
		r = m->cpus[i] ? add_cpu(a, m->cpus[i], &facts->cpus) : 0;
	if (r == 0)
		r = add_culprits(m, a, NULL, scratch, &facts->culprits);
	if (r == 0)
		r = add_missing(m, a, &facts->missing);
	return r < 0 ? r : set_totals(m, a, facts);
}
