/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/unit_values.h"
#include "tests/lib/host.h"

#define P99 990000

/* 2000 wake-ups, the last n_late of them late by 1 ms. */
static struct wake_unit *add_unit(struct host *h, uint64_t rep, uint64_t cpu, uint64_t base_ns,
				  unsigned n_late)
{
	struct wake_unit *u = fact_add_item(&h->wake.units, &h->arena, sizeof(*u));
	auto_free struct hist *hist = malloc(sizeof(*hist));

	assert_true(u && hist);
	hist_init(hist);
	for (unsigned i = 0; i < 2000; i++)
		hist_add(hist, i < 2000 - n_late ? base_ns : NS_PER_MS);
	*u = (struct wake_unit){ .rep = { true, rep },
				 .cpu = { true, cpu },
				 .hist = { true, hist_to_bins(hist, &h->arena) } };
	return u;
}

static void blank(struct host *h)
{
	host_blank(h);
	h->wake.rep_duration_ns = (struct fact_u64){ true, 20 * NS_PER_S };
}

static void assert_values(const struct unit_values *v, const uint64_t *expected, size_t n)
{
	assert_int_equal(v->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(v->values[i], expected[i]);
}

/* CPUs merged, in order of repetition, however the document had them. */
static void test_merged_and_in_order(void **state)
{
	static struct host h;
	struct cpus one = cpus_of("3"), none = cpus_of("7");
	auto_unit_values struct unit_values all = { 0 }, of_one = { 0 }, late = { 0 };

	(void)state;
	blank(&h);
	add_unit(&h, 1, 3, 200, 10);
	add_unit(&h, 0, 2, 100, 0);
	add_unit(&h, 1, 2, 210, 200);
	add_unit(&h, 0, 3, 110, 0);

	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_RAW, P99, &all), 0);
	assert_values(&all, (uint64_t[]){ 110, NS_PER_MS }, 2);
	assert_int_equal(all.offset, 0);
	assert_int_equal(unit_values_wake_quantile(&h, &one, UNIT_RAW, P99, &of_one), 0);
	assert_values(&of_one, (uint64_t[]){ 110, 200 }, 2);
	/* 210 in 20 s are 630 a minute; half an event is 1.5. */
	assert_int_equal(unit_values_wake_stalls(&h, NULL, UNIT_RAW, 100 * NS_PER_US, &late), 0);
	assert_values(&late, (uint64_t[]){ 0, 630000 }, 2);
	assert_int_equal(late.offset, 1500);

	assert_int_equal(unit_values_wake_quantile(&h, &none, UNIT_RAW, P99, &all), -ENODATA);
	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_CORRECTED, P99, &all), -ENODATA);
	assert_int_equal(all.n, 2);
	arena_release(&h.arena);
}

static void test_corrected(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };
	struct wake_unit *u, *other;

	(void)state;
	blank(&h);
	u = add_unit(&h, 0, 2, 100, 0);
	u->hist_corrected = u->hist;
	other = add_unit(&h, 1, 2, 300, 0);
	u = h.wake.units.v;
	u->hist = other->hist;
	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_CORRECTED, P99, &v), 0);
	assert_values(&v, (uint64_t[]){ 100 }, 1);
	arena_release(&h.arena);
}

/* n (1 - q) >= 20: 2000 samples carry p99 and no more. */
static void test_only_where_the_counts_allow(void **state)
{
	static const struct {
		uint32_t ppm;
		uint64_t n_needed;
		int r;
	} rows[] = {
		{ 0, 20, 0 },
		{ 500000, 40, 0 },
		{ 990000, 2000, 0 },
		{ 990001, 2001, -ENODATA }, /* 20e6 / 9999 = 2000.2 */
		{ 999000, 20000, -ENODATA },
		{ 999999, 20000000, -ENODATA },
		{ 1000000, UINT64_MAX, -ENODATA },
		{ UINT32_MAX, UINT64_MAX, -ENODATA },
	};
	static struct host h;

	(void)state;
	blank(&h);
	add_unit(&h, 0, 2, 100, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_unit_values struct unit_values v = { 0 };

		assert_int_equal(unit_samples_needed(rows[i].ppm), rows[i].n_needed);
		assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_RAW, rows[i].ppm, &v),
				 rows[i].r);
		assert_int_equal(v.n, rows[i].r == 0);
	}
	arena_release(&h.arena);
}

/* A repetition that lacks a CPU is another measurement; one of unknown number is none. */
static void test_incomplete(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };
	struct wake_unit *u;

	(void)state;
	blank(&h);
	add_unit(&h, 0, 2, 100, 0);
	add_unit(&h, 0, 3, 100, 0);
	add_unit(&h, 1, 2, 500, 0);
	add_unit(&h, UINT64_MAX, 2, 200, 0);
	add_unit(&h, UINT64_MAX, UINT64_MAX, 200, 0);
	u = add_unit(&h, 0, 4, 900, 0);
	u->rep.known = false;
	u = add_unit(&h, 0, 4, 900, 0);
	u->cpu.known = false;
	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_RAW, P99, &v), 0);
	assert_values(&v, (uint64_t[]){ 100, 200 }, 2);
	arena_release(&h.arena);
}

static void test_nothing_and_unsound(void **state)
{
	static const struct hist_bin bin = { 100, 7 };
	static const struct hist_bins unsound = { .n = 3000, .n_bins = 1, .bins = &bin };
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };
	struct wake_unit *u;

	(void)state;
	blank(&h);
	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_RAW, P99, &v), -ENODATA);
	assert_int_equal(unit_values_wake_stalls(&h, NULL, UNIT_RAW, 1, &v), -ENODATA);
	u = add_unit(&h, 0, 2, 100, 0);
	h.wake.rep_duration_ns.v = 0;
	assert_int_equal(unit_values_wake_stalls(&h, NULL, UNIT_RAW, 1, &v), -ENODATA);
	h.wake.rep_duration_ns.v = 1;
	assert_int_equal(unit_values_wake_stalls(&h, NULL, UNIT_RAW, 1, &v), 0);
	assert_int_equal(v.values[0], UINT64_C(2000) * 60000 * NS_PER_S);
	unit_values_release(&v);
	u->hist.v = &unsound;
	assert_int_equal(unit_values_wake_quantile(&h, NULL, UNIT_RAW, P99, &v), -EBADMSG);
	assert_int_equal(unit_values_wake_stalls(&h, NULL, UNIT_RAW, 1, &v), -EBADMSG);
	assert_null(v.values);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merged_and_in_order),
		cmocka_unit_test(test_corrected),
		cmocka_unit_test(test_only_where_the_counts_allow),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_nothing_and_unsound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
