/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/wake_loop.c */
#include <string.h>

#include "probes/wake_loop.h"
#include "tests/lib/check.h"

#define USUAL_NS (20 * NS_PER_US)

/* A clock that stands still but for sleeping; each stall_every_ns it loses stall_ns. */
struct fake {
	uint64_t now_ns, stall_every_ns, stall_ns, next_stall_ns;
	uint64_t n_sleeps, eintr_every, stop_at_sleep;
	int error;
	atomic_bool stop;
};

static uint64_t fake_now_ns(void *self)
{
	return ((struct fake *)self)->now_ns;
}

static int fake_sleep_until_ns(void *self, uint64_t deadline_ns)
{
	struct fake *f = self;

	f->n_sleeps++;
	if (f->stop_at_sleep != 0 && f->n_sleeps == f->stop_at_sleep)
		atomic_store(&f->stop, true);
	if (f->error != 0)
		return f->error;
	if (f->eintr_every != 0 && f->n_sleeps % f->eintr_every == 0)
		return -EINTR;
	if (f->stall_every_ns != 0 && deadline_ns >= f->next_stall_ns) {
		f->now_ns = deadline_ns + f->stall_ns;
		f->next_stall_ns += f->stall_every_ns;
		return 0;
	}
	if (deadline_ns > f->now_ns)
		f->now_ns = deadline_ns;
	f->now_ns += USUAL_NS;
	return 0;
}

static int run(struct fake *f, const struct wake_plan *plan, struct wake_series *s)
{
	const struct timebase time = { f, fake_now_ns, fake_sleep_until_ns };

	return wake_loop_run(&time, plan, &f->stop, s);
}

static void test_in_time_nothing_is_missed_or_hidden(void **state)
{
	struct fake f = { .now_ns = 5 * NS_PER_S };
	const struct wake_plan plan = { 5 * NS_PER_S, NS_PER_MS, 4000 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	/* What an earlier repetition left behind does not count. */
	memset(s, 0x55, sizeof(*s));
	assert_int_equal(run(&f, &plan, s), 0);
	assert_int_equal(s->raw.n, 4000);
	assert_int_equal(s->raw.min_ns, USUAL_NS);
	assert_int_equal(s->raw.max_ns, USUAL_NS);
	assert_int_equal(s->missed, 0);
	assert_int_equal(s->n_due, 4000);
	assert_int_equal(s->hidden.n, 0);
	/* One sleep per value, the last one for the last deadline. */
	assert_int_equal(f.n_sleeps, 4000);
	assert_int_equal(f.now_ns, 5 * NS_PER_S + 4000 * NS_PER_MS + USUAL_NS);
	free(s);
}

static void test_stall_of_50_ms_each_second(void **state)
{
	struct fake f = {
		.stall_every_ns = NS_PER_S,
		.stall_ns = 50 * NS_PER_MS,
		.next_stall_ns = NS_PER_S / 2,
	};
	const struct wake_plan plan = { 0, NS_PER_MS, 20000 };
	struct wake_series *s = calloc(1, sizeof(*s));
	struct hist *corrected = calloc(1, sizeof(*corrected));
	uint64_t p99_ns;

	(void)state;
	assert_non_null(s);
	assert_non_null(corrected);
	assert_int_equal(run(&f, &plan, s), 0);
	wake_series_corrected(s, corrected);

	/* 20 stalls, each hides 50 deadlines. */
	assert_int_equal(s->missed, 20 * 50);
	assert_int_equal(s->raw.n + s->missed, 20000);
	assert_int_equal(s->raw.max_ns, 50 * NS_PER_MS);
	/* To the raw values all is well up to 99.9 %. */
	assert_true(hist_quantile_ns(&s->raw, 990000) <= USUAL_NS + USUAL_NS / 100);
	/* Of 1000 periods 10 are later than 40 ms. */
	p99_ns = hist_quantile_ns(corrected, 990000);
	assert_true(p99_ns >= 39 * NS_PER_MS && p99_ns <= 41 * NS_PER_MS);
	/* 50, 49, … 1 ms for the one value of 50 ms. */
	assert_int_equal(s->hidden.n, 20 * 49);
	assert_int_equal(corrected->n, s->raw.n + 20 * 49);
	assert_int_equal(corrected->max_ns, s->raw.max_ns);
	free(corrected);
	free(s);
}

static void test_corrected_is_what_the_histogram_would_make(void **state)
{
	static const uint64_t latencies_ns[] = { 1, 999999, 1000000, 1000001, 2000000, 7654321 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(latencies_ns); i++) {
		struct fake f = { .stall_every_ns = UINT64_MAX / 2, .stall_ns = latencies_ns[i] };
		const struct wake_plan plan = { 0, NS_PER_MS, 20 };
		struct wake_series *s = calloc(1, sizeof(*s));
		struct hist *got = calloc(1, sizeof(*got)), *want = calloc(1, sizeof(*want));

		assert_true(s && got && want);
		assert_int_equal(run(&f, &plan, s), 0);
		wake_series_corrected(s, got);
		hist_init(want);
		hist_add_corrected(want, latencies_ns[i], NS_PER_MS);
		for (uint64_t n = 1; n < s->raw.n; n++)
			hist_add_corrected(want, USUAL_NS, NS_PER_MS);
		assert_memory_equal(got, want, sizeof(*got));
		assert_int_equal(s->missed, latencies_ns[i] / NS_PER_MS);
		free(want);
		free(got);
		free(s);
	}
}

static void test_deadlines_keep_their_phase_after_a_stall(void **state)
{
	/* 2.5 periods late at deadline 3: 4 and 5 are missed, 6 is served in time. */
	struct fake f = {
		.stall_every_ns = UINT64_MAX / 2,
		.stall_ns = 2500 * NS_PER_US,
		.next_stall_ns = 3 * NS_PER_MS + 77,
	};
	const struct wake_plan plan = { 77, NS_PER_MS, 10 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	assert_int_equal(run(&f, &plan, s), 0);
	assert_int_equal(s->missed, 2);
	assert_int_equal(s->raw.n, 8);
	assert_int_equal(f.n_sleeps, 8);
	assert_int_equal(s->raw.max_ns, 2500 * NS_PER_US);
	assert_int_equal(s->raw.sum_ns, 2500 * NS_PER_US + 7 * USUAL_NS);
	free(s);
}

static void test_stall_beyond_the_end_misses_only_what_was_due(void **state)
{
	static const struct {
		uint64_t at_deadline, stall_ns, want_n, want_missed;
	} rows[] = {
		{ 10, NS_PER_S, 10, 0 },     { 8, NS_PER_S, 8, 2 },  { 1, UINT32_MAX, 1, 9 },
		{ 9, NS_PER_MS - 1, 10, 0 }, { 9, NS_PER_MS, 9, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fake f = {
			.stall_every_ns = UINT64_MAX / 2,
			.stall_ns = rows[i].stall_ns,
			.next_stall_ns = rows[i].at_deadline * NS_PER_MS,
		};
		const struct wake_plan plan = { 0, NS_PER_MS, 10 };
		struct wake_series *s = calloc(1, sizeof(*s));

		assert_non_null(s);
		assert_int_equal(run(&f, &plan, s), 0);
		assert_int_equal(s->raw.n, rows[i].want_n);
		assert_int_equal(s->missed, rows[i].want_missed);
		assert_int_equal(s->n_due, 10);
		free(s);
	}
}

static void test_signals_do_not_make_values(void **state)
{
	struct fake f = { .eintr_every = 3 };
	const struct wake_plan plan = { 0, NS_PER_MS, 1000 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	assert_int_equal(run(&f, &plan, s), 0);
	assert_int_equal(s->raw.n, 1000);
	assert_int_equal(s->missed, 0);
	assert_int_equal(s->raw.max_ns, USUAL_NS);
	free(s);
}

static void test_stop_keeps_what_was_measured(void **state)
{
	struct fake f = {
		.stop_at_sleep = 101,
		.stall_every_ns = UINT64_MAX / 2,
		.stall_ns = 3 * NS_PER_MS,
	};
	const struct wake_plan plan = { 0, NS_PER_MS, 1000 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	assert_int_equal(run(&f, &plan, s), 0);
	assert_int_equal(s->raw.n, 100);
	assert_int_equal(s->missed, 3);
	assert_int_equal(s->n_due, 103);
	free(s);
}

static void test_sleep_that_fails_is_no_endless_loop(void **state)
{
	struct fake f = { .error = -EINVAL };
	const struct wake_plan plan = { 0, NS_PER_MS, 1000 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	assert_int_equal(run(&f, &plan, s), -EINVAL);
	assert_int_equal(s->raw.n, 0);
	assert_int_equal(s->n_due, 0);
	free(s);
}

static int early_sleep_until_ns(void *self, uint64_t deadline_ns)
{
	((struct fake *)self)->now_ns = deadline_ns - 1;
	return 0;
}

static void test_clock_behind_the_deadline_is_no_huge_latency(void **state)
{
	struct fake f = { 0 };
	const struct timebase time = { &f, fake_now_ns, early_sleep_until_ns };
	const struct wake_plan plan = { 0, NS_PER_MS, 3 };
	struct wake_series *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	assert_int_equal(wake_loop_run(&time, &plan, &f.stop, s), 0);
	assert_int_equal(s->raw.n, 3);
	assert_int_equal(s->raw.max_ns, 0);
	assert_int_equal(s->missed, 0);
	free(s);
}

static void test_phases_spread_over_cpus_and_repetitions(void **state)
{
	const uint64_t interval_ns = NS_PER_MS;

	(void)state;
	for (uint64_t rep = 0; rep < 20; rep++) {
		const uint64_t first = wake_phase_ns(interval_ns, rep, 0, 4);

		for (size_t i = 0; i < 4; i++) {
			const uint64_t phase = wake_phase_ns(interval_ns, rep, i, 4);

			assert_true(phase < interval_ns);
			assert_int_equal(phase, (first + i * interval_ns / 4) % interval_ns);
		}
	}
	/* No two of ten repetitions lie closer than 3 % of the interval, also around its end. */
	for (uint64_t a = 0; a < 10; a++) {
		for (uint64_t b = a + 1; b < 10; b++) {
			const uint64_t x = wake_phase_ns(interval_ns, a, 0, 1);
			const uint64_t y = wake_phase_ns(interval_ns, b, 0, 1);
			const uint64_t apart = x > y ? x - y : y - x;

			assert_true(apart > interval_ns * 3 / 100);
			assert_true(apart < interval_ns * 97 / 100);
		}
	}
	assert_true(wake_phase_ns(7, 3, 2, 3) < 7);
	assert_true(wake_phase_ns(60 * NS_PER_S, 9999, 63, 64) < 60 * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_time_nothing_is_missed_or_hidden),
		cmocka_unit_test(test_stall_of_50_ms_each_second),
		cmocka_unit_test(test_corrected_is_what_the_histogram_would_make),
		cmocka_unit_test(test_deadlines_keep_their_phase_after_a_stall),
		cmocka_unit_test(test_stall_beyond_the_end_misses_only_what_was_due),
		cmocka_unit_test(test_signals_do_not_make_values),
		cmocka_unit_test(test_stop_keeps_what_was_measured),
		cmocka_unit_test(test_sleep_that_fails_is_no_endless_loop),
		cmocka_unit_test(test_clock_behind_the_deadline_is_no_huge_latency),
		cmocka_unit_test(test_phases_spread_over_cpus_and_repetitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
