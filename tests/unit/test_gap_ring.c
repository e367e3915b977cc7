/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One writer and one reader at once: nothing is lost but what is refused, and all in order. */
#include <pthread.h>
#include <string.h>

#include "probes/gap_ring.h"
#include "tests/lib/check.h"

#define N UINT64_C(1000000)

struct job {
	struct gap_ring *ring;
	uint64_t n_refused;
	atomic_bool is_over;
};

static struct gap_ring *ring_new(void)
{
	struct gap_ring *r = aligned_alloc(128, sizeof(*r));

	assert_non_null(r);
	memset(r, 0, sizeof(*r));
	return r;
}

static void *write_all(void *arg)
{
	struct job *job = arg;

	for (uint64_t i = 1; i <= N; i++)
		job->n_refused += !gap_ring_put(job->ring, (struct gap_span){ i, 2 * i });
	atomic_store(&job->is_over, true);
	return NULL;
}

static void test_two_threads(void **state)
{
	struct job job = { .ring = ring_new() };
	uint64_t n = 0, last = 0;
	struct gap_span s;
	pthread_t writer;
	bool is_over = false;

	(void)state;
	assert_int_equal(pthread_create(&writer, NULL, write_all, &job), 0);
	while (!is_over) {
		is_over = atomic_load(&job.is_over);
		while (gap_ring_take(job.ring, &s)) {
			assert_true(s.tsc > last);
			assert_int_equal(s.ticks, 2 * s.tsc);
			last = s.tsc;
			n++;
		}
	}
	pthread_join(writer, NULL);
	assert_int_equal(n + job.n_refused, N);
	free(job.ring);
}

static void test_full_and_empty(void **state)
{
	struct gap_ring *r = ring_new();
	struct gap_span s = { 0 };

	(void)state;
	assert_false(gap_ring_take(r, &s));
	for (uint64_t i = 0; i < GAP_RING_SIZE; i++)
		assert_true(gap_ring_put(r, (struct gap_span){ i, 1 }));
	assert_false(gap_ring_put(r, (struct gap_span){ 0, 9 }));
	assert_true(gap_ring_take(r, &s));
	assert_int_equal(s.tsc, 0);
	assert_true(gap_ring_put(r, (struct gap_span){ GAP_RING_SIZE, 1 }));
	assert_false(gap_ring_put(r, (struct gap_span){ 0, 9 }));
	for (uint64_t i = 1; i <= GAP_RING_SIZE; i++) {
		assert_true(gap_ring_take(r, &s));
		assert_int_equal(s.tsc, i);
		assert_int_equal(s.ticks, 1);
	}
	assert_false(gap_ring_take(r, &s));
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_and_empty),
		cmocka_unit_test(test_two_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
