/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/mounts.h"
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

static void test_lines(void **state)
{
	static const char text[] =
		"proc /proc proc rw,nosuid 0 0\n"
		"short line only\n"
		"\n"
		"hugetlbfs /dev/huge\\040pages hugetlbfs rw,relatime,pagesize=2M 0 0";
	struct text rest = text_of(text);
	struct mount_line mount;

	(void)state;
	assert_true(mounts_next(&rest, &mount));
	assert_text(mount.source, "proc");
	assert_text(mount.target, "/proc");
	assert_text(mount.type, "proc");
	assert_text(mount.options, "rw,nosuid");
	assert_true(mounts_next(&rest, &mount));
	assert_text(mount.target, "/dev/huge\\040pages");
	assert_text(mount.type, "hugetlbfs");
	assert_false(mounts_next(&rest, &mount));
}

static void test_has_option(void **state)
{
	static const struct {
		const char *options;
		bool has;
	} cases[] = {
		{ "cpuset", true },         { "rw,cpuset", true }, { "rw,cpuset,noprefix", true },
		{ "rw,cpusets", false },    { "cpu,set", false },  { "", false },
		{ "rw,cpuset=yes", false }, { "rw,cpu", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(mounts_has_option(text_of(cases[i].options), "cpuset"),
				 cases[i].has);
}

static void test_unescape(void **state)
{
	static const char *const cases[][2] = {
		{ "/plain", "/plain" },
		{ "/a\\040b", "/a b" },
		{ "\\011\\012\\134\\043", "\t\n\\#" },
		{ "/a\\", "/a\\" },
		{ "/a\\04", "/a\\04" },
		{ "/a\\048", "/a\\048" },
		{ "/a\\000b", "/a\\000b" }, /* a NUL is never in a path */
		{ "/a\\777", "/a\\777" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *plain = mounts_unescape(text_of(cases[i][0]));

		assert_non_null(plain);
		assert_string_equal(plain, cases[i][1]);
	}
}

static void test_page_size(void **state)
{
	static const struct {
		const char *options;
		int want;
		uint64_t bytes;
	} cases[] = {
		{ "rw,relatime,pagesize=2M", 0, 2 * MIB },
		{ "rw,pagesize=1024M,size=4G", 0, GIB },
		{ "pagesize=1G", 0, GIB },
		{ "rw,pagesize=64K", 0, 64 * KIB },
		{ "rw,pagesize=2097152", 0, 2 * MIB },
		{ "rw,relatime", -ENOENT, 0 },
		{ "rw,xpagesize=2M", -ENOENT, 0 },
		{ "rw,pagesize", -ENOENT, 0 },
		{ "rw,pagesize=", -EINVAL, 0 },
		{ "rw,pagesize=2Q", -EINVAL, 0 },
		{ "rw,pagesize=99999999999G", -ERANGE, 0 },
		{ "", -ENOENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t bytes = 0;

		assert_int_equal(mounts_page_size(text_of(cases[i].options), &bytes),
				 cases[i].want);
		assert_int_equal(bytes, cases[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_has_option),
		cmocka_unit_test(test_unescape),
		cmocka_unit_test(test_page_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
