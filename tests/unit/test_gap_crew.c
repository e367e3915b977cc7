/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/gap_crew.c probes/gap_loop.c probes/pin.c probes/stop.c */
#include <signal.h>
#include <string.h>

#include "core/sysroot.h"
#include "probes/gap_crew.h"
#include "probes/pin.h"
#include "probes/stop.h"
#include "probes/tsc_read.h"
#include "tests/lib/check.h"

#define TICKS UINT64_C(20000000) /* some ms */

/* On the CPUs this test may use. */
static struct gap_crew *start(size_t *ret_n)
{
	struct gap_crew *crew = malloc(sizeof(*crew));
	struct cpus own = { 0 };
	size_t n = 0;

	assert_non_null(crew);
	assert_int_equal(pin_get(0, &own), 0);
	gap_crew_init(crew, timebase_monotonic());
	for (int c = cpus_next(&own, 0); c >= 0 && n < 4; c = cpus_next(&own, (unsigned)c + 1)) {
		assert_int_equal(gap_crew_add(crew, (unsigned)c), 0);
		assert_int_equal(gap_crew_member(crew, n).cpu, c);
		n++;
	}
	gap_crew_prepare(crew);
	assert_int_equal(gap_crew_wait(crew, crew->limit_ns), 0);
	*ret_n = n;
	return crew;
}

static void end(struct gap_crew *crew)
{
	assert_false(crew->is_stuck);
	gap_crew_release(crew);
	free(crew);
}

static struct gap_plan plan_of(uint64_t ticks)
{
	return (struct gap_plan){ tsc_read() + ticks, 5000, 10000, gap_ns_q32(1000000000) };
}

static void check_thread(const struct gap_member *m)
{
	auto_free char *name = NULL;
	struct sysroot root;
	struct cpus where = { 0 };

	assert_int_equal(sysroot_open(&root, "/"), 0);
	assert_int_equal(sysroot_read_line(&root, &name, "/proc/self/task/%d/comm", m->tid), 0);
	assert_string_equal(name, GAP_THREAD_NAME);
	assert_int_equal(pin_get(m->tid, &where), 0);
	assert_int_equal(cpus_count(&where), 1);
	assert_true(cpus_has(&where, m->cpu));
	sysroot_close(&root);
}

static void test_repetitions(void **state)
{
	size_t n = 0;
	struct gap_crew *crew = start(&n);

	(void)state;
	assert_true(n > 0);
	for (unsigned rep = 0; rep < 3; rep++) {
		const struct gap_plan plan = plan_of(TICKS);

		gap_crew_start(crew, &plan, NS_PER_S);
		while (gap_crew_wait(crew, timebase_now(crew->time) + NS_PER_MS) > 0)
			;
		for (size_t i = 0; i < n; i++) {
			const struct gap_member m = gap_crew_member(crew, i);
			const struct gap_series *s = &m.lane->series;

			assert_true(m.is_done);
			assert_true(m.p999_ticks > 0);
			check_thread(&m);
			assert_true(s->end_tsc >= plan.end_tsc);
			assert_true(s->n_turns > 0);
			assert_int_equal(atomic_load(&m.lane->start_tsc), s->start_tsc);
			assert_int_equal(atomic_load(&m.lane->seen_tsc), s->end_tsc);
			assert_true(s->gap_ticks + s->note_ticks <= s->end_tsc - s->start_tsc);
		}
	}
	assert_false(crew->is_asked);
	end(crew);
}

static void test_asked_to_end(void **state)
{
	size_t n = 0;
	struct gap_crew *crew = start(&n);
	const struct gap_plan plan = plan_of(UINT64_C(1) << 50);

	(void)state;
	gap_crew_start(crew, &plan, 3600 * NS_PER_S);
	assert_int_equal(gap_crew_wait(crew, timebase_now(crew->time) + 10 * NS_PER_MS), 1);
	assert_int_equal(raise(SIGTERM), 0);
	while (gap_crew_wait(crew, timebase_now(crew->time) + NS_PER_MS) > 0)
		;
	assert_true(crew->is_asked);
	for (size_t i = 0; i < n; i++) {
		const struct gap_member m = gap_crew_member(crew, i);

		assert_true(m.is_done);
		assert_true(m.lane->series.end_tsc < plan.end_tsc);
	}
	end(crew);
}

static void test_cpu_that_is_not_there(void **state)
{
	size_t n = 0;
	struct gap_crew *crew = start(&n);
	const struct gap_plan plan = plan_of(TICKS);

	(void)state;
	assert_int_equal(gap_crew_add(crew, CPUS_MAX - 1), -EINVAL);
	assert_int_equal(crew->n, n);
	/* The others are not kept from running. */
	gap_crew_start(crew, &plan, NS_PER_S);
	while (gap_crew_wait(crew, timebase_now(crew->time) + NS_PER_MS) > 0)
		;
	assert_true(gap_crew_member(crew, 0).lane->series.n_turns > 0);
	end(crew);
}

static int watch(void **state)
{
	(void)state;
	return stop_watch();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repetitions),
		cmocka_unit_test(test_asked_to_end),
		cmocka_unit_test(test_cpu_that_is_not_there),
	};

#if !defined(__x86_64__)
	return 0;
#endif
	return cmocka_run_group_tests(tests, watch, NULL);
}
