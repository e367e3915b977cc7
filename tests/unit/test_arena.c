/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/arena.h"
#include "tests/lib/check.h"

static void assert_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(p[i], 0);
}

static void test_empty(void **state)
{
	struct arena a = { 0 };

	(void)state;
	arena_release(&a);
	arena_release(&a);
	assert_null(a.blocks);
}

/* Allocations of all sizes are aligned, zeroed, apart from each other, and stay as written. */
static void test_alloc(void **state)
{
	static const size_t sizes[] = { 0,    1,    15,    16,    17,    100,   4000,     4096,
					4097, 5000, 16383, 16384, 16385, 70000, 1u << 20, 3 };
	enum { N_ROUNDS = 20, N_ALL = N_ROUNDS * ARRAY_SIZE(sizes) };
	static unsigned char *all[N_ALL];
	auto_arena struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < N_ALL; i++) {
		size_t size = sizes[i % ARRAY_SIZE(sizes)];

		all[i] = arena_alloc(&a, size);
		assert_non_null(all[i]);
		assert_int_equal((uintptr_t)all[i] % _Alignof(max_align_t), 0);
		assert_zero(all[i], size);
		memset(all[i], (int)(i & 0x7f) + 1, size);
	}
	for (size_t i = 0; i < N_ALL; i++) {
		size_t size = sizes[i % ARRAY_SIZE(sizes)];

		for (size_t k = 0; k < size; k++)
			if (all[i][k] != (i & 0x7f) + 1)
				fail_msg("allocation %zu was overwritten", i);
		assert_true(!i || all[i] != all[i - 1]);
	}
}

static void test_small_ones_share_a_block(void **state)
{
	auto_arena struct arena a = { 0 };
	struct arena_block *first;

	(void)state;
	assert_non_null(arena_alloc(&a, 16));
	first = a.blocks;
	assert_non_null(arena_alloc(&a, 1u << 20)); /* a large one does not push it out of use */
	assert_non_null(arena_alloc(&a, 16));
	assert_ptr_equal(a.blocks, first);
}

static void test_too_large(void **state)
{
	static const struct {
		size_t n, size;
	} cases[] = {
		{ 1, SIZE_MAX },
		{ 1, SIZE_MAX - 16 },
		{ 1, PTRDIFF_MAX },
		{ SIZE_MAX, 2 },
		{ SIZE_MAX / 2 + 1, 2 },
		{ SIZE_MAX / 2, 4 },
		{ 1ull << 32, 1ull << 32 },
		{ 1ull << 33, 1ull << 31 },
	};
	auto_arena struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_null(arena_calloc(&a, cases[i].n, cases[i].size));
		if (cases[i].n == 1)
			assert_null(arena_alloc(&a, cases[i].size));
	}
	assert_non_null(arena_alloc(&a, 1)); /* still usable */
}

static void test_array(void **state)
{
	auto_arena struct arena a = { 0 };
	unsigned char *p = arena_calloc(&a, 7, 3);

	(void)state;
	assert_non_null(p);
	assert_zero(p, 21);
	assert_non_null(arena_calloc(&a, 0, 3));
	assert_non_null(arena_calloc(&a, SIZE_MAX, 0));
}

static void test_strings(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free char *unended = malloc(3);
	char *long_one;

	(void)state;
	assert_non_null(unended);
	memcpy(unended, "abc", 3);
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strdup(&a, "nvme0q3"), "nvme0q3");
	assert_string_equal(arena_strndup(&a, unended, 3), "abc");
	assert_string_equal(arena_strndup(&a, unended, 2), "ab");
	assert_string_equal(arena_strndup(&a, unended, 0), "");
	assert_string_equal(arena_strndup(&a, "ab", SIZE_MAX), "ab");
	assert_memory_equal(arena_memdup(&a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_memdup(&a, unended, 3), "abc");
	assert_string_equal(arena_memdup(&a, NULL, 0), "");
	assert_null(arena_memdup(&a, "", SIZE_MAX));
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	assert_string_equal(arena_printf(&a, "%d of %s", 3, "five"), "3 of five");
	long_one = arena_printf(&a, "%40000d|", 7);
	assert_non_null(long_one);
	assert_int_equal(strlen(long_one), 40001);
	assert_string_equal(long_one + 39999, "7|");
}

static void test_growing(void **state)
{
	auto_arena struct arena a = { .max = 400000 };
	struct arena_text t = { 0 };

	(void)state;
	assert_string_equal(arena_text_add(&a, &t, "%s", ""), "");
	assert_string_equal(arena_text_add(&a, &t, "%d of %s", 3, "five"), "3 of five");
	assert_string_equal(arena_text_add(&a, &t, "; %s", "ok"), "3 of five; ok");
	for (int i = 0; i < 8000; i++) /* with copies of all before it would take 320 MB */
		assert_non_null(arena_text_add(&a, &t, "%08d\n", i));
	assert_int_equal(t.len, strlen(t.v));
	assert_int_equal(t.len, 13 + 8000 * 9);
	assert_string_equal(t.v + t.len - 9, "00007999\n");
	assert_null(arena_text_add(&a, &t, "%400000d", 1));
	assert_int_equal(t.len, strlen(t.v)); /* as it was */
	assert_string_equal(t.v + t.len - 9, "00007999\n");
}

static void test_limit(void **state)
{
	auto_arena struct arena a = { .max = 100000 };

	(void)state;
	assert_non_null(arena_alloc(&a, 60000));
	assert_null(arena_alloc(&a, 60000));
	assert_null(arena_alloc(&a, 100001));
	assert_non_null(arena_alloc(&a, 30000)); /* still usable */
	assert_true(a.size <= a.max);
	arena_release(&a);
	assert_non_null(arena_alloc(&a, 90000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_small_ones_share_a_block),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
