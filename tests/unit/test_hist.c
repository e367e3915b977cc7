/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/hist.h"
#include "tests/lib/check.h"

#define TOP (1ull << HIST_MAX_BITS)

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Spread over all powers of two, as latencies are, not over all numbers. */
static uint64_t next_value(uint64_t *state)
{
	unsigned bits = (unsigned)(next_random(state) % HIST_MAX_BITS) + 1;

	return next_random(state) >> (64 - bits);
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct hist *hist_new(void)
{
	struct hist *h = malloc(sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static void test_index_layout(void **state)
{
	static const struct {
		uint64_t value;
		unsigned index;
	} rows[] = {
		{ 0, 0 },
		{ 1, 1 },
		{ 127, 127 },
		{ 128, 128 },
		{ 255, 255 },
		{ 256, 256 },
		{ 257, 256 },
		{ 258, 257 },
		{ 511, 383 },
		{ 512, 384 },
		{ 1000, 506 },
		{ 1000000, 1780 },
		{ TOP / 2, HIST_N_BUCKETS - 128 },
		{ TOP - 1, HIST_N_BUCKETS - 1 },
		{ TOP, HIST_N_BUCKETS - 1 },
		{ UINT64_MAX, HIST_N_BUCKETS - 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(hist_index(rows[i].value), rows[i].index);
}

static void test_buckets_follow_each_other(void **state)
{
	(void)state;
	for (unsigned i = 0; i < HIST_N_BUCKETS; i++) {
		uint64_t floor_ns = hist_floor_ns(i), next = hist_floor_ns(i + 1);

		assert_true(next > floor_ns);
		assert_int_equal(hist_index(floor_ns), i);
		assert_int_equal(hist_index(next - 1), i);
		/* No bucket is wider than 1/128 of its values. */
		assert_true((next - floor_ns) * 128 <= u64_max(floor_ns, 128));
	}
	assert_int_equal(hist_floor_ns(HIST_N_BUCKETS), TOP);
	assert_int_equal(hist_floor_ns(UINT32_MAX), TOP);
	assert_true(sizeof(struct hist) <= 40000);
}

static void test_empty(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free struct hist *h = hist_new();
	const struct hist_bins *bins = hist_to_bins(h, &a);

	(void)state;
	assert_int_equal(hist_quantile_ns(h, 500000), 0);
	assert_false(hist_can_show(h, 500000));
	assert_int_equal(hist_n_above(h, 0), 0);
	assert_non_null(bins);
	assert_int_equal(bins->n, 0);
	assert_int_equal(bins->min_ns, 0);
	assert_int_equal(bins->max_ns, 0);
	assert_int_equal(bins->sum_ns, 0);
	assert_int_equal(bins->n_bins, 0);
	assert_int_equal(hist_merge_bins(h, bins), 0);
	assert_int_equal(h->n, 0);
	assert_true(h->min_ns == UINT64_MAX);
}

static void test_exact_fields_and_last_bucket(void **state)
{
	auto_free struct hist *h = hist_new();

	(void)state;
	hist_add(h, 7);
	hist_add(h, 0);
	hist_add(h, TOP + 5);
	assert_int_equal(h->n, 3);
	assert_int_equal(h->min_ns, 0);
	assert_int_equal(h->max_ns, TOP + 5);
	assert_int_equal(h->sum_ns, TOP + 12);
	assert_int_equal(h->count[HIST_N_BUCKETS - 1], 1);
	assert_int_equal(hist_quantile_ns(h, 500000), 7);
	assert_int_equal(hist_quantile_ns(h, 1000000), TOP + 5);
	assert_int_equal(hist_quantile_ns(h, 0), 0);

	hist_add(h, UINT64_MAX);
	assert_true(h->sum_ns == UINT64_MAX);
	hist_add(h, 1);
	assert_true(h->sum_ns == UINT64_MAX);
	assert_int_equal(h->n, 5);
}

static void test_quantiles_against_sorted_array(void **state)
{
	static const uint32_t ppms[] = { 1,      1000,   10000,  250000, 500000, 750000,
					 900000, 990000, 999000, 999900, 999999, 1000000 };
	static const size_t sizes[] = { 1, 2, 3, 10, 999, 20000 };
	uint64_t seed = 0x9e3779b97f4a7c15ull;

	(void)state;
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		size_t n = sizes[s];
		auto_free struct hist *h = hist_new();
		auto_free uint64_t *values = calloc(n, sizeof(*values));
		uint64_t sum = 0;

		assert_non_null(values);
		for (size_t i = 0; i < n; i++) {
			values[i] = next_value(&seed);
			sum += values[i];
			hist_add(h, values[i]);
		}
		qsort(values, n, sizeof(*values), compare_u64);
		assert_int_equal(h->n, n);
		assert_int_equal(h->sum_ns, sum);
		assert_int_equal(h->min_ns, values[0]);
		assert_int_equal(h->max_ns, values[n - 1]);
		for (size_t q = 0; q < ARRAY_SIZE(ppms); q++) {
			size_t rank = (size_t)(((uint64_t)n * ppms[q] + 999999) / 1000000);
			uint64_t truth = values[rank - 1], got = hist_quantile_ns(h, ppms[q]);
			uint64_t error = got > truth ? got - truth : truth - got;

			assert_true(error * 128 <= truth);
			if (truth < 256)
				assert_int_equal(got, truth);
		}
	}
}

static void test_quantile_is_linear_inside_a_bucket(void **state)
{
	auto_free struct hist *h = hist_new();
	uint64_t floor_ns = 1ull << 20, width = floor_ns / 128, last = 0;

	(void)state;
	for (uint64_t i = 0; i < width; i++)
		hist_add(h, floor_ns + i);
	assert_int_equal(hist_index(floor_ns), hist_index(floor_ns + width - 1));
	assert_int_equal(hist_quantile_ns(h, 250000), floor_ns + width / 4 - 1);
	assert_int_equal(hist_quantile_ns(h, 500000), floor_ns + width / 2 - 1);
	for (uint32_t ppm = 1000; ppm <= 1000000; ppm += 1000) {
		uint64_t got = hist_quantile_ns(h, ppm);

		assert_true(got >= last);
		last = got;
	}
}

static void test_quantile_stays_between_min_and_max(void **state)
{
	auto_free struct hist *h = hist_new();

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		hist_add(h, 1048579);
	for (uint32_t ppm = 0; ppm <= 1000000; ppm += 10000)
		assert_int_equal(hist_quantile_ns(h, ppm), 1048579);
}

static void test_can_show_needs_ten_events(void **state)
{
	static const struct {
		uint64_t n;
		uint32_t ppm;
		bool can_show;
	} rows[] = {
		{ 19, 500000, false },    { 20, 500000, true },        { 999, 990000, false },
		{ 1000, 990000, true },   { 9999, 999000, false },     { 10000, 999000, true },
		{ 1000, 1000000, false }, { 1000, UINT32_MAX, false }, { UINT64_MAX, 999999, true },
	};
	auto_free struct hist *h = hist_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		h->n = rows[i].n;
		assert_int_equal(hist_can_show(h, rows[i].ppm), rows[i].can_show);
	}
}

static void test_n_above(void **state)
{
	auto_free struct hist *h = hist_new();

	(void)state;
	for (uint64_t v = 1; v <= 200; v++)
		hist_add(h, v);
	hist_add(h, 1000000);
	hist_add(h, UINT64_MAX);
	assert_int_equal(hist_n_above(h, 0), 202);
	assert_int_equal(hist_n_above(h, 100), 102);
	assert_int_equal(hist_n_above(h, 200), 2);
	assert_int_equal(hist_n_above(h, 1000000), 1);
	assert_int_equal(hist_n_above(h, UINT64_MAX), 0);
}

static void test_corrected(void **state)
{
	static const struct {
		uint64_t latency, period, n, min, sum;
	} rows[] = {
		{ 50 * NS_PER_MS, NS_PER_MS, 50, NS_PER_MS, 1275 * NS_PER_MS },
		{ 2500, 1000, 3, 500, 4500 },
		{ 1000, 1000, 1, 1000, 1000 },
		{ 30, 1000, 1, 30, 30 },
		{ 0, 1000, 1, 0, 0 },
		{ 5000, 0, 1, 5000, 5000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free struct hist *h = hist_new();

		hist_add_corrected(h, rows[i].latency, rows[i].period);
		assert_int_equal(h->n, rows[i].n);
		assert_int_equal(h->min_ns, rows[i].min);
		assert_int_equal(h->max_ns, rows[i].latency);
		assert_int_equal(h->sum_ns, rows[i].sum);
	}
}

static void test_corrected_stall_values(void **state)
{
	auto_free struct hist *h = hist_new();

	(void)state;
	hist_add_corrected(h, 50 * NS_PER_MS, NS_PER_MS);
	for (uint64_t ms = 1; ms <= 50; ms++)
		assert_int_equal(h->count[hist_index(ms * NS_PER_MS)], 1);
}

static void test_corrected_is_bounded(void **state)
{
	auto_free struct hist *h = hist_new();

	(void)state;
	hist_add_corrected(h, UINT64_MAX, 1);
	assert_int_equal(h->n, 1000000);
}

static void test_merge_equals_recording_both(void **state)
{
	auto_arena struct arena arena = { 0 };
	auto_free struct hist *a = hist_new();
	auto_free struct hist *b = hist_new();
	auto_free struct hist *both = hist_new();
	auto_free struct hist *from_bins = hist_new();
	uint64_t seed = 42;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t value = next_value(&seed);

		hist_add(i % 3 ? a : b, value);
		hist_add(both, value);
	}
	assert_int_equal(hist_merge_bins(from_bins, hist_to_bins(a, &arena)), 0);
	assert_int_equal(hist_merge_bins(from_bins, hist_to_bins(b, &arena)), 0);
	hist_merge(a, b);
	assert_memory_equal(a, both, sizeof(*a));
	assert_memory_equal(from_bins, both, sizeof(*both));
}

static void test_merge_with_empty_changes_nothing(void **state)
{
	auto_free struct hist *a = hist_new();
	auto_free struct hist *empty = hist_new();
	auto_free struct hist *before = hist_new();

	(void)state;
	hist_add(a, 12345);
	*before = *a;
	hist_merge(a, empty);
	assert_memory_equal(a, before, sizeof(*a));
	hist_merge(empty, a);
	assert_memory_equal(empty, before, sizeof(*a));
}

static void test_merge_saturates(void **state)
{
	static const struct hist_bin most[] = { { 200, UINT64_MAX } };
	const struct hist_bins bins = {
		.n = UINT64_MAX,
		.min_ns = 200,
		.max_ns = 200,
		.sum_ns = UINT64_MAX,
		.n_bins = 1,
		.bins = most,
	};
	auto_free struct hist *h = hist_new();
	auto_free struct hist *copy = hist_new();

	(void)state;
	hist_add(h, 5);
	assert_int_equal(hist_merge_bins(h, &bins), 0);
	assert_int_equal(hist_merge_bins(h, &bins), 0);
	*copy = *h;
	hist_merge(h, copy);
	assert_true(h->n == UINT64_MAX);
	assert_true(h->sum_ns == UINT64_MAX);
	assert_true(h->count[200] == UINT64_MAX);
	assert_int_equal(h->count[5], 2);
	assert_int_equal(hist_quantile_ns(h, 999000), 200);
	assert_true(hist_n_above(h, 4) == UINT64_MAX);
}

static void test_bins_are_sparse_and_rising(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free struct hist *h = hist_new();
	const struct hist_bins *bins;

	(void)state;
	hist_add(h, 1000);
	hist_add(h, 3);
	hist_add(h, 1000);
	bins = hist_to_bins(h, &a);
	assert_non_null(bins);
	assert_int_equal(bins->n, 3);
	assert_int_equal(bins->min_ns, 3);
	assert_int_equal(bins->max_ns, 1000);
	assert_int_equal(bins->sum_ns, 2003);
	assert_int_equal(bins->n_bins, 2);
	assert_int_equal(bins->bins[0].index, 3);
	assert_int_equal(bins->bins[0].count, 1);
	assert_int_equal(bins->bins[1].index, hist_index(1000));
	assert_int_equal(bins->bins[1].count, 2);
}

static void test_hostile_bins_are_refused(void **state)
{
	static const struct {
		const char *what;
		uint64_t n, min, max;
		size_t n_bins;
		struct hist_bin bins[2];
	} rows[] = {
		{ "counts below n", 4, 1, 9, 2, { { 1, 1 }, { 9, 2 } } },
		{ "counts above n", 2, 1, 9, 2, { { 1, 1 }, { 9, 2 } } },
		{ "counts with n 0", 0, 0, 0, 1, { { 0, 1 } } },
		{ "n without counts", 3, 1, 9, 0, { { 0, 0 } } },
		{ "counts overflow to n", 1, 1, 9, 2, { { 1, UINT64_MAX }, { 9, 2 } } },
		{ "index too high", 1, 1, 9, 1, { { HIST_N_BUCKETS, 1 } } },
		{ "index far too high", 1, 1, 9, 1, { { UINT32_MAX, 1 } } },
		{ "index twice", 2, 1, 9, 2, { { 5, 1 }, { 5, 1 } } },
		{ "index falling", 2, 1, 9, 2, { { 6, 1 }, { 5, 1 } } },
		{ "empty bin", 1, 1, 9, 2, { { 5, 1 }, { 6, 0 } } },
		{ "min above max", 1, 9, 1, 1, { { 5, 1 } } },
	};
	auto_free struct hist *h = hist_new();
	auto_free struct hist *before = hist_new();

	(void)state;
	hist_add(h, 77);
	*before = *h;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct hist_bins bins = {
			.n = rows[i].n,
			.min_ns = rows[i].min,
			.max_ns = rows[i].max,
			.n_bins = rows[i].n_bins,
			.bins = rows[i].bins,
		};

		if (hist_merge_bins(h, &bins) != -EINVAL)
			fail_msg("accepted: %s", rows[i].what);
		assert_memory_equal(h, before, sizeof(*h));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index_layout),
		cmocka_unit_test(test_buckets_follow_each_other),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_exact_fields_and_last_bucket),
		cmocka_unit_test(test_quantiles_against_sorted_array),
		cmocka_unit_test(test_quantile_is_linear_inside_a_bucket),
		cmocka_unit_test(test_quantile_stays_between_min_and_max),
		cmocka_unit_test(test_can_show_needs_ten_events),
		cmocka_unit_test(test_n_above),
		cmocka_unit_test(test_corrected),
		cmocka_unit_test(test_corrected_stall_values),
		cmocka_unit_test(test_corrected_is_bounded),
		cmocka_unit_test(test_merge_equals_recording_both),
		cmocka_unit_test(test_merge_with_empty_changes_nothing),
		cmocka_unit_test(test_merge_saturates),
		cmocka_unit_test(test_bins_are_sparse_and_rising),
		cmocka_unit_test(test_hostile_bins_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
