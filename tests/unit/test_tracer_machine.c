/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/trace_script.c */
/* What the state machine does for who traces a running guest. */
#include <inttypes.h>
#include <string.h>

#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

/* "task burner 50, vector local_timer 2": parts of the worst stretch, us. */
static void check_parts(const struct trace_vcpu *v, size_t i, const char *want)
{
	const struct trace_worst *w = v->worst.v;
	const struct trace_part *p;
	char text[400] = "";

	if (i >= v->worst.n)
		fail_msg("no stretch %zu for: %s", i, want);
	p = w[i].parts.v;
	assert_true(w[i].parts.known);
	for (size_t k = 0; k < w[i].parts.n; k++) {
		const size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, "%s%s %s %" PRIu64, k ? ", " : "",
			 p[k].class.v, p[k].name.v, p[k].total_ns.v / NS_PER_US);
	}
	assert_string_equal(text, want);
	assert_string_equal(w[i].name.v, p[0].name.v);
	assert_string_equal(w[i].class.v, p[0].class.v);
}

static const struct {
	const char *script, *parts;
	uint64_t us;
} worst[] = {
	{ SCRIPT_ENTERS "10 1 100 exit vmx 10\n 12 1 100 sw R 200\n 32 1 200 vec+ local_timer\n"
			"36 1 200 vec- local_timer\n 40 1 200 sw S 204\n 45 1 204 sw S 100\n"
			"47 1 100 entry\n",
	  "task burner 24, task hog 5, vector local_timer 4, exit CPUID 4", 37 },
	/* twice the same one: what it had in all */
	{ SCRIPT_ENTERS "10 1 100 exit vmx 10\n 10 1 100 sw R 200\n 20 1 200 sw S 204\n"
			"35 1 204 sw S 200\n 45 1 200 sw S 100\n 45 1 100 entry\n",
	  "task burner 20, task hog 15", 35 },
	/* more of them than are kept, the largest last */
	{ SCRIPT_ENTERS "10 1 100 exit vmx 10\n 10 1 100 sw R 301\n 11 1 301 sw S 302\n"
			"13 1 302 sw S 303\n 16 1 303 sw S 304\n 20 1 304 sw S 305\n"
			"25 1 305 sw S 100\n 25 1 100 entry\n",
	  "task task-305 5, task task-304 4, task task-303 3, task task-302 2", 15 },
	/* an exit that goes to sleep on the guest's wish is not blamed yet, and is all there was */
	{ SCRIPT_ENTERS "10 1 100 exit vmx 12\n 14 1 100 vec+ local_timer\n"
			"15 1 100 vec- local_timer\n 20 1 100 sw S 0\n",
	  "exit HLT 9, vector local_timer 1", 10 },
	/* nothing is known of it */
	{ "0 1 0 sw R 100\n 10 1 100 sw R 0\n 30 1 0 other\n 40 1 0 lost 3\n",
	  "throttle throttled 20", 20 },
};

static void test_parts(void **state)
{
	const struct trace_setup setup = script_setup(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(worst); i++) {
		struct trace_machine *m = script_machine(&setup);
		auto_arena struct arena a = { 0 };
		struct trace_facts f = { 0 };
		const struct trace_vcpu *v;

		script_run(m, worst[i].script);
		assert_int_equal(trace_machine_finish(m, &a, &f), 0);
		v = script_vcpu(&f, 0);
		check_parts(v, 0, worst[i].parts);
		assert_int_equal(((const struct trace_worst *)v->worst.v)->duration_ns.v,
				 worst[i].us * NS_PER_US);
		trace_machine_free(m);
	}
}

/* The shorter ones of many go, their parts with them. */
static void test_many_outages(void **state)
{
	const struct trace_setup setup = script_setup(100000);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	const struct trace_worst *w;

	(void)state;
	script_run(m, SCRIPT_ENTERS);
	for (unsigned i = 1; i <= 100; i++) {
		char line[200];

		snprintf(line, sizeof(line),
			 "%u 1 100 exit vmx 10\n %u 1 100 sw R 200\n %u 1 200 sw S 100\n"
			 "%u 1 100 entry\n",
			 500 * i, 500 * i, 500 * i + i, 500 * i + i);
		script_run(m, line);
	}
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	w = script_vcpu(&f, 0)->worst.v;
	assert_int_equal(script_vcpu(&f, 0)->worst.n, 32);
	for (unsigned i = 0; i < 32; i++) {
		const struct trace_part *p = w[i].parts.v;

		assert_int_equal(w[i].duration_ns.v, (100 - i) * NS_PER_US);
		assert_int_equal(w[i].parts.n, 1);
		assert_int_equal(p->total_ns.v, (100 - i) * NS_PER_US);
	}
	trace_machine_free(m);
}

static void test_start_states(void **state)
{
	static const struct {
		enum trace_task_state start;
		const char *states, *culprits;
	} rows[] = {
		{ TRACE_TASK_STOPPED, "halted 50, stopped 50", "throttle stopped 1x50" },
		{ TRACE_TASK_BLOCKED, "halted 50, blocked 50", "exit blocked in the kernel 1x50" },
		{ TRACE_TASK_SLEEPING, "halted 100", "" },
		{ TRACE_TASK_UNKNOWN, "halted 50, unknown 50", "" },
	};
	const struct trace_setup setup = script_setup(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct trace_member t = { .tid = 100,
						.role = TRACE_ROLE_VCPU,
						.start_state = rows[i].start,
						.start_cpu = 1 };
		struct trace_machine *m = trace_machine_new(&setup);
		auto_arena struct arena a = { 0 };
		struct trace_facts f = { 0 };

		assert_int_equal(trace_machine_add_thread(m, &t), 0);
		script_run(m, "50 1 0 sw R 100\n 50 1 100 sw S 0\n");
		assert_int_equal(trace_machine_finish(m, &a, &f), 0);
		script_check_sums(&f);
		assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), rows[i].states);
		assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
				    rows[i].culprits);
		trace_machine_free(m);
	}
}

/* vCPU 0 is alone on CPU 1 for 60 us, vCPU 1 shares CPU 2 with a hog. */
static void test_steal(void **state)
{
	struct trace_setup setup = script_setup(100);
	struct trace_machine *m;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	const struct trace_culprit *culprit;

	(void)state;
	setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	m = script_machine(&setup);
	script_run(m, "0 1 0 sw R 100\n 60 1 100 sw S 0\n 0 2 0 sw R 101\n 50 2 101 sw R 204\n");
	trace_machine_close(m, UINT64_MAX);
	trace_machine_add_steal(m, 1, 2, 20000);
	/* half of it was the hog's */
	trace_machine_add_steal(m, 2, 1, 30000);
	/* of nobody; nothing; a CPU that is not there */
	trace_machine_add_steal(m, 3, 1, 10000);
	trace_machine_add_steal(m, 1, 0, 0);
	trace_machine_add_steal(m, 100000, 1, 10000);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "halted 40, residue 20, running 40");
	assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
			    "steal hypervisor below 2x20");
	/* ticks say nothing of how long each was */
	culprit = script_vcpu(&f, 0)->culprits.v;
	assert_false(culprit->max_ns.known || culprit->p99_ns.known);
	/* of the CPU where nobody was */
	assert_int_equal(f.hidden_unplaced_ns.v, 0);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 1)->states),
			    "preempted 50, residue 15, running 35");
	trace_machine_free(m);
}

/* More ticks than it ran: not more than it ran. Two vCPUs of one CPU share. */
static void test_much_steal(void **state)
{
	struct trace_setup setup = script_setup(100);
	struct trace_machine *m;
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	m = script_machine(&setup);
	script_run(m, "0 1 0 sw R 100\n 30 1 100 sw S 101\n 40 1 101 sw S 0\n");
	trace_machine_close(m, UINT64_MAX);
	trace_machine_add_steal(m, 1, 5000, 10 * NS_PER_MS);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	assert_in_range(f.hidden_unplaced_ns.v, 9960 * NS_PER_US - 2, 9960 * NS_PER_US);
	assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
			    "steal hypervisor below 3750x30");
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "halted 70, residue 30");
	assert_string_equal(script_states(&a, &script_vcpu(&f, 1)->states),
			    "halted 60, residue 10, unknown 30");
	trace_machine_free(m);
}

/* Closed early; what comes after that belongs to the next window, and nothing counts twice. */
static void test_close(void **state)
{
	const struct trace_setup setup = script_setup(1000);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 }, again = { 0 };

	(void)state;
	script_run(m, SCRIPT_ENTERS "10 1 100 exit vmx 10\n 10 1 100 sw R 200\n");
	trace_machine_close(m, 50 * NS_PER_US + 1);
	trace_machine_close(m, 70 * NS_PER_US + 1);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.window_ns.v, 50 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "guest 10, preempted 40");
	assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
			    "task burner 1x40, exit CPUID 1x0");
	trace_machine_restart(m, UINT64_MAX);
	script_run(m, "60 1 200 sw S 100\n 60 1 100 entry\n 80 1 100 other\n");
	trace_machine_close(m, 80 * NS_PER_US + 1);
	assert_int_equal(trace_machine_finish(m, &a, &again), 0);
	script_check_sums(&again);
	assert_int_equal(again.window_ns.v, 30 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&again, 0)->states),
			    "guest 20, preempted 10");
	trace_machine_free(m);
}

/* Events came while somebody looked at the clock: the window holds them all. */
static void test_close_late(void **state)
{
	const struct trace_setup setup = script_setup(1000);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	script_run(m,
		   SCRIPT_ENTERS "10 1 100 exit vmx 10\n 10 1 100 sw R 200\n 60 1 200 sw S 100\n");
	trace_machine_close(m, 50 * NS_PER_US + 1);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.window_ns.v, 60 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "guest 10, preempted 50");
	trace_machine_free(m);
}

/* Threads that /proc does not have any more. */
static void test_end_thread(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = script_machine(&setup);
	const struct trace_member again = {
		.tid = 100, .role = TRACE_ROLE_VCPU, .since_ns = 80 * NS_PER_US + 1, .start_cpu = -1
	};
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	script_run(m, SCRIPT_ENTERS "10 1 100 exit vmx 12\n 10 1 100 sw S 0\n 20 2 0 sw R 101\n"
				    "30 2 101 entry\n 50 1 0 other\n");
	trace_machine_end_thread(m, 100, 60 * NS_PER_US + 1);
	/* still on its CPU, as events have it; the emulator, asleep; a stranger; nobody */
	trace_machine_end_thread(m, 101, 60 * NS_PER_US + 1);
	trace_machine_end_thread(m, 90, 60 * NS_PER_US + 1);
	trace_machine_end_thread(m, 0, 60 * NS_PER_US + 1);
	trace_machine_end_thread(m, 4711, 60 * NS_PER_US + 1);
	assert_int_equal(trace_machine_add_thread(m, &again), 0);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.vcpus.n, 3);
	assert_int_equal(script_vcpu(&f, 0)->window_ns.v, 60 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), "guest 10, halted 50");
	assert_int_equal(script_vcpu(&f, 1)->window_ns.v, 100 * NS_PER_US);
	assert_int_equal(script_vcpu(&f, 2)->window_ns.v, 20 * NS_PER_US);
	/* The dead are not in the next window. */
	trace_machine_restart(m, UINT64_MAX);
	f = (struct trace_facts){ 0 };
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	assert_int_equal(f.vcpus.n, 2);
	assert_int_equal(f.threads.n, 2);
	trace_machine_free(m);
}

/* Kernels that do not tell switches out of idle. */
static void test_unseen_starts(void **state)
{
	static const struct {
		const char *script, *states, *culprits;
		uint64_t n_unseen, n_strayed;
	} rows[] = {
		/* woken by a timer there: it has the CPU when that is over */
		{ "0 1 0 sw R 100\n 10 1 100 sw S 0\n 30 1 0 vec+ local_timer\n 31 1 0 wake 100 1\n"
		  "33 1 0 vec- local_timer\n 50 1 100 sw S 0\n",
		  "waiting 2, halted 71, running 27",
		  "vector local_timer 1x2, residue idle CPU wakes 1x0", 1, 0 },
		/* woken by another CPU, later than anything that is known of its own */
		{ "0 1 0 sw R 100\n 10 1 100 sw S 0\n 0 2 0 other\n 40 2 0 wake 100 1\n"
		  "60 1 100 vec+ local_timer\n 61 1 100 vec- local_timer\n",
		  "host_irq 1, halted 30, running 69",
		  "vector local_timer 1x1, residue idle CPU wakes 1x0", 1, 0 },
		/* woken for another CPU, or not at all as far as is known */
		{ "0 1 0 sw R 100\n 10 1 100 sw S 0\n 0 2 0 other\n 40 2 0 wake 100 2\n"
		  "60 1 100 other\n",
		  "waiting 20, halted 30, running 50", "residue idle CPU wakes 1x20", 0, 1 },
		{ "0 1 0 sw R 100\n 10 1 100 sw S 0\n 60 1 100 other\n", "halted 50, running 50",
		  "", 0, 1 },
	};
	struct trace_setup setup = script_setup(100);

	(void)state;
	setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct trace_machine *m = script_machine(&setup);
		auto_arena struct arena a = { 0 };
		struct trace_facts f = { 0 };

		script_run(m, rows[i].script);
		assert_int_equal(trace_machine_finish(m, &a, &f), 0);
		script_check_sums(&f);
		assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), rows[i].states);
		assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
				    rows[i].culprits);
		assert_int_equal(f.n_unseen_starts.v, rows[i].n_unseen);
		assert_int_equal(f.n_strayed.v, rows[i].n_strayed);
		trace_machine_free(m);
	}
}

/* Programs of ours are no setting of the host; the built-in guest is a guest. */
static void test_own_names(void **state)
{
	static const struct {
		struct name_key key;
		const char *name;
		bool has_rows;
	} rows[] = {
		{ { CULPRIT_TASK, 0, "vfiobench-wake", NULL, 0 },
		  "vfiobench-wake (this measurement)",
		  false },
		{ { CULPRIT_TASK, 0, "vfiobench-probe", NULL, 0 },
		  "vfiobench-probe (this measurement)",
		  false },
		{ { CULPRIT_TASK, 0, "vfiobench", NULL, 0 },
		  "vfiobench (this measurement)",
		  false },
		{ { CULPRIT_TASK, 0, "vfiobench-micro", NULL, 0 }, "vfiobench-micro", true },
		{ { CULPRIT_TASK, TRACE_ROLE_EMULATOR, "vfiobench-micro", NULL, 0 },
		  "vfiobench-micro",
		  true },
		{ { CULPRIT_TASK, TRACE_ROLE_OTHER, "vfiobench-x", NULL, 0 }, "vfiobench-x", true },
		{ { CULPRIT_TASK, 0, "vfiobenchmark", NULL, 0 }, "vfiobenchmark", true },
	};
	struct names names;

	(void)state;
	assert_int_equal(names_init(&names), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const uint16_t id = names_find(&names, &rows[i].key);

		assert_string_equal(names.v[id].name, rows[i].name);
		assert_true((names.v[id].rows[0] != NULL) == rows[i].has_rows);
	}
	names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),        cmocka_unit_test(test_many_outages),
		cmocka_unit_test(test_start_states), cmocka_unit_test(test_steal),
		cmocka_unit_test(test_much_steal),   cmocka_unit_test(test_close),
		cmocka_unit_test(test_close_late),   cmocka_unit_test(test_end_thread),
		cmocka_unit_test(test_own_names),    cmocka_unit_test(test_unseen_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
