/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample_trace.c - trace, gap loop and built-in guest of a made-up host. */
#include <string.h>

#include "tests/lib/host.h"
#include "tests/lib/sample.h"

#define START_NS (UINT64_C(1717250460) * NS_PER_S)
#define STEP_NS  NS_PER_S

struct maker {
	const struct sample_trace *size;
	struct host *h;
	struct arena *a;
	uint64_t seed;
	struct hist *hist;
};

static uint64_t random_below(struct maker *m, uint64_t limit)
{
	m->seed = m->seed * 48271 % 2147483647;
	return m->seed % limit;
}

static void *add(struct maker *m, struct fact_list *list, size_t size)
{
	void *item = fact_add_item(list, m->a, size);

	assert_non_null(item);
	list->known = true;
	return item;
}

static uint64_t window_ns(const struct maker *m)
{
	return m->size->n_steps * STEP_NS;
}

static const char *number(struct maker *m, const char *text, unsigned long n)
{
	const char *made = arena_printf(m->a, "%s%lu", text, n);

	assert_non_null(made);
	return made;
}

static void put_rows(struct maker *m, struct fact_strs *rows, const char *first, const char *second)
{
	rows->known = true;
	if (first)
		assert_int_equal(fact_add_str(rows, m->a, first), 0);
	if (second)
		assert_int_equal(fact_add_str(rows, m->a, second), 0);
}

static const struct {
	const char *class, *name, *rows[2];
} kinds[] = {
	{ "task", "kworker/3:1H (blk_mq_run_work_fn)", { "irq.managed", "isol.tasks-on-g" } },
	{ "vector", "local_timer", { "cpu.nohz-full", NULL } },
	{ "irq", "nvme0q3", { "irq.managed", "irq.host-on-g" } },
	{ "task", "burner", { "isol.tasks-on-g", NULL } },
	{ "softirq", "RCU", { "cpu.rcu-nocbs", NULL } },
	{ "io", "port 0x608 (PM timer)", { "clock.hypervclock", "hv.stimer" } },
	{ "exit", "EPT_VIOLATION", { "mem.prealloc", "kvm.nx-huge-pages" } },
	{ "vector", "call_function", { "ipi.sources", NULL } },
	{ "task", "qemu-system-x86", { "pin.emulator", NULL } },
	{ "nmi", "perf_event_nmi_handler", { "wdt.lockup", NULL } },
	{ "residue", "entry and exit", { NULL, NULL } },
	{ "task", "vhost-4242", { "pin.vhost", NULL } },
};

static void add_culprits(struct maker *m, struct fact_list *list, unsigned n, uint64_t lost_ns,
			 unsigned times)
{
	for (unsigned i = 0; i < n; i++) {
		const unsigned kind = i % ARRAY_SIZE(kinds);
		struct trace_culprit *c = add(m, list, sizeof(*c));
		const uint64_t part = lost_ns * 9 / 20 >> u64_min(i, 20);

		set_str(&c->class, kinds[kind].class);
		set_str(&c->name,
			i < ARRAY_SIZE(kinds) ? kinds[kind].name : number(m, kinds[kind].name, i));
		if (i == 11)
			set_str(&c->via, "vhost-4242");
		put_rows(m, &c->rows, kinds[kind].rows[0], kinds[kind].rows[1]);
		fact_set_u64(&c->n, (190 + 431 * i) * times);
		fact_set_u64(&c->total_ns, part);
		fact_set_u64(&c->max_ns, u64_min(part, 5200 * NS_PER_US / (1 + i)));
		if (c->n.v >= 1000)
			fact_set_u64(&c->p99_ns, part / c->n.v * 3);
	}
}

static void set_states(struct maker *m, struct fact_object *object, uint64_t whole_ns,
		       unsigned weight)
{
	struct trace_states *s = fact_set_object(object, m->a, sizeof(*s));
	const uint64_t unit = whole_ns / 100000 * weight;
	struct fact_u64 *const lost[] = { &s->preempted_ns, &s->host_irq_ns, &s->exit_ns,
					  &s->qemu_ns,      &s->softirq_ns,  &s->waiting_ns,
					  &s->residue_ns };
	uint64_t sum = 0;

	assert_non_null(s);
	for (unsigned i = 0; i < ARRAY_SIZE(lost); i++) {
		fact_set_u64(lost[i], unit * (ARRAY_SIZE(lost) - i) + random_below(m, unit + 1));
		sum += lost[i]->v;
	}
	fact_set_u64(&s->stopped_ns, 0);
	fact_set_u64(&s->blocked_ns, 0);
	fact_set_u64(&s->lost_ns, 0);
	fact_set_u64(&s->unknown_ns, 0);
	fact_set_u64(&s->halted_ns, whole_ns / 5);
	fact_set_u64(&s->guest_ns, whole_ns - whole_ns / 5 - sum);
}

static uint64_t lost_ns(const struct trace_states *s)
{
	return s->preempted_ns.v + s->host_irq_ns.v + s->exit_ns.v + s->qemu_ns.v +
	       s->softirq_ns.v + s->waiting_ns.v + s->residue_ns.v;
}

static void add_worst(struct maker *m, struct trace_vcpu *v, uint64_t cpu)
{
	for (unsigned i = 0; i < 32; i++) {
		struct trace_worst *w = add(m, &v->worst, sizeof(*w));
		const unsigned kind = (i * 5 + (unsigned)random_below(m, 3)) % ARRAY_SIZE(kinds);
		const uint64_t ns = (5 * NS_PER_MS >> (i / 5)) + random_below(m, 40000);
		const uint64_t at = random_below(m, 1000000) * (window_ns(m) / 1000001);

		fact_set_u64(&w->at_ns, at);
		fact_set_u64(&w->at_unix_ns, START_NS + at);
		fact_set_u64(&w->duration_ns, ns);
		fact_set_u64(&w->cpu, cpu);
		set_str(&w->class, kinds[kind].class);
		set_str(&w->name, kinds[kind].name);
		for (unsigned k = 0; k < 3; k++) {
			struct trace_part *part = add(m, &w->parts, sizeof(*part));

			set_str(&part->class, kinds[(kind + k) % ARRAY_SIZE(kinds)].class);
			set_str(&part->name, kinds[(kind + k) % ARRAY_SIZE(kinds)].name);
			fact_set_u64(&part->total_ns, k ? ns / (10 * k) : ns / 10 * 8);
		}
	}
}

static void add_series(struct maker *m, struct trace_vcpu *v, unsigned weight)
{
	fact_set_u64(&v->step_ns, STEP_NS);
	for (unsigned i = 0; i < m->size->n_steps; i++) {
		struct trace_second *s = add(m, &v->series, sizeof(*s));

		fact_set_u64(&s->at_ns, i * STEP_NS);
		set_states(m, &s->states, STEP_NS, weight * (i % 10 == 7 ? 6 : 1));
		s->outages.known = true;
		for (unsigned k = 0; k < 14; k++) {
			const uint64_t base = UINT64_C(900) >> (k < 3 ? 3 - k : 2 * k - 6);
			const uint64_t n = base * (1 + random_below(m, 20) / 19 * 12) +
					   (random_below(m, 20) == 0);

			if (n)
				assert_int_equal(
					fact_add_pair(&s->outages, m->a, k ? 1u << (k - 1) : 0, n),
					0);
		}
	}
}

static void add_vcpu(struct maker *m, unsigned i)
{
	static const uint64_t sizes[][2] = { { 0, 61234 }, { 250, 120 }, { 500, 31 },
					     { 1000, 9 },  { 2000, 3 },  { 4000, 1 } };
	struct trace_vcpu *v = add(m, &m->h->trace.vcpus, sizeof(*v));
	struct cpus on = { 0 };

	cpus_add(&on, 2 + i % (CPUS_MAX - 2));
	fact_set_u64(&v->vcpu, i);
	fact_set_u64(&v->tid, 4243 + i);
	set_str(&v->name, number(m, "CPU ", i));
	fact_set_cpus(&v->cpus, &on);
	fact_set_u64(&v->window_ns, window_ns(m));
	fact_set_u64(&v->lost_events, 0);
	fact_set_u64(&v->n_migrations, i == 2);
	fact_set_u64(&v->n_exits, 81000 + 90 * i);
	fact_set_u64(&v->closure_ppm, 0);
	set_states(m, &v->states, window_ns(m), 20 + 11 * i % 97);
	add_culprits(m, &v->culprits, (unsigned)u64_min(m->size->n_culprits, 64),
		     lost_ns(v->states.v), 1);
	add_worst(m, v, 2 + i);
	v->sizes.known = true;
	for (size_t k = 0; k < ARRAY_SIZE(sizes); k++)
		assert_int_equal(fact_add_pair(&v->sizes, m->a, sizes[k][0], sizes[k][1]), 0);
	add_series(m, v, 20 + 11 * i % 97);
}

static void add_thread(struct maker *m, const char *name, const char *role)
{
	struct trace_thread *t = add(m, &m->h->trace.threads, sizeof(*t));

	fact_set_u64(&t->tid, 5000 + m->h->trace.threads.n);
	set_str(&t->name, name);
	set_str(&t->role, role);
	fact_set_u64(&t->run_ns, random_below(m, NS_PER_S));
	fact_set_u64(&t->delay_ns, random_below(m, NS_PER_S / 10));
	fact_set_u64(&t->max_delay_ns, t->delay_ns.v / 7);
	fact_set_u64(&t->n_delays, 900);
	fact_set_u64(&t->n_migrations, 4);
}

static void add_cpu(struct maker *m, unsigned cpu)
{
	struct trace_cpu *c = add(m, &m->h->trace.cpus, sizeof(*c));
	const uint64_t permille = window_ns(m) / 1000;

	fact_set_u64(&c->cpu, cpu);
	fact_set_u64(&c->vcpu_ns, permille * 990);
	fact_set_u64(&c->task_ns, permille * 7);
	fact_set_u64(&c->irq_ns, permille * 2);
	fact_set_u64(&c->softirq_ns, permille);
	fact_set_u64(&c->idle_ns, 0);
	fact_set_u64(&c->lost_ns, 0);
	fact_set_u64(&c->unknown_ns, 0);
	fact_set_u64(&c->lost_events, 0);
}

static void make_trace(struct maker *m)
{
	struct trace_facts *t = &m->h->trace;
	struct trace_missing *missing;
	uint64_t lost = 0;

	memset(t, 0, sizeof(*t));
	set_str(&t->rung, "tracefs");
	fact_set_u64(&t->window_ns, window_ns(m));
	fact_set_u64(&t->start_unix_ns, START_NS);
	fact_set_u64(&t->n_events, 1234567);
	fact_set_u64(&t->lost_events, 17);
	fact_set_u64(&t->n_unpaired, 2);
	fact_set_u64(&t->n_incomplete, 1);
	fact_set_u64(&t->n_clamped, 0);
	fact_set_u64(&t->n_strayed, 0);
	t->vcpus.known = t->threads.known = t->missing.known = t->culprits.known = true;
	for (unsigned i = 0; i < m->size->n_vcpus; i++)
		add_vcpu(m, i);
	for (unsigned i = 0; i < m->size->n_vcpus; i++)
		add_cpu(m, 2 + i);
	for (unsigned i = 0; i < m->size->n_vcpus; i++)
		lost += lost_ns(((struct trace_vcpu *)t->vcpus.v)[i].states.v);
	add_culprits(m, &t->culprits, m->size->n_culprits, lost, m->size->n_vcpus);
	add_thread(m, "qemu-system-x86", "emulator");
	add_thread(m, "IO iothread1", "iothread");
	add_thread(m, "vhost-4242", "vhost");
	missing = add(m, &t->missing, sizeof(*missing));
	set_str(&missing->event, "nmi:nmi_handler");
	set_str(&missing->hides, "time that non-maskable interrupts took");
}

static const struct hist_bins *bins_of(struct maker *m, unsigned n, uint64_t base, uint64_t spread)
{
	const struct hist_bins *bins;

	hist_init(m->hist);
	for (unsigned i = 0; i < n; i++)
		hist_add(m->hist,
			 base + random_below(m, spread) + (random_below(m, 300) ? 0 : 20 * base));
	bins = hist_to_bins(m->hist, m->a);
	assert_non_null(bins);
	return bins;
}

static void make_gap(struct maker *m)
{
	struct gap_facts *g = &m->h->gap;

	memset(g, 0, sizeof(*g));
	g->cpus = m->h->cpus.guest;
	fact_set_u64(&g->threshold_ns, 400);
	fact_set_u64(&g->rep_duration_ns, 10 * NS_PER_S);
	fact_set_u64(&g->n_reps, 3);
	set_str(&g->policy, "other");
	set_str(&g->rung, "tracefs");
	for (int cpu = cpus_next(&g->cpus.v, 0); cpu >= 0;
	     cpu = cpus_next(&g->cpus.v, (unsigned)cpu + 1)) {
		struct gap_unit *u = add(m, &g->units, sizeof(*u));

		fact_set_u64(&u->rep, 0);
		fact_set_u64(&u->cpu, (uint64_t)cpu);
		fact_set_u64(&u->window_ns, 10 * NS_PER_S);
		fact_set_u64(&u->loop_ps, 9800);
		u->hist = (struct fact_hist){ true, bins_of(m, 2500, 900, 4000) };
		fact_set_u64(&u->n_explained, 2400);
		fact_set_u64(&u->explained_ns, u->hist.v->sum_ns / 100 * 66);
		fact_set_u64(&u->entry_exit_ns, u->hist.v->sum_ns / 100 * 30);
		fact_set_u64(&u->n_unjoined, 0);
	}
	add_culprits(m, &g->culprits, m->size->n_culprits, 50 * NS_PER_MS, 8);
	for (unsigned i = 0; i < 20; i++) {
		struct gap_worst *w = add(m, &g->worst, sizeof(*w));

		fact_set_u64(&w->at_unix_ns, START_NS + i * 17 * NS_PER_MS);
		fact_set_u64(&w->duration_ns, (22 - i) * 30 * NS_PER_US);
		fact_set_u64(&w->cpu, 2);
		if (i % 4) {
			fact_set_u64(&w->explained_ns, (22 - i) * 29 * NS_PER_US);
			set_str(&w->class, kinds[i % ARRAY_SIZE(kinds)].class);
			set_str(&w->name, kinds[i % ARRAY_SIZE(kinds)].name);
		}
	}
	fact_set_u64(&g->overhead_ns, 300);
	fact_set_u64(&g->n_orphans, 0);
	fact_set_u64(&g->n_together, 2);
	fact_set_u64(&g->together_ns, 150 * NS_PER_US);
	fact_set_u64(&g->lost_events, 0);
}

static void make_exits(struct maker *m)
{
	static const struct {
		const char *id, *title;
		uint64_t base;
	} metrics[] = {
		{ "gap", "gaps in the guest's time", 1200 },
		{ "timer", "timer interrupt, how late", 2300 },
		{ "cpuid", "CPUID, which always exits", 950 },
		{ "port", "write to a port that QEMU handles", 4100 },
		{ "mmio", "read of a device's memory", 4700 },
		{ "msr", "write of an MSR", 1100 },
		{ "hlt-wake", "sleep until a timer, and wake", 7800 },
		{ "ipi", "interrupt from one vCPU to another", 5200 },
		{ "irqfd", "interrupt from the host", 6100 },
	};
	static const uint64_t pages[] = { 4, 2048, 1048576 };
	struct exits_facts *e = &m->h->exits;

	memset(e, 0, sizeof(*e));
	fact_set_bool(&e->is_emulated, true);
	set_str(&e->why_emulated, "a hypervisor runs below this host");
	fact_set_u64(&e->n_vcpus, 2);
	set_cpus(&e->cpus, "2-3");
	for (size_t i = 0; i < ARRAY_SIZE(metrics); i++) {
		struct exits_metric *x = add(m, &e->metrics, sizeof(*x));

		set_str(&x->id, metrics[i].id);
		set_str(&x->title, metrics[i].title);
		fact_set_u64(&x->vcpu, 0);
		fact_set_u64(&x->cpu, 2);
		if (!strcmp(metrics[i].id, "ipi"))
			fact_set_u64(&x->peer_cpu, 3);
		x->hist = (struct fact_hist){ true, bins_of(m, 5000, metrics[i].base,
							    metrics[i].base / 3) };
	}
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct exits_memory *x = add(m, &e->memory, sizeof(*x));

		fact_set_u64(&x->backing_kib, pages[i]);
		fact_set_u64(&x->size_kib, MIB);
		fact_set_u64(&x->n_loads, 1000000);
		fact_set_u64(&x->load_ps, 141000 - 27500 * i);
		fact_set_u64(&x->mapped_kib, pages[i]);
	}
}

void sample_add_trace(struct host *h, const struct sample_trace *size)
{
	struct maker m = { .size = size, .h = h, .a = &h->arena, .seed = 20240602 };

	m.hist = malloc(sizeof(*m.hist));
	assert_non_null(m.hist);
	make_trace(&m);
	make_gap(&m);
	make_exits(&m);
	free(m.hist);
}
