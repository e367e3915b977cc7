/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/release.h"
#include "tests/lib/check.h"

static void assert_text(struct text t, const char *want)
{
	if (!want) {
		assert_null(t.at);
		return;
	}
	assert_int_equal(t.len, strlen(want));
	if (t.len)
		assert_memory_equal(t.at, want, t.len);
}

static void test_proc_version(void **state)
{
	static const struct {
		const char *text, *release, *version;
	} cases[] = {
		{ "Linux version 6.1.0-13-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian "
		  "12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC "
		  "Debian 6.1.55-1 (2023-09-29)\n",
		  "6.1.0-13-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29)" },
		{ "Linux version 3.10.0 (a@b) (gcc version 4.8.5) #1 SMP Tue Mar 16 18:28:22 UTC 2021",
		  "3.10.0", "#1 SMP Tue Mar 16 18:28:22 UTC 2021" },
		{ "Linux version 6.1.0 (a@b) (gcc)\n", NULL, NULL },
		{ "Linux version\n", NULL, NULL },
		{ "Linux 6.1.0 (a) #1\n", NULL, NULL },
		{ "FreeBSD version 14 (a) #1\n", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text release = { 0 }, version = { 0 };

		assert_int_equal(proc_version_parse(text_of(cases[i].text), &release, &version),
				 cases[i].release != NULL);
		assert_text(release, cases[i].release);
		assert_text(version, cases[i].version);
	}
}

static void test_os_release(void **state)
{
	static const char text[] = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
				   "VERSION_ID=\"12\"\n"
				   "# ID=comment\n"
				   "ID=debian\n"
				   "ID_LIKE='a b'\n"
				   "EMPTY=\"\"\n"
				   "OPEN=\"x\n"
				   "TWICE=a\n"
				   "TWICE=b\n";
	static const char *const cases[][2] = {
		{ "ID", "debian" },   { "VERSION_ID", "12" },
		{ "ID_LIKE", "a b" }, { "EMPTY", NULL },
		{ "OPEN", "\"x" },    { "TWICE", "b" },
		{ "VERSION", NULL },  { "PRETTY_NAME", "Debian GNU/Linux 12 (bookworm)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text value = { 0 };

		assert_int_equal(os_release_value(text_of(text), cases[i][0], &value),
				 cases[i][1] != NULL);
		assert_text(value, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proc_version),
		cmocka_unit_test(test_os_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
