/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/gap_join.c probes/gap_blame.c probes/gap_past.c
 * TEST_SOURCES: probes/gap_together.c tests/lib/trace_script.c
 */
/*
 * Gaps and streams of events with exact sums, in us. The measuring thread is 300, on CPU 1, and its
 * window is 1000 us long. Whether gaps come before the events or behind them must not matter.
 */
#include <inttypes.h>
#include <string.h>

#include "probes/gap_join.h"
#include "probes/gap_together.h"
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

#define WINDOW_US 1000u
#define TID       300

struct stream {
	const char *name;
	const char *gaps; /* FROM-TO, in us */
	const char *script;
	const char *culprits;
	uint64_t n_explained, explained_us, n_unjoined, n_orphans, n_lost;
	bool is_virtual;
};

static const struct stream streams[] = {
	{ "nothing at all", "", "", "", 0, 0, 0, 0, 0, false },
	{ "a timer, and the way in and out", "10-20",
	  "11 1 300 vec+ local_timer\n 18 1 300 vec- local_timer\n",
	  "vector local_timer 1x7, residue kernel entry and exit 1x3", 1, 7, 0, 0, 0, false },
	{ "an interrupt inside of a softirq", "10-30",
	  "11 1 300 soft+ 1\n 15 1 300 irq+ 7 eth0\n 20 1 300 irq- 7\n 29 1 300 soft- 1\n",
	  "softirq TIMER 1x13, irq eth0 1x5, residue kernel entry and exit 1x2", 1, 18, 0, 0, 0,
	  false },
	{ "another thread, with a tick in it, and back", "10-60",
	  "11 1 300 vec+ local_timer\n 12 1 300 vec- local_timer\n 13 1 300 sw + 200\n"
	  "30 1 200 vec+ local_timer\n 33 1 200 vec- local_timer\n 58 1 200 sw S 300\n",
	  "task burner 1x42, residue kernel entry and exit 1x4, vector local_timer 1x4", 1, 46, 0,
	  0, 0, false },
	{ "a worker is named by its work", "10-40",
	  "11 1 300 sw + 202\n 11 1 202 work+ drain_pages\n 38 1 202 work-\n 39 1 202 sw S 300\n",
	  "task kworker/1:*H (drain_pages) 1x28, residue kernel entry and exit 1x2", 1, 28, 0, 0, 0,
	  false },
	{ "not allowed to run", "10-40", "11 1 300 sw + 0\n 39 1 0 sw R 300\n",
	  "throttle throttled or stopped 1x28, residue kernel entry and exit 1x2", 1, 28, 0, 0, 0,
	  false },
	{ "nothing in it: firmware", "10-40 100-110", "50 1 300 other\n",
	  "residue firmware or hardware 2x40", 0, 0, 0, 0, 0, false },
	{ "nothing in it, on a virtual machine", "10-40", "50 1 300 other\n",
	  "steal the hypervisor below 1x30", 0, 0, 0, 0, 0, true },
	{ "the smaller part of it is named", "10-20 110-120 200-300",
	  "11 1 300 vec+ local_timer\n 19 1 300 vec- local_timer\n"
	  "111 1 300 vec+ local_timer\n 119 1 300 vec- local_timer\n"
	  "201 1 300 vec+ local_timer\n 209 1 300 vec- local_timer\n",
	  /* 2 us per stretch are left, so 4 of 92 are entry and exit */
	  "residue firmware or hardware 1x88, vector local_timer 3x24, "
	  "residue kernel entry and exit 3x8",
	  2, 24, 0, 0, 0, false },
	{ "what is taken each time is not the way in and out", "10-40 110-140",
	  "11 1 300 vec+ local_timer\n 13 1 300 vec- local_timer\n"
	  "111 1 300 vec+ local_timer\n 113 1 300 vec- local_timer\n",
	  "residue firmware or hardware 2x44, residue kernel entry and exit 2x12, "
	  "vector local_timer 2x4",
	  0, 4, 0, 0, 0, false },
	{ "nor is what is shorter than the threshold", "10-12 20-22 30-32",
	  "10 1 300 vec+ local_timer\n 12 1 300 vec- local_timer\n"
	  "20 1 300 vec+ local_timer\n 22 1 300 vec- local_timer\n"
	  "31 1 300 nmi 500 perf\n 31 1 300 vec+ local_timer\n 32 1 300 vec- local_timer\n",
	  "vector local_timer 3x5, nmi perf 1x0.5, residue too short to tell 1x0.5", 3, 5, 0, 0, 0,
	  false },
	{ "gaps of no length are none", "10-10", "", "", 0, 0, 0, 0, 0, false },
	{ "an interruption that no gap shows", "10-20",
	  "11 1 300 vec+ local_timer\n 19 1 300 vec- local_timer\n"
	  "50 1 300 vec+ local_timer\n 53 1 300 vec- local_timer\n"
	  "60 1 300 soft+ 1\n 62 1 300 irq+ 7 eth0\n 64 1 300 irq- 7\n 65 1 300 soft- 1\n",
	  "vector local_timer 1x8, residue kernel entry and exit 1x2", 1, 8, 0, 2, 0, false },
	{ "shorter than the threshold", "", "50 1 300 nmi 900 perf\n 70 1 300 nmi 1100 perf\n", "",
	  0, 0, 0, 1, 0, false },
	{ "at the edges of the window, and outside", "0-20 990-1000",
	  "0 1 200 sw S 300\n 1 1 300 sw + 200\n 19 1 200 sw S 300\n 991 1 300 sw + 200\n"
	  "999 1 200 sw S 300\n 1100 1 300 sw + 200\n 1200 1 200 sw S 300\n",
	  "task burner 2x26, residue kernel entry and exit 2x4", 2, 26, 0, 0, 0, false },
	{ "events of another CPU", "10-20",
	  "11 0 300 vec+ local_timer\n 19 0 300 vec- local_timer\n",
	  "residue firmware or hardware 1x10", 0, 0, 0, 0, 0, false },
	{ "events were lost: nothing is said of gaps there", "10-20 30-40 70-80",
	  "11 1 300 vec+ local_timer\n 18 1 300 vec- local_timer\n 20 1 300 other\n"
	  "50 1 -1 lost 7\n 51 1 300 other\n"
	  "71 1 300 vec+ local_timer\n 78 1 300 vec- local_timer\n",
	  "vector local_timer 2x14, residue kernel entry and exit 2x6", 2, 14, 1, 0, 7, false },
	{ "lost inside of a gap: what is known suffices", "10-110",
	  "20 1 300 sw + 200\n 21 1 200 other\n 30 1 -1 lost 1\n 31 1 200 other\n"
	  "109 1 200 sw S 300\n",
	  "task burner 1x80, residue kernel entry and exit 1x12, "
	  "residue firmware or hardware 1x8",
	  1, 80, 0, 0, 1, false },
	{ "lost inside of a gap: it does not", "10-110",
	  "20 1 300 sw + 200\n 40 1 200 other\n 105 1 -1 lost 1\n 109 1 200 sw S 300\n", "", 0, 0,
	  1, 0, 1, false },
};

static struct gap_join *join_new(bool is_virtual)
{
	bool has[N_TRACE_KINDS];
	const struct gap_join_setup setup = { has, 1000, is_virtual };
	struct gap_join *j;

	for (unsigned i = 0; i < N_TRACE_KINDS; i++)
		has[i] = true;
	j = gap_join_new(&setup);
	assert_non_null(j);
	return j;
}

static uint64_t at(uint64_t us)
{
	return us * NS_PER_US + 1;
}

static void give_gaps(struct gap_join *j, const char *gaps)
{
	struct text rest = text_of(gaps), word, from;
	uint64_t from_us, to_us;

	while (text_next_word(&rest, &word)) {
		assert_true(text_next_piece(&word, '-', &from));
		assert_int_equal(text_u64(from, &from_us), 0);
		assert_int_equal(text_u64(word, &to_us), 0);
		gap_join_gap(j, 1, at(from_us), at(to_us));
	}
}

static void give_event(void *arg, const struct trace_event *e)
{
	gap_join_event(arg, e);
}

static void give_window(struct gap_join *j, const char *gaps)
{
	assert_int_equal(gap_join_begin(j, 1, 0, at(0)), 0);
	give_gaps(j, gaps);
	gap_join_end(j, 1, at(WINDOW_US));
}

static void check(const struct stream *s, struct gap_join *j)
{
	struct fact_list culprits = { 0 };
	const struct gap_unit_sums unit = gap_join_unit(j, 0);
	const struct gap_join_sums sums = gap_join_sums(j);
	const struct trace_culprit *c;
	auto_arena struct arena a = { 0 };
	uint64_t total_ns = 0;

	assert_int_equal(gap_join_culprits(j, &a, &culprits), 0);
	assert_true(culprits.known);
	if (strcmp(script_culprits(&a, &culprits), s->culprits) != 0)
		fail_msg("%s: %s", s->name, script_culprits(&a, &culprits));
	if (unit.n_explained != s->n_explained || unit.n_unjoined != s->n_unjoined ||
	    unit.explained_ns / NS_PER_US != s->explained_us)
		fail_msg("%s: %" PRIu64 " explained, %" PRIu64 " ns, %" PRIu64 " unjoined", s->name,
			 unit.n_explained, unit.explained_ns, unit.n_unjoined);
	if (sums.n_orphans != s->n_orphans || sums.n_lost != s->n_lost)
		fail_msg("%s: %" PRIu64 " orphans, %" PRIu64 " lost", s->name, sums.n_orphans,
			 sums.n_lost);
	/* What the gaps were adds up to them. */
	c = culprits.v;
	for (size_t i = 0; i < culprits.n; i++)
		total_ns += c[i].total_ns.v;
	assert_int_equal(total_ns, sums.gap_ns);
	assert_int_equal(sums.n_explained, s->n_explained);
}

static void test_streams(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
		const struct stream *s = &streams[i];
		struct gap_join *j = join_new(s->is_virtual);

		assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
		give_window(j, s->gaps);
		script_each(s->script, give_event, j);
		gap_join_settle(j, 1, at(2 * WINDOW_US));
		gap_join_finish(j);
		check(s, j);
		gap_join_free(j);
	}
}

/* As it is live: events up to some moment, the gaps up to then, and what is certain is settled. */
static void test_gaps_behind_their_events(void **state)
{
	static const struct stream s = {
		"late gaps",
		NULL,
		NULL,
		/* 3 us per stretch are left, so 4 of the last 10 are something else */
		"task burner 1x90, vector local_timer 3x21, residue kernel entry and exit 4x15, "
		"residue firmware or hardware 1x4",
		4,
		111,
		0,
		0,
		0,
		false,
	};
	struct gap_join *j = join_new(false);

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	assert_int_equal(gap_join_begin(j, 1, 0, at(0)), 0);
	script_each("11 1 300 vec+ local_timer\n 18 1 300 vec- local_timer\n"
		    "31 1 300 vec+ local_timer\n 38 1 300 vec- local_timer\n",
		    give_event, j);
	gap_join_settle(j, 1, at(5));
	give_gaps(j, "10-20 30-40");
	script_each("51 1 300 vec+ local_timer\n 58 1 300 vec- local_timer\n105 1 300 sw + 200\n",
		    give_event, j);
	gap_join_settle(j, 1, at(45));
	give_gaps(j, "50-60 100-200");
	gap_join_end(j, 1, at(WINDOW_US));
	script_each("195 1 200 sw S 300\n 300 1 300 other\n", give_event, j);
	gap_join_finish(j);
	check(&s, j);
	gap_join_free(j);
}

/* Interruptions that need no gap: their thread sleeps between its windows. */
static void test_windows(void **state)
{
	struct gap_join *j = join_new(false);

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	assert_int_equal(gap_join_begin(j, 1, 0, at(0)), 0);
	give_gaps(j, "10-20");
	gap_join_end(j, 1, at(100));
	assert_int_equal(gap_join_begin(j, 1, 5, at(300)), 0);
	give_gaps(j, "310-330");
	gap_join_end(j, 1, at(400));
	script_each("11 1 300 sw + 200\n 19 1 200 sw S 300\n 110 1 300 sw S 200\n"
		    "290 1 200 sw S 300\n 311 1 300 sw + 200\n 329 1 200 sw S 300\n"
		    "500 1 300 sw S 200\n",
		    give_event, j);
	gap_join_settle(j, 1, at(600));
	gap_join_finish(j);
	assert_int_equal(gap_join_unit(j, 0).n_explained, 1);
	assert_int_equal(gap_join_unit(j, 0).explained_ns, 8000);
	assert_int_equal(gap_join_unit(j, 0).entry_exit_ns, 2000);
	assert_int_equal(gap_join_unit(j, 3).n_explained, 0);
	assert_int_equal(gap_join_unit(j, 5).explained_ns, 18000);
	assert_int_equal(gap_join_unit(j, 6).n_explained, 0);
	assert_int_equal(gap_join_sums(j).n_orphans, 0);
	gap_join_free(j);
}

/* Unexplained gaps of two CPUs at once: twice together, once apart, once explained on one. */
static void test_together(void **state)
{
	struct gap_join *j = join_new(false);
	struct gap_join_sums sums;

	(void)state;
	for (unsigned cpu = 1; cpu <= 2; cpu++) {
		assert_int_equal(gap_join_add_cpu(j, cpu, TID + (int)cpu), 0);
		assert_int_equal(gap_join_begin(j, cpu, cpu, at(0)), 0);
	}
	gap_join_gap(j, 1, at(10), at(50));
	gap_join_gap(j, 2, at(12), at(62));
	gap_join_gap(j, 1, at(100), at(110));
	gap_join_gap(j, 2, at(120), at(130));
	gap_join_gap(j, 1, at(200), at(210));
	gap_join_gap(j, 2, at(200), at(210));
	gap_join_gap(j, 2, at(300), at(310));
	gap_join_gap(j, 1, at(305), at(310));
	script_each("201 1 301 vec+ local_timer\n 209 1 301 vec- local_timer\n", give_event, j);
	gap_join_finish(j);
	sums = gap_join_sums(j);
	assert_int_equal(sums.n_gaps, 8);
	assert_int_equal(sums.n_empty, 7);
	assert_int_equal(sums.n_explained, 1);
	assert_int_equal(sums.n_together, 2);
	assert_int_equal(sums.together_ns, 60000);
	gap_join_free(j);
}

/* Those that are not compared are counted. */
static void test_too_many_together(void **state)
{
	struct gap_together *t = gap_together_new();
	uint64_t n, ns;

	(void)state;
	assert_non_null(t);
	for (unsigned i = 0; i < 65536 + 7; i++)
		gap_together_add(t, i % 2, UINT64_C(10000) * (i / 2), 10);
	gap_together_count(t, &n, &ns);
	assert_int_equal(n, 32768);
	assert_int_equal(gap_together_dropped(t), 7);
	gap_together_free(t);
}

static void test_worst(void **state)
{
	struct gap_join *j = join_new(true);
	struct gap_worst named = { 0 }, hidden = { 0 }, other = { 0 };
	auto_arena struct arena a = { 0 };

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	give_window(j, "10-20 30-90");
	script_each("11 1 300 sw + 200\n 19 1 200 sw S 300\n", give_event, j);
	gap_join_finish(j);
	assert_int_equal(gap_join_worst(j, 1, at(10), &a, &named), 0);
	assert_string_equal(named.class.v, "task");
	assert_string_equal(named.name.v, "burner");
	assert_int_equal(named.explained_ns.v, 8000);
	assert_int_equal(gap_join_worst(j, 1, at(30), &a, &hidden), 0);
	assert_string_equal(hidden.class.v, "steal");
	assert_true(hidden.explained_ns.known);
	assert_int_equal(hidden.explained_ns.v, 0);
	assert_int_equal(gap_join_worst(j, 2, at(30), &a, &other), 0);
	assert_int_equal(gap_join_worst(j, 1, at(31), &a, &other), 0);
	assert_false(other.explained_ns.known || other.class.known || other.name.known);
	gap_join_free(j);
}

/* Many gaps: calibrated at the first, memory bounded, more than there is room for are counted. */
static void test_storm(void **state)
{
	struct gap_join *j = join_new(false);
	struct gap_join_sums sums;
	const uint64_t n = 40000;
	uint64_t n_unjoined;

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	assert_int_equal(gap_join_begin(j, 1, 0, at(0)), 0);
	for (uint64_t i = 0; i < n; i++)
		gap_join_gap(j, 1, at(10 * i + 1), at(10 * i + 6));
	gap_join_end(j, 1, at(10 * n));
	n_unjoined = gap_join_unit(j, 0).n_unjoined;
	assert_in_range(n_unjoined, n - 4096, n - 4000);
	for (uint64_t i = 0; i < n; i++) {
		const struct trace_event entry = { .t_ns = at(10 * i + 2),
						   .kind = TRACE_VECTOR_ENTRY,
						   .cpu = 1,
						   .pid = TID,
						   .irq = { UINT64_MAX, "local_timer" } };
		struct trace_event exit = entry;

		exit.kind = TRACE_VECTOR_EXIT;
		exit.t_ns = at(10 * i + 4);
		gap_join_event(j, &entry);
		gap_join_event(j, &exit);
	}
	gap_join_finish(j);
	sums = gap_join_sums(j);
	assert_int_equal(sums.n_gaps + n_unjoined, n);
	assert_int_equal(sums.n_explained, sums.n_gaps);
	assert_int_equal(sums.overhead_ns, 3000);
	assert_int_equal(gap_join_unit(j, 0).n_unjoined, n_unjoined);
	gap_join_free(j);
}

/* Longer than the machine remembers: its CPU changes hands a thousand times. */
static void test_long_gap(void **state)
{
	struct gap_join *j = join_new(false);
	const struct trace_event back = { .t_ns = at(20009),
					  .kind = TRACE_SWITCH,
					  .cpu = 1,
					  .pid = 201,
					  .sched_switch = { 201, TID, 0, 0, "b", "gap",
							    TRACE_TASK_SLEEPING, NULL } };

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	assert_int_equal(gap_join_begin(j, 1, 0, at(0)), 0);
	for (uint64_t i = 1; i <= 2000; i++) {
		struct trace_event e = { .t_ns = at(10 * i), .kind = TRACE_SWITCH, .cpu = 1 };

		e.pid = i == 1 ? TID : i % 2 ? 201 : 200;
		e.sched_switch.prev_pid = e.pid;
		e.sched_switch.prev_comm = i % 2 ? "b" : "a";
		e.sched_switch.next_pid = i % 2 ? 200 : 201;
		e.sched_switch.next_comm = i % 2 ? "a" : "b";
		e.sched_switch.prev_state = TRACE_TASK_RUNNABLE;
		gap_join_event(j, &e);
	}
	gap_join_settle(j, 1, at(9));
	gap_join_gap(j, 1, at(9), at(20010));
	gap_join_end(j, 1, at(20010));
	gap_join_event(j, &back);
	gap_join_finish(j);
	assert_int_equal(gap_join_unit(j, 0).n_unjoined, 0);
	assert_int_equal(gap_join_unit(j, 0).n_explained, 1);
	assert_int_equal(gap_join_unit(j, 0).explained_ns, 19999 * NS_PER_US);
	gap_join_free(j);
}

static void test_misuse(void **state)
{
	struct gap_join *j = join_new(false);

	(void)state;
	assert_int_equal(gap_join_add_cpu(j, CPUS_MAX, TID), -EINVAL);
	assert_int_equal(gap_join_add_cpu(j, 1, 0), -EINVAL);
	assert_int_equal(gap_join_add_cpu(j, 1, TID), 0);
	assert_int_equal(gap_join_add_cpu(j, 1, TID), -EINVAL);
	assert_int_equal(gap_join_begin(j, 2, 0, 1), -EINVAL);
	gap_join_gap(j, 2, 1, 2);
	gap_join_end(j, 2, 1);
	gap_join_settle(j, CPUS_MAX, 1);
	gap_join_event(j, &(struct trace_event){ .kind = TRACE_OTHER, .cpu = -1 });
	gap_join_finish(j);
	assert_int_equal(gap_join_sums(j).n_gaps, 0);
	gap_join_free(j);
	gap_join_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams), cmocka_unit_test(test_gaps_behind_their_events),
		cmocka_unit_test(test_windows), cmocka_unit_test(test_together),
		cmocka_unit_test(test_worst),   cmocka_unit_test(test_too_many_together),
		cmocka_unit_test(test_storm),   cmocka_unit_test(test_long_gap),
		cmocka_unit_test(test_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
