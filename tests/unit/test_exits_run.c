/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that really run; skipped where there is no /dev/kvm for us.
 *
 * TEST_SOURCES: probes/exits_run.c probes/exits_wire.c probes/exits_samples.c probes/exits_walk.c
 * TEST_SOURCES: probes/exits_mapped.c probes/stop.c probes/pin.c
 */
#include <dirent.h>
#include <signal.h>
#include <string.h>

#include "core/text.h"
#include "probes/exits_run.h"
#include "probes/pin.h"
#include "probes/stop.h"
#include "tests/lib/check.h"

#define N_CYCLES   100
#define GROWTH_MAX (2 * MIB)

static void need_kvm(void)
{
	if (access(MICROGUEST_DEVICE, R_OK | W_OK) < 0) {
		print_message("%s: %s\n", MICROGUEST_DEVICE, strerror(errno));
		skip();
	}
}

static unsigned n_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static uint64_t resident_bytes(void)
{
	auto_file FILE *f = fopen("/proc/self/statm", "r");
	unsigned long size, resident;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu %lu", &size, &resident), 2);
	return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A CPU that this process may use: the highest. */
static struct cpus one_cpu(void)
{
	struct cpus allowed, one = { 0 };
	int last = -1;

	assert_int_equal(pin_get(0, &allowed), 0);
	for (int c = cpus_next(&allowed, 0); c >= 0; c = cpus_next(&allowed, (unsigned)c + 1))
		last = c;
	cpus_add(&one, (unsigned)last);
	return one;
}

static struct exits_plan plan_of(unsigned program)
{
	return (struct exits_plan){
		.program = program,
		.cpus = one_cpu(),
		.budget_ns = NS_PER_MS,
		.interval_ns = 50 * NS_PER_US,
	};
}

static void run_once(unsigned program)
{
	const struct exits_plan plan = plan_of(program);
	struct exits_result result;

	assert_int_equal(exits_run(timebase_monotonic(), &plan, &result), 0);
	if (result.trouble)
		fail_msg("program %u: %s", program, result.trouble);
	assert_int_equal(result.n_seats, 1);
	exits_result_release(&result);
}

/* Each kind, over and over: no descriptor, no thread, no memory stays. */
static void test_cycles_leave_nothing(void **state)
{
	static const unsigned programs[] = { MG_PROGRAM_CPUID, MG_PROGRAM_PORT,  MG_PROGRAM_HLT,
					     MG_PROGRAM_MMIO,  MG_PROGRAM_STAMP, MG_PROGRAM_GAP };
	unsigned n_fds, n_tasks;
	uint64_t before;

	(void)state;
	need_kvm();
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		run_once(programs[i]);
	n_fds = n_entries("/proc/self/fd");
	n_tasks = n_entries("/proc/self/task");
	before = resident_bytes();
	for (size_t i = 0; i < N_CYCLES; i++)
		run_once(programs[i % ARRAY_SIZE(programs)]);
	assert_int_equal(n_entries("/proc/self/fd"), n_fds);
	assert_int_equal(n_entries("/proc/self/task"), n_tasks);
/* A sanitizer keeps what was freed, and finds by itself what was not. */
#ifndef FREED_MEMORY_STAYS
	assert_true(resident_bytes() < before + GROWTH_MAX);
#else
	(void)before;
#endif
}

/* Exact counts, however often the area of samples was full. */
static void test_samples_are_all_there(void **state)
{
	struct exits_plan plan = plan_of(MG_PROGRAM_CPUID);
	struct exits_result result;
	const struct hist *h;
	uint64_t n = 0;

	(void)state;
	need_kvm();
	plan.budget_ns = 200 * NS_PER_MS;
	assert_int_equal(exits_run(timebase_monotonic(), &plan, &result), 0);
	assert_null(result.trouble);
	h = &result.seats[0].hist;
	for (size_t i = 0; i < HIST_N_BUCKETS; i++)
		n += h->count[i];
	assert_true(h->n > 100);
	assert_int_equal(h->n, n);
	assert_true(h->min_ns > 0);
	assert_true(result.tsc_khz > 0);
	/* One after the other: together they cannot take longer than there was time. */
	assert_true(h->sum_ns <= plan.budget_ns + 2 * NS_PER_S);
	exits_result_release(&result);
}

static void test_a_cpu_that_is_not_there(void **state)
{
	struct exits_plan plan = plan_of(MG_PROGRAM_CPUID);
	struct exits_result result;

	(void)state;
	need_kvm();
	plan.cpus = (struct cpus){ 0 };
	cpus_add(&plan.cpus, CPUS_MAX - 1);
	assert_int_equal(exits_run(timebase_monotonic(), &plan, &result), 0);
	assert_non_null(result.trouble);
	assert_non_null(strstr(result.trouble, "CPU 8191"));
	assert_int_equal(result.seats[0].hist.n, 0);
	exits_result_release(&result);
}

/* A guest that never tells it is done. */
static void test_does_not_come_back(void **state)
{
	const struct exits_plan plan = plan_of(MG_PROGRAM_ECHO);
	struct exits_result result;

	(void)state;
	need_kvm();
	assert_int_equal(exits_run(timebase_monotonic(), &plan, &result), 0);
	assert_non_null(result.trouble);
	assert_string_equal(result.trouble, "the guest did not come back from it");
	assert_int_equal(result.seats[0].hist.n, 0);
	exits_result_release(&result);
}

/* A signal that came before ends it at once. */
static void test_asked_to_end(void **state)
{
	struct exits_plan plan = plan_of(MG_PROGRAM_GAP);
	const uint64_t start_ns = timebase_now(timebase_monotonic());
	struct exits_result result;

	(void)state;
	need_kvm();
	plan.budget_ns = 60 * NS_PER_S;
	kill(getpid(), SIGTERM);
	assert_int_equal(exits_run(timebase_monotonic(), &plan, &result), -EINTR);
	assert_true(timebase_now(timebase_monotonic()) - start_ns < 30 * NS_PER_S);
	exits_result_release(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cycles_leave_nothing),
		cmocka_unit_test(test_samples_are_all_there),
		cmocka_unit_test(test_a_cpu_that_is_not_there),
		cmocka_unit_test(test_does_not_come_back),
		cmocka_unit_test(test_asked_to_end),
	};

	if (stop_watch() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
