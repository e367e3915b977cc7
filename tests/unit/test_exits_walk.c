/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_walk.c */
#include <string.h>

#include "probes/exits_walk.h"
#include "tests/lib/check.h"

#define GUEST_AT 0x100000000

/* Words on the way from start until it comes back to it; 0: it leaves the memory, or never does. */
static size_t cycle_length(const uint8_t *memory, size_t size, uint64_t start, bool *visited)
{
	uint64_t at = start;

	for (size_t n = 1; n <= size / EXITS_WALK_PAGE; n++) {
		if (at < GUEST_AT || at - GUEST_AT > size - sizeof(at) || at % 64 != 0)
			return 0;
		visited[(at - GUEST_AT) / EXITS_WALK_PAGE] = true;
		memcpy(&at, memory + (at - GUEST_AT), sizeof(at));
		if (at == start)
			return n;
	}
	return 0;
}

static void test_one_cycle_through_all_pages(void **state)
{
	static const size_t n_pages[] = { 2, 3, 16, 511, 4096 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(n_pages); i++) {
		for (uint64_t seed = 0; seed < 4; seed++) {
			const size_t size = n_pages[i] * EXITS_WALK_PAGE;
			auto_free uint8_t *memory = calloc(1, size);
			auto_free bool *visited = calloc(n_pages[i], sizeof(*visited));
			uint64_t start;

			assert_non_null(memory);
			assert_non_null(visited);
			assert_int_equal(exits_walk_fill(memory, size, GUEST_AT, seed, &start), 0);
			assert_int_equal(cycle_length(memory, size, start, visited), n_pages[i]);
			for (size_t p = 0; p < n_pages[i]; p++)
				assert_true(visited[p]);
		}
	}
}

/* A step to the next page is what a prefetcher foresees: by chance one in each n, so about one. */
static void test_is_not_in_order(void **state)
{
	const size_t size = 1024 * EXITS_WALK_PAGE;
	auto_free uint8_t *memory = calloc(1, size);
	size_t n_next = 0, n_lines = 0;
	bool lines[64] = { false };
	uint64_t start, at, to;

	(void)state;
	assert_non_null(memory);
	assert_int_equal(exits_walk_fill(memory, size, GUEST_AT, 42, &start), 0);
	at = start;
	do {
		memcpy(&to, memory + (at - GUEST_AT), sizeof(to));
		n_next += to / EXITS_WALK_PAGE == at / EXITS_WALK_PAGE + 1;
		lines[at / 64 % 64] = true;
		at = to;
	} while (at != start);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		n_lines += lines[i];
	assert_true(n_next < 16);
	assert_int_equal(n_lines, 64);
}

static void test_same_seed_same_way(void **state)
{
	const size_t size = 64 * EXITS_WALK_PAGE;
	auto_free uint8_t *a = calloc(1, size), *b = calloc(1, size);
	uint64_t start_a, start_b;

	(void)state;
	assert_int_equal(exits_walk_fill(a, size, GUEST_AT, 7, &start_a), 0);
	assert_int_equal(exits_walk_fill(b, size, GUEST_AT, 7, &start_b), 0);
	assert_int_equal(start_a, start_b);
	assert_memory_equal(a, b, size);
	memset(b, 0, size);
	assert_int_equal(exits_walk_fill(b, size, GUEST_AT, 8, &start_b), 0);
	assert_memory_not_equal(a, b, size);
}

static void test_refuses(void **state)
{
	static const size_t sizes[] = { 0, 1, EXITS_WALK_PAGE, EXITS_WALK_PAGE * 2 + 1 };
	uint8_t unused[1];
	uint64_t start = 1;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		assert_int_equal(exits_walk_fill(unused, sizes[i], 0, 1, &start), -EINVAL);
	assert_int_equal(start, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_cycle_through_all_pages),
		cmocka_unit_test(test_is_not_in_order),
		cmocka_unit_test(test_same_seed_same_way),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
