/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/pin.c */
#include <sched.h>

#include "probes/pin.h"
#include "tests/lib/check.h"

#define ABSENT (CPUS_MAX - 1) /* no machine has that many */

static struct cpus own_cpus(void)
{
	struct cpus own = { 0 };

	assert_int_equal(pin_get(0, &own), 0);
	assert_false(cpus_is_empty(&own));
	return own;
}

static void test_self(void **state)
{
	const struct cpus own = own_cpus();
	struct cpus one = { 0 }, absent = { 0 }, now;

	(void)state;
	cpus_add(&one, (unsigned)cpus_next(&own, 0));
	cpus_add(&absent, ABSENT);
	assert_int_equal(pin_self(&one), 0);
	assert_int_equal(sched_getcpu(), cpus_next(&own, 0));
	now = own_cpus();
	assert_true(cpus_equal(&now, &one));
	assert_int_equal(pin_self(&absent), -EINVAL);
	now = own_cpus();
	assert_true(cpus_equal(&now, &one));
	assert_int_equal(pin_self(&own), 0);
}

static void test_off(void **state)
{
	const struct cpus own = own_cpus();
	struct cpus first = { 0 }, rest, now;

	(void)state;
	cpus_add(&first, (unsigned)cpus_next(&own, 0));
	rest = cpus_minus(&own, &first);
	assert_int_equal(pin_off(&own, &own), -ENOSPC);
	now = own_cpus();
	assert_true(cpus_equal(&now, &own));
	if (cpus_is_empty(&rest))
		skip();
	assert_int_equal(pin_off(&first, &own), 0);
	now = own_cpus();
	assert_true(cpus_equal(&now, &rest));
	/* What it may run on now is all to be avoided: to the others that are online. */
	assert_int_equal(pin_off(&rest, &own), 0);
	now = own_cpus();
	assert_true(cpus_equal(&now, &first));
	assert_int_equal(pin_self(&own), 0);
}

/* What may be used does not hang on where the caller runs now, which stays as it is. */
static void test_may(void **state)
{
	const struct cpus own = own_cpus();
	struct cpus first = { 0 }, now;

	(void)state;
	cpus_add(&first, (unsigned)cpus_next(&own, 0));
	assert_int_equal(pin_self(&first), 0);
	for (int c = cpus_next(&own, 0); c >= 0; c = cpus_next(&own, (unsigned)c + 1))
		assert_true(pin_may((unsigned)c));
	assert_false(pin_may(ABSENT));
	assert_false(pin_may(CPUS_MAX));
	now = own_cpus();
	assert_true(cpus_equal(&now, &first));
	assert_int_equal(pin_self(&own), 0);
}

static void *where(void *arg)
{
	*(struct cpus *)arg = own_cpus();
	return NULL;
}

static void test_thread(void **state)
{
	const struct cpus own = own_cpus();
	const unsigned cpu = (unsigned)cpus_next(&own, 0);
	struct cpus want = { 0 }, got = { 0 };
	pthread_t thread;

	(void)state;
	cpus_add(&want, cpu);
	assert_int_equal(pin_thread_new(cpu, 0, where, &got, &thread), 0);
	pthread_join(thread, NULL);
	assert_true(cpus_equal(&got, &want));
	assert_int_equal(pin_thread_new(ABSENT, 0, where, &got, &thread), -EINVAL);
	assert_int_equal(pin_thread_new(CPUS_MAX, 0, where, &got, &thread), -EINVAL);
	assert_int_equal(pin_thread_new(cpu, 1, where, &got, &thread), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_may),
		cmocka_unit_test(test_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
