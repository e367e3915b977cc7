/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/gap_loop.c */
/* The loop with a clock that tests write: a turn is 10 ticks, and here and there it is longer. */
#include <string.h>

#include "probes/gap_loop.h"
#include "tests/lib/check.h"

#define TURN       10u
#define HZ         UINT64_C(2000000000) /* a tick is half a nanosecond */
#define ENDLESS    (UINT64_C(1) << 62)
#define STALLS_MAX 4096u

struct stall {
	uint64_t at_read, ticks;
};

struct script {
	uint64_t tsc, n_reads, turn;
	const struct stall *stalls;
	size_t n_stalls, next;
	uint64_t stop_at_read;
	atomic_bool stop;
};

static uint64_t scripted(void *self)
{
	struct script *s = self;

	s->tsc += s->turn;
	if (s->next < s->n_stalls && s->stalls[s->next].at_read == s->n_reads)
		s->tsc += s->stalls[s->next++].ticks;
	if (++s->n_reads == s->stop_at_read)
		atomic_store(&s->stop, true);
	return s->tsc;
}

static struct gap_lane *lane_new(void)
{
	struct gap_lane *lane = aligned_alloc(128, sizeof(*lane));

	assert_non_null(lane);
	memset(lane, 0, sizeof(*lane));
	return lane;
}

static void run(struct script *s, struct gap_plan plan, struct gap_lane *lane)
{
	const struct gap_clock clock = { scripted, s };

	if (!s->turn)
		s->turn = TURN;
	plan.ns_q32 = gap_ns_q32(HZ);
	gap_loop_run_with(&clock, &plan, &s->stop, lane);
}

static void test_gaps_are_counted_exactly(void **state)
{
	/* read 0 is the first stamp; after a gap one more read makes the new stamp */
	static const struct stall stalls[] = {
		{ 5, 189 },    /* a turn of 199: below the threshold */
		{ 10, 190 },   /* 200 */
		{ 20, 1990 },  /* 2000 */
		{ 21, 50 },    /* noting that took 60: left out */
		{ 30, 19990 }, /* 20000 */
	};
	struct script s = { .stalls = stalls, .n_stalls = ARRAY_SIZE(stalls), .stop_at_read = 100 };
	struct gap_lane *lane = lane_new();
	const struct gap_series *r = &lane->series;
	struct gap_span span;

	(void)state;
	run(&s, (struct gap_plan){ ENDLESS, 200, 1000, 0 }, lane);
	assert_int_equal(r->hist.n, 3);
	assert_int_equal(r->gap_ticks, 22200);
	assert_int_equal(r->hist.sum_ns, 11100);
	assert_int_equal(r->hist.min_ns, 100);
	assert_int_equal(r->hist.max_ns, 10000);
	assert_int_equal(r->note_ticks, 10 + 60 + 10);
	assert_int_equal(r->n_not_taken, 0);
	assert_int_equal(r->start_tsc, TURN);
	assert_int_equal(r->end_tsc, s.tsc);
	/* 100 reads: one first stamp, 3 stamps after gaps */
	assert_int_equal(r->n_turns, 96);
	assert_int_equal(r->n_top, 3);
	assert_int_equal(r->top[0].ticks, 20000);
	assert_int_equal(r->top[1].ticks, 2000);
	assert_int_equal(r->top[2].ticks, 200);
	assert_true(gap_ring_take(&lane->ring, &span));
	/* the reads 0 to 9, and the stall of read 5 */
	assert_int_equal(span.tsc, 10 * TURN + 189);
	assert_int_equal(span.ticks, 200);
	assert_true(gap_ring_take(&lane->ring, &span));
	assert_int_equal(span.ticks, 2000);
	assert_true(gap_ring_take(&lane->ring, &span));
	assert_int_equal(span.ticks, 20000);
	assert_false(gap_ring_take(&lane->ring, &span));
	assert_int_equal(atomic_load(&lane->start_tsc), TURN);
	assert_int_equal(atomic_load(&lane->seen_tsc), s.tsc);
	/* 92 turns of 10 ticks, 3 of a gap, one of 199 */
	assert_int_equal(gap_loop_ps(r, HZ), (92 * 10 + 199) * 500 / 96);
	free(lane);
}

static void test_an_interruption_of_noting_is_a_gap(void **state)
{
	/* the gap at read 10 is noted by read 11, and that is noted by read 12 */
	static const struct stall stalls[] = { { 10, 490 }, { 11, 1990 }, { 12, 989 } };
	struct script s = { .stalls = stalls, .n_stalls = ARRAY_SIZE(stalls), .stop_at_read = 20 };
	struct gap_lane *lane = lane_new();
	struct gap_span a = { 0 }, b = { 0 };

	(void)state;
	run(&s, (struct gap_plan){ ENDLESS, 200, 1000, 0 }, lane);
	assert_int_equal(lane->series.hist.n, 2);
	assert_int_equal(lane->series.gap_ticks, 2500);
	assert_int_equal(lane->series.note_ticks, 999);
	assert_true(gap_ring_take(&lane->ring, &a) && gap_ring_take(&lane->ring, &b));
	assert_int_equal(a.ticks, 500);
	assert_int_equal(b.tsc, a.tsc + a.ticks);
	assert_int_equal(b.ticks, 2000);
	free(lane);
}

static void test_ends(void **state)
{
	struct script s = { 0 }, late = { 0 };
	struct gap_lane *lane = lane_new();

	(void)state;
	run(&s, (struct gap_plan){ 1000, 200, 1000, 0 }, lane);
	assert_int_equal(s.tsc, 1000);
	assert_int_equal(lane->series.n_turns, 99);
	assert_int_equal(lane->series.end_tsc, 1000);
	assert_int_equal(lane->series.hist.n, 0);
	/* its time is over before it begins: one turn */
	late.tsc = 5000;
	run(&late, (struct gap_plan){ 1000, 200, 1000, 0 }, lane);
	assert_int_equal(lane->series.n_turns, 1);
	/* every read is as late as it can be: it still ends */
	late = (struct script){ .turn = 5000 };
	run(&late, (struct gap_plan){ 100000, 0, 1000, 0 }, lane);
	assert_in_range(late.tsc, 100000, 110000);
	free(lane);
}

static void test_a_clock_that_steps_back_is_no_gap(void **state)
{
	const struct stall back = { 10, (uint64_t)-5000 };
	struct script s = { .tsc = 100000, .stalls = &back, .n_stalls = 1, .stop_at_read = 50 };
	struct gap_lane *lane = lane_new();

	(void)state;
	run(&s, (struct gap_plan){ ENDLESS, 200, 1000, 0 }, lane);
	assert_int_equal(lane->series.hist.n, 0);
	assert_int_equal(lane->series.gap_ticks, 0);
	free(lane);
}

/* Each turn is a gap, and nobody takes them: counts stay exact, memory stays what it is. */
static void test_storm(void **state)
{
	const uint64_t n = 10 * GAP_RING_SIZE;
	struct script s = { .stop_at_read = 2 * n + 1 };
	struct gap_lane *lane = lane_new();
	struct gap_span span;
	uint64_t n_taken = 0;

	(void)state;
	run(&s, (struct gap_plan){ ENDLESS, 0, 1000, 0 }, lane);
	assert_int_equal(lane->series.n_turns, n);
	assert_int_equal(lane->series.hist.n, n);
	assert_int_equal(lane->series.hist.sum_ns, n * TURN / 2);
	assert_int_equal(lane->series.gap_ticks, n * TURN);
	assert_int_equal(lane->series.note_ticks, n * TURN);
	assert_int_equal(lane->series.n_top, GAP_TOP_MAX);
	while (gap_ring_take(&lane->ring, &span))
		n_taken++;
	assert_int_equal(n_taken, GAP_RING_SIZE);
	assert_int_equal(lane->series.n_not_taken, n - GAP_RING_SIZE);
	/* there is room again */
	s.stop_at_read = s.n_reads + 21;
	atomic_store(&s.stop, false);
	run(&s, (struct gap_plan){ ENDLESS, 0, 1000, 0 }, lane);
	assert_int_equal(lane->series.hist.n, 10);
	assert_int_equal(lane->series.n_not_taken, 0);
	free(lane);
}

/* The longest of many, in order, whatever the order they come in. */
static void test_top(void **state)
{
	struct stall *stalls = calloc(STALLS_MAX, sizeof(*stalls));
	struct script s = { .stalls = stalls, .n_stalls = STALLS_MAX };
	struct gap_lane *lane = lane_new();

	(void)state;
	assert_non_null(stalls);
	for (uint64_t i = 0; i < STALLS_MAX; i++)
		stalls[i] = (struct stall){ 10 * (i + 1), 1000 + i * 2731 % STALLS_MAX };
	s.stop_at_read = 10 * (STALLS_MAX + 2);
	run(&s, (struct gap_plan){ ENDLESS, 500, 100000, 0 }, lane);
	assert_int_equal(lane->series.hist.n, STALLS_MAX);
	assert_int_equal(lane->series.n_top, GAP_TOP_MAX);
	for (uint64_t i = 0; i < GAP_TOP_MAX; i++)
		assert_int_equal(lane->series.top[i].ticks, TURN + 1000 + STALLS_MAX - 1 - i);
	free(stalls);
	free(lane);
}

/* Stalls of 300 ns at random turns: each is seen, for the clock of this test is never late. */
static void test_stalls_of_300_ns_are_seen(void **state)
{
	struct stall *stalls = calloc(STALLS_MAX, sizeof(*stalls));
	struct script s = { .stalls = stalls, .n_stalls = STALLS_MAX };
	struct gap_lane *lane = lane_new();
	uint64_t at = 0, seed = 1;

	(void)state;
	assert_non_null(stalls);
	for (size_t i = 0; i < STALLS_MAX; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		/* not in the read after a gap, which is that of noting it */
		at += 3 + (seed >> 33) % 500;
		stalls[i] = (struct stall){ at, 600 };
	}
	s.stop_at_read = at + 10;
	run(&s, (struct gap_plan){ ENDLESS, 200, 2200, 0 }, lane);
	assert_int_equal(lane->series.hist.n, STALLS_MAX);
	assert_int_equal(lane->series.gap_ticks, STALLS_MAX * (600 + TURN));
	free(stalls);
	free(lane);
}

static void test_p999(void **state)
{
	struct script even = { .turn = 23 }, slow = { .turn = 100000 };
	const struct gap_clock clock = { scripted, &even }, slow_clock = { scripted, &slow };

	(void)state;
	assert_int_equal(gap_loop_p999(&clock), 23);
	assert_true(gap_loop_p999(&slow_clock) < 100000);
	assert_true(gap_loop_p999(NULL) > 0);
}

static void test_units(void **state)
{
	const struct gap_series none = { 0 };
	const struct gap_series odd = {
		.start_tsc = 5, .end_tsc = 10, .n_turns = 1, .gap_ticks = 7
	};

	(void)state;
	assert_int_equal(gap_ns_q32(1000000000), UINT64_C(1) << 32);
	assert_int_equal(gap_ns_q32(2000000000), UINT64_C(1) << 31);
	assert_int_equal(gap_loop_ps(&none, HZ), 0);
	assert_int_equal(gap_loop_ps(&odd, HZ), 0);
	assert_int_equal(gap_loop_ps(&odd, 0), 0);
}

/* The real clock: what is counted fits into the window. */
static void test_tsc(void **state)
{
	struct gap_lane *lane = lane_new();
	struct gap_plan plan = { .threshold = 0, .note_limit = 5000, .ns_q32 = gap_ns_q32(HZ) };
	const atomic_bool stop = false;

	(void)state;
#if !defined(__x86_64__)
	skip();
#endif
	gap_loop_run(&(struct gap_plan){ 0, ENDLESS, 1, 1 }, &stop, lane);
	plan.end_tsc = lane->series.end_tsc + 3000000;
	gap_loop_run(&plan, &stop, lane);
	assert_true(lane->series.end_tsc >= plan.end_tsc);
	assert_true(lane->series.hist.n >= lane->series.n_turns);
	assert_int_equal(lane->series.gap_ticks + lane->series.note_ticks,
			 lane->series.end_tsc - lane->series.start_tsc);
	free(lane);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps_are_counted_exactly),
		cmocka_unit_test(test_an_interruption_of_noting_is_a_gap),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_a_clock_that_steps_back_is_no_gap),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_top),
		cmocka_unit_test(test_stalls_of_300_ns_are_seen),
		cmocka_unit_test(test_p999),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_tsc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
