/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/pairs.h"
#include "tests/lib/check.h"

struct fixture {
	struct trace_pairs p;
	struct cpus traced;
	uint64_t position;
};

static void add(struct fixture *f, struct trace_event e)
{
	e.position = ++f->position;
	assert_int_equal(trace_pairs_add(&f->p, &e), 0);
}

static struct fixture *begin(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	cpus_add(&f->traced, 0);
	cpus_add(&f->traced, 1);
	assert_int_equal(trace_pairs_init(&f->p, &f->traced), 0);
	return f;
}

static void kvm(struct fixture *f, enum trace_kind kind, uint64_t t, int cpu, int pid,
		const char *reason)
{
	add(f, (struct trace_event){ .t_ns = t,
				     .kind = kind,
				     .cpu = cpu,
				     .pid = pid,
				     .kvm = { .vcpu = UINT64_MAX, .reason_name = reason } });
}

static void switch_to(struct fixture *f, uint64_t t, int cpu, int prev, const char *letters,
		      int next)
{
	const enum trace_task_state state =
		letters[0] == 'R' ? TRACE_TASK_PREEMPTED : TRACE_TASK_SLEEPING;

	add(f, (struct trace_event){ .t_ns = t,
				     .kind = TRACE_SWITCH,
				     .cpu = cpu,
				     .pid = prev,
				     .sched_switch = { .prev_pid = prev,
						       .next_pid = next,
						       .prev_letters = letters,
						       .prev_state = state } });
}

static void wake(struct fixture *f, uint64_t t, int cpu, int pid)
{
	add(f, (struct trace_event){
		       .t_ns = t, .kind = TRACE_WAKING, .cpu = cpu, .waking = { .pid = pid } });
}

static void migrate(struct fixture *f, uint64_t t, int pid, int to)
{
	add(f, (struct trace_event){
		       .t_ns = t, .kind = TRACE_MIGRATE, .migrate = { .pid = pid, .to_cpu = to } });
}

static void lose(struct fixture *f, int cpu)
{
	add(f, (struct trace_event){ .kind = TRACE_LOST, .cpu = cpu });
}

static void assert_total(struct pairs_total t, uint64_t n, uint64_t total, uint64_t max)
{
	assert_int_equal(t.n, n);
	assert_int_equal(t.total_ns, total);
	assert_int_equal(t.max_ns, max);
}

static void test_exits(void **state)
{
	struct fixture f;
	const struct pairs_kvm *k = &begin(&f)->p.kvm;

	(void)state;
	kvm(&f, TRACE_KVM_ENTRY, 100, 0, 7, NULL); /* leads in */
	kvm(&f, TRACE_KVM_EXIT, 150, 0, 7, "HLT");
	kvm(&f, TRACE_KVM_USERSPACE, 155, 0, 7, NULL);
	kvm(&f, TRACE_KVM_ENTRY, 190, 1, 7, NULL); /* on another CPU */
	kvm(&f, TRACE_KVM_EXIT, 200, 1, 7, "MSR_WRITE");
	kvm(&f, TRACE_KVM_EXIT, 230, 1, 7, "HLT"); /* no entry between */
	kvm(&f, TRACE_KVM_ENTRY, 220, 1, 7, NULL); /* the clock went back */
	kvm(&f, TRACE_KVM_ENTRY, 240, 1, 7, NULL); /* no exit between */
	kvm(&f, TRACE_KVM_EXIT, 250, 1, 7, NULL);
	kvm(&f, TRACE_KVM_EXIT, 250, 0, 8, "HLT"); /* another thread */
	assert_total(k->exit_to_entry, 2, 40, 40);
	assert_total(k->userspace, 1, 35, 35);
	assert_total(k->guest, 3, 70, 50);
	assert_int_equal(k->n_entries, 4);
	assert_int_equal(k->n_exits, 5);
	assert_int_equal(k->n_lead_in, 1);
	assert_int_equal(k->n_cross_cpu, 1);
	assert_int_equal(k->n_exit_without_entry, 1);
	assert_int_equal(k->n_entry_without_exit, 1);
	assert_int_equal(k->n_clamped, 1);
	assert_int_equal(k->longest_position, 2);
	assert_int_equal(pairs_kvm_n_open_exits(&f.p), 2);
	assert_int_equal(k->row_index.n, 4); /* HLT, MSR_WRITE and ? of one, HLT of the other */
	assert_string_equal(k->names.at[k->rows[0].name], "HLT");
	assert_int_equal(k->rows[0].n, 2);
	assert_total(k->rows[0].exit_to_entry, 2, 40, 40);
	assert_string_equal(k->names.at[k->rows[2].name], "?");
	trace_pairs_release(&f.p);
}

/* Texts without threads: the vCPU of the line is the key, else there is one for all. */
static void test_keys(void **state)
{
	struct trace_event e = { .kind = TRACE_KVM_ENTRY, .cpu = -1, .pid = -1, .kvm.vcpu = 0 };
	struct fixture f;
	const struct pairs_kvm *k = &begin(&f)->p.kvm;

	(void)state;
	add(&f, e);
	e.kvm.vcpu = UINT64_MAX;
	e.kind = TRACE_KVM_EXIT;
	add(&f, e);
	e.kind = TRACE_KVM_FAULT;
	e.pid = 7;
	e.kvm.vcpu = 3;
	add(&f, e);
	assert_int_equal(k->index.n, 3);
	assert_true(k->keys[0].is_vcpu_key);
	assert_int_equal(k->keys[0].vcpu, 0);
	assert_false(k->keys[1].is_vcpu_key);
	assert_int_equal(k->keys[1].vcpu, UINT64_MAX);
	assert_int_equal(k->keys[2].pid, 7);
	assert_int_equal(k->keys[2].vcpu, 3);
	assert_total(k->guest, 0, 0, 0);
	trace_pairs_release(&f.p);
}

static void test_exits_without_time(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	kvm(&f, TRACE_KVM_EXIT, UINT64_MAX, 0, 7, "HLT");
	kvm(&f, TRACE_KVM_ENTRY, UINT64_MAX, 0, 7, NULL);
	assert_int_equal(f.p.kvm.n_exits, 1);
	assert_int_equal(f.p.kvm.n_lead_in, 0);
	assert_total(f.p.kvm.exit_to_entry, 0, 0, 0);
	trace_pairs_release(&f.p);
}

/* 7 is thrown out at 100 by 8, which yields to 9, then 7 comes back. */
static void test_preemption(void **state)
{
	struct fixture f;
	const struct pairs_sched *s = &begin(&f)->p.sched;

	(void)state;
	switch_to(&f, 90, 0, 0, "R", 7);
	switch_to(&f, 100, 0, 7, "R+", 8);
	wake(&f, 105, 0, 7); /* between setting its state and going to sleep */
	switch_to(&f, 110, 0, 8, "S", 9);
	switch_to(&f, 150, 0, 9, "S", 8);
	switch_to(&f, 155, 0, 8, "S", 0);
	switch_to(&f, 160, 0, 0, "R", 7);
	assert_total(s->preemptions, 1, 60, 60);
	assert_total(s->runnable_to_idle, 0, 0, 0);
	assert_int_equal(s->n_woken_while_preempted, 1);
	assert_int_equal(s->top.n, 1);
	assert_int_equal(s->top.at[0].pid, 7);
	assert_int_equal(s->top.at[0].position, 2);
	assert_string_equal(s->top.at[0].letters, "R+");
	assert_false(s->top.at[0].is_moved);
	assert_int_equal(s->top.at[0].n_culprits, 2);
	assert_int_equal(s->top.at[0].culprits[0].pid, 9);
	assert_int_equal(s->top.at[0].culprits[0].ns, 40);
	assert_int_equal(s->top.at[0].culprits[1].pid, 8);
	assert_int_equal(s->top.at[0].culprits[1].ns, 15);
	assert_int_equal(s->top.at[0].still.ns, 0);
	assert_total(s->run_queue, 0, 0, 0);
	trace_pairs_release(&f.p);
}

static void test_preemption_elsewhere(void **state)
{
	struct fixture f;
	const struct pairs_sched *s = &begin(&f)->p.sched;

	(void)state;
	switch_to(&f, 100, 0, 7, "R", 8);
	switch_to(&f, 110, 0, 8, "S", 9);
	switch_to(&f, 130, 1, 0, "R", 7); /* back on another CPU, 9 still runs */
	switch_to(&f, 140, 0, 9, "S", 0);
	assert_total(s->preemptions, 1, 30, 30);
	assert_true(s->top.at[0].is_moved);
	assert_int_equal(s->top.at[0].n_culprits, 1);
	assert_int_equal(s->top.at[0].culprits[0].ns, 10);
	assert_int_equal(s->top.at[0].still.pid, 9);
	assert_int_equal(s->top.at[0].still.ns, 20);
	/* to a CPU that nobody traced: dropped; to one that is: not */
	switch_to(&f, 200, 0, 7, "R+", 8);
	switch_to(&f, 200, 1, 6, "R+", 5);
	migrate(&f, 210, 7, 2);
	migrate(&f, 210, 6, 0);
	assert_int_equal(s->n_left_traced, 1);
	assert_int_equal(pairs_sched_n_open_preemptions(&f.p), 1);
	trace_pairs_release(&f.p);
}

static void test_runnable_to_idle(void **state)
{
	struct fixture f;
	const struct pairs_sched *s = &begin(&f)->p.sched;

	(void)state;
	switch_to(&f, 100, 0, 7, "R", 0); /* throttled */
	switch_to(&f, 130, 0, 0, "R", 7);
	switch_to(&f, 200, 0, 7, "R", 0); /* asleep after all */
	wake(&f, 210, 0, 7);
	switch_to(&f, 230, 0, 0, "R", 7);
	assert_total(s->runnable_to_idle, 1, 30, 30);
	assert_int_equal(s->n_idle_then_woken, 1);
	assert_total(s->run_queue, 1, 20, 20);
	assert_total(s->preemptions, 0, 0, 0);
	trace_pairs_release(&f.p);
}

static void test_waits(void **state)
{
	struct fixture f;
	const struct pairs_sched *s = &begin(&f)->p.sched;

	(void)state;
	wake(&f, 100, 0, 7);
	wake(&f, 105, 1, 7); /* the first counts */
	switch_to(&f, 130, 0, 0, "R", 7);
	wake(&f, 140, 0, 7); /* it runs */
	switch_to(&f, 150, 0, 7, "S", 0);
	wake(&f, 160, 0, 7); /* never comes */
	add(&f, (struct trace_event){
			.kind = TRACE_OTHER, .cpu = 1, .pid = 9, .comm = "nine", .t_ns = 170 });
	wake(&f, 180, 1, 9); /* an event said that it runs */
	assert_total(s->run_queue, 1, 30, 30);
	assert_int_equal(pairs_sched_n_open_waits(&f.p), 1);
	assert_string_equal(pairs_sched_name(&f.p, 9), "nine");
	assert_null(pairs_sched_name(&f.p, 7));
	assert_null(pairs_sched_name(&f.p, -1));
	trace_pairs_release(&f.p);
}

static void handler(struct fixture *f, enum trace_kind kind, uint64_t t, uint64_t irq,
		    const char *name)
{
	add(f, (struct trace_event){
		       .kind = kind, .t_ns = t, .cpu = 0, .irq = { .irq = irq, .name = name } });
}

static void test_handlers(void **state)
{
	struct fixture f;
	const struct pairs_irq *q = &begin(&f)->p.irq;
	struct trace_event timer = { .kind = TRACE_TIMER_ENTRY,
				     .t_ns = 135,
				     .timer = { .timer = 1, .function_name = "tick" } };

	(void)state;
	handler(&f, TRACE_SOFTIRQ_EXIT, 90, 3, "NET_RX"); /* the trace began inside */
	handler(&f, TRACE_IRQ_ENTRY, 100, 18, "eth0");
	handler(&f, TRACE_SOFTIRQ_ENTRY, 110, 3, "NET_RX");
	handler(&f, TRACE_VECTOR_ENTRY, 120, 236, "local_timer"); /* nested */
	add(&f, timer);
	timer.kind = TRACE_TIMER_EXIT;
	timer.t_ns = 136;
	add(&f, timer);
	handler(&f, TRACE_VECTOR_EXIT, 140, 236, NULL);
	handler(&f, TRACE_SOFTIRQ_ENTRY, 150, 9, "RCU"); /* its exit is missing */
	handler(&f, TRACE_SOFTIRQ_EXIT, 160, 3, "NET_RX");
	handler(&f, TRACE_IRQ_EXIT, 170, 18, NULL);
	assert_int_equal(q->n_unmatched, 2);
	assert_int_equal(q->names.index.n, 5);
	assert_string_equal(q->rows[0].name, "eth0");
	assert_total(q->rows[0].total, 1, 70, 70);
	assert_total(q->rows[1].total, 1, 50, 50);
	assert_total(q->rows[2].total, 1, 20, 20);
	assert_string_equal(q->rows[3].name, "tick");
	assert_total(q->rows[3].total, 1, 1, 1);
	assert_total(q->rows[4].total, 0, 0, 0);
	trace_pairs_release(&f.p);
}

static void test_deep_handlers(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	for (uint64_t i = 0; i < 100; i++)
		handler(&f, TRACE_IRQ_ENTRY, i, i, NULL);
	assert_int_equal(f.p.irq.n_unmatched, 100 - 32);
	assert_string_equal(f.p.irq.rows[0].name, "#0");
	trace_pairs_release(&f.p);
}

/* What began before a loss on its CPU ends nowhere; that of other CPUs does. */
static void test_losses(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	kvm(&f, TRACE_KVM_EXIT, 100, 0, 7, "HLT");
	kvm(&f, TRACE_KVM_EXIT, 100, 1, 8, "HLT");
	switch_to(&f, 110, 0, 20, "R+", 21);
	switch_to(&f, 110, 1, 30, "R+", 31);
	wake(&f, 120, 0, 40);
	wake(&f, 120, 1, 41);
	handler(&f, TRACE_IRQ_ENTRY, 130, 5, "x");
	lose(&f, 0);
	lose(&f, -1);
	handler(&f, TRACE_IRQ_EXIT, 140, 5, NULL);
	kvm(&f, TRACE_KVM_ENTRY, 150, 0, 7, NULL);
	kvm(&f, TRACE_KVM_ENTRY, 160, 1, 8, NULL);
	switch_to(&f, 170, 0, 21, "S", 20);
	switch_to(&f, 180, 1, 31, "S", 30);
	switch_to(&f, 190, 0, 20, "S", 40);
	switch_to(&f, 200, 1, 30, "S", 41);
	assert_int_equal(f.p.n_losses, 2);
	assert_total(f.p.kvm.exit_to_entry, 1, 60, 60);
	assert_total(f.p.sched.preemptions, 1, 70, 70);
	assert_total(f.p.sched.run_queue, 1, 80, 80);
	assert_int_equal(f.p.irq.n_unmatched, 1);
	assert_total(f.p.irq.rows[0].total, 0, 0, 0);
	trace_pairs_release(&f.p);
}

/* The longest are kept in order; those that came first stand first among equals. */
static void test_top(void **state)
{
	struct pairs_top top = { 0 };

	(void)state;
	for (int i = 0; i < 3 * PAIRS_TOP; i++) {
		const struct pairs_preemption one = { .pid = i, .ns = i % 4 };

		pairs_top_insert(&top, &one);
	}
	assert_int_equal(top.n, PAIRS_TOP);
	assert_int_equal(top.at[0].pid, 3);
	assert_int_equal(top.at[1].pid, 7);
	assert_int_equal(top.at[5].pid, 23);
	assert_int_equal(top.at[6].pid, 2);
	assert_int_equal(top.at[7].pid, 6);
}

/* Names: those of switches are the task's own. vCPU threads have a list of their own. */
static void test_names(void **state)
{
	struct trace_event e = { .kind = TRACE_SWITCH,
				 .t_ns = 100,
				 .pid = 7,
				 .comm = "long.name.of.a.package",
				 .sched_switch = { .prev_pid = 7,
						   .next_pid = 8,
						   .prev_comm = "CPU 0/KVM",
						   .next_comm = "hog",
						   .prev_letters = "R+",
						   .prev_state = TRACE_TASK_PREEMPTED } };
	struct fixture f;

	(void)state;
	begin(&f);
	add(&f, e);
	switch_to(&f, 150, 0, 8, "S", 7);
	assert_string_equal(pairs_sched_name(&f.p, 7), "CPU 0/KVM");
	assert_string_equal(pairs_sched_name(&f.p, 8), "hog");
	assert_int_equal(f.p.sched.top_vcpu.n, 1);
	assert_int_equal(f.p.sched.top_vcpu.at[0].ns, 50);
	assert_int_equal(f.p.sched.n_letters, 2);
	trace_pairs_release(&f.p);
}

/* More threads than are told apart: no error, and counted. */
static void test_bounds(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	for (int i = 0; i < 140000; i++)
		wake(&f, 100, 0, i + 1);
	assert_int_equal(f.p.n_beyond, 140000 - 131072);
	for (int i = 0; i < 17000; i++)
		kvm(&f, TRACE_KVM_EXIT, 100, 0, i, "HLT");
	assert_int_equal(f.p.kvm.index.n, 16384);
	trace_pairs_release(&f.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exits),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_exits_without_time),
		cmocka_unit_test(test_preemption),
		cmocka_unit_test(test_preemption_elsewhere),
		cmocka_unit_test(test_runnable_to_idle),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_handlers),
		cmocka_unit_test(test_deep_handlers),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_top),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
