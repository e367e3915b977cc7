/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static const char *one_id[] = { "77" };

/* One group of threads with that affinity. */
static void set_tasks(struct host *h, struct sched_tasks *t, const char *comm, bool is_kernel,
		      bool is_movable, const char *affinity)
{
	*t = (struct sched_tasks){ .comm = { true, comm },
				   .is_kernel = { true, is_kernel },
				   .is_movable = { true, is_movable },
				   .n_threads = { true, 2 },
				   .ids = { true, 1, one_id } };
	set_cpus(&t->affinity, affinity);
	h->sched.tasks = (struct fact_list){ true, 1, t };
}

static void threads_of_each_kind(void **state)
{
	static const struct {
		const char *id, *comm;
		bool is_kernel, is_movable;
		const char *affinity;
		enum verdict verdict;
		const char *piece;
	} rows[] = {
		{ "kthr.affinity", "kswapd", true, true, "0-3", VERDICT_ADVICE,
		  "2 kernel threads" },
		{ "kthr.affinity", "kswapd", true, true, "0,3", VERDICT_PASS, "No kernel thread" },
		{ "kthr.affinity", "ksoftirqd/", true, false, "1", VERDICT_PASS,
		  "No kernel thread" },
		{ "kthr.affinity", "rcuop/", true, true, "0-3", VERDICT_PASS, "No kernel thread" },
		{ "kthr.affinity", "bash", false, true, "0-3", VERDICT_PASS, "No kernel thread" },
		{ "irq.threaded", "irq/31-nvme", true, true, "1", VERDICT_ADVICE,
		  "2 interrupt threads" },
		{ "irq.threaded", "irq/31-nvme", true, true, "0", VERDICT_PASS,
		  "No interrupt thread" },
		{ "kthr.nx-recovery", "kvm-nx-lpage-re", true, true, "0-3", VERDICT_ADVICE,
		  "together" },
		{ "kthr.nx-recovery", "kswapd", true, true, "0-3", VERDICT_PASS, "not on" },
		{ "isol.tasks-on-g", "stress", false, true, "1-2", VERDICT_ADVICE, "2 threads" },
		{ "isol.tasks-on-g", "stress", false, true, "0,3", VERDICT_PASS, "No task" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sched_tasks t;
		struct finding f;
		struct host h;

		host_blank(&h);
		check_row(&h, rows[i].id, VERDICT_NOT_APPLICABLE, "tells which CPUs");
		host_set_guest_cpus(&h, "1-2", "0,3");
		check_row(&h, rows[i].id, VERDICT_UNKNOWN, NULL);
		set_cpus(&h.cpu.unbalanced, "1-2");
		set_tasks(&h, &t, rows[i].comm, rows[i].is_kernel, rows[i].is_movable,
			  rows[i].affinity);
		f = check_row(&h, rows[i].id, rows[i].verdict, rows[i].piece);
		if (f.verdict == VERDICT_ADVICE && !strcmp(rows[i].id, "kthr.affinity"))
			assert_string_equal(f.fix.now,
					    "for t in 77; do sudo taskset -pc 0,3 \"$t\"; done");
		arena_release(&h.arena);
	}
}

/* As many groups as fill the command, be they more than what is listed as evidence. */
static void the_command_moves_all(void **state)
{
	static const char *ids[] = { "1", "2",  "3",  "4",  "5",  "6",  "7",  "8",
				     "9", "10", "11", "12", "13", "14", "15", "16" };
	static const struct {
		size_t n_groups, n_ids;
		const char *evidence; /* of what the command leaves out, or NULL */
	} rows[] = {
		{ 3, 16, NULL },
		{ 12, 1, NULL },
		{ 10, 16, "the command moves 128 of 160: audit again after it" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sched_tasks t[12];
		struct finding f;
		struct host h;
		size_t n_words = 0, n_cut = 0;

		host_blank(&h);
		host_set_guest_cpus(&h, "1-2", "0,3");
		for (size_t k = 0; k < rows[i].n_groups; k++) {
			set_tasks(&h, &t[k], "kswapd", true, true, "0-3");
			t[k].n_threads.v = rows[i].n_ids;
			t[k].ids = (struct fact_strs){ true, rows[i].n_ids, ids };
		}
		h.sched.tasks = (struct fact_list){ true, rows[i].n_groups, t };
		f = check_row(&h, "kthr.affinity", VERDICT_ADVICE, "kernel threads");
		for (const char *at = strchr(f.fix.now, ' '); *at != ';'; at++)
			n_words += *at == ' ';
		/* "t" and "in" are no ids. */
		assert_int_equal(n_words - 2,
				 rows[i].evidence ? 128 : rows[i].n_groups * rows[i].n_ids);
		for (size_t k = 0; k < f.n_items; k++)
			n_cut += strstr(f.items[k], "the command") != NULL;
		assert_int_equal(n_cut, rows[i].evidence != NULL);
		if (rows[i].evidence)
			assert_string_equal(f.items[f.n_items - 1], rows[i].evidence);
		arena_release(&h.arena);
	}
}

static void any_task_may_run_where_nothing_is_isolated(void **state)
{
	struct sched_tasks t;
	struct host h;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "1-2", "0,3");
	set_cpus(&h.cpu.unbalanced, "");
	set_tasks(&h, &t, "bash", false, true, "0-3");
	check_row(&h, "isol.tasks-on-g", VERDICT_NOT_APPLICABLE, "not isolated");
	host_set_guest_cpus(&h, "0-3", "");
	check_row(&h, "kthr.affinity", VERDICT_NOT_APPLICABLE, "every CPU");
	arena_release(&h.arena);
}

static void work_items_stay_with_the_host(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "1-2", "0,3");
	check_row(&h, "wq.cpumask", VERDICT_UNKNOWN, NULL);
	set_cpus(&h.sched.wq_unbound, "0-3");
	set_cpus(&h.sched.wq_writeback, "0,3");
	f = check_row(&h, "wq.cpumask", VERDICT_ADVICE, "may run on the guest's CPUs");
	assert_string_equal(f.fix.now, "echo 9 | sudo tee /sys/devices/virtual/workqueue/cpumask");
	assert_string_equal(f.fix.undo, "echo f | sudo tee /sys/devices/virtual/workqueue/cpumask");
	set_cpus(&h.sched.wq_isolated, "1-2");
	check_row(&h, "wq.cpumask", VERDICT_PASS, "stay off");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_of_each_kind),
		cmocka_unit_test(the_command_moves_all),
		cmocka_unit_test(any_task_may_run_where_nothing_is_isolated),
		cmocka_unit_test(work_items_stay_with_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
