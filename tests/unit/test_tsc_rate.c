/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/tsc_rate.c */
#include "probes/tsc_rate.h"
#include "tests/lib/check.h"

/* A TSC of 2.5 GHz beside a clock of 1 ns; each look takes as many ns as the table says. */
struct fake {
	uint64_t now_ns;
	const uint64_t *costs_ns;
	size_t n_costs, n_looks;
};

static void pass(struct fake *f)
{
	f->now_ns += f->costs_ns[f->n_looks++ % f->n_costs];
}

static uint64_t fake_tsc(void *self)
{
	struct fake *f = self;

	pass(f);
	return f->now_ns / 2 * 5;
}

static uint64_t fake_raw_ns(void *self)
{
	struct fake *f = self;

	pass(f);
	return f->now_ns;
}

static void test_the_tightest_bracket_wins(void **state)
{
	/* TSC, RAW, TSC: the third try is the tight one. */
	static const uint64_t costs_ns[] = { 20, 5000, 20, 20, 300, 20, 20, 40, 60, 20, 90, 20 };
	struct fake f = { 1000000, costs_ns, ARRAY_SIZE(costs_ns), 0 };
	const struct tsc_clocks clocks = { &f, fake_tsc, fake_raw_ns };
	const uint64_t before_third = 1000000 + 20 + 5000 + 20 + 20 + 300 + 20 + 20;
	struct tsc_pair p;

	(void)state;
	p = tsc_pair_take(&clocks, 4);
	assert_int_equal(f.n_looks, 12);
	assert_int_equal(p.bracket, (40 + 60) / 2 * 5);
	assert_int_equal(p.raw_ns, before_third + 40);
	assert_int_equal(p.tsc, before_third / 2 * 5 + p.bracket / 2);
}

static void test_rate_and_its_error(void **state)
{
	static const struct {
		struct tsc_pair a, b;
		int want;
		uint64_t hz, error_ppb;
	} rows[] = {
		{ { 0, 0, 0 }, { 2500000000, NS_PER_S, 0 }, 0, 2500000000, 1 },
		{ { 7, 9, 50 }, { 2500000007, 1000000009, 200 }, 0, 2500000000, 51 },
		/* Rounded to the nearest. */
		{ { 0, 0, 0 }, { 29, 10 * NS_PER_S, 0 }, 0, 3, 1 },
		{ { 0, 0, 0 }, { 24, 10 * NS_PER_S, 0 }, 0, 2, 1 },
		/* A week at 5 GHz, far from zero. */
		{ { 1ull << 62, 1ull << 61, 100 },
		  { (1ull << 62) + 604800 * 5000000000, (1ull << 61) + 604800 * NS_PER_S, 100 },
		  0,
		  5000000000,
		  1 },
		{ { 5, 0, 0 }, { 5, 10, 0 }, -ERANGE, 0, 0 },
		{ { 6, 0, 0 }, { 5, 10, 0 }, -ERANGE, 0, 0 },
		{ { 0, 10, 0 }, { 5, 10, 0 }, -ERANGE, 0, 0 },
		{ { 0, 11, 0 }, { 5, 10, 0 }, -ERANGE, 0, 0 },
		{ { 0, 0, 0 }, { UINT64_MAX, 1, 0 }, -ERANGE, 0, 0 },
		{ { 0, 0, UINT64_MAX }, { 1, 1, UINT64_MAX }, -ERANGE, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tsc_rate rate = { 0 };

		assert_int_equal(tsc_rate_between(&rows[i].a, &rows[i].b, &rate), rows[i].want);
		assert_int_equal(rate.hz, rows[i].hz);
		assert_int_equal(rate.error_ppb, rows[i].error_ppb);
		if (rows[i].want == 0)
			assert_int_equal(rate.window_ns, rows[i].b.raw_ns - rows[i].a.raw_ns);
	}
}

static void test_drift_has_a_sign_and_no_window(void **state)
{
	static const struct {
		struct tsc_pair a, b, c;
		int64_t want_ppb;
	} rows[] = {
		{ { 0, 0 }, { 2500000000, NS_PER_S }, { 5000000000, 2 * NS_PER_S }, 0 },
		{ { 0, 0 }, { 2500000000, NS_PER_S }, { 5000025000, 2 * NS_PER_S }, 10000 },
		{ { 0, 0 }, { 2500000000, NS_PER_S }, { 4999987500, 2 * NS_PER_S }, -5000 },
		/* The halves need not be alike: 5 ppm over three times as long. */
		{ { 0, 0 }, { 2500000000, NS_PER_S }, { 10000037500, 4 * NS_PER_S }, 5000 },
	};
	const struct tsc_pair still = { 0, 5, 0 };
	int64_t ppb = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(tsc_drift_ppb(&rows[i].a, &rows[i].b, &rows[i].c, &ppb), 0);
		assert_int_equal(ppb, rows[i].want_ppb);
	}
	ppb = 77;
	assert_int_equal(tsc_drift_ppb(&rows[0].a, &still, &rows[0].c, &ppb), -ERANGE);
	assert_int_equal(tsc_drift_ppb(&rows[0].a, &rows[0].b, &rows[0].a, &ppb), -ERANGE);
	assert_int_equal(ppb, 77);
}

static void test_ticks_to_ns(void **state)
{
	(void)state;
	assert_int_equal(tsc_ticks_to_ns(2500, 2500000000), 1000);
	assert_int_equal(tsc_ticks_to_ns(2500, 0), 0);
	assert_int_equal(tsc_ticks_to_ns(UINT64_MAX, 1), UINT64_MAX);
	assert_int_equal(tsc_ticks_to_ns(UINT64_MAX, NS_PER_S), UINT64_MAX);
	assert_int_equal(tsc_ns_to_ticks(1000, 2500000000), 2500);
	assert_int_equal(tsc_ns_to_ticks(24 * 3600 * NS_PER_S, 5 * NS_PER_S),
			 UINT64_C(432000000000000));
	assert_int_equal(tsc_ns_to_ticks(UINT64_MAX, 2 * NS_PER_S), UINT64_MAX);
}

static void test_real_clocks_move_forward(void **state)
{
	const struct tsc_clocks clocks = tsc_clocks_real();
	struct tsc_pair a, b;

	(void)state;
	a = tsc_pair_take(&clocks, 10);
	b = tsc_pair_take(&clocks, 10);
	assert_true(b.raw_ns > a.raw_ns);
#if defined(__x86_64__)
	assert_true(b.tsc > a.tsc);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_tightest_bracket_wins),
		cmocka_unit_test(test_rate_and_its_error),
		cmocka_unit_test(test_drift_has_a_sign_and_no_window),
		cmocka_unit_test(test_ticks_to_ns),
		cmocka_unit_test(test_real_clocks_move_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
