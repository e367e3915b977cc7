/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/trace_script.c */
/* What the state machine writes down of a window, and what it is told before. */
#include <string.h>

#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

static const struct trace_facts *run(struct arena *a, const struct trace_setup *setup,
				     const char *script)
{
	struct trace_facts *f = arena_calloc(a, 1, sizeof(*f));
	struct trace_machine *m = script_machine(setup);

	script_run(m, script);
	assert_int_equal(trace_machine_finish(m, a, f), 0);
	script_check_sums(f);
	trace_machine_free(m);
	return f;
}

static void test_outages(void **state)
{
	const struct trace_setup setup = script_setup(20000);
	auto_arena struct arena a = { 0 };
	const struct trace_facts *f = run(
		&a, &setup,
		SCRIPT_ENTERS "100 1 100 exit vmx 1 0 236\n 101 1 100 sw + 200\n"
			      "4101 1 200 sw S 100\n 4102 1 100 entry\n"
			      /* asleep in between: two short ones */
			      "5000 1 100 exit vmx 12\n 5010 1 100 sw S 0\n 9000 0 0 wake 100 1\n"
			      "9400 1 0 sw R 100\n 9401 1 100 entry\n"
			      "10000 1 100 exit vmx 10\n 10250 1 100 entry\n"
			      "11000 1 100 exit vmx 10\n 11249 1 100 entry\n"
			      "12000 1 100 exit vmx 1 0 236\n 12001 1 100 vec+ local_timer\n"
			      "12999 1 100 vec- local_timer\n 13000 1 100 entry\n");
	static const struct fact_pair sizes[] = {
		{ 0, 2 }, { 250, 2 }, { 500, 0 }, { 1000, 1 }, { 2000, 0 }, { 4000, 1 },
	};
	static const struct {
		uint64_t at_us, us;
		const char *class, *name;
	} worst[] = {
		{ 100, 4002, "task", "burner" },
		{ 12000, 1000, "vector", "local_timer" },
		{ 9000, 401, "residue", "idle CPU wakes" },
		{ 10000, 250, "exit", "CPUID" },
		{ 11000, 249, "exit", "CPUID" },
		{ 5000, 10, "exit", "HLT" },
	};
	const struct trace_vcpu *v = script_vcpu(f, 0);
	const struct trace_worst *w = v->worst.v;

	(void)state;
	assert_int_equal(v->sizes.n, ARRAY_SIZE(sizes));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		assert_int_equal(v->sizes.v[i].key, sizes[i].key);
		assert_int_equal(v->sizes.v[i].value, sizes[i].value);
	}
	assert_int_equal(v->outages.v->n, 6);
	assert_int_equal(v->outages.v->max_ns, 4002 * NS_PER_US);
	assert_int_equal(v->worst.n, ARRAY_SIZE(worst));
	for (size_t i = 0; i < ARRAY_SIZE(worst); i++) {
		assert_int_equal(w[i].at_ns.v, worst[i].at_us * NS_PER_US);
		assert_int_equal(w[i].at_unix_ns.v, 1000 * NS_PER_S + worst[i].at_us * NS_PER_US);
		assert_int_equal(w[i].duration_ns.v, worst[i].us * NS_PER_US);
		assert_string_equal(w[i].class.v, worst[i].class);
		assert_string_equal(w[i].name.v, worst[i].name);
		assert_int_equal(w[i].cpu.v, 1);
	}
}

static void test_worst_are_32(void **state)
{
	const struct trace_setup setup = script_setup(1000000);
	auto_arena struct arena a = { 0 };
	const char *script = SCRIPT_ENTERS;
	const struct trace_worst *w;
	const struct trace_vcpu *v;

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		script = arena_printf(&a, "%s%u 1 100 exit vmx 10\n%u 1 100 entry\n", script,
				      1000 * (i + 1), 1000 * (i + 1) + 1 + i * 17 % 50);
	v = script_vcpu(run(&a, &setup, script), 0);
	w = v->worst.v;
	assert_int_equal(v->worst.n, 32);
	for (size_t i = 0; i < v->worst.n; i++)
		assert_int_equal(w[i].duration_ns.v, (50 - i) * NS_PER_US);
}

/* Steps of a second; a window of more of them than there is room for has longer ones. */
static void test_series(void **state)
{
	const struct trace_setup setup = script_setup(3000000);
	const struct trace_setup lasts = script_setup(2000 * 1000000ull);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v = script_vcpu(
		run(&a, &setup,
		    SCRIPT_ENTERS
		    "500000 1 100 exit vmx 12\n 500000 1 100 sw S 0\n"
		    "2250000 0 0 wake 100 1\n 2250000 1 0 sw R 100\n 2250000 1 100 entry\n"),
		0);
	const struct trace_second *s = v->series.v;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(v->step_ns.v, NS_PER_S);
	assert_int_equal(v->series.n, 3);
	assert_string_equal(script_states(&a, &s[0].states), "guest 500000, halted 500000");
	assert_string_equal(script_states(&a, &s[1].states), "halted 1e+06");
	assert_string_equal(script_states(&a, &s[2].states), "guest 750000, halted 250000");
	assert_int_equal(s[2].at_ns.v, 2 * NS_PER_S);

	v = script_vcpu(
		run(&a, &lasts, SCRIPT_ENTERS "1000 1 100 exit vmx 10\n 3000 1 100 entry\n"), 0);
	s = v->series.v;
	assert_int_equal(v->step_ns.v, 8 * NS_PER_S);
	assert_int_equal(v->series.n, 250);
	for (size_t i = 0; i < v->series.n; i++)
		sum += ((const struct trace_states *)s[i].states.v)->guest_ns.v;
	assert_int_equal(sum, 2000 * NS_PER_S - 2 * NS_PER_MS);
}

static void check_lengths(const struct fact_pairs *pairs, const struct fact_pair *want, size_t n)
{
	assert_true(pairs->known);
	assert_int_equal(pairs->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pairs->v[i].key, want[i].key);
		assert_int_equal(pairs->v[i].value, want[i].value);
	}
}

/* Outages count in the step where they began, also when steps became longer meanwhile. */
static void test_lengths(void **state)
{
	static const struct fact_pair first[] = { { 1, 1 }, { 2, 1 }, { 256, 1 } };
	static const struct fact_pair third[] = { { 524288, 1 } };
	static const struct fact_pair all[] = { { 256, 2 } };
	const struct trace_setup setup = script_setup(4000000);
	const struct trace_setup lasts = script_setup(2000 * 1000000ull);
	auto_arena struct arena a = { 0 };
	const char *script = SCRIPT_ENTERS "1000 1 100 exit vmx 10\n 1511 1 100 entry\n"
					   "2000 1 100 exit vmx 10\n 2003 1 100 entry\n"
					   "3000 1 100 exit vmx 10\n 3001 1 100 entry\n"
					   "2600000 1 100 exit vmx 10\n 3200000 1 100 entry\n";
	const char *far = SCRIPT_ENTERS "1000 1 100 exit vmx 10\n 1511 1 100 entry\n"
					"1000000 1 100 exit vmx 10\n 1000500 1 100 entry\n"
					"1900000000 1 100 exit vmx 10\n 1900000001 1 100 entry\n";
	const struct trace_second *s;

	(void)state;
	s = script_vcpu(run(&a, &setup, script), 0)->series.v;
	check_lengths(&s[0].outages, first, ARRAY_SIZE(first));
	check_lengths(&s[1].outages, NULL, 0);
	check_lengths(&s[2].outages, third, ARRAY_SIZE(third));
	check_lengths(&s[3].outages, NULL, 0);
	s = script_vcpu(run(&a, &lasts, far), 0)->series.v;
	check_lengths(&s[0].outages, all, ARRAY_SIZE(all));
}

/* What was moved to another state once more was known is moved in the series as well. */
static void test_series_of_lead(void **state)
{
	const struct trace_setup setup = script_setup(4000000);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v =
		script_vcpu(run(&a, &setup, "0 1 100 other\n 3000000 1 100 exit vmx 10\n"), 0);
	const struct trace_second *s = v->series.v;

	(void)state;
	assert_string_equal(script_states(&a, &v->states), "guest 3e+06, exit 1e+06");
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(script_states(&a, &s[i].states), "guest 1e+06");
	assert_string_equal(script_states(&a, &s[3].states), "exit 1e+06");
}

static void test_helpers(void **state)
{
	const struct trace_setup setup = script_setup(100);
	auto_arena struct arena a = { 0 };
	const struct trace_facts *f =
		run(&a, &setup,
		    "0 1 0 sw R 200\n 0 2 0 other\n 10 2 0 wake 90 1\n 30 1 200 sw + 90\n"
		    "40 1 90 sw + 200\n 45 1 200 sw S 90\n 60 1 90 sw S 0\n 70 0 0 wake 90 2\n"
		    "71 2 0 sw R 90\n");
	const struct trace_thread *t = f->threads.v;

	(void)state;
	assert_int_equal(f->threads.n, 3);
	assert_string_equal(t[0].name.v, "qemu-system-x86");
	assert_string_equal(t[0].role.v, "emulator");
	assert_int_equal(t[0].run_ns.v, (10 + 15 + 29) * NS_PER_US);
	assert_int_equal(t[0].delay_ns.v, (20 + 5 + 1) * NS_PER_US);
	assert_int_equal(t[0].n_delays.v, 3);
	assert_int_equal(t[0].max_delay_ns.v, 20 * NS_PER_US);
	assert_int_equal(t[0].n_migrations.v, 1);
	assert_string_equal(t[2].role.v, "vhost");
	assert_int_equal(t[2].run_ns.v + t[2].delay_ns.v, 0);
}

static void test_rows_of_culprits(void **state)
{
	const struct trace_setup setup = script_setup(100);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v = script_vcpu(
		run(&a, &setup,
		    SCRIPT_ENTERS "10 1 100 exit vmx 10\n 10 1 100 sw + 90\n 50 1 90 sw S 100\n"
				  "50 1 100 irq+ 30 vfio-intx(0000:01:00.0)\n 60 1 100 irq- 30\n"
				  "60 1 100 soft+ 9\n 65 1 100 soft- 9\n 65 1 100 entry\n"),
		0);
	const struct trace_culprit *c = v->culprits.v;

	(void)state;
	assert_int_equal(v->culprits.n, 4);
	assert_string_equal(c[0].rows.v[0], "pin.emulator");
	assert_string_equal(c[1].rows.v[0], "msi.enabled");
	assert_string_equal(c[2].rows.v[0], "cpu.rcu-nocbs");
	assert_true(c[3].rows.known && c[3].rows.n == 0);
	/* a quantile of one value says nothing */
	assert_false(c[0].p99_ns.known);
}

/* 1000 different tasks: 246 by name, the others together, and not a microsecond is lost. */
static void test_too_many_culprits(void **state)
{
	const struct trace_setup setup = script_setup(100000);
	auto_arena struct arena a = { 0 };
	const char *script = SCRIPT_ENTERS "1 1 100 exit vmx 10\n 1 1 100 sw + 1000\n";
	const struct trace_culprit *c;
	const struct trace_vcpu *v;
	uint64_t sum = 0, n = 0;

	(void)state;
	for (unsigned i = 1000; i < 2000; i++)
		script = arena_printf(&a, "%s%u 1 %u sw + %u\n", script, 10 * (i - 1000) + 11, i,
				      i < 1999 ? i + 1 : 100);
	v = script_vcpu(run(&a, &setup, script), 0);
	c = v->culprits.v;
	assert_true(v->culprits.n <= 256);
	for (size_t i = 0; i < v->culprits.n; i++) {
		if (strcmp(c[i].class.v, "task"))
			continue;
		sum += c[i].total_ns.v;
		n += c[i].n.v;
	}
	assert_int_equal(sum, 10000 * NS_PER_US);
	assert_int_equal(n, 1000);
	assert_string_equal(c[0].name.v, "other");
}

static void test_p99(void **state)
{
	const struct trace_setup setup = script_setup(100000000);
	auto_arena struct arena a = { 0 };
	struct trace_machine *m = script_machine(&setup);
	struct trace_facts f = { 0 };
	const struct trace_culprit *c;

	(void)state;
	script_run(m, SCRIPT_ENTERS);
	for (unsigned i = 1; i <= 2000; i++) {
		char line[100];

		snprintf(line, sizeof(line), "%u 1 100 exit vmx 10\n %u 1 100 entry\n", i * 10000,
			 i * 10000 + i);
		script_run(m, line);
	}
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	c = script_vcpu(&f, 0)->culprits.v;
	assert_int_equal(c->n.v, 2000);
	assert_int_equal(c->max_ns.v, 2000 * NS_PER_US);
	assert_int_equal(c->total_ns.v, 2001000 * NS_PER_US);
	/* room for 96 buckets: within 8 % */
	assert_true(c->p99_ns.v > 1980 * 92 / 100 * NS_PER_US && c->p99_ns.v <= c->max_ns.v);
	trace_machine_free(m);
}

static void test_many_vcpus(void **state)
{
	const struct trace_setup setup = script_setup(1000);
	struct trace_machine *m = trace_machine_new(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	for (int i = 0; i < 200; i++) {
		const struct trace_member t = { .tid = 5000 + i,
						.role = TRACE_ROLE_VCPU,
						.vcpu = (unsigned)i,
						.start_state = TRACE_TASK_RUNNABLE,
						.start_cpu = i };
		char script[100];

		assert_int_equal(trace_machine_add_thread(m, &t), 0);
		snprintf(script, sizeof(script), "%d %d %d exit vmx 10\n%d %d %d entry\n", i, i,
			 5000 + i, i + 1, i, 5000 + i);
		script_run(m, script);
	}
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	assert_int_equal(f.vcpus.n, 200);
	script_check_sums(&f);
	for (size_t i = 0; i < 200; i++)
		assert_string_equal(script_states(&a, &script_vcpu(&f, i)->states),
				    "guest 999, exit 1");
	assert_string_equal(script_culprits(&a, &f.culprits), "exit CPUID 200x200");
	trace_machine_free(m);
}

/* Somebody looked where the threads were when the window began. */
static void test_start_states(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = trace_machine_new(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct trace_member t = { .tid = 100, .role = TRACE_ROLE_VCPU, .start_cpu = 1 };

	(void)state;
	t.start_state = TRACE_TASK_RUNNABLE;
	assert_int_equal(trace_machine_add_thread(m, &t), 0);
	t.tid = 101;
	t.vcpu = 1;
	t.start_state = TRACE_TASK_SLEEPING;
	assert_int_equal(trace_machine_add_thread(m, &t), 0);
	script_run(m, "40 1 100 exit vmx 10\n 50 1 100 entry\n");
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), "guest 90, exit 10");
	assert_string_equal(script_states(&a, &script_vcpu(&f, 1)->states), "halted 100");
	trace_machine_free(m);
}

static void test_added_threads(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct trace_member t = { .tid = 100, .role = TRACE_ROLE_VCPU, .start_cpu = -1 };

	(void)state;
	assert_int_equal(trace_machine_add_thread(m, &t), -EEXIST);
	t.tid = 0;
	assert_int_equal(trace_machine_add_thread(m, &t), -EINVAL);
	t.tid = 100;
	t.role = TRACE_ROLE_STRANGER;
	assert_int_equal(trace_machine_add_thread(m, &t), -EINVAL);
	/* The guest ends; another one starts, and gets the same number. */
	script_run(m, SCRIPT_ENTERS "20 1 100 exit vmx 10\n 30 1 100 sw X 0\n");
	t.role = TRACE_ROLE_VCPU;
	t.since_ns = 60 * NS_PER_US + 1;
	assert_int_equal(trace_machine_add_thread(m, &t), 0);
	script_run(m, "60 1 0 sw R 100\n 61 1 100 entry\n");
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.vcpus.n, 3);
	assert_int_equal(script_vcpu(&f, 0)->window_ns.v, 30 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), "guest 20, exit 10");
	assert_int_equal(script_vcpu(&f, 2)->window_ns.v, 40 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 2)->states), "guest 39, residue 1");
	trace_machine_free(m);
}

/* Window after window; what is open at the end of one goes on in the next. */
static void test_restart(void **state)
{
	const struct trace_setup setup = script_setup(50);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 }, next = { 0 };

	(void)state;
	script_run(m, SCRIPT_ENTERS "40 1 100 exit vmx 10\n 45 1 100 sw + 200\n");
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "guest 40, exit 5, preempted 5");
	assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
			    "exit CPUID 1x5, task burner 1x5");
	trace_machine_restart(m, 100 * NS_PER_US + 1);
	script_run(m, "60 1 200 sw S 100\n 61 1 100 entry\n 90 1 100 exit vmx 10\n");
	assert_int_equal(trace_machine_finish(m, &a, &next), 0);
	script_check_sums(&next);
	assert_int_equal(next.window_ns.v, 50 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&next, 0)->states),
			    "guest 29, exit 11, preempted 10");
	assert_string_equal(script_culprits(&a, &script_vcpu(&next, 0)->culprits),
			    "exit CPUID 2x11, task burner 1x10");
	trace_machine_free(m);
}

/* Events behind the end were given before the next window began: it begins behind them. */
static void test_late_restart(void **state)
{
	const struct trace_setup setup = script_setup(50);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 }, next = { 0 };

	(void)state;
	script_run(m, SCRIPT_ENTERS "70 1 100 exit vmx 10\n");
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states), "guest 50");
	trace_machine_restart(m, 100 * NS_PER_US + 1);
	script_run(m, "80 1 100 entry\n");
	assert_int_equal(trace_machine_finish(m, &a, &next), 0);
	script_check_sums(&next);
	assert_int_equal(next.window_ns.v, 30 * NS_PER_US);
	assert_string_equal(script_states(&a, &script_vcpu(&next, 0)->states), "guest 20, exit 10");
	trace_machine_free(m);
}

/* A recording whose ends nobody named: from its first event to its last. */
static void test_open_window(void **state)
{
	struct trace_setup setup = script_setup(0);
	auto_arena struct arena a = { 0 };
	const struct trace_facts *f;

	(void)state;
	setup.start_ns = 0;
	setup.end_ns = UINT64_MAX;
	setup.unix_ns = 0;
	f = run(&a, &setup,
		"5000 1 0 sw R 100\n 5001 1 100 entry\n 5050 1 100 exit vmx 10\n 5060 1 100 entry\n"
		"5100 1 100 other\n");
	assert_int_equal(f->window_ns.v, 100 * NS_PER_US);
	assert_false(f->start_unix_ns.known);
	assert_string_equal(script_states(&a, &script_vcpu(f, 0)->states),
			    "guest 89, exit 10, residue 1");
	assert_false(((const struct trace_worst *)script_vcpu(f, 0)->worst.v)->at_unix_ns.known);
	/* and one without any event */
	f = run(&a, &setup, "");
	assert_int_equal(f->window_ns.v, 0);
	assert_int_equal(f->vcpus.n, 2);
}

static void test_hidden_time(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	script_run(m, SCRIPT_ENTERS "90 1 100 exit vmx 10\n 91 1 100 entry\n");
	assert_int_equal(trace_machine_add_hidden(m, 0, CULPRIT_RESIDUE, "SMI", 2, 30000), 0);
	assert_int_equal(trace_machine_add_hidden(m, 7, CULPRIT_RESIDUE, "SMI", 2, 30000), -ENOENT);
	assert_int_equal(trace_machine_add_hidden(m, 0, CULPRIT_TASK, "x", 2, 30000), -EINVAL);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	assert_string_equal(script_states(&a, &script_vcpu(&f, 0)->states),
			    "guest 69, exit 1, residue 30");
	assert_string_equal(script_culprits(&a, &script_vcpu(&f, 0)->culprits),
			    "residue SMI 2x30, exit CPUID 1x1");
	trace_machine_free(m);
}

/* What a CPU did, for an instrument that saw a gap there. */
static void test_ran(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = script_machine(&setup);
	struct trace_stretch s;
	struct trace_ran ran[4];
	uint64_t place = 0;
	size_t n = 0;

	(void)state;
	script_run(m, "0 1 0 sw R 204\n 10 1 204 vec+ local_timer\n 14 1 204 vec- local_timer\n"
		      "20 1 204 sw + 200\n 40 1 200 sw S 204\n 50 1 204 other\n");
	assert_int_equal(trace_machine_ran(m, 1, 5001, 30001, ran, 4, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(ran[0].name, "hog");
	assert_int_equal(ran[0].ns, 11000);
	assert_string_equal(ran[1].name, "burner");
	assert_int_equal(ran[1].ns, 10000);
	assert_int_equal(ran[2].class, CULPRIT_VECTOR);
	assert_int_equal(ran[2].ns, 4000);
	/* behind the last event nothing is known yet; of another CPU nothing at all */
	assert_int_equal(trace_machine_ran(m, 1, 45001, 60001, ran, 1, &n), 10000);
	assert_int_equal(n, 1);
	assert_int_equal(trace_machine_ran(m, 7, 0, 5, ran, 4, &n), 5);
	assert_int_equal(n, 0);
	/* one by one, the last one first */
	assert_true(trace_machine_stretch(m, 1, 12001, 30001, &place, &s));
	assert_int_equal(s.pid, 200);
	assert_int_equal(s.from_ns, 20001);
	assert_int_equal(s.to_ns, 30001);
	assert_string_equal(s.name, "burner");
	assert_string_equal(s.rows[0], "isol.tasks-on-g");
	assert_true(trace_machine_stretch(m, 1, 12001, 30001, &place, &s));
	assert_int_equal(s.pid, 204);
	assert_true(trace_machine_stretch(m, 1, 12001, 30001, &place, &s));
	assert_int_equal(s.class, CULPRIT_VECTOR);
	assert_true(s.is_known && s.pid < 0);
	assert_int_equal(s.from_ns, 12001);
	assert_false(trace_machine_stretch(m, 1, 12001, 30001, &place, &s));
	place = 0;
	assert_false(trace_machine_stretch(m, 7, 0, 5, &place, &s));
	assert_false(trace_machine_stretch(m, CPUS_MAX, 0, 5, &place, &s));
	trace_machine_free(m);
}

static const char *missing_events(struct arena *a, const struct trace_facts *f)
{
	const struct trace_missing *x = f->missing.v;
	const char *text = "";

	for (size_t i = 0; i < f->missing.n; i++) {
		assert_true(*x[i].hides.v);
		text = arena_printf(a, "%s%s ", text, x[i].event.v);
	}
	return text;
}

static void test_missing(void **state)
{
	struct trace_setup setup = script_setup(100);
	auto_arena struct arena a = { 0 };
	const struct trace_facts *f = run(&a, &setup, "0 1 0 other\n");
	const struct trace_states *s = script_vcpu(f, 0)->states.v;

	(void)state;
	assert_string_equal(missing_events(&a, f), "");
	assert_true(s->guest_ns.known && s->residue_ns.known && !s->running_ns.known);
	setup.has[TRACE_KVM_EXIT] = setup.has[TRACE_SOFTIRQ_ENTRY] = false;
	f = run(&a, &setup, "0 1 0 other\n");
	s = script_vcpu(f, 0)->states.v;
	assert_string_equal(missing_events(&a, f), "kvm_exit softirq_entry ");
	assert_true(s->running_ns.known && s->preempted_ns.known && s->lost_ns.known);
	assert_false(s->guest_ns.known || s->exit_ns.known || s->residue_ns.known ||
		     s->qemu_ns.known || s->softirq_ns.known);
	assert_false(script_vcpu(f, 0)->n_exits.known);
}

/* Events that no machine makes are passed over. */
static void test_nonsense(void **state)
{
	const struct trace_setup setup = script_setup(100);
	struct trace_machine *m = script_machine(&setup);
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };
	struct trace_event e = { .t_ns = 1, .cpu = -1, .kind = TRACE_SWITCH };

	(void)state;
	trace_machine_event(m, &e);
	e.cpu = CPUS_MAX;
	trace_machine_event(m, &e);
	e.cpu = 1;
	e.kind = N_TRACE_KINDS;
	trace_machine_event(m, &e);
	e.kind = TRACE_SWITCH;
	e.t_ns = UINT64_MAX;
	trace_machine_event(m, &e);
	for (unsigned i = 0; i < 40; i++)
		script_run(m, "10 1 100 vec+ a\n 10 1 100 vec+ b\n 10 1 100 irq+ 1 x\n");
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	trace_machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outages),
		cmocka_unit_test(test_worst_are_32),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_series_of_lead),
		cmocka_unit_test(test_helpers),
		cmocka_unit_test(test_rows_of_culprits),
		cmocka_unit_test(test_too_many_culprits),
		cmocka_unit_test(test_p99),
		cmocka_unit_test(test_many_vcpus),
		cmocka_unit_test(test_start_states),
		cmocka_unit_test(test_added_threads),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_late_restart),
		cmocka_unit_test(test_open_window),
		cmocka_unit_test(test_hidden_time),
		cmocka_unit_test(test_ran),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
