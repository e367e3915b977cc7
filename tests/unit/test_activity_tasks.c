/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/activity_tasks.c probes/activity_guest.c probes/guest_vcpus.c */
/* TEST_SOURCES: probes/processes.c tests/lib/tree.c */
#include <string.h>

#include "probes/activity_tasks.h"
#include "tests/lib/probe_env.h"

static const struct activity_thread *thread_of(const struct fact_list *threads, uint64_t tid,
					       const char *comm)
{
	const struct activity_thread *t = threads->v;

	for (size_t i = 0; i < threads->n; i++) {
		if (t[i].tid.v == tid && fact_is(&t[i].comm, comm))
			return &t[i];
	}
	fail_msg("no thread %d '%s'", (int)tid, comm);
	return NULL;
}

struct sight {
	uint64_t tid, start;
	const char *comm;
	uint64_t cpu;
	struct activity_counters c;
};

static void look(struct activity_tasks *all, const struct sight *v, size_t n)
{
	activity_tasks_begin(all);
	for (size_t i = 0; i < n; i++) {
		const struct activity_reading r = {
			.tid = v[i].tid,
			.start_ticks = v[i].start,
			.comm = text_of(v[i].comm),
			.has_cpu = true,
			.cpu = v[i].cpu,
			.counters = v[i].c,
		};

		assert_int_equal(activity_tasks_see(all, &r), 0);
	}
	activity_tasks_end(all);
}

static void test_threads_that_come_and_go(void **state)
{
	static const struct sight first[] = {
		{ 10, 1, "qemu", 0, { true, 100, 10, 1, 2 } },
		{ 11, 2, "CPU 0/KVM", 1, { true, 1000, 100, 5, 6 } },
		{ 12, 3, "worker", 0, { true, 7, 7, 7, 7 } },
	};
	static const struct sight second[] = {
		{ 10, 1, "qemu", 0, { true, 150, 10, 2, 2 } },
		{ 11, 2, "CPU 0/KVM", 1, { true, 2000, 200, 6, 7 } },
		{ 12, 3, "worker", 1, { true, 17, 8, 9, 7 } },
		{ 13, 70, "qemu", 1, { true, 5, 4, 3, 2 } },
	};
	/* The worker has ended and its tid is used again; the new thread has got its name. */
	static const struct sight third[] = {
		{ 12, 80, "worker", 0, { true, 3, 2, 1, 0 } },
		{ 11, 2, "CPU 0/KVM", 0, { true, 5000, 350, 8, 60 } },
		{ 13, 70, "IO iothread1", 0, { true, 50, 40, 30, 20 } },
		{ 10, 1, "qemu", 0, { true, 160, 11, 3, 3 } },
	};
	auto_arena struct arena a = { 0 };
	struct activity_tasks all = { .arena = &a };
	const struct activity_thread *t;
	struct fact_list threads;

	(void)state;
	look(&all, first, ARRAY_SIZE(first));
	look(&all, second, ARRAY_SIZE(second));
	look(&all, third, ARRAY_SIZE(third));
	assert_int_equal(activity_tasks_put(&all, 10, NULL, 0, &threads), 0);
	assert_true(threads.known);
	assert_int_equal(threads.n, 5);

	t = thread_of(&threads, 11, "CPU 0/KVM");
	assert_string_equal(t->role.v, "vcpu");
	assert_int_equal(t->run_ns.v, 4000);
	assert_int_equal(t->delay_ns.v, 250);
	assert_int_equal(t->n_voluntary.v, 3);
	assert_int_equal(t->n_involuntary.v, 54);
	assert_int_equal(fact_pair_value(&t->seen_on, 0), 1);
	assert_int_equal(fact_pair_value(&t->seen_on, 1), 2);

	t = thread_of(&threads, 10, "qemu");
	assert_string_equal(t->role.v, "emulator");
	assert_int_equal(t->run_ns.v, 60);

	/* What the last look saw of the one that ended, and the other one from 0. */
	t = threads.v;
	assert_int_equal(t[2].tid.v, 12);
	assert_int_equal(t[2].run_ns.v, 10);
	assert_int_equal(t[2].delay_ns.v, 1);
	assert_int_equal(t[2].seen_on.n, 2);
	assert_int_equal(t[4].tid.v, 12);
	assert_int_equal(t[4].run_ns.v, 3);
	assert_int_equal(t[4].delay_ns.v, 2);

	t = thread_of(&threads, 13, "IO iothread1");
	assert_string_equal(t->role.v, "iothread");
	assert_int_equal(t->run_ns.v, 50);
	assert_int_equal(t->n_involuntary.v, 20);
}

static void test_roles_without_names(void **state)
{
	static const struct sight seen[] = {
		{ 10, 1, "qemu", 0, { true } },
		{ 11, 2, "qemu", 0, { true } },
		{ 12, 3, "qemu", 0, { true } },
		{ 13, 4, "vhost-10", 0, { true } },
	};
	static const uint32_t vcpus[] = { 12 };
	auto_arena struct arena a = { 0 };
	struct activity_tasks all = { .arena = &a };
	struct fact_list threads;

	(void)state;
	look(&all, seen, ARRAY_SIZE(seen));
	assert_int_equal(activity_tasks_put(&all, 10, vcpus, 1, &threads), 0);
	assert_string_equal(((struct activity_thread *)threads.v)[0].role.v, "emulator");
	assert_false(((struct activity_thread *)threads.v)[1].role.known);
	assert_string_equal(((struct activity_thread *)threads.v)[2].role.v, "vcpu");
	assert_string_equal(((struct activity_thread *)threads.v)[3].role.v, "vhost");
}

static void test_name_that_was_inherited(void **state)
{
	static const struct sight seen[] = {
		{ 10, 1, "qemu", 0, { true } },
		{ 12, 9, "CPU 0/KVM", 0, { true } },
		{ 11, 2, "CPU 0/KVM", 0, { true } },
		{ 13, 2, "CPU 1/KVM", 0, { true } },
	};
	static const char *const want[] = { "emulator", "other", "vcpu", "vcpu" };
	auto_arena struct arena a = { 0 };
	struct activity_tasks all = { .arena = &a };
	struct fact_list threads;

	(void)state;
	look(&all, seen, ARRAY_SIZE(seen));
	assert_int_equal(activity_tasks_put(&all, 10, NULL, 0, &threads), 0);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_string_equal(((struct activity_thread *)threads.v)[i].role.v, want[i]);
}

static void test_threads_are_bounded(void **state)
{
	auto_arena struct arena a = { 0 };
	struct activity_tasks all = { .arena = &a };

	(void)state;
	for (uint64_t i = 0; i < ACTIVITY_TASKS_MAX + 5; i++) {
		const struct sight one = { i, 1, "x", 0, { true } };

		look(&all, &one, 1);
	}
	assert_int_equal(all.n, ACTIVITY_TASKS_MAX);
	assert_int_equal(all.n_dropped, 5);
}

/* Files of one thread; cpu is field 39 of stat. */
static void put_thread(const struct tree *tree, const char *dir, unsigned tid, const char *comm,
		       char state, unsigned start, unsigned cpu, unsigned run_ns)
{
	char path[200], text[400];

	snprintf(path, sizeof(path), "%s/%u/stat", dir, tid);
	snprintf(
		text, sizeof(text),
		"%u (%s) %c 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %u 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
		"17 %u 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		tid, comm, state, start, cpu);
	tree_file(tree, path, text);
	snprintf(path, sizeof(path), "%s/%u/status", dir, tid);
	snprintf(text, sizeof(text),
		 "Name:\tx\nvoluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n",
		 run_ns / 10, run_ns / 100);
	tree_file(tree, path, text);
	snprintf(path, sizeof(path), "%s/%u/schedstat", dir, tid);
	snprintf(text, sizeof(text), "%u %u 3\n", run_ns, run_ns / 2);
	tree_file(tree, path, text);
}

static void remove_file(const struct tree *tree, const char *path)
{
	assert_int_equal(unlinkat(tree->fd, path, 0), 0);
}

static void test_reading_a_guest(void **state)
{
	const struct tree *tree = *state;
	struct probe_fixture x;
	struct activity_guest g = { 0 };
	struct activity_facts f = { 0 };
	const struct activity_thread *t;

	probe_fixture_init(&x, tree, "activity");
	x.env.guest_pid = 700;
	put_thread(tree, "proc", 700, "qemu-kvm", 'S', 50, 0, 0);
	put_thread(tree, "proc/700/task", 700, "qemu-kvm", 'S', 50, 0, 1000);
	put_thread(tree, "proc/700/task", 701, "CPU 0/KVM", 'R', 51, 3, 4000);
	put_thread(tree, "proc", 720, "vhost-700", 'S', 52, 2, 600);
	tree_file(tree, "proc/720/comm", "vhost-700\n");
	put_thread(tree, "proc", 721, "vhost-7000", 'S', 52, 2, 600);
	tree_file(tree, "proc/721/comm", "vhost-7000\n");
	assert_int_equal(activity_guest_look(&x.env, &g, true), 0);
	assert_false(g.is_gone);

	put_thread(tree, "proc/700/task", 701, "CPU 0/KVM", 'R', 51, 4, 9000);
	put_thread(tree, "proc", 720, "vhost-700", 'S', 52, 2, 800);
	/* The reading of one thread fails in the middle: as it was. */
	remove_file(tree, "proc/700/task/700/status");
	assert_int_equal(activity_guest_look(&x.env, &g, false), 0);
	/* The tid of the kernel thread is another process' now. */
	put_thread(tree, "proc", 720, "bash", 'S', 52, 2, 99999);
	assert_int_equal(activity_guest_look(&x.env, &g, false), 0);

	assert_int_equal(activity_guest_put(&x.env, &g, &f), 0);
	assert_int_equal(f.threads.n, 3);
	t = thread_of(&f.threads, 701, "CPU 0/KVM");
	assert_string_equal(t->role.v, "vcpu");
	assert_int_equal(t->run_ns.v, 5000);
	assert_int_equal(t->delay_ns.v, 2500);
	assert_int_equal(t->n_voluntary.v, 500);
	assert_int_equal(t->n_involuntary.v, 50);
	assert_int_equal(fact_pair_value(&t->seen_on, 3), 1);
	assert_int_equal(fact_pair_value(&t->seen_on, 4), 2);
	t = thread_of(&f.threads, 720, "vhost-700");
	assert_string_equal(t->role.v, "vhost");
	assert_int_equal(t->run_ns.v, 200);
	assert_int_equal(thread_of(&f.threads, 700, "qemu-kvm")->run_ns.v, 0);
	assert_int_equal(n_gaps(&x, "activity.threads"), 0);
	activity_guest_release(&g);
	probe_fixture_release(&x);
}

static void test_guest_that_ends(void **state)
{
	const struct tree *tree = *state;
	static const struct {
		const char *comm;
		char state;
		unsigned start;
		bool is_gone;
	} rows[] = {
		{ "qemu", 'S', 50, false },
		{ "qemu", 'Z', 50, true },  /* not yet collected */
		{ "other", 'S', 99, true }, /* the pid is used again */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct probe_fixture x;
		struct activity_guest g = { 0 };
		struct activity_facts f = { 0 };

		probe_fixture_init(&x, tree, "activity");
		x.env.guest_pid = 700;
		put_thread(tree, "proc", 700, "qemu", 'S', 50, 0, 1000);
		put_thread(tree, "proc/700/task", 700, "qemu", 'S', 50, 0, 1000);
		assert_int_equal(activity_guest_look(&x.env, &g, true), 0);
		put_thread(tree, "proc", 700, rows[i].comm, rows[i].state, rows[i].start, 0, 5000);
		put_thread(tree, "proc/700/task", 700, rows[i].comm, rows[i].state, rows[i].start,
			   0, 5000);
		assert_int_equal(activity_guest_look(&x.env, &g, true), 0);
		assert_int_equal(g.is_gone, rows[i].is_gone);
		assert_int_equal(activity_guest_put(&x.env, &g, &f), 0);
		assert_int_equal(f.threads.n, 1);
		assert_int_equal(thread_of(&f.threads, 700, "qemu")->run_ns.v,
				 rows[i].is_gone ? 0 : 4000);
		activity_guest_release(&g);
		probe_fixture_release(&x);
	}
}

static void test_guest_that_is_not_there(void **state)
{
	const struct tree *tree = *state;
	struct activity_guest g = { 0 };
	struct probe_fixture x;

	probe_fixture_init(&x, tree, "activity");
	x.env.guest_pid = 700;
	assert_int_equal(activity_guest_look(&x.env, &g, true), 0);
	assert_true(g.is_gone);
	activity_guest_release(&g);
	probe_fixture_release(&x);
}

static void test_kernel_without_schedstat(void **state)
{
	const struct tree *tree = *state;
	struct activity_guest g = { 0 };
	struct activity_facts f = { 0 };
	struct probe_fixture x;
	const struct activity_thread *t;

	probe_fixture_init(&x, tree, "activity");
	x.env.guest_pid = 700;
	put_thread(tree, "proc", 700, "qemu", 'S', 50, 0, 1000);
	put_thread(tree, "proc/700/task", 700, "qemu", 'S', 50, 0, 1000);
	remove_file(tree, "proc/700/task/700/schedstat");
	assert_int_equal(activity_guest_look(&x.env, &g, true), 0);
	assert_int_equal(activity_guest_put(&x.env, &g, &f), 0);
	t = thread_of(&f.threads, 700, "qemu");
	assert_false(t->run_ns.known || t->delay_ns.known);
	assert_true(t->n_voluntary.known);
	assert_int_equal(n_gaps(&x, "activity.threads.run_ns"), 1);
	activity_guest_release(&g);
	probe_fixture_release(&x);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_that_come_and_go),
		cmocka_unit_test(test_roles_without_names),
		cmocka_unit_test(test_name_that_was_inherited),
		cmocka_unit_test(test_threads_are_bounded),
		WITH_TREE(test_reading_a_guest),
		WITH_TREE(test_guest_that_ends),
		WITH_TREE(test_guest_that_is_not_there),
		WITH_TREE(test_kernel_without_schedstat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
