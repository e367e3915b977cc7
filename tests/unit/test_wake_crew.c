/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/wake_crew.c probes/wake_loop.c probes/pin.c probes/stop.c */
#include <sched.h>
#include <signal.h>

#include "probes/pin.h"
#include "probes/stop.h"
#include "probes/wake_crew.h"
#include "tests/lib/check.h"

/* On the CPUs this test may use; ordinary threads, for FIFO needs rights. */
static size_t start(struct wake_crew *crew)
{
	struct cpus own = { 0 };
	size_t n = 0;

	assert_int_equal(pin_get(0, &own), 0);
	wake_crew_init(crew, timebase_monotonic());
	for (int c = cpus_next(&own, 0); c >= 0 && n < 4; c = cpus_next(&own, (unsigned)c + 1)) {
		assert_int_equal(wake_crew_add(crew, (unsigned)c), 0);
		assert_int_equal(wake_crew_result(crew, n).cpu, c);
		n++;
	}
	return n;
}

static void test_repetitions_add_up(void **state)
{
	struct wake_crew *crew = malloc(sizeof(*crew));
	size_t n;

	(void)state;
	assert_non_null(crew);
	n = start(crew);
	assert_true(n > 0);
	(void)!wake_crew_set_fifo(crew, 1);
	for (uint64_t rep = 0; rep < 3; rep++) {
		assert_int_equal(wake_crew_run(crew, 500 * NS_PER_US, 40, rep), 0);
		for (size_t i = 0; i < n; i++) {
			const struct wake_result r = wake_crew_result(crew, i);

			assert_true(r.is_done);
			assert_int_equal(r.error, 0);
			assert_int_equal(r.series->n_due, 40);
			assert_int_equal(r.series->raw.n + r.series->missed, 40);
			assert_true(r.cpu_time_ns > 0);
		}
	}
	assert_false(crew->is_stuck);
	wake_crew_release(crew);
	free(crew);
}

static void test_asked_to_end(void **state)
{
	struct wake_crew *crew = malloc(sizeof(*crew));
	size_t n;

	(void)state;
	assert_non_null(crew);
	n = start(crew);
	(void)!wake_crew_set_fifo(crew, 1);
	/* An hour, and the wish to end is there before it begins. */
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(wake_crew_run(crew, NS_PER_MS, 3600000, 0), -EINTR);
	for (size_t i = 0; i < n; i++) {
		const struct wake_result r = wake_crew_result(crew, i);

		assert_true(r.is_done);
		assert_int_equal(r.series->raw.n + r.series->missed, r.series->n_due);
		assert_true(r.series->n_due < 3600000);
	}
	wake_crew_release(crew);
	free(crew);
}

static void test_cpu_that_is_not_there(void **state)
{
	struct wake_crew *crew = malloc(sizeof(*crew));
	size_t n;

	(void)state;
	assert_non_null(crew);
	n = start(crew);
	assert_int_equal(wake_crew_add(crew, CPUS_MAX - 1), -EINVAL);
	assert_int_equal(crew->n, n);
	/* The others are not kept from running. */
	(void)!wake_crew_set_fifo(crew, 1);
	assert_int_equal(wake_crew_run(crew, NS_PER_MS, 2, 0), 0);
	assert_int_equal(wake_crew_result(crew, 0).series->n_due, 2);
	wake_crew_release(crew);
	free(crew);
}

static void test_refused_priority_leaves_ordinary_threads(void **state)
{
	struct wake_crew *crew = malloc(sizeof(*crew));

	(void)state;
	assert_non_null(crew);
	start(crew);
	/* No policy has this priority. */
	assert_int_equal(wake_crew_set_fifo(crew, 1000), -EINVAL);
	assert_int_equal(wake_crew_run(crew, NS_PER_MS, 3, 0), 0);
	assert_int_equal(wake_crew_result(crew, 0).series->n_due, 3);
	wake_crew_release(crew);
	free(crew);
}

static int watch(void **state)
{
	(void)state;
	return stop_watch();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repetitions_add_up),
		cmocka_unit_test(test_asked_to_end),
		cmocka_unit_test(test_cpu_that_is_not_there),
		cmocka_unit_test(test_refused_priority_leaves_ordinary_threads),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
