/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <time.h>

#include "core/timebase.h"
#include "tests/lib/check.h"

static void test_monotonic_never_goes_back(void **state)
{
	const struct timebase *t = timebase_monotonic();
	uint64_t last = timebase_now(t);

	(void)state;
	assert_true(last > 0);
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t now = timebase_now(t);

		assert_true(now >= last);
		last = now;
	}
}

static void test_monotonic_is_the_clock_it_says(void **state)
{
	struct timespec before, after;
	uint64_t now;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &before);
	now = timebase_now(timebase_monotonic());
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(now >= (uint64_t)before.tv_sec * NS_PER_S + (uint64_t)before.tv_nsec);
	assert_true(now <= (uint64_t)after.tv_sec * NS_PER_S + (uint64_t)after.tv_nsec);
}

static void test_sleep_ends_at_or_after_the_deadline(void **state)
{
	const struct timebase *t = timebase_monotonic();
	uint64_t deadline = timebase_now(t) + 3 * NS_PER_MS;

	(void)state;
	assert_int_equal(t->sleep_until_ns(t->self, deadline), 0);
	assert_true(timebase_now(t) >= deadline);
	/* A deadline of the past is no sleep and no error. */
	assert_int_equal(t->sleep_until_ns(t->self, deadline), 0);
	assert_int_equal(t->sleep_until_ns(t->self, 0), 0);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_sleep_is_interrupted(void **state)
{
	const struct timebase *t = timebase_monotonic();
	const struct itimerspec soon = {
		.it_value.tv_nsec = 5000000,
		.it_interval.tv_nsec = 5000000,
	};
	const struct itimerspec never = { 0 };
	struct sigaction act = { .sa_handler = on_alarm }, old;
	timer_t timer;
	int r;

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &act, &old), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &soon, NULL), 0);
	r = t->sleep_until_ns(t->self, UINT64_MAX);
	timer_settime(timer, 0, &never, NULL);
	timer_delete(timer);
	sigaction(SIGALRM, &old, NULL);
	assert_int_equal(r, -EINTR);
}

static void test_unix_time_is_the_wall_clock(void **state)
{
	uint64_t now = unix_now_ns();
	uint64_t plain = (uint64_t)time(NULL);

	(void)state;
	assert_true(now / NS_PER_S + 60 >= plain);
	assert_true(now / NS_PER_S <= plain + 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_monotonic_never_goes_back),
		cmocka_unit_test(test_monotonic_is_the_clock_it_says),
		cmocka_unit_test(test_sleep_ends_at_or_after_the_deadline),
		cmocka_unit_test(test_sleep_is_interrupted),
		cmocka_unit_test(test_unix_time_is_the_wall_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
