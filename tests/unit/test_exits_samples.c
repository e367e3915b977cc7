/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_samples.c */
#include "probes/exits_samples.h"
#include "probes/microguest/layout.h"
#include "tests/lib/check.h"

static void test_ns(void **state)
{
	static const struct {
		uint64_t cycles, khz, ns;
	} rows[] = {
		{ 0, 1, 0 },
		{ 1, 1000000, 1 },
		{ 3, 3000000, 1 },
		{ 5, 3000000, 1 },
		{ 2596148000, 2596148, NS_PER_S },
		{ UINT64_MAX, 1000000, UINT64_MAX },
		/* 584 years at 4 GHz would not fit before the division */
		{ UINT64_MAX, 4000000, UINT64_MAX / 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(exits_ns(rows[i].cycles, rows[i].khz), rows[i].ns);
}

static void test_cycles(void **state)
{
	static const struct {
		uint64_t ns, khz, cycles;
	} rows[] = {
		{ 0, 3000000, 0 },
		{ 1, 3000000, 3 },
		{ 1, 1500000, 2 },
		{ NS_PER_S, 2596148, 2596148000 },
		{ UINT64_MAX, 1000000, UINT64_MAX },
		{ UINT64_MAX, 4000000, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(exits_cycles(rows[i].ns, rows[i].khz), rows[i].cycles);
}

static void test_drain(void **state)
{
	const uint64_t samples[] = { 2000, 4000, 3000 };
	auto_free struct hist *h = malloc(sizeof(*h));

	(void)state;
	assert_non_null(h);
	hist_init(h);
	exits_drain(samples, 0, 2000000, h);
	assert_int_equal(h->n, 0);
	exits_drain(samples, ARRAY_SIZE(samples), 2000000, h);
	exits_drain(samples, 1, 2000000, h);
	assert_int_equal(h->n, 4);
	assert_int_equal(h->min_ns, 1000);
	assert_int_equal(h->max_ns, 2000);
	assert_int_equal(h->sum_ns, 1000 + 2000 + 1500 + 1000);
}

/* A count that the guest's memory cannot hold is no count. */
static void test_drain_is_bounded(void **state)
{
	auto_free uint64_t *samples = calloc(MG_SAMPLES_MAX, sizeof(*samples));
	auto_free struct hist *h = malloc(sizeof(*h));

	(void)state;
	assert_non_null(samples);
	assert_non_null(h);
	hist_init(h);
	exits_drain(samples, UINT64_MAX, 1000, h);
	assert_int_equal(h->n, MG_SAMPLES_MAX);
}

static void test_gap_threshold(void **state)
{
	uint64_t native[] = { 20, 22, 21, 900000, 23 };
	uint64_t emulated[] = { 9000, 8000, 10000, 100000000 };
	uint64_t one[] = { 4000 };

	(void)state;
	assert_int_equal(exits_gap_threshold_ns(native, 0, 1000000), EXITS_GAP_MIN_NS);
	assert_int_equal(exits_gap_threshold_ns(native, ARRAY_SIZE(native), 1000000),
			 EXITS_GAP_MIN_NS);
	assert_int_equal(exits_gap_threshold_ns(emulated, ARRAY_SIZE(emulated), 1000000), 40000);
	assert_int_equal(exits_gap_threshold_ns(one, 1, 2000000), 8000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ns),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_drain_is_bounded),
		cmocka_unit_test(test_gap_threshold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
