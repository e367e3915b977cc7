/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/limits.h"
#include "tests/lib/check.h"

#define HEAD "Limit                     Soft Limit           Hard Limit           Units     \n"

static void test_soft(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t limit;
	} cases[] = {
		{ HEAD
		  "Max file locks            unlimited            unlimited            locks\n"
		  "Max locked memory         8388608              unlimited            bytes\n",
		  0, 8388608 },
		{ "Max locked memory  unlimited  unlimited  bytes \n", 0, LIMIT_UNLIMITED },
		{ "Max locked memory 0 0 bytes", 0, 0 },
		{ "Max locked memory 18446744073709551614 0 bytes", 0, UINT64_MAX - 1 },
		{ "Max locked memory 18446744073709551616 0 bytes", -EBADMSG, 0 },
		{ "Max locked memory -1 0 bytes", -EBADMSG, 0 },
		{ "Max locked memory 12x 0 bytes", -EBADMSG, 0 },
		{ "Max locked memory   ", -EBADMSG, 0 },
		{ "Max locked memory", -EBADMSG, 0 },
		{ "Max locked memoryless 5 5 bytes", -ENOENT, 0 },
		{ "x Max locked memory 5 5 bytes", -ENOENT, 0 },
		{ HEAD, -ENOENT, 0 },
		{ "", -ENOENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t limit = 4711;

		assert_int_equal(limits_soft(text_of(cases[i].text), "Max locked memory", &limit),
				 cases[i].r);
		assert_int_equal(limit, cases[i].r == 0 ? cases[i].limit : 4711);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_soft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
