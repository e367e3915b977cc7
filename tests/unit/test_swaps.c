/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/swaps.h"
#include "tests/lib/check.h"

#define HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static void test_areas(void **state)
{
	struct text rest = text_of(HEAD "/dev/zram0                              partition\t8388604"
					"\t\t12\t\t100\n"
					"/swap\\040file\\040(deleted) file 1024 0 -2\n");
	struct swaps_area area;

	(void)state;
	assert_int_equal(swaps_next(&rest, &area), 1);
	assert_true(text_equal(area.path, "/dev/zram0"));
	assert_true(text_equal(area.type, "partition"));
	assert_int_equal(area.size_kib, 8388604);
	assert_int_equal(area.used_kib, 12);
	assert_int_equal(area.priority, 100);
	assert_int_equal(swaps_next(&rest, &area), 1);
	assert_true(text_equal(area.path, "/swap\\040file\\040(deleted)"));
	assert_int_equal(area.priority, -2);
	assert_int_equal(swaps_next(&rest, &area), 0);
}

static void test_others(void **state)
{
	static const struct {
		const char *text;
		int r;
	} cases[] = {
		{ HEAD, 0 },
		{ "", 0 },
		{ "/a file 1 2\n", -EBADMSG },
		{ "/a file 1 2 x\n", -EBADMSG },
		{ "/a file -1 2 3\n", -EBADMSG },
		{ "/a file 1 2.5 3\n", -EBADMSG },
		{ "/a file 9223372036854775808 2 3\n", -EBADMSG },
		{ "/a file 1 9223372036854775808 3\n", -EBADMSG },
		{ "/a\n", -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i].text);
		struct swaps_area area;

		assert_int_equal(swaps_next(&rest, &area), cases[i].r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
