/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/trace/tracer_tasks.c probes/trace/schedstat.c probes/guest_vcpus.c */
/* TEST_SOURCES: probes/processes.c tests/lib/tree.c tests/lib/trace_script.c */
/* Threads of a guest from a tree, and what the scheduler's counters tell of them. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probes/trace/schedstat.h"
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"
#include "tests/lib/tree.h"

enum { GUEST = 4000 };

/* A clock that a test sets. */
static uint64_t read_clock(void *self)
{
	return *(uint64_t *)self;
}

struct clock {
	uint64_t now_ns;
	struct timebase base;
};

static void clock_init(struct clock *c)
{
	c->now_ns = NS_PER_S;
	c->base = (struct timebase){ &c->now_ns, read_clock, NULL };
}

/* proc(5): state is the third field, flags the 9th, starttime the 22nd, processor the 39th. */
static void put_stat(const struct tree *tree, const char *path, int tid, const char *comm,
		     char state, const char *flags, unsigned start, unsigned cpu)
{
	char text[400];

	snprintf(text, sizeof(text),
		 "%d (%s) %c 1 1 1 0 -1 %s 0 0 0 0 5 6 0 0 20 0 1 0 %u 0 0 "
		 "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 %u 0 0 0 0 0\n",
		 tid, comm, state, flags, start, cpu);
	tree_file(tree, path, text);
}

struct row {
	int tid;
	const char *comm;
	char state;
	unsigned start, cpu;
	const char *schedstat; /* NULL: none */
};

static void put_thread(const struct tree *tree, const struct row *r)
{
	char path[100];

	snprintf(path, sizeof(path), "proc/%d/task/%d/stat", GUEST, r->tid);
	put_stat(tree, path, r->tid, r->comm, r->state, "0", r->start, r->cpu);
	snprintf(path, sizeof(path), "proc/%d/task/%d/schedstat", GUEST, r->tid);
	if (r->schedstat)
		tree_file(tree, path, r->schedstat);
}

static void put_threads(const struct tree *tree, const struct row *rows, size_t n)
{
	put_stat(tree, "proc/4000/stat", GUEST, rows[0].comm, rows[0].state, "0", rows[0].start, 0);
	for (size_t i = 0; i < n; i++)
		put_thread(tree, &rows[i]);
}

static void drop_thread(const struct tree *tree, int tid)
{
	static const char *const files[] = { "stat", "schedstat" };
	char path[100];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "proc/%d/task/%d/%s", GUEST, tid, files[i]);
		unlinkat(tree->fd, path, 0);
	}
	snprintf(path, sizeof(path), "proc/%d/task/%d", GUEST, tid);
	assert_int_equal(unlinkat(tree->fd, path, AT_REMOVEDIR), 0);
}

static const struct tracer_task *task_of(const struct tracer_tasks *t, int tid)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].tid == tid && !t->v[i].is_gone)
			return &t->v[i];
	}
	fail_msg("no thread %d", tid);
	return NULL;
}

static const struct row guest[] = {
	{ 4000, "qemu-system-x86", 'S', 100, 0, "5000 600 70\n" },
	{ 4001, "CPU 0/KVM", 'R', 110, 2, "1000000 20000 30\n" },
	{ 4002, "CPU 1/KVM", 'S', 111, 3, "2000000 40000 50\n" },
	/* started by the first one, and not named yet */
	{ 4003, "CPU 0/KVM", 'S', 120, 0, "1 2 3\n" },
	{ 4004, "IO iothread1", 'D', 130, 0, "4 5 6\n" },
	{ 4005, "worker", 'S', 140, 0, "7 8 9\n" },
	{ 4006, "vhost-4000", 'S', 150, 0, "7 8 9\n" },
	{ 4007, "SPICE Worker", 'T', 160, 0, "7 8 9\n" },
	/* ended, and not collected yet */
	{ 4008, "CPU 9/KVM", 'Z', 161, 0, "7 8 9\n" },
};

/* Thousands of workers come and go, then a vCPU is plugged in. */
static void test_churn(void **state)
{
	enum { AT_ONCE = 400, ROUNDS = 8 };
	const struct tree *tree = *state;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, 2);
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	for (int k = 0; k < ROUNDS; k++) {
		for (int i = 0; i < AT_ONCE; i++)
			put_thread(tree, &(struct row){ 5000 + k * AT_ONCE + i, "worker", 'S', 300,
							0, "1000 10 1\n" });
		assert_int_equal(tracer_tasks_look(&t, false), 0);
		assert_int_equal(t.n_dropped, 0);
		for (int i = 0; i < AT_ONCE; i++)
			drop_thread(tree, 5000 + k * AT_ONCE + i);
	}
	put_thread(tree, &guest[2]);
	assert_int_equal(tracer_tasks_look(&t, false), 0);
	assert_int_equal(t.n_dropped, 0);
	assert_int_equal(tracer_tasks_count_vcpus(&t), 2);
	assert_true(t.ended.n > 0 && t.n < TRACER_TASKS_MAX);
	assert_int_equal(t.n - 3 + t.ended.n, AT_ONCE * ROUNDS);
	assert_int_equal(t.ended.run_ns, t.ended.n * 1000);
	assert_int_equal(t.ended.delay_ns, t.ended.n * 10);
	tracer_tasks_begin(&t);
	assert_int_equal(t.ended.n, 0);
	assert_int_equal(t.n, 3);
	tracer_tasks_release(&t);
}

static void test_roles(void **state)
{
	static const struct {
		int tid;
		enum trace_role role;
		unsigned vcpu;
	} want[] = {
		{ 4000, TRACE_ROLE_EMULATOR, 0 }, { 4001, TRACE_ROLE_VCPU, 0 },
		{ 4002, TRACE_ROLE_VCPU, 1 },     { 4003, TRACE_ROLE_OTHER, 0 },
		{ 4004, TRACE_ROLE_IOTHREAD, 0 }, { 4005, TRACE_ROLE_WORKER, 0 },
		{ 4006, TRACE_ROLE_VHOST, 0 },    { 4007, TRACE_ROLE_OTHER, 0 },
		{ 500, TRACE_ROLE_VHOST, 0 },
	};
	const struct tree *tree = *state;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, ARRAY_SIZE(guest));
	/* A kernel thread that serves it, one that serves another one, and who only says so. */
	put_stat(tree, "proc/500/stat", 500, "vhost-4000", 'S', "2097152", 200, 1);
	tree_file(tree, "proc/500/comm", "vhost-4000\n");
	put_stat(tree, "proc/501/stat", 501, "vhost-77", 'S', "2097152", 200, 1);
	tree_file(tree, "proc/501/comm", "vhost-77\n");
	put_stat(tree, "proc/502/stat", 502, "vhost-4000", 'S', "0", 200, 1);
	tree_file(tree, "proc/502/comm", "vhost-4000\n");
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	assert_int_equal(t.n, ARRAY_SIZE(want));
	assert_int_equal(tracer_tasks_count_vcpus(&t), 2);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const struct tracer_task *task = task_of(&t, want[i].tid);

		assert_int_equal(task->role, want[i].role);
		if (want[i].role == TRACE_ROLE_VCPU)
			assert_int_equal(task->vcpu, want[i].vcpu);
	}
	/* The kernel's thread stays, also when nobody searches. */
	assert_int_equal(tracer_tasks_look(&t, false), 0);
	assert_int_equal(task_of(&t, 500)->n_looks, 2);
	tracer_tasks_release(&t);
}

/* Without names KVM tells; nobody knows what the others are for. */
static void test_unnamed(void **state)
{
	static const struct row rows[] = {
		{ 4000, "qemu", 'S', 100, 0, NULL },
		{ 4001, "qemu", 'R', 110, 2, NULL },
		{ 4002, "qemu", 'S', 111, 3, NULL },
	};
	const struct tree *tree = *state;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, rows, ARRAY_SIZE(rows));
	tree_file(tree, "sys/kernel/debug/kvm/4000-11/vcpu0/pid", "4002\n");
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	assert_int_equal(task_of(&t, 4000)->role, TRACE_ROLE_EMULATOR);
	assert_int_equal(task_of(&t, 4001)->role, TRACE_ROLE_OTHER);
	assert_int_equal(task_of(&t, 4002)->role, TRACE_ROLE_VCPU);
	assert_false(task_of(&t, 4002)->has_counts);
	tracer_tasks_release(&t);
}

static void test_states(void **state)
{
	static const struct {
		struct row before, after;
		enum trace_task_state want;
	} rows[] = {
#define ROW(before_state, before_cpu, before_counts, after_state, after_cpu, after_counts, want) \
	{ { 4001, "CPU 0/KVM", before_state, 110, before_cpu, before_counts },                   \
	  { 4001, "CPU 0/KVM", after_state, 110, after_cpu, after_counts },                      \
	  want }
		ROW('R', 1, "5 5 5", 'R', 1, "9 5 5", TRACE_TASK_RUNNABLE),
		ROW('S', 1, "5 5 5", 'S', 1, "5 5 5", TRACE_TASK_SLEEPING),
		ROW('D', 1, "5 5 5", 'D', 1, "5 5 5", TRACE_TASK_BLOCKED),
		ROW('T', 1, "5 5 5", 'T', 1, "5 5 5", TRACE_TASK_STOPPED),
		ROW('t', 1, "5 5 5", 't', 1, "5 5 5", TRACE_TASK_STOPPED),
		ROW('P', 1, "5 5 5", 'P', 1, "5 5 5", TRACE_TASK_UNKNOWN),
		/* It ran in between, moved, changed, or nobody counts. */
		ROW('S', 1, "5 5 5", 'S', 1, "6 5 6", TRACE_TASK_UNKNOWN),
		ROW('R', 1, "5 5 5", 'R', 2, "5 5 5", TRACE_TASK_UNKNOWN),
		ROW('S', 1, "5 5 5", 'R', 1, "5 5 5", TRACE_TASK_UNKNOWN),
		ROW('S', 1, "5 5", 'S', 1, "5 5", TRACE_TASK_UNKNOWN),
#undef ROW
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tracer_tasks t;
		struct clock clock;

		clock_init(&clock);
		put_threads(tree, guest, 1);
		put_thread(tree, &rows[i].before);
		tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
		assert_int_equal(tracer_tasks_look(&t, true), 0);
		assert_int_equal(tracer_task_state(task_of(&t, 4001)), TRACE_TASK_UNKNOWN);
		put_thread(tree, &rows[i].after);
		assert_int_equal(tracer_tasks_look(&t, false), 0);
		assert_int_equal(tracer_task_state(task_of(&t, 4001)), rows[i].want);
		tracer_tasks_release(&t);
	}
}

/* Threads come, go, are renamed, and one gets the number of another. */
static void test_changes(void **state)
{
	static const struct row fresh = { 4020, "qemu-system-x86", 'S', 900, 1, "50 5 1\n" };
	static const struct row named = { 4020, "CPU 2/KVM", 'S', 900, 1, "60 6 2\n" };
	static const struct row other = { 4002, "worker", 'S', 901, 1, "9 9 9\n" };
	const struct tree *tree = *state;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, ARRAY_SIZE(guest));
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	clock.now_ns += NS_PER_S;
	put_thread(tree, &fresh);
	put_thread(tree, &other);
	drop_thread(tree, 4005);
	assert_int_equal(tracer_tasks_look(&t, false), 0);
	assert_int_equal(task_of(&t, 4020)->role, TRACE_ROLE_OTHER);
	assert_int_equal(task_of(&t, 4020)->seen_ns, 2 * NS_PER_S);
	/* It began in the window. */
	assert_int_equal(tracer_task_run_ns(task_of(&t, 4020)), 50);
	assert_int_equal(task_of(&t, 4002)->role, TRACE_ROLE_WORKER);
	assert_int_equal(t.n, 10);
	put_thread(tree, &named);
	assert_int_equal(tracer_tasks_look(&t, false), 0);
	assert_int_equal(task_of(&t, 4020)->role, TRACE_ROLE_VCPU);
	assert_int_equal(task_of(&t, 4020)->vcpu, 2);
	/* What is gone is still of this window, not of the next one. */
	assert_int_equal(t.n, 10);
	tracer_tasks_begin(&t);
	assert_int_equal(t.n, 8);
	/* The guest ends, and a process of another start time has its number. */
	put_stat(tree, "proc/4000/stat", GUEST, "qemu-system-x86", 'S', "0", 5000, 0);
	assert_int_equal(tracer_tasks_look(&t, false), -ESRCH);
	assert_int_equal(t.n, 8);
	tracer_tasks_release(&t);
	tracer_tasks_init(&t, &tree->root, &clock.base, 77);
	assert_int_equal(tracer_tasks_look(&t, true), -ESRCH);
	tracer_tasks_release(&t);
}

static const struct trace_vcpu *vcpu_of(const struct trace_facts *f, unsigned number)
{
	const struct trace_vcpu *v = f->vcpus.v;

	for (size_t i = 0; i < f->vcpus.n; i++) {
		if (v[i].vcpu.v == number)
			return &v[i];
	}
	fail_msg("no vCPU %u", number);
	return NULL;
}

/* Sums of the counters, exactly, and never more than the window. */
static void test_counters(void **state)
{
	static const struct row after[] = {
		{ 4000, "qemu-system-x86", 'S', 100, 0, "105000 10600 75\n" },
		{ 4001, "CPU 0/KVM", 'R', 110, 2, "601000000 100020000 35\n" },
		/* The counter of a thread that runs comes in steps. */
		{ 4002, "CPU 1/KVM", 'S', 111, 1, "1602000000 40040000 50\n" },
	};
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	const struct trace_thread *thread;
	const struct trace_vcpu *v;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, ARRAY_SIZE(guest));
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	clock.now_ns += NS_PER_S;
	put_threads(tree, after, ARRAY_SIZE(after));
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	assert_int_equal(schedstat_put(&t, &a, &f), 0);
	assert_string_equal(f.rung.v, "schedstat");
	assert_int_equal(f.window_ns.v, NS_PER_S);
	assert_int_equal(f.vcpus.n, 2);
	v = vcpu_of(&f, 0);
	assert_string_equal(script_states(&a, &v->states),
			    "waiting 100000, halted 300000, running 600000");
	assert_int_equal(v->sched_run_ns.v, 600 * NS_PER_MS);
	assert_int_equal(v->sched_delay_ns.v, 100 * NS_PER_MS);
	assert_int_equal(v->n_sched_slices.v, 5);
	assert_string_equal(v->name.v, "CPU 0/KVM");
	assert_int_equal(v->tid.v, 4001);
	assert_false(v->culprits.known);
	v = vcpu_of(&f, 1);
	assert_int_equal(((const struct trace_states *)v->states.v)->running_ns.v, NS_PER_S);
	assert_int_equal(((const struct trace_states *)v->states.v)->halted_ns.v, 0);
	assert_int_equal(v->sched_run_ns.v, 1600 * NS_PER_MS);
	assert_true(cpus_has(&v->cpus.v, 1) && cpus_has(&v->cpus.v, 3));
	assert_true(f.missing.known && f.missing.n == 4);
	assert_int_equal(f.threads.n, 6);
	thread = f.threads.v;
	assert_string_equal(thread->role.v, "emulator");
	assert_int_equal(thread->run_ns.v, 100000);
	assert_int_equal(thread->delay_ns.v, 10000);
	assert_false(thread->n_delays.known);
	tracer_tasks_release(&t);
}

static void test_nothing_counted(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct tracer_tasks t;
	struct clock clock;
	struct row rows[2] = { guest[0], guest[1] };

	clock_init(&clock);
	rows[1].schedstat = NULL;
	put_threads(tree, rows, 2);
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	clock.now_ns += NS_PER_MS;
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	assert_int_equal(schedstat_put(&t, &a, &f), 0);
	assert_string_equal(f.rung.v, "none");
	assert_string_equal(script_states(&a, &vcpu_of(&f, 0)->states), "unknown 1000");
	tracer_tasks_release(&t);
}

/* Facts from events get the counters beside them. */
static void test_merge(void **state)
{
	static const struct row after[] = {
		{ 4000, "qemu-system-x86", 'S', 100, 0, "105000 10600 75\n" },
		{ 4001, "CPU 0/KVM", 'R', 110, 2, "601000000 100020000 35\n" },
		{ 4002, "CPU 1/KVM", 'S', 111, 1, "2000100 40000 50\n" },
		{ 4003, "CPU 0/KVM", 'S', 120, 0, "1 2 3\n" },
		{ 4004, "IO iothread1", 'D', 130, 0, "1004 5 6\n" },
	};
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct trace_vcpu *v;
	struct trace_thread *thread;
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, ARRAY_SIZE(guest));
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	put_threads(tree, after, ARRAY_SIZE(after));
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	v = fact_add_item(&f.vcpus, &a, sizeof(*v));
	assert_non_null(v);
	fact_set_u64(&v->tid, 4001);
	/* the last one is not among those that were looked at */
	for (int tid = 4000; tid <= 4104; tid += tid == 4004 ? 100 : 4) {
		thread = fact_add_item(&f.threads, &a, sizeof(*thread));
		assert_non_null(thread);
		fact_set_u64(&thread->tid, (uint64_t)tid);
		fact_set_u64(&thread->run_ns, tid == 4004 ? 5000 : 0);
		fact_set_u64(&thread->delay_ns, 0);
		fact_set_u64(&thread->n_delays, 0);
	}
	schedstat_merge(&t, &f);
	v = f.vcpus.v;
	thread = f.threads.v;
	assert_int_equal(v->sched_run_ns.v, 600 * NS_PER_MS);
	assert_int_equal(thread[0].run_ns.v, 100000);
	assert_int_equal(thread[0].delay_ns.v, 10000);
	assert_false(thread[0].n_delays.known);
	/* Events saw more of it than the counters do. */
	assert_int_equal(thread[1].run_ns.v, 5000);
	assert_true(thread[1].n_delays.known);
	/* no event, no counter: not known to have slept */
	assert_false(thread[2].run_ns.known || thread[2].delay_ns.known);
	assert_false(thread[2].n_delays.known);
	tracer_tasks_release(&t);
}

static void test_many(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct tracer_tasks t;
	struct clock clock;

	clock_init(&clock);
	put_threads(tree, guest, 1);
	for (int i = 0; i < 200; i++) {
		char comm[20];
		const struct row r = { 5000 + i, comm, 'R', 300, (unsigned)i, "1000 10 1\n" };

		snprintf(comm, sizeof(comm), "CPU %d/KVM", i);
		put_thread(tree, &r);
	}
	tracer_tasks_init(&t, &tree->root, &clock.base, GUEST);
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	tracer_tasks_begin(&t);
	clock.now_ns += NS_PER_MS;
	for (int i = 0; i < 200; i++) {
		char comm[20], counts[40];
		const struct row r = { 5000 + i, comm, 'R', 300, (unsigned)i, counts };

		snprintf(comm, sizeof(comm), "CPU %d/KVM", i);
		snprintf(counts, sizeof(counts), "%d %d 1\n", 1000 + 1000 * i, 10 + 1000 * (i + 1));
		put_thread(tree, &r);
	}
	assert_int_equal(tracer_tasks_look(&t, true), 0);
	assert_int_equal(tracer_tasks_count_vcpus(&t), 200);
	assert_int_equal(schedstat_put(&t, &a, &f), 0);
	assert_int_equal(f.vcpus.n, 200);
	for (unsigned i = 0; i < 200; i++) {
		const struct trace_states *s = vcpu_of(&f, i)->states.v;

		assert_int_equal(s->running_ns.v, 1000 * i);
		assert_int_equal(s->waiting_ns.v, 1000 * (i + 1));
		assert_int_equal(s->halted_ns.v, NS_PER_MS - 1000 * i - 1000 * (i + 1));
	}
	tracer_tasks_release(&t);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_roles),           TREE_TEST(test_churn),   TREE_TEST(test_unnamed),
		TREE_TEST(test_states),          TREE_TEST(test_changes), TREE_TEST(test_counters),
		TREE_TEST(test_nothing_counted), TREE_TEST(test_merge),   TREE_TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
