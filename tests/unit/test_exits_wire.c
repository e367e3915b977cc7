/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_wire.c probes/exits_samples.c probes/stop.c */
#include "probes/exits_wire.h"
#include "tests/lib/check.h"

static void test_latency(void **state)
{
	static const struct {
		uint64_t before, stamp, after, offset;
		int expected;
		uint64_t cycles;
	} rows[] = {
		{ 1000, 1500, 2000, 0, 0, 500 },
		{ 1000, 1000, 2000, 0, 0, 0 },
		{ 1000, 2000, 2000, 0, 0, 1000 },
		{ 1000, 999, 2000, 0, -ERANGE, 0 },
		{ 1000, 2001, 2000, 0, -ERANGE, 0 },
		/* the guest's counter began at 0 when the host's was at 900 */
		{ 1000, 300, 2000, UINT64_MAX - 899, 0, 200 },
		{ 1000, 1500, 2000, UINT64_MAX - 899, -ERANGE, 0 },
		/* and one that runs ahead, over the end of 64 bits */
		{ UINT64_MAX - 10, 100, 200, 50, 0, 61 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t cycles = 0;

		assert_int_equal(exits_wire_latency(rows[i].before, rows[i].stamp, rows[i].after,
						    rows[i].offset, &cycles),
				 rows[i].expected);
		assert_int_equal(cycles, rows[i].cycles);
	}
}

static void test_most_programs_need_no_wire(void **state)
{
	struct exits_wire wire;
	struct failure failed = { 0 };

	(void)state;
	exits_wire_init(&wire);
	assert_int_equal(exits_wire_connect(&wire, NULL, MG_PROGRAM_CPUID, &failed), 0);
	assert_int_equal(wire.fd, -1);
	exits_wire_release(&wire);
	assert_int_equal(wire.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latency),
		cmocka_unit_test(test_most_programs_need_no_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
