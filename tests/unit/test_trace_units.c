/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/trace_script.c */
/* The time of a vCPU by repetition: exact sums, split at the borders. */
#include <string.h>

#include "probes/trace/units.h"
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

#define US NS_PER_US

/* Repetitions of 100 us. */
static struct trace_setup setup_of(uint64_t end_us, size_t n_reps)
{
	struct trace_setup s = script_setup(end_us);

	s.rep_ns = 100 * US;
	s.n_reps = n_reps;
	return s;
}

static const struct trace_vcpu *run(struct arena *a, const struct trace_setup *setup,
				    const char *script, uint64_t steal_ns)
{
	struct trace_machine *m = script_machine(setup);
	struct trace_facts f = { 0 };

	script_run(m, script);
	trace_machine_close(m, UINT64_MAX);
	if (steal_ns)
		trace_machine_add_steal(m, 1, 1, steal_ns);
	assert_int_equal(trace_machine_finish(m, a, &f), 0);
	script_check_sums(&f);
	assert_int_equal(f.rep_duration_ns.known, setup->rep_ns > 0);
	trace_machine_free(m);
	return script_vcpu(&f, 0);
}

struct expected {
	uint64_t rep, known_us, lost_us, own_us, n_outages;
};

static void check(const struct trace_vcpu *v, const struct expected *e, size_t n)
{
	const struct trace_unit *u = v->units.v;

	assert_true(v->units.known);
	assert_int_equal(v->units.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(u[i].rep.v, e[i].rep);
		assert_int_equal(u[i].known_ns.v, e[i].known_us * US);
		assert_int_equal(u[i].lost_ns.v, e[i].lost_us * US);
		assert_int_equal(u[i].own_ns.v, e[i].own_us * US);
		assert_int_equal(u[i].outages.v->n, e[i].n_outages);
	}
}

/* An exit of 20 us across the first border: half of its time each, one stretch, of the first. */
static void test_borders(void **state)
{
	static const struct expected e[] = {
		{ 0, 100, 15, 0, 2 },
		{ 1, 100, 10, 0, 0 },
		{ 2, 150, 30, 0, 1 }, /* the last one goes on to the end of the window */
	};
	const struct trace_setup setup = setup_of(350, 3);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v = run(&a, &setup,
					 SCRIPT_ENTERS "10 1 100 exit vmx 10\n 15 1 100 entry\n"
						       "90 1 100 exit vmx 10\n 110 1 100 entry\n"
						       "300 1 100 exit vmx 10\n 330 1 100 entry\n",
					 0);
	const struct trace_unit *u = v->units.v;

	(void)state;
	check(v, e, ARRAY_SIZE(e));
	assert_int_equal(u[0].outages.v->max_ns, 20 * US);
	assert_int_equal(u[0].outages.v->sum_ns, 25 * US);
	assert_int_equal(v->outages.v->n, 3);
	assert_int_equal(v->outages.v->sum_ns, 55 * US);
}

/* One stretch over several borders, then asleep over others; the thread ends before the last. */
static void test_long(void **state)
{
	static const struct expected e[] = {
		{ 0, 100, 50, 0, 1 }, { 1, 100, 100, 0, 0 }, { 2, 100, 50, 0, 1 },
		{ 3, 100, 0, 0, 0 },  { 4, 50, 10, 0, 1 },
	};
	const struct trace_setup setup = setup_of(700, 7);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v =
		run(&a, &setup,
		    SCRIPT_ENTERS "50 1 100 exit vmx 10\n 240 1 100 entry\n"
				  "280 1 100 exit vmx 12\n 290 1 100 sw S 0\n 440 0 0 wake 100 1\n"
				  "450 1 0 sw R 100\n 450 1 100 sw X 0\n",
		    0);

	(void)state;
	check(v, e, ARRAY_SIZE(e));
}

/* Threads of the measurement: their time is told apart, and their stretches are left out. */
static void test_own(void **state)
{
	static const struct expected e[] = {
		{ 0, 100, 20, 10, 0 },
		{ 1, 100, 42, 10, 1 }, /* the hog had more of it */
		{ 2, 100, 0, 0, 0 },
	};
	const struct trace_setup setup = setup_of(300, 3);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v =
		run(&a, &setup,
		    SCRIPT_ENTERS "10 1 100 exit vmx 1 0 236\n 11 1 100 vec+ local_timer\n"
				  "18 1 100 vec- local_timer\n 19 1 100 sw + 300\n"
				  "29 1 300 sw S 100\n 30 1 100 entry\n"
				  "110 1 100 exit vmx 1 0 236\n 111 1 100 sw + 300\n"
				  "121 1 300 sw S 204\n 151 1 204 sw S 100\n 152 1 100 entry\n",
		    0);

	(void)state;
	check(v, e, ARRAY_SIZE(e));
	assert_int_equal(v->outages.v->n, 2);
	assert_int_equal(v->outages.v->sum_ns, 62 * US);
}

/* Found late, and in the host since before a border: what turns out later is put where it was. */
static void test_found_late(void **state)
{
	static const struct expected e[] = {
		{ 0, 40, 0, 0, 0 }, /* until 60 nothing is known */
		{ 1, 100, 20, 0, 1 },
	};
	const struct trace_setup setup = setup_of(200, 2);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v = run(&a, &setup,
					 "60 1 0 sw R 100\n"
					 /* it was in the guest all the time */
					 "120 1 100 exit vmx 10\n 140 1 100 entry\n",
					 0);

	(void)state;
	check(v, e, ARRAY_SIZE(e));
}

/* Stolen time of the window: each repetition has its share of it. */
static void test_steal(void **state)
{
	const struct trace_setup setup = setup_of(300, 3);
	auto_arena struct arena a = { 0 };
	const struct trace_vcpu *v =
		run(&a, &setup,
		    "0 1 0 sw R 100\n 0 1 100 entry\n 50 1 100 exit vmx 12\n 50 1 100 sw S 0\n"
		    "100 1 0 sw R 100\n 100 1 100 entry\n 120 1 100 exit vmx 10\n"
		    "180 1 100 entry\n",
		    20 * US);
	const struct trace_unit *u = v->units.v;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(v->units.n, 3);
	for (size_t i = 0; i < 3; i++)
		sum += u[i].lost_ns.v;
	/* 60 us of exit; 190 us in the guest, 50, 40 and 100 of the repetitions. */
	assert_in_range(sum - 60 * US, 19 * US, 20 * US);
	assert_in_range(u[0].lost_ns.v, (sum - 60 * US) * 50 / 190 - 1,
			(sum - 60 * US) * 50 / 190 + 1);
	assert_in_range(u[2].lost_ns.v, (sum - 60 * US) * 100 / 190 - 1,
			(sum - 60 * US) * 100 / 190 + 1);
}

/* A vCPU that came late, and one that was never seen. */
static void test_who_was_there(void **state)
{
	const struct trace_setup setup = setup_of(300, 3);
	struct trace_machine *m = trace_machine_new(&setup);
	struct trace_member t = { .tid = 100,
				  .role = TRACE_ROLE_VCPU,
				  .since_ns = 150 * US + 1,
				  .start_state = TRACE_TASK_SLEEPING,
				  .start_cpu = 1 };
	static const struct expected late[] = { { 1, 50, 0, 0, 0 }, { 2, 100, 0, 0, 0 } };
	static const struct expected unseen[] = { { 0, 0, 0, 0, 0 },
						  { 1, 0, 0, 0, 0 },
						  { 2, 0, 0, 0, 0 } };
	auto_arena struct arena a = { 0 };
	struct trace_facts f = { 0 };

	(void)state;
	assert_int_equal(trace_machine_add_thread(m, &t), 0);
	script_add_vcpu(m, 1);
	assert_int_equal(trace_machine_finish(m, &a, &f), 0);
	script_check_sums(&f);
	check(script_vcpu(&f, 0), late, ARRAY_SIZE(late));
	check(script_vcpu(&f, 1), unseen, ARRAY_SIZE(unseen));
	trace_machine_free(m);
}

static void test_none(void **state)
{
	struct trace_setup setups[3] = { script_setup(300), script_setup(300), script_setup(300) };

	(void)state;
	setups[1].rep_ns = US;
	setups[2].rep_ns = US;
	setups[2].n_reps = UNITS_MAX + 1;
	for (size_t i = 0; i < ARRAY_SIZE(setups); i++) {
		struct trace_machine *m = script_machine(&setups[i]);
		auto_arena struct arena a = { 0 };
		struct trace_facts f = { 0 };

		script_run(m, SCRIPT_ENTERS "10 1 100 exit vmx 10\n 15 1 100 entry\n");
		assert_int_equal(trace_machine_finish(m, &a, &f), 0);
		assert_false(f.rep_duration_ns.known);
		assert_false(script_vcpu(&f, 0)->units.known);
		assert_int_equal(script_vcpu(&f, 0)->outages.v->n, 1);
		trace_machine_free(m);
	}
}

/* Many lengths in little room: neighbours become one, n, sum and ends stay exact. */
static void test_little_room(void **state)
{
	const uint64_t sums[N_VCPU_STATES] = { 0 };
	auto_free struct hist *all = malloc(sizeof(*all));
	struct units u;
	uint64_t sum = 0;

	(void)state;
	assert_non_null(all);
	hist_init(all);
	assert_int_equal(units_init(&u, 100, 2, 32), 0);
	units_start(&u, 1000, 1000);
	for (uint64_t i = 0; i < 3000; i++) {
		units_count(&u, 1000, 100 + i * i, all);
		sum += 100 + i * i;
	}
	assert_int_equal(all->n, 0);
	units_count(&u, 1150, 7, all);
	assert_int_equal(all->n, 3000);
	assert_true(u.v[0].outages.n_bins <= 32 && u.v[0].outages.n_bins >= 12);
	assert_true(hist_bins_are_sound(&u.v[0].outages));
	assert_int_equal(u.v[0].outages.n, 3000);
	assert_int_equal(u.v[0].outages.min_ns, 100);
	assert_int_equal(u.v[0].outages.max_ns, 100 + 2999 * 2999);
	assert_int_equal(u.v[0].outages.sum_ns, sum);
	units_finish(&u, sums, 0, all);
	assert_int_equal(all->n, 3001);
	assert_int_equal(u.v[1].outages.n_bins, 1);
	units_release(&u);
	units_release(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_borders), cmocka_unit_test(test_long),
		cmocka_unit_test(test_own),     cmocka_unit_test(test_found_late),
		cmocka_unit_test(test_steal),   cmocka_unit_test(test_who_was_there),
		cmocka_unit_test(test_none),    cmocka_unit_test(test_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
