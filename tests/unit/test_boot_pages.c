/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/boot_pages.h"
#include "tests/lib/check.h"

/* All requests, in the form "KIB:PAGES". */
static char *describe(const char *cmdline)
{
	struct boot_pages_scan scan = { .rest = text_of(cmdline) };
	struct boot_pages pages;
	size_t size;
	char *all;
	FILE *out = open_memstream(&all, &size);

	assert_non_null(out);
	while (boot_pages_next(&scan, &pages))
		fprintf(out, " %llu:%llu", (unsigned long long)pages.page_kib,
			(unsigned long long)pages.n_pages);
	assert_int_equal(fclose(out), 0);
	return all;
}

static void test_requests(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "quiet splash", "" },
		{ "hugepages=14", " 0:14" },
		{ "hugepagesz=1G hugepages=14", " 1048576:14" },
		{ "hugepages=512 hugepagesz=1G hugepages=4", " 0:512 1048576:4" },
		{ "hugepagesz=1024M hugepages=4 hugepagesz=2M hugepages=0", " 1048576:4 2048:0" },
		{ "hugepagesz=1G hugepages=0:2,1:3", " 1048576:5" },
		{ "hugepages=4 hugepages=8", " 0:4" },
		{ "hugepagesz=1G hugepages=4 hugepages=8", " 1048576:4" },
		{ "hugepagesz=1G", "" },
		{ "hugepagesz=big hugepages=4", "" },
		{ "hugepagesz=big hugepages=4 hugepagesz=2M hugepages=3", " 2048:3" },
		{ "hugepagesz hugepages=4", "" },
		{ "hugepages=many", "" },
		{ "hugepages=0:1,1:x", "" },
		{ "hugepages=99999999999999999999", "" },
		{ "hugepages=0:9223372036854775807,1:1", "" },
		{ "hugepages", "" },
		{ "-- hugepages=3", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *all = describe(cases[i][0]);

		assert_string_equal(all, cases[i][1]);
	}
}

static void test_default(void **state)
{
	uint64_t kib = 7;

	(void)state;
	assert_false(boot_pages_default(text_of("quiet hugepagesz=1G"), &kib));
	assert_false(boot_pages_default(text_of("default_hugepagesz=x"), &kib));
	assert_false(boot_pages_default(text_of("default_hugepagesz=0"), &kib));
	assert_int_equal(kib, 7);
	assert_true(boot_pages_default(text_of("a default_hugepagesz=1G hugepages=3"), &kib));
	assert_int_equal(kib, 1048576);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
