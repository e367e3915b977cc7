/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_backing.c tests/lib/tree.c */
#include <string.h>

#include "probes/exits_backing.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

static void test_size(void **state)
{
	static const struct {
		uint64_t available_kib;
		size_t size;
	} rows[] = {
		{ 0, 0 },
		{ 512 * 1024 - 1, 0 },
		{ 512 * 1024, 32 * MIB },
		/* 33 MiB and a bit: whole pages of 2 MiB */
		{ 530 * 1024, 32 * MIB },
		{ 1024 * 1024, 64 * MIB },
		{ UINT64_MAX / 1024, 64 * MIB },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(exits_backing_size(rows[i].available_kib), rows[i].size);
}

static void check_small(const struct sysroot *root, int expected, const char *expected_why)
{
	struct exits_backing b;
	const char *why = "";
	int r = exits_backing_init(&b, root, 4, 2 * MIB, &why);

	if (r == -EINVAL)
		skip(); /* a kernel before 5.14 */
	assert_int_equal(r, expected);
	if (r == 0) {
		assert_int_equal(b.size, 2 * MIB);
		assert_int_equal(b.used, 2 * MIB);
		assert_int_equal((uintptr_t)b.at % (2 * MIB), 0);
		assert_false(b.is_hugetlb);
		memset(b.at, 1, b.size);
		exits_backing_release(&b);
	} else {
		assert_string_equal(why, expected_why);
	}
	assert_null(b.map);
}

static void test_small_pages(void **state)
{
	struct sysroot root;

	(void)state;
	assert_int_equal(sysroot_open(&root, "/"), 0);
	check_small(&root, 0, NULL);
	sysroot_close(&root);
}

/* What the kernel says of the mapping is believed more than what it was asked for. */
static void test_small_pages_that_are_not(void **state)
{
	static const struct {
		const char *smaps;
		int expected;
		const char *why;
	} rows[] = {
		{ "0-fffffffffffff000 rw-p 00000000 00:00 0 \nSize: 4 kB\nAnonHugePages: 2048 kB\n",
		  -EBUSY, "the kernel gave transparent huge pages that were refused" },
		{ "0-fffffffffffff000 rw-p 00000000 00:00 0 \nSize: 4 kB\nAnonHugePages: 0 kB\n", 0,
		  NULL },
		/* another mapping */
		{ "0-1000 rw-p 00000000 00:00 0 \nSize: 4 kB\nAnonHugePages: 2048 kB\n", -ENODATA,
		  "memory in pages of 4 KiB" },
		{ "0-fffffffffffff000 rw-p 00000000 00:00 0 \nSize: 4 kB\nAnonHugePages: x kB\n",
		  -EINVAL, "memory in pages of 4 KiB" },
		{ "", -ENODATA, "memory in pages of 4 KiB" },
	};

	const struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree_file(t, "proc/self/smaps", rows[i].smaps);
		check_small(&t->root, rows[i].expected, rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_small_pages),
		cmocka_unit_test_setup_teardown(test_small_pages_that_are_not, tree_setup,
						tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
