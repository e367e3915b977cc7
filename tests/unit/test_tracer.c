/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/trace/tracer.c probes/trace/tracer_members.c probes/trace/tracer_notes.c */
/* TEST_SOURCES: probes/trace/tracer_steal.c probes/trace/tracer_tasks.c probes/trace/schedstat.c */
/* TEST_SOURCES: probes/guest_vcpus.c probes/processes.c tests/lib/tree.c tests/lib/trace_script.c
 */
/* The tracer over a tree, a clock that the test sets, and events that the test makes. */
#include <fcntl.h>
#include <string.h>

#include "probes/trace/tracer.h"
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"
#include "tests/lib/tree.h"

enum { GUEST = 4000, VCPU = 4001, N_EVENTS = 64 };

/* What stands for live.h here. */
struct live {
	struct trace_source source;
	struct live_options options;
	bool has[N_TRACE_KINDS];
	struct trace_event events[N_EVENTS];
	size_t n, at;
	uint64_t horizon_ns;
	bool is_stopped;
};

static struct {
	struct live *live;
	uint64_t now_ns;
	int new_error, start_error, free_error, events_error, n_broken, poll_error;
	unsigned n_freed;
} fake;

static uint64_t read_clock(void *self)
{
	(void)self;
	return fake.now_ns;
}

static const struct timebase fake_time = { NULL, read_clock, NULL };

static int next_event(struct trace_source *s, struct trace_event *ret_event)
{
	struct live *live = (struct live *)s;

	if (live->at == live->n || live->events[live->at].t_ns > live->horizon_ns)
		return 0;
	*ret_event = live->events[live->at++];
	return 1;
}

int live_new(const struct live_options *options, struct live **ret_live, char **ret_why)
{
	struct live *live;

	*ret_why = fake.new_error == -EPERM ? strdup("the kernel is locked down") : NULL;
	if (fake.new_error)
		return fake.new_error;
	live = calloc(1, sizeof(*live));
	assert_non_null(live);
	live->source.next = next_event;
	live->options = *options;
	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		live->has[i] = true;
	fake.live = *ret_live = live;
	return 0;
}

int live_free(struct live *live)
{
	fake.n_freed += live != NULL;
	free(live);
	return fake.free_error;
}

int live_start(struct live *live)
{
	(void)live;
	return fake.start_error;
}

int live_stop(struct live *live)
{
	live->is_stopped = true;
	return 0;
}

int live_poll(struct live *live)
{
	if (!fake.poll_error)
		live->horizon_ns = live->is_stopped ? UINT64_MAX : fake.now_ns - NS_PER_US;
	return fake.poll_error;
}

struct trace_source *live_source(struct live *live)
{
	return &live->source;
}

uint64_t live_horizon_ns(const struct live *live)
{
	return live->horizon_ns;
}

const bool *live_has(const struct live *live)
{
	return live->has;
}

struct live_stats live_stats(const struct live *live)
{
	(void)live;
	return (struct live_stats){ .buffer_kib = 8192,
				    .n_broken = fake.n_broken,
				    .events_error = fake.events_error };
}

void live_started(const struct live *live, uint64_t *ret_clock_ns, uint64_t *ret_unix_ns)
{
	(void)live;
	*ret_clock_ns = fake.now_ns;
	*ret_unix_ns = 1000 * NS_PER_S;
}

uint64_t live_poll_interval_ns(const struct live *live)
{
	(void)live;
	return 33;
}

/* The tree. */

static void put_thread(const struct tree *tree, int tid, const char *comm, char state,
		       unsigned start, unsigned cpu, const char *counts)
{
	static const char format[] = "%d (%s) %c 1 1 1 0 -1 0 0 0 0 0 5 6 0 0 20 0 1 0 %u 0 0 "
				     "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 %u 0 0 0 0 "
				     "0\n";
	char path[100], text[400];

	snprintf(text, sizeof(text), format, tid, comm, state, start, cpu);
	snprintf(path, sizeof(path), "proc/%d/task/%d/stat", GUEST, tid);
	tree_file(tree, path, text);
	if (tid == GUEST)
		tree_file(tree, "proc/4000/stat", text);
	snprintf(path, sizeof(path), "proc/%d/task/%d/schedstat", GUEST, tid);
	tree_file(tree, path, counts);
}

static void put_guest(const struct tree *tree)
{
	tree_file(tree, "sys/devices/system/cpu/online", "0-3\n");
	tree_file(tree, "sys/module/kvm_intel/parameters/ept", "Y\n");
	tree_file(tree, "proc/stat", "cpu1 0 0 0 0 0 0 0 100 0 0\n");
	put_thread(tree, GUEST, "qemu-system-x86", 'S', 100, 0, "1000 100 1\n");
	put_thread(tree, VCPU, "CPU 0/KVM", 'S', 110, 1, "2000 200 2\n");
}

static struct tracer *start_new(const struct tree *tree, char **ret_why)
{
	/* It is not asked whether it is a tree: events are the test's. */
	static struct sysroot root;
	struct tracer_options options = {
		.root = &root, .time = &fake_time, .guest_pid = GUEST, .spool_dir = -1
	};
	struct tracer *t;

	root = tree->root;
	root.is_live = true;
	fake.now_ns = NS_PER_S;
	cpus_add(&options.cpus, 1);
	cpus_add(&options.cpus, 2);
	assert_int_equal(tracer_new(&options, &t, ret_why), 0);
	assert_int_equal(tracer_start(t), 0);
	return t;
}

static void add_event(const struct trace_event *e)
{
	assert_true(fake.live->n < N_EVENTS);
	fake.live->events[fake.live->n++] = *e;
}

/* In us since the start. */
static void add_switch(uint64_t us, int cpu, int prev, enum trace_task_state state, int next)
{
	const struct trace_event e = { .t_ns = NS_PER_S + us * NS_PER_US,
				       .kind = TRACE_SWITCH,
				       .cpu = cpu,
				       .pid = prev,
				       .sched_switch = { .prev_pid = prev,
							 .next_pid = next,
							 .prev_comm = "a",
							 .next_comm = "b",
							 .prev_state = state } };

	add_event(&e);
}

static void add_entry(uint64_t us, int cpu, int pid)
{
	const struct trace_event e = { .t_ns = NS_PER_S + us * NS_PER_US,
				       .kind = TRACE_KVM_ENTRY,
				       .cpu = cpu,
				       .pid = pid,
				       .comm = "b" };

	add_event(&e);
}

static void go_to(uint64_t us)
{
	fake.now_ns = NS_PER_S + us * NS_PER_US;
}

static bool has_note(const struct tracer *t, const char *field, const char *words)
{
	size_t n;
	const struct tracer_note *notes = tracer_notes(t, &n);

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(notes[i].field, field) && !strcmp(notes[i].words, words))
			return true;
	}
	for (size_t i = 0; i < n; i++)
		print_message("note %s: %s\n", notes[i].field, notes[i].words);
	return false;
}

static bool has_missing(const struct trace_facts *f, const char *event)
{
	const struct trace_missing *m = f->missing.v;

	for (size_t i = 0; i < f->missing.n; i++) {
		if (!strcmp(m[i].event.v, event))
			return true;
	}
	return false;
}

/* Window after window, each nanosecond in one of them. */
static void test_windows(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f[3] = { 0 };
	char *why;
	struct tracer *t = start_new(tree, &why);

	assert_null(why);
	assert_ptr_equal(tracer_live(t), fake.live);
	assert_true(cpus_has(&fake.live->options.cpus, 1));
	assert_int_equal(tracer_poll_interval_ns(t), 33);
	/* asleep since before; runs for 40 us, of them 10 before the end of the window */
	add_switch(50, 1, 0, TRACE_TASK_RUNNABLE, VCPU);
	add_entry(55, 1, VCPU);
	add_switch(95, 1, VCPU, TRACE_TASK_PREEMPTED, 777);
	go_to(66);
	assert_int_equal(tracer_window(t, &a, &f[0]), 0);
	assert_string_equal(f[0].rung.v, "tracefs");
	assert_int_equal(f[0].window_ns.v, 65 * NS_PER_US);
	assert_int_equal(f[0].start_unix_ns.v, 1000 * NS_PER_S);
	assert_string_equal(script_states(&a, &script_vcpu(&f[0], 0)->states),
			    "guest 10, halted 50, residue 5");
	assert_int_equal(script_vcpu(&f[0], 0)->n_sched_slices.v, 0);
	assert_true(has_missing(&f[0], "sched_waking on CPUs that are not traced"));
	assert_false(has_missing(&f[0], "kvm_entry"));
	put_thread(tree, VCPU, "CPU 0/KVM", 'R', 110, 1, "42000 1200 3\n");
	go_to(101);
	assert_int_equal(tracer_poll(t), 0);
	assert_int_equal(tracer_window(t, &a, &f[1]), 0);
	assert_int_equal(f[1].window_ns.v, 35 * NS_PER_US);
	assert_int_equal(f[1].start_unix_ns.v, 1000 * NS_PER_S + 65 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f[1], 0)->states),
			    "guest 30, preempted 5");
	assert_int_equal(script_vcpu(&f[1], 0)->sched_run_ns.v, 40000);
	assert_int_equal(script_vcpu(&f[1], 0)->sched_delay_ns.v, 1000);
	assert_int_equal(script_vcpu(&f[1], 0)->n_sched_slices.v, 1);
	go_to(120);
	assert_int_equal(tracer_finish(t, &a, &f[2]), 0);
	assert_true(fake.live->is_stopped);
	assert_int_equal(f[2].window_ns.v, 20 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f[2], 0)->states), "preempted 20");
	for (size_t i = 0; i < 3; i++)
		script_check_sums(&f[i]);
	tracer_free(t);
	assert_int_equal(fake.n_freed, 1);
}

/* Where KVM does not run on VMX or SVM its entries exist, and never come. */
static void test_no_entries(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t;

	assert_int_equal(unlinkat(tree->fd, "sys/module/kvm_intel/parameters/ept", 0), 0);
	assert_int_equal(unlinkat(tree->fd, "sys/module/kvm_intel/parameters", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(tree->fd, "sys/module/kvm_intel", AT_REMOVEDIR), 0);
	t = start_new(tree, &why);
	add_switch(50, 1, 0, TRACE_TASK_RUNNABLE, VCPU);
	go_to(100);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "halted 50, running 50");
	assert_true(has_missing(&f, "kvm_entry") && has_missing(&f, "kvm_exit"));
	tracer_free(t);
}

/* No events: counters, and why. */
static void test_no_events(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	auto_free char *why = NULL;
	struct tracer *t;

	fake.new_error = -EPERM;
	t = start_new(tree, &why);
	assert_string_equal(why, "the kernel is locked down");
	assert_null(tracer_live(t));
	put_thread(tree, VCPU, "CPU 0/KVM", 'R', 110, 1, "42000 1200 3\n");
	go_to(100);
	assert_int_equal(tracer_poll(t), 0);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	assert_string_equal(f.rung.v, "schedstat");
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "waiting 1, halted 59, running 40");
	assert_true(f.start_unix_ns.known);
	tracer_free(t);

	fake.new_error = -ENOENT;
	free(why);
	t = start_new(tree, &why);
	assert_string_equal(why, strerror(ENOENT));
	tracer_free(t);
}

/* It could be set up, but not started. */
static void test_no_start(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t;

	fake.start_error = -EIO;
	t = start_new(tree, &why);
	assert_null(why);
	go_to(100);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	assert_string_equal(f.rung.v, "schedstat");
	assert_true(has_note(t, "rung", "recording did not start: Input/output error"));
	tracer_free(t);
}

/* Somebody removes the instance: the window ends where events did. */
static void test_break(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t = start_new(tree, &why);

	add_switch(50, 1, 0, TRACE_TASK_RUNNABLE, VCPU);
	add_entry(50, 1, VCPU);
	go_to(101);
	assert_int_equal(tracer_poll(t), 0);
	go_to(200000);
	fake.poll_error = -EIO;
	assert_int_equal(tracer_poll(t), -EIO);
	assert_int_equal(tracer_poll(t), 0);
	go_to(300000);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	assert_int_equal(f.window_ns.v, 100 * NS_PER_US);
	script_check_sums(&f);
	assert_true(has_note(t, "window_ns",
			     "the recording broke off 0.2 s after the start: Input/output error"));
	tracer_free(t);
}

/* Threads that come, and one that has the number of another. */
static void test_newcomers(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t = start_new(tree, &why);

	put_thread(tree, 4002, "CPU 1/KVM", 'S', 900, 1, "0 0 0\n");
	put_thread(tree, VCPU, "IO iothread1", 'S', 901, 1, "0 0 0\n");
	go_to(500000);
	assert_int_equal(tracer_poll(t), 0);
	go_to(1500000);
	assert_int_equal(tracer_poll(t), 0);
	assert_true(
		has_note(t, "vcpus", "vCPU 1 (thread 4002) is there since 1.5 s after the start"));
	add_switch(1600000, 2, 0, TRACE_TASK_RUNNABLE, 4002);
	add_entry(1600000, 2, 4002);
	go_to(2000000);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.vcpus.n, 2);
	assert_int_equal(script_vcpu(&f, 0)->vcpu.v, 0);
	assert_int_equal(script_vcpu(&f, 0)->window_ns.v, 1500 * NS_PER_MS);
	assert_int_equal(script_vcpu(&f, 1)->vcpu.v, 1);
	assert_int_equal(script_vcpu(&f, 1)->window_ns.v, 500 * NS_PER_MS);
	assert_int_equal(f.threads.n, 2);
	assert_string_equal(((const struct trace_thread *)f.threads.v)[1].role.v, "iothread");
	tracer_free(t);
}

static void test_guest_ends(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t = start_new(tree, &why);

	add_switch(50, 1, 0, TRACE_TASK_RUNNABLE, VCPU);
	add_switch(90, 1, VCPU, TRACE_TASK_DEAD, 0);
	put_thread(tree, GUEST, "another", 'S', 5000, 0, "0 0 0\n");
	go_to(1000000);
	assert_int_equal(tracer_poll(t), -ESRCH);
	assert_int_equal(tracer_poll(t), -ESRCH);
	go_to(1000010);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(script_vcpu(&f, 0)->window_ns.v, 90 * NS_PER_US);
	tracer_free(t);
}

static void test_not_there(void **state)
{
	const struct tree *tree = *state;
	struct tracer_options options = { .root = &tree->root, .time = &fake_time, .guest_pid = 1 };
	struct tracer *t;
	char *why;

	assert_int_equal(tracer_new(&options, &t, &why), -ESRCH);
	assert_null(why);
}

/* What a hypervisor below took, CPUs that go, vCPUs that stray. */
static void test_notes(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	char *why;
	struct tracer *t;

	tree_file(tree, "sys/devices/system/cpu/online", "0-1\n");
	t = start_new(tree, &why);
	assert_false(cpus_has(&fake.live->options.cpus, 2));
	add_switch(0, 1, 0, TRACE_TASK_RUNNABLE, VCPU);
	add_entry(0, 1, VCPU);
	tree_file(tree, "proc/stat", "cpu1 0 0 0 0 0 0 0 103 0 0\n");
	tree_file(tree, "sys/devices/system/cpu/online", "0-1,3\n");
	put_thread(tree, VCPU, "CPU 0/KVM", 'R', 110, 3, "42000 9000200 3\n");
	go_to(100000);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "guest 70000, residue 30000");
	assert_string_equal(script_culprits(&a, &f.culprits), "steal hypervisor below 3x30000");
	assert_true(has_note(t, "cpus", "CPU 2 is not online"));
	assert_true(has_note(t, "cpus", "CPU 3 came online, within 0.1 s after the start"));
	assert_true(has_note(t, "vcpus.states.waiting_ns",
			     "vCPU 0 waited for its CPU 9 ms longer than events tell: CPUs that "
			     "are not traced woke it"));
	assert_true(has_note(t, "vcpus",
			     "vCPU 0 was seen on CPU 3, which is not traced: its time there is not "
			     "known"));
	tracer_free(t);
}

/* Window after window with other numbers, for hours: the last of each, and room for others. */
static void test_many_notes(void **state)
{
	const struct tree *tree = *state;
	struct tracer *t;
	char *why;
	size_t n = 0;

	t = start_new(tree, &why);
	fake.events_error = -EPERM;
	for (int i = 1; i <= 500; i++) {
		auto_arena struct arena a = { 0 };
		struct trace_facts f = { 0 };

		fake.n_broken = i;
		tree_file(tree, "sys/devices/system/cpu/online", i % 2 ? "0-2\n" : "0-3\n");
		go_to(1000 * (unsigned)i);
		assert_int_equal(tracer_window(t, &a, &f), 0);
	}
	assert_true(has_note(t, "n_events", "500 records could not be understood"));
	assert_false(has_note(t, "n_events", "499 records could not be understood"));
	assert_true(has_note(t, "missing",
			     "the kernel refuses some of its events: Operation not permitted"));
	tracer_notes(t, &n);
	assert_in_range(n, 4, 8);
	fake.n_broken = fake.events_error = 0;
	assert_int_equal(tracer_free(t), 0);
	/* what could not be removed */
	t = start_new(tree, &why);
	fake.free_error = -EBUSY;
	assert_int_equal(tracer_free(t), -EBUSY);
	fake.free_error = 0;
}

static void test_many_vcpus(void **state)
{
	const struct tree *tree = *state;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct tracer *t;
	char *why;

	for (int i = 1; i < 200; i++) {
		char comm[20];

		snprintf(comm, sizeof(comm), "CPU %d/KVM", i);
		put_thread(tree, VCPU + i, comm, 'S', 200, 1, "1 1 1\n");
	}
	t = start_new(tree, &why);
	add_switch(50, 1, 0, TRACE_TASK_RUNNABLE, VCPU + 199);
	add_entry(50, 1, VCPU + 199);
	go_to(100);
	assert_int_equal(tracer_finish(t, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.vcpus.n, 200);
	for (size_t i = 0; i < 199; i++)
		assert_string_equal(script_states(&a, &script_vcpu(&f, i)->states), "halted 100");
	assert_string_equal(script_states(&a, &script_vcpu(&f, 199)->states),
			    "guest 50, halted 50");
	tracer_free(t);
}

static int setup(void **state)
{
	const int r = tree_setup(state);

	memset(&fake, 0, sizeof(fake));
	if (r == 0)
		put_guest(*state);
	return r;
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_windows),    TREE_TEST(test_no_entries), TREE_TEST(test_no_events),
		TREE_TEST(test_no_start),   TREE_TEST(test_break),      TREE_TEST(test_newcomers),
		TREE_TEST(test_guest_ends), TREE_TEST(test_not_there),  TREE_TEST(test_notes),
		TREE_TEST(test_many_vcpus), TREE_TEST(test_many_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
