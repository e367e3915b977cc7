/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/rcu_log.h"
#include "tests/lib/check.h"

#define BOOT  "<5>[    0.000000] Linux version 6.1.0-18-amd64 (a@b)\n"
#define LATER "<6>[   12.345678] systemd[1]: Linux version 6.1.0 is up\n"
#define RCU   "<6>[    0.000000] rcu: \tOffload RCU callbacks from CPUs: "

static void test_lists(void **state)
{
	static const struct {
		const char *log;
		int want;
		const char *list;
	} cases[] = {
		{ BOOT RCU "1-4,7-10.\n" LATER, 0, "1-4,7-10" },
		{ RCU "3.", 0, "3" },
		{ RCU "2-3.\r\n", 0, "2-3" },
		{ RCU "(none).\n", 0, "" },
		/* the first boot message counts, not what somebody logs later */
		{ RCU "1.\n" RCU "2.\n", 0, "1" },
		/* a whole log without the line: nothing was asked for */
		{ BOOT LATER, 0, "" },
		{ BOOT, 0, "" },
		/* the ring has lost its beginning */
		{ LATER, -ENODATA, NULL },
		{ "", -ENODATA, NULL },
		{ "Linux version 6.1.0\n", -ENODATA, NULL },
		/* cut at the length limit of a line, or no list */
		{ RCU "1,3,5,7,9,1\n", -EBADMSG, NULL },
		{ RCU, -EBADMSG, NULL },
		{ RCU ".\n", -EBADMSG, NULL },
		{ RCU "some.\n", -EBADMSG, NULL },
		{ RCU "99999.\n", -EBADMSG, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpus set = { { 1 } };
		int r = rcu_log_parse(text_of(cases[i].log), &set);

		if (r != cases[i].want)
			fail_msg("case %zu: %d", i, r);
		if (r == 0) {
			auto_free char *list = cpus_list_new(&set);

			assert_non_null(list);
			assert_string_equal(list, cases[i].list);
		} else {
			assert_true(cpus_has(&set, 0));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
