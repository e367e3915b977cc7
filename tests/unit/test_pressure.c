/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pressure.h"
#include "tests/lib/check.h"

static void test_avg10(void **state)
{
	static const struct {
		const char *text, *name;
		int r;
		uint64_t permille;
	} cases[] = {
		{ "some avg10=5.51 avg60=10.82 avg300=7.58 total=2201199723\n", "some", 0, 55 },
		{ "some avg10=5.55 avg60=0.00\nfull avg10=0.04 avg60=1.00\n", "some", 0, 56 },
		{ "some avg10=5.55 avg60=0.00\nfull avg10=0.04 avg60=1.00\n", "full", 0, 0 },
		{ "some avg10=0.05\n", "some", 0, 1 },
		{ "some avg10=100.00", "some", 0, 1000 },
		{ "some avg10=101.00", "some", -EBADMSG, 0 },
		{ "some avg10=5.5\n", "some", -EBADMSG, 0 },
		{ "some avg10=5.555\n", "some", -EBADMSG, 0 },
		{ "some avg10=5,55\n", "some", -EBADMSG, 0 },
		{ "some avg10=.55\n", "some", -EBADMSG, 0 },
		{ "some avg10=5.x5\n", "some", -EBADMSG, 0 },
		{ "some avg10=5.5x\n", "some", -EBADMSG, 0 },
		{ "some avg10=\n", "some", -EBADMSG, 0 },
		{ "some avg60=1.00\n", "some", -EBADMSG, 0 },
		{ "some avg10=1.00\n", "full", -ENOENT, 0 },
		{ "", "some", -ENOENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t permille = 4711;

		assert_int_equal(pressure_avg10(text_of(cases[i].text), cases[i].name, &permille),
				 cases[i].r);
		assert_int_equal(permille, cases[i].r == 0 ? cases[i].permille : 4711);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_avg10),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
