/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/tsc_turns.c */
#include <pthread.h>
#include <string.h>

#include "probes/tsc_turns.h"
#include "tests/lib/check.h"

#define LATE_NS (20000 * NS_PER_MS) /* never reached unless something is wrong */

/* A counter that both sides share, and what side 1 has on top of it. */
struct counter {
	atomic_ullong ticks;
	uint64_t ahead;
};

static uint64_t read_counter(void *self, unsigned side)
{
	struct counter *c = self;
	const uint64_t now = 1000000 + atomic_fetch_add(&c->ticks, 1);

	return side == 1 ? now + c->ahead : now;
}

/* A clock that passes 1 us at each look, whoever looks. */
static uint64_t step_now_ns(void *self)
{
	return (atomic_fetch_add((atomic_ullong *)self, 1) + 1) * NS_PER_US;
}

struct job {
	struct tsc_turns *t;
	unsigned side;
};

static void *run_side(void *arg)
{
	const struct job *job = arg;

	tsc_turns_run(job->t, job->side);
	return NULL;
}

static void run_both(struct tsc_turns *t)
{
	struct job jobs[2] = { { t, 0 }, { t, 1 } };
	pthread_t threads[2];

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_side, &jobs[i]), 0);
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static struct tsc_turns *turns_new(const struct timebase *time, struct counter *c)
{
	struct tsc_turns *t = aligned_alloc(128, sizeof(*t));

	assert_non_null(t);
	memset(t, 0, sizeof(*t));
	t->time = time;
	t->enough_turns = 256;
	t->limit_ns = LATE_NS;
	t->read = read_counter;
	t->self = c;
	return t;
}

static void test_turns_are_strict_and_in_order(void **state)
{
	struct counter c = { 0 };
	struct tsc_turns *t = turns_new(timebase_monotonic(), &c);

	(void)state;
	run_both(t);
	/* Strictly in turn: never more than one apart. */
	assert_true(t->sides[0].n_turns - t->sides[1].n_turns <= 1);
	assert_true(t->sides[0].n_turns >= 128);
	assert_int_equal(t->sides[0].n_turns + t->sides[1].n_turns, atomic_load(&c.ticks));
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(t->sides[i].n_backward, 0);
		assert_int_equal(t->sides[i].max_backward, 0);
	}
	free(t);
}

static void test_offset_is_seen_by_the_side_behind(void **state)
{
	struct counter c = { .ahead = 5000 };
	struct tsc_turns *t = turns_new(timebase_monotonic(), &c);

	(void)state;
	run_both(t);
	/* Side 0 always reads after side 1, but in its first turn. */
	assert_int_equal(t->sides[0].n_backward, t->sides[0].n_turns - 1);
	assert_int_equal(t->sides[0].max_backward, 5000 - 1);
	assert_int_equal(t->sides[1].n_backward, 0);
	free(t);
}

static void test_alone_it_gives_up(void **state)
{
	for (unsigned side = 0; side < 2; side++) {
		atomic_ullong clock = 0;
		const struct timebase time = { &clock, step_now_ns, NULL };
		struct counter c = { 0 };
		struct tsc_turns *t = turns_new(&time, &c);

		(void)state;
		t->limit_ns = 50 * NS_PER_US;
		tsc_turns_run(t, side);
		assert_int_equal(t->sides[0].n_turns + t->sides[1].n_turns, 0);
		assert_true(atomic_load(&clock) <= 60);
		free(t);
	}
}

static void test_other_side_that_is_taken_away(void **state)
{
	for (unsigned side = 0; side < 2; side++) {
		atomic_ullong clock = 0;
		const struct timebase time = { &clock, step_now_ns, NULL };
		struct counter c = { 0 };
		struct tsc_turns *t = turns_new(&time, &c);

		(void)state;
		t->limit_ns = 50 * NS_PER_US;
		/* It came, and does not run any more. */
		atomic_store(&t->n_arrived, 1);
		tsc_turns_run(t, side);
		assert_int_equal(t->sides[side].n_turns, side == 0 ? 1 : 0);
		assert_true(atomic_load(&clock) <= 60);
		free(t);
	}
}

static void test_few_turns_end_at_the_limit(void **state)
{
	struct counter c = { 0 };
	struct tsc_turns *t = turns_new(timebase_monotonic(), &c);

	(void)state;
	t->enough_turns = UINT64_MAX;
	t->limit_ns = 3 * NS_PER_MS;
	run_both(t);
	assert_int_equal(t->sides[0].n_backward + t->sides[1].n_backward, 0);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turns_are_strict_and_in_order),
		cmocka_unit_test(test_offset_is_seen_by_the_side_behind),
		cmocka_unit_test(test_alone_it_gives_up),
		cmocka_unit_test(test_other_side_that_is_taken_away),
		cmocka_unit_test(test_few_turns_end_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
