/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include "facts/sched.h"
#include "tests/lib/run_probe.h"

#define V1 "sys/fs/cgroup/cpuset/"
#define V2 "sys/fs/cgroup/"

static const struct sched_cpuset *find_set(const struct sched_facts *f, const char *path)
{
	const struct sched_cpuset *sets = f->cpusets.v;

	for (size_t i = 0; i < f->cpusets.n; i++) {
		if (fact_is(&sets[i].path, path))
			return &sets[i];
	}
	fail_msg("no cpuset %s", path);
	return NULL;
}

static void put_set(const struct tree *t, const char *path, const char *cpus, const char *effective,
		    const char *partition)
{
	auto_free char *a = NULL, *b = NULL, *c = NULL;

	assert_true(asprintf(&a, V2 "%s/cpuset.cpus", path) > 0);
	assert_true(asprintf(&b, V2 "%s/cpuset.cpus.effective", path) > 0);
	assert_true(asprintf(&c, V2 "%s/cpuset.cpus.partition", path) > 0);
	tree_file(t, a, cpus);
	tree_file(t, b, effective);
	tree_file(t, c, partition);
}

static void test_v2(void **state)
{
	static const char invalid[] = "isolated invalid (Cpu list in cpuset.cpus not exclusive)";
	const struct tree *t = *state;
	const struct sched_facts *f;
	struct outcome o;

	tree_file(t, "proc/mounts",
		  "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"
		  "cgroup2 /other cgroup2 rw 0 0\n");
	tree_file(t, V2 "cgroup.controllers", "cpuset cpu\n");
	tree_file(t, V2 "cpuset.cpus.isolated", "6-7\n");
	put_set(t, "system.slice", "0-1\n", "0-1\n", "member\n");
	put_set(t, "user.slice", "\n", "0-7\n", "member\n");
	put_set(t, "rt.slice", "2-3\n", "0-7\n",
		"isolated invalid (Cpu list in cpuset.cpus not exclusive)\n");
	put_set(t, "machine.slice", "\n", "0-7\n", "member\n");
	put_set(t, "machine.slice/a/vcpu0", "2\n", "2\n", "member\n");
	put_set(t, "machine.slice/a", "6-7\n", "6-7\n", "isolated\n");
	tree_dir(t, V2 "init.scope"); /* has no cpuset: it is none */
	o = run("sched", t);
	f = o.facts;
	assert_true(fact_is(&f->cgroup_version, "v2"));
	assert_cpus(&f->isolated, "6-7");
	assert_int_equal(f->cpusets.n, 5);
	assert_cpus(&find_set(f, "system.slice")->requested, "0-1");
	assert_false(find_set(f, "system.slice")->is_balanced.known);
	assert_false(find_set(f, "user.slice")->requested.known);
	assert_cpus(&find_set(f, "user.slice")->effective, "0-7");
	assert_true(fact_is(&find_set(f, "rt.slice")->partition, invalid));
	assert_true(fact_is(&find_set(f, "machine.slice/a")->partition, "isolated"));
	assert_null(gap_of(&o, "sched.cpusets"));
	outcome_release(&o);
	/* Nobody restricts anything: the controller is not even switched on. */
	tree_file(t, "proc/mounts", "cgroup2 /top cgroup2 rw 0 0\n");
	tree_dir(t, "top/system.slice");
	o = run("sched", t);
	f = o.facts;
	assert_true(f->cpusets.known);
	assert_int_equal(f->cpusets.n, 0);
	assert_string_equal(gap_of(&o, "sched.isolated"), "ENOENT");
	outcome_release(&o);
}

static void test_v1(void **state)
{
	static const char *const mounts[] = {
		"cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0\n",
		"cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
		"cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
		"cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n",
	};
	static const char *const versions[] = { "v1", "hybrid" };
	const struct tree *t = *state;

	tree_file(t, V1 "cpuset.cpus", "0-7\n");
	tree_file(t, V1 "machine/cpuset.cpus", "2-3\n");
	tree_file(t, V1 "machine/cpuset.effective_cpus", "2\n");
	tree_file(t, V1 "machine/cpuset.sched_load_balance", "0\n");
	tree_file(t, V1 "machine/a/cpuset.cpus", "2\n");
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		const struct sched_facts *f;
		struct outcome o;

		tree_file(t, "proc/mounts", mounts[i]);
		o = run("sched", t);
		f = o.facts;
		assert_true(fact_is(&f->cgroup_version, versions[i]));
		assert_int_equal(f->cpusets.n, 1);
		assert_cpus(&find_set(f, "machine")->requested, "2-3");
		assert_cpus(&find_set(f, "machine")->effective, "2");
		assert_true(find_set(f, "machine")->is_balanced.known);
		assert_false(find_set(f, "machine")->is_balanced.v);
		assert_false(f->isolated.known);
		outcome_release(&o);
	}
}

static void test_other_mounts(void **state)
{
	const struct tree *t = *state;
	const struct sched_facts *f;
	struct outcome o;

	tree_file(t, "proc/mounts", "none /dev/cpuset cpuset rw 0 0\n");
	tree_file(t, "dev/cpuset/a/cpus", "1\n");
	o = run("sched", t);
	f = o.facts;
	assert_cpus(&find_set(f, "a")->requested, "1");
	outcome_release(&o);
	tree_file(t, "proc/mounts", "tmpfs /tmp tmpfs rw 0 0\n");
	o = run("sched", t);
	f = o.facts;
	assert_true(fact_is(&f->cgroup_version, "none"));
	assert_true(f->cpusets.known);
	assert_int_equal(f->cpusets.n, 0);
	outcome_release(&o);
	/* Mounts without what is in them, and a set with odd CPUs. */
	tree_file(t, "proc/mounts", "cgroup2 /nothing cgroup2 rw 0 0\n");
	o = run("sched", t);
	assert_false(((const struct sched_facts *)o.facts)->cpusets.known);
	assert_string_equal(gap_of(&o, "sched.cpusets"), "ENOENT");
	outcome_release(&o);
	tree_file(t, "proc/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
	put_set(t, "odd", "all of them\n", "0-1\n", "member\n");
	o = run("sched", t);
	assert_string_equal(gap_of(&o, "sched.cpusets"), "EBADMSG");
	outcome_release(&o);
}

static void test_deep(void **state)
{
	auto_free char *deep = strdup("d");
	const struct tree *t = *state;
	struct outcome o;

	tree_file(t, "proc/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
	for (int i = 0; i < 12; i++) {
		char *deeper;

		put_set(t, deep, "1\n", "1\n", "root\n");
		assert_true(asprintf(&deeper, "%s/d", deep) > 0);
		free(deep);
		deep = deeper;
	}
	o = run("sched", t);
	assert_int_equal(((const struct sched_facts *)o.facts)->cpusets.n, 8);
	assert_non_null(gap_of(&o, "sched.cpusets"));
	outcome_release(&o);
}

static void test_workqueues(void **state)
{
#define WQ "sys/devices/virtual/workqueue/"
	const struct tree *t = *state;
	const struct sched_workqueue *wq;
	const struct sched_facts *f;
	struct outcome o;

	tree_file(t, WQ "cpumask", "00000000,000000f3\n");
	tree_file(t, WQ "cpumask_isolated", "0c\n");
	tree_file(t, WQ "uevent", "");
	tree_file(t, WQ "writeback/cpumask", "ff\n");
	tree_file(t, WQ "nvme-wq/cpumask", "03\n");
	tree_dir(t, WQ "power");
	o = run("sched", t);
	f = o.facts;
	assert_cpus(&f->wq_unbound, "0-1,4-7");
	assert_cpus(&f->wq_isolated, "2-3");
	assert_cpus(&f->wq_writeback, "0-7");
	assert_int_equal(f->workqueues.n, 1);
	wq = f->workqueues.v;
	assert_true(fact_is(&wq->name, "nvme-wq"));
	assert_cpus(&wq->cpus, "0-1");
	outcome_release(&o);
	tree_file(t, WQ "cpumask", "all\n");
	tree_file(t, WQ "nvme-wq/cpumask", "all\n");
	o = run("sched", t);
	f = o.facts;
	assert_string_equal(gap_of(&o, "sched.wq_unbound"), "EBADMSG");
	assert_string_equal(gap_of(&o, "sched.workqueues"), "EBADMSG");
	assert_true(f->workqueues.known);
	assert_int_equal(f->workqueues.n, 0);
	outcome_release(&o);
}

#define USER    "4194560"
#define KERNEL  "2129984"  /* PF_KTHREAD */
#define BOUND   "69238848" /* and PF_NO_SETAFFINITY */
#define OTHER   "0 0"
#define FIFO_50 "50 1"

static void put_task(const struct tree *t, unsigned pid, unsigned tid, const char *comm,
		     const char *flags, const char *policy, const char *affinity)
{
	auto_free char *a = NULL, *b = NULL, *c = NULL, *stat = NULL, *status = NULL, *name = NULL;

	assert_true(asprintf(&a, "proc/%u/task/%u/stat", pid, tid) > 0);
	assert_true(asprintf(&b, "proc/%u/task/%u/status", pid, tid) > 0);
	assert_true(asprintf(&c, "proc/%u/comm", pid) > 0);
	assert_true(asprintf(&stat,
			     "%u (%s) S 1 1 1 0 -1 %s 0 0 0 0 3 4 0 0 20 0 6 0 7 0 0 0 0 0 0 0 0 "
			     "0 0 0 0 0 0 0 17 5 %s 0\n",
			     tid, comm, flags, policy) > 0);
	assert_true(asprintf(&status, "Cpus_allowed_list:\t%s\n", affinity) > 0);
	assert_true(asprintf(&name, "%s\n", comm) > 0);
	tree_file(t, a, stat);
	if (affinity[0])
		tree_file(t, b, status);
	if (pid == tid)
		tree_file(t, c, name);
}

static const struct sched_tasks *find_tasks(const struct sched_facts *f, const char *comm)
{
	const struct sched_tasks *tasks = f->tasks.v;

	for (size_t i = 0; i < f->tasks.n; i++) {
		if (fact_is(&tasks[i].comm, comm))
			return &tasks[i];
	}
	return NULL;
}

static void put_tasks(const struct tree *t)
{
	static const char args[] = "/usr/bin/qemu-system-x86_64\0-name\0a";

	put_task(t, 2, 2, "kthreadd", KERNEL, OTHER, "0-7");
	put_task(t, 3, 3, "ksoftirqd/0", BOUND, OTHER, "0");
	put_task(t, 4, 4, "rcuop/0", KERNEL, OTHER, "0-7");
	put_task(t, 5, 5, "rcuop/1", KERNEL, OTHER, "0-7");
	put_task(t, 6, 6, "rcuop/2", KERNEL, OTHER, "0-1");
	put_task(t, 7, 7, "kworker/u8:1-events_unbound", BOUND, OTHER, "0-7");
	put_task(t, 8, 8, "kworker/u8:2+flush", BOUND, OTHER, "0-7");
	put_task(t, 9, 9, "vhost-4711", KERNEL, OTHER, "0-7");
	put_task(t, 50, 50, "pipewire", USER, OTHER, "0-7");
	put_task(t, 50, 51, "pipewire", USER, FIFO_50, "0-7");
	put_task(t, 60, 60, "one1", USER, OTHER, "3");
	put_task(t, 61, 61, "strange", USER, "0 99", "");
	put_task(t, 70, 70, "vfiobench-probe", USER, OTHER, "0-7");
	tree_file(t, "proc/62/task/62/stat",
		  "62 (zombie) Z 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 6 0 7\n");
	tree_file(t, "proc/63/task/63/stat", "nonsense\n");
	put_task(t, 4711, 4711, "qemu-system-x86", USER, OTHER, "0-7");
	tree_bytes(t, "proc/4711/cmdline", args, sizeof(args));
}

static void test_tasks(void **state)
{
	const struct tree *t = *state;
	const struct sched_tasks *g;
	const struct sched_facts *f;
	struct outcome o;

	put_tasks(t);
	o = run("sched", t);
	f = o.facts;
	assert_int_equal(f->tasks.n, 8);
	assert_null(find_tasks(f, "qemu-system-x86"));
	assert_null(find_tasks(f, "vhost-"));
	assert_null(find_tasks(f, "vfiobench-probe"));
	assert_null(find_tasks(f, "zombie"));
	assert_null(find_tasks(f, "ksoftirqd/"));
	g = find_tasks(f, "rcuop/");
	assert_true(g->is_kernel.v && g->is_movable.v);
	assert_u64(&g->n_threads, 2);
	assert_cpus(&g->affinity, "0-7");
	assert_u64(&g->cpu_ms, 140);
	assert_int_equal(g->ids.n, 2);
	assert_string_equal(g->ids.v[1], "5");
	assert_cpus(&g[1].affinity, "0-1");
	g = find_tasks(f, "kworker/u");
	assert_false(g->is_movable.v);
	assert_u64(&g->n_threads, 2);
	g = find_tasks(f, "pipewire");
	assert_false(g->is_kernel.v);
	assert_true(fact_is(&g[0].policy, "other"));
	assert_true(fact_is(&g[1].policy, "fifo"));
	assert_u64(&g[1].rt_priority, 50);
	/* A program's own thread of one CPU is kept, and so is its name. */
	assert_cpus(&find_tasks(f, "one1")->affinity, "3");
	g = find_tasks(f, "strange");
	assert_false(g->policy.known);
	assert_false(g->affinity.known);
	assert_non_null(gap_of(&o, "sched.tasks.affinity"));
	assert_null(gap_of(&o, "sched.tasks"));
	outcome_release(&o);
}

static void test_many_tasks(void **state)
{
	const struct tree *t = *state;
	const struct sched_facts *f;
	struct outcome o;

	for (unsigned i = 0; i < 420; i++) {
		auto_free char *comm = NULL;

		assert_true(asprintf(&comm, "task-%u", i) > 0);
		put_task(t, 1, i + 1, comm, USER, OTHER, "0-7");
	}
	for (unsigned i = 0; i < 20; i++)
		put_task(t, 1, i + 1, "same", USER, OTHER, "0-7");
	o = run("sched", t);
	f = o.facts;
	assert_int_equal(f->tasks.n, 400);
	assert_u64(&find_tasks(f, "same")->n_threads, 20);
	assert_int_equal(find_tasks(f, "same")->ids.n, 16);
	assert_non_null(gap_of(&o, "sched.tasks"));
	outcome_release(&o);
}

static void test_no_tasks(void **state)
{
	const struct tree *t = *state;
	struct outcome o;

	tree_file(t, "proc/1/comm", "systemd\n");
	o = run("sched", t);
	assert_false(((const struct sched_facts *)o.facts)->tasks.known);
	assert_non_null(gap_of(&o, "sched.tasks"));
	outcome_release(&o);
}

static void test_trace(void **state)
{
	const struct tree *t = *state;
	const struct sched_facts *f;
	struct outcome o;

	tree_file(t, "sys/kernel/debug/sched/preempt", "none voluntary (full) lazy \n");
	tree_file(t, "sys/kernel/tracing/current_tracer", "function\n");
	tree_file(t, "sys/kernel/tracing/set_event", "sched:sched_switch\nkvm:kvm_exit\n\n");
	tree_file(t, "sys/kernel/debug/kprobes/list",
		  "ffffffff81000000  k  do_sys_open+0x0    [FTRACE]\n"
		  "ffffffff81000010  k  vfs_read+0x0    [DISABLED][FTRACE]\n");
	o = run("sched", t);
	f = o.facts;
	assert_true(fact_is(&f->preempt, "full"));
	assert_true(fact_is(&f->tracer, "function"));
	assert_u64(&f->n_trace_events, 2);
	assert_u64(&f->n_kprobes, 1);
	outcome_release(&o);
	tree_file(t, "sys/kernel/debug/sched/preempt", "none voluntary full\n");
	tree_file(t, "sys/kernel/tracing/set_event", "");
	o = run("sched", t);
	f = o.facts;
	assert_false(f->preempt.known);
	assert_non_null(gap_of(&o, "sched.preempt"));
	assert_u64(&f->n_trace_events, 0);
	outcome_release(&o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_v2),       TEST(test_v1),         TEST(test_other_mounts),
		TEST(test_deep),     TEST(test_workqueues), TEST(test_tasks),
		TEST(test_no_tasks), TEST(test_many_tasks), TEST(test_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
