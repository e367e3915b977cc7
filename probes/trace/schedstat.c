/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/schedstat.h"

int schedstat_add_missing(struct trace_facts *facts, struct arena *a, const char *event,
			  const char *hides)
{
	struct trace_missing *f = fact_add_item(&facts->missing, a, sizeof(*f));

	if (!f || fact_set_str(&f->event, a, event) < 0 || fact_set_str(&f->hides, a, hides) < 0)
		return -ENOMEM;
	return 0;
}

static void set_counts(const struct tracer_task *t, struct trace_vcpu *f)
{
	if (!t->has_counts)
		return;
	fact_set_u64(&f->sched_run_ns, tracer_task_run_ns(t));
	fact_set_u64(&f->sched_delay_ns, tracer_task_delay_ns(t));
	fact_set_u64(&f->n_sched_slices,
		     t->last.n_slices - u64_min(t->first.n_slices, t->last.n_slices));
}

/* The counters of a thread that runs are behind by up to a tick: never more than the window. */
static int set_states(const struct tracer_task *t, struct arena *a, uint64_t window_ns,
		      struct fact_object *object)
{
	struct trace_states *f = fact_set_object(object, a, sizeof(*f));
	const uint64_t run_ns = u64_min(tracer_task_run_ns(t), window_ns);
	const uint64_t delay_ns = u64_min(tracer_task_delay_ns(t), window_ns - run_ns);

	if (!f)
		return -ENOMEM;
	if (!t->has_counts) {
		fact_set_u64(&f->unknown_ns, window_ns);
		return 0;
	}
	fact_set_u64(&f->running_ns, run_ns);
	fact_set_u64(&f->waiting_ns, delay_ns);
	fact_set_u64(&f->halted_ns, window_ns - run_ns - delay_ns);
	return 0;
}

static int put_vcpu(const struct tracer_task *t, struct arena *a, struct fact_list *list)
{
	const uint64_t window_ns = t->last.at_ns - u64_min(t->first.at_ns, t->last.at_ns);
	struct trace_vcpu *f = fact_add_item(list, a, sizeof(*f));

	if (!f || fact_set_str(&f->name, a, t->comm) < 0)
		return -ENOMEM;
	fact_set_u64(&f->vcpu, t->vcpu);
	fact_set_u64(&f->tid, (uint64_t)t->tid);
	fact_set_cpus(&f->cpus, &t->seen_on);
	fact_set_u64(&f->window_ns, window_ns);
	fact_set_u64(&f->closure_ppm, 0);
	set_counts(t, f);
	return set_states(t, a, window_ns, &f->states);
}

static int put_thread(const struct tracer_task *t, struct arena *a, struct fact_list *list)
{
	struct trace_thread *f = fact_add_item(list, a, sizeof(*f));

	if (!f || fact_set_str(&f->name, a, t->comm) < 0 ||
	    fact_set_str(&f->role, a, trace_role_names[t->role]) < 0)
		return -ENOMEM;
	fact_set_u64(&f->tid, (uint64_t)t->tid);
	if (!t->has_counts)
		return 0;
	fact_set_u64(&f->run_ns, tracer_task_run_ns(t));
	fact_set_u64(&f->delay_ns, tracer_task_delay_ns(t));
	return 0;
}

static int put_missing(struct arena *a, struct trace_facts *facts)
{
	static const struct {
		const char *event, *hides;
	} rows[] = {
		{ "sched_switch", "who had the CPU, the worst stretches, and what the CPUs did" },
		{ "sched_waking", "preempted and throttled: that time counts as waiting" },
		{ "kvm_exit", "guest, exits, QEMU, interrupts and softirqs: that time counts as "
			      "running, and as halted where its thread sleeps meanwhile" },
		{ "sched_switch",
		  "stopped, and blocked in the kernel: that time counts as halted" },
	};
	int r = 0;

	facts->missing.known = true;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(rows); i++)
		r = schedstat_add_missing(facts, a, rows[i].event, rows[i].hides);
	return r;
}

int schedstat_put(const struct tracer_tasks *tasks, struct arena *a, struct trace_facts *facts)
{
	uint64_t from_ns = UINT64_MAX, to_ns = 0;
	bool has_counts = false;
	int r = 0;

	facts->vcpus.known = facts->threads.known = true;
	for (size_t i = 0; r == 0 && i < tasks->n; i++) {
		const struct tracer_task *t = &tasks->v[i];
		const bool is_vcpu = t->role == TRACE_ROLE_VCPU;

		has_counts |= is_vcpu && t->has_counts;
		from_ns = u64_min(from_ns, t->first.at_ns);
		to_ns = u64_max(to_ns, t->last.at_ns);
		r = is_vcpu ? put_vcpu(t, a, &facts->vcpus) : put_thread(t, a, &facts->threads);
	}
	if (r == 0)
		r = put_missing(a, facts);
	if (r < 0)
		return r;
	fact_set_u64(&facts->window_ns, to_ns > from_ns ? to_ns - from_ns : 0);
	return fact_set_str(&facts->rung, a, has_counts ? "schedstat" : "none");
}

/* NULL: it is not there, or its number was another one's before. */
static const struct tracer_task *find(const struct tracer_tasks *tasks, const struct fact_u64 *tid)
{
	const struct tracer_task *found = NULL;

	for (size_t i = 0; i < tasks->n; i++) {
		if ((uint64_t)tasks->v[i].tid != tid->v)
			continue;
		if (found)
			return NULL;
		found = &tasks->v[i];
	}
	return found;
}

/* Nobody counts what it did where nothing is recorded. */
static void forget_thread(struct trace_thread *f)
{
	f->run_ns.known = f->delay_ns.known = false;
	f->n_delays.known = f->max_delay_ns.known = f->n_migrations.known = false;
}

static void merge_thread(const struct tracer_task *t, struct trace_thread *f)
{
	const bool is_seen = f->run_ns.v || f->n_delays.v;

	fact_set_u64(&f->run_ns, u64_max(f->run_ns.v, tracer_task_run_ns(t)));
	fact_set_u64(&f->delay_ns, u64_max(f->delay_ns.v, tracer_task_delay_ns(t)));
	/* Of what events did not tell the sums are known alone. */
	if (!is_seen)
		f->n_delays.known = f->max_delay_ns.known = f->n_migrations.known = false;
}

void schedstat_merge(const struct tracer_tasks *tasks, struct trace_facts *facts)
{
	struct trace_vcpu *vcpus = facts->vcpus.v;
	struct trace_thread *threads = facts->threads.v;
	const struct tracer_task *t;

	for (size_t i = 0; i < facts->vcpus.n; i++) {
		t = find(tasks, &vcpus[i].tid);
		if (t)
			set_counts(t, &vcpus[i]);
	}
	for (size_t i = 0; i < facts->threads.n; i++) {
		t = find(tasks, &threads[i].tid);
		if (t && t->has_counts)
			merge_thread(t, &threads[i]);
		else if (!threads[i].run_ns.v && !threads[i].n_delays.v)
			forget_thread(&threads[i]);
	}
}
