/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/stop.c */
#include <signal.h>

#include "probes/stop.h"
#include "tests/lib/check.h"

static void test_time(void **state)
{
	const struct timebase *time = timebase_monotonic();
	const uint64_t deadline_ns = timebase_now(time) + 3 * NS_PER_MS;

	(void)state;
	assert_int_equal(stop_wait(time, 0), STOP_TIME);
	assert_int_equal(stop_wait(time, deadline_ns), STOP_TIME);
	assert_true(timebase_now(time) >= deadline_ns);
}

static void test_signals_that_ask(void **state)
{
	static const int asks[] = { SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,
				    SIGALRM, SIGPROF, SIGXCPU, SIGPOLL, SIGPWR,  SIGVTALRM };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		/* One that came before the wait counts, once. */
		assert_int_equal(raise(asks[i]), 0);
		assert_int_equal(stop_wait(timebase_monotonic(), UINT64_MAX), STOP_ASKED);
		assert_int_equal(stop_wait(timebase_monotonic(), 0), STOP_TIME);
	}
}

static void *nudge(void *arg)
{
	stop_nudge(*(pthread_t *)arg);
	return NULL;
}

static void test_nudge_from_another_thread(void **state)
{
	pthread_t self = pthread_self(), other;

	(void)state;
	assert_int_equal(pthread_create(&other, NULL, nudge, &self), 0);
	assert_int_equal(stop_wait(timebase_monotonic(), UINT64_MAX), STOP_NUDGED);
	pthread_join(other, NULL);
}

static int watch(void **state)
{
	(void)state;
	return stop_watch();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_signals_that_ask),
		cmocka_unit_test(test_nudge_from_another_thread),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
