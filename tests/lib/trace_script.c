/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/trace_script.h"

#include <inttypes.h>
#include <string.h>

#include "tests/lib/check.h"

#define N_WORDS 8

struct line {
	char word[N_WORDS][64];
	unsigned n;
};

static const struct {
	int pid;
	const char *comm;
} threads[] = {
	{ 0, "swapper/1" },         { 90, "qemu-system-x86" }, { 91, "IO iothread1" },
	{ 92, "vhost-90" },         { 200, "burner" },         { 201, "kworker/u8:3" },
	{ 202, "kworker/1:1H" },    { 203, "ksoftirqd/1" },    { 204, "hog" },
	{ 205, "migration/1" },     { 206, "kworker/u8:7" },   { 207, "vhost-77" },
	{ 300, "vfiobench-probe" },
};

const char *script_comm(int pid)
{
	static char vcpu[32];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		if (threads[i].pid == pid)
			return threads[i].comm;
	}
	snprintf(vcpu, sizeof(vcpu), pid >= 100 && pid < 150 ? "CPU %d/KVM" : "task-%d",
		 pid >= 100 && pid < 150 ? pid - 100 : pid);
	return vcpu;
}

struct trace_setup script_setup(uint64_t end_us)
{
	struct trace_setup s = { .start_ns = 1,
				 .end_ns = end_us * NS_PER_US + 1,
				 .clock_ns = 1,
				 .unix_ns = 1000 * NS_PER_S,
				 .rung = "tracefs" };

	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		s.has[i] = true;
	return s;
}

void script_add(struct trace_machine *m, int tid, enum trace_role role)
{
	const struct trace_member t = { .tid = tid,
					.role = role,
					.vcpu = (unsigned)tid - 100,
					.name = script_comm(tid),
					.start_cpu = TRACE_CPU_UNKNOWN };

	assert_int_equal(trace_machine_add_thread(m, &t), 0);
}

void script_add_vcpu(struct trace_machine *m, unsigned n)
{
	script_add(m, 100 + (int)n, TRACE_ROLE_VCPU);
}

static uint64_t number(const struct line *l, unsigned i)
{
	char *end;
	const uint64_t v = strtoull(l->word[i], &end, 0);

	if (i >= l->n || *end)
		fail_msg("'%s' of '%s %s %s %s': no number", l->word[i], l->word[0], l->word[1],
			 l->word[2], l->word[3]);
	return v;
}

static int pid_at(const struct line *l, unsigned i)
{
	return (int)number(l, i);
}

static enum trace_task_state state_of(char letter)
{
	static const char letters[] = "?R+SDTX"; /* in the order of enum trace_task_state */
	const char *at = strchr(letters, letter);

	assert_non_null(at);
	return (enum trace_task_state)(at - letters);
}

static void read_switch(const struct line *l, struct trace_event *e)
{
	e->sched_switch.prev_pid = e->pid;
	e->sched_switch.prev_comm = e->comm;
	e->sched_switch.prev_state = state_of(l->word[4][0]);
	e->sched_switch.next_pid = pid_at(l, 5);
	e->sched_switch.next_comm = script_comm(e->sched_switch.next_pid);
}

static void read_waking(const struct line *l, struct trace_event *e)
{
	e->waking.pid = pid_at(l, 4);
	e->waking.comm = script_comm(e->waking.pid);
	e->waking.target_cpu = pid_at(l, 5);
}

static void read_migrate(const struct line *l, struct trace_event *e)
{
	e->migrate.pid = pid_at(l, 4);
	e->migrate.to_cpu = pid_at(l, 5);
	e->migrate.from_cpu = TRACE_CPU_UNKNOWN;
}

static void read_irq(const struct line *l, struct trace_event *e)
{
	e->irq.irq = number(l, 4);
	e->irq.name = l->n > 5 ? l->word[5] : NULL;
}

static void read_vector(const struct line *l, struct trace_event *e)
{
	e->irq.irq = UINT64_MAX;
	e->irq.name = l->word[4];
}

static void read_nmi(const struct line *l, struct trace_event *e)
{
	e->nmi.delta_ns = number(l, 4);
	e->nmi.handler = l->word[5];
}

static void read_work(const struct line *l, struct trace_event *e)
{
	e->work.function_name = l->n > 4 ? l->word[4] : NULL;
}

static void read_timer(const struct line *l, struct trace_event *e)
{
	e->timer.function_name = l->word[4];
}

static void read_idle(const struct line *l, struct trace_event *e)
{
	e->idle.state = strcmp(l->word[4], "-1") ? number(l, 4) : UINT64_MAX;
}

static void read_exit(const struct line *l, struct trace_event *e)
{
	const bool is_text = !strcmp(l->word[4], "text");

	e->kvm.isa = is_text ? 0 : !strcmp(l->word[4], "vmx") ? 1 : 2;
	e->kvm.reason = is_text ? UINT64_MAX : number(l, 5);
	e->kvm.reason_name = is_text ? l->word[5] : NULL;
	e->kvm.info1 = l->n > 6 ? number(l, 6) : UINT64_MAX;
	e->kvm.interrupt = l->n > 7 ? number(l, 7) : UINT64_MAX;
	e->kvm.vcpu = UINT64_MAX;
}

static void read_entry(const struct line *l, struct trace_event *e)
{
	(void)l;
	e->kvm.vcpu = UINT64_MAX;
}

static void read_user(const struct line *l, struct trace_event *e)
{
	e->kvm.reason = number(l, 4);
}

static void read_io(const struct line *l, struct trace_event *e)
{
	e->io.address = number(l, 4);
	e->io.is_write = l->word[5][0] == 'w';
}

static void read_lost(const struct line *l, struct trace_event *e)
{
	e->lost.n = number(l, 4);
}

static void read_none(const struct line *l, struct trace_event *e)
{
	(void)l;
	(void)e;
}

static const struct {
	const char *word;
	enum trace_kind kind;
	void (*read)(const struct line *l, struct trace_event *e);
} words[] = {
	{ "sw", TRACE_SWITCH, read_switch },        { "wake", TRACE_WAKING, read_waking },
	{ "mig", TRACE_MIGRATE, read_migrate },     { "irq+", TRACE_IRQ_ENTRY, read_irq },
	{ "irq-", TRACE_IRQ_EXIT, read_irq },       { "vec+", TRACE_VECTOR_ENTRY, read_vector },
	{ "vec-", TRACE_VECTOR_EXIT, read_vector }, { "soft+", TRACE_SOFTIRQ_ENTRY, read_irq },
	{ "soft-", TRACE_SOFTIRQ_EXIT, read_irq },  { "nmi", TRACE_NMI, read_nmi },
	{ "work+", TRACE_WORK_START, read_work },   { "work-", TRACE_WORK_END, read_work },
	{ "timer", TRACE_TIMER_ENTRY, read_timer }, { "idle", TRACE_IDLE, read_idle },
	{ "exit", TRACE_KVM_EXIT, read_exit },      { "entry", TRACE_KVM_ENTRY, read_entry },
	{ "user", TRACE_KVM_USERSPACE, read_user }, { "pio", TRACE_KVM_PIO, read_io },
	{ "mmio", TRACE_KVM_MMIO, read_io },        { "lost", TRACE_LOST, read_lost },
	{ "other", TRACE_OTHER, read_none },
};

static void run_line(const struct line *l, script_event_fn *fn, void *arg)
{
	struct trace_event e = { 0 };
	char comm[64];

	e.t_ns = number(l, 0) * NS_PER_US + 1;
	e.cpu = pid_at(l, 1);
	e.pid = strcmp(l->word[2], "-1") ? pid_at(l, 2) : TRACE_PID_UNKNOWN;
	snprintf(comm, sizeof(comm), "%s", script_comm(e.pid));
	e.comm = comm;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(l->word[3], words[i].word))
			continue;
		e.kind = words[i].kind;
		words[i].read(l, &e);
		fn(arg, &e);
		return;
	}
	fail_msg("'%s': no such event", l->word[3]);
}

void script_each(const char *text, script_event_fn *fn, void *arg)
{
	struct text rest = text_of(text), row, word;

	while (text_next_line(&rest, &row)) {
		struct line l = { .n = 0 };

		while (l.n < N_WORDS && text_next_word(&row, &word)) {
			assert_true(word.len < sizeof(l.word[0]));
			memcpy(l.word[l.n++], word.at, word.len);
		}
		if (l.n)
			run_line(&l, fn, arg);
	}
}

static void give(void *arg, const struct trace_event *e)
{
	trace_machine_event(arg, e);
}

void script_run(struct trace_machine *m, const char *text)
{
	script_each(text, give, m);
}

const char *script_states(struct arena *a, const struct fact_object *states)
{
	const struct schema *s = &trace_states_schema;
	const char *text = "";

	assert_true(states->known);
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_u64 *f =
			(const void *)((const char *)states->v + s->fields[i].at);
		const int len = (int)strlen(s->fields[i].key) - 3;

		if (f->known && f->v)
			text = arena_printf(a, "%s%s%.*s %g", text, *text ? ", " : "", len,
					    s->fields[i].key, (double)f->v / 1000);
	}
	return text;
}

const char *script_culprits(struct arena *a, const struct fact_list *culprits)
{
	const struct trace_culprit *c = culprits->v;
	const char *text = "";

	for (size_t i = 0; i < culprits->n; i++)
		text = arena_printf(a, "%s%s%s %s%s%s %" PRIu64 "x%g", text, *text ? ", " : "",
				    c[i].class.v, c[i].name.v, c[i].via.known ? " via " : "",
				    c[i].via.known ? c[i].via.v : "", c[i].n.v,
				    (double)c[i].total_ns.v / 1000);
	return text;
}

const struct trace_vcpu *script_vcpu(const struct trace_facts *f, size_t i)
{
	assert_true(i < f->vcpus.n);
	return &((const struct trace_vcpu *)f->vcpus.v)[i];
}

/* Each loss has its culprit. What was residue before an entry has none: nothing is known of it. */
static void check_culprits(const struct trace_vcpu *v)
{
	const struct trace_states *s = v->states.v;
	const struct trace_culprit *c = v->culprits.v;
	uint64_t sum = 0;

	for (size_t i = 0; i < v->culprits.n; i++)
		sum += c[i].via.known || !strcmp(c[i].class.v, "steal") ||
				       !strcmp(c[i].name.v, "SMI")
			       ? 0
			       : c[i].total_ns.v;
	assert_int_equal(sum, s->exit_ns.v + s->host_irq_ns.v + s->softirq_ns.v +
				      s->preempted_ns.v + s->waiting_ns.v + s->qemu_ns.v +
				      s->stopped_ns.v + s->blocked_ns.v);
}

static uint64_t lost_of(const struct trace_states *s)
{
	return s->exit_ns.v + s->host_irq_ns.v + s->softirq_ns.v + s->preempted_ns.v +
	       s->waiting_ns.v + s->qemu_ns.v + s->stopped_ns.v + s->residue_ns.v + s->blocked_ns.v;
}

/* Each nanosecond once: all repetitions together are the window. */
static void check_units(const struct trace_vcpu *v)
{
	const struct trace_states *s = v->states.v;
	const struct trace_unit *u = v->units.v;
	const struct trace_culprit *c = v->culprits.v;
	uint64_t known = 0, lost = 0, own = 0, n = 0;

	for (size_t i = 0; i < v->units.n; i++) {
		assert_true(i == 0 || u[i].rep.v > u[i - 1].rep.v);
		assert_true(u[i].lost_ns.v <= u[i].known_ns.v);
		assert_true(hist_bins_are_sound(u[i].outages.v));
		known += u[i].known_ns.v;
		lost += u[i].lost_ns.v;
		own += u[i].own_ns.v;
		n += u[i].outages.v->n;
	}
	assert_int_equal(known, v->window_ns.v - s->lost_ns.v - s->unknown_ns.v);
	assert_int_equal(lost, lost_of(s));
	for (size_t i = 0; i < v->culprits.n; i++) {
		if (!c[i].via.known && !strcmp(c[i].class.v, "task") &&
		    !strncmp(c[i].name.v, "vfiobench", strlen("vfiobench")))
			own -= c[i].total_ns.v;
	}
	assert_int_equal(own, 0);
	assert_true(n <= v->outages.v->n);
}

void script_check_sums(const struct trace_facts *f)
{
	for (size_t i = 0; i < f->vcpus.n; i++) {
		const struct trace_vcpu *v = script_vcpu(f, i);

		if (v->closure_ppm.v != 0)
			fail_msg("vCPU %zu is off by %llu ppm", i,
				 (unsigned long long)v->closure_ppm.v);
		if (((const struct trace_states *)v->states.v)->guest_ns.known)
			check_culprits(v);
		if (v->units.known)
			check_units(v);
	}
	for (size_t i = 0; i < f->cpus.n; i++) {
		const struct trace_cpu *c = &((const struct trace_cpu *)f->cpus.v)[i];

		assert_int_equal(c->vcpu_ns.v + c->task_ns.v + c->irq_ns.v + c->softirq_ns.v +
					 c->idle_ns.v + c->lost_ns.v + c->unknown_ns.v,
				 f->window_ns.v);
	}
}

struct trace_machine *script_machine(const struct trace_setup *setup)
{
	struct trace_machine *m = trace_machine_new(setup);

	assert_non_null(m);
	script_add_vcpu(m, 0);
	script_add_vcpu(m, 1);
	script_add(m, 90, TRACE_ROLE_EMULATOR);
	script_add(m, 91, TRACE_ROLE_IOTHREAD);
	script_add(m, 92, TRACE_ROLE_VHOST);
	return m;
}

static void check_stream(const struct trace_setup *setup, const struct script_stream *s)
{
	auto_arena struct arena a = { 0 };
	struct trace_machine *m = script_machine(setup);
	struct trace_facts f = { 0 };
	const struct trace_vcpu *v;
	const char *states, *culprits;

	script_run(m, s->script);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	v = script_vcpu(&f, 0);
	script_check_sums(&f);
	states = script_states(&a, &v->states);
	culprits = script_culprits(&a, &v->culprits);
	if (strcmp(states, s->states) || strcmp(culprits, s->culprits))
		fail_msg("%s:\n\t%s\n\t%s\nand not\n\t%s\n\t%s", s->name, states, culprits,
			 s->states, s->culprits);
	if (f.n_unpaired.v != s->n_unpaired || f.n_strayed.v != s->n_strayed ||
	    f.n_incomplete.v != s->n_incomplete || f.n_clamped.v != s->n_clamped ||
	    f.lost_events.v != s->lost_events || v->n_migrations.v != s->n_migrations)
		fail_msg(
			"%s: %d unpaired, %d strayed, %d incomplete, %d clamped, %d lost, %d moved",
			s->name, (int)f.n_unpaired.v, (int)f.n_strayed.v, (int)f.n_incomplete.v,
			(int)f.n_clamped.v, (int)f.lost_events.v, (int)v->n_migrations.v);
	trace_machine_free(m);
}

void script_check(const struct trace_setup *setup, const struct script_stream *s)
{
	struct trace_setup by_units = *setup;

	check_stream(setup, s);
	by_units.rep_ns = 7 * NS_PER_US;
	by_units.n_reps = 11;
	check_stream(&by_units, s);
}
