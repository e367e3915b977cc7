/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/numa_maps.h"
#include "tests/lib/check.h"

static void test_sums(void **state)
{
	static const char text[] =
		"55d0c1e00000 default file=/usr/bin/qemu mapped=2 N0=2 kernelpagesize_kB=4\n"
		"7f0000000000 bind:1 file=/dev/hugepages/ram huge dirty=12 N0=2 N1=10 "
		"kernelpagesize_kB=1048576\n"
		"7f1000000000 default heap anon=3 dirty=3 N1=3 kernelpagesize_kB=4\n"
		"7f2000000000 default\n"
		"7ffd00000000 prefer=static:0 stack anon=5 N1023=5 kernelpagesize_kB=4\n"
		"7f3000000000 default file=/memfd:N0\\07599 N=7 Name=x N1x=3\n";
	struct numa_maps maps;

	(void)state;
	assert_int_equal(numa_maps_parse(text_of(text), &maps), 0);
	assert_int_equal(maps.node_kib[0], 8 + 2 * 1048576);
	assert_int_equal(maps.node_kib[1], 12 + 10 * 1048576);
	assert_int_equal(maps.node_kib[2], 0);
	assert_int_equal(maps.node_kib[1023], 20);
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"\n\n",
		"no address\n",
		"7f00\n",
		"7f00 default N0=5\n", /* pages of what size? */
		"7f00 default N1024=5 kernelpagesize_kB=4\n",
		"7f00 default N99999999999999999999=5 kernelpagesize_kB=4\n",
		"7f00 default N0=x kernelpagesize_kB=4\n",
		"7f00 default N0= kernelpagesize_kB=4\n",
		"7f00 default N0=-5 kernelpagesize_kB=4\n",
		"7f00 default N0=18446744073709551615 kernelpagesize_kB=4\n",
		"7f00 default N0=2 kernelpagesize_kB=1099511627776\n",
		"7f00 default N0=1 kernelpagesize_kB=1099511627777\n",
		"7f00 default N0=1 kernelpagesize_kB=0\n",
		"7f00 default N0=1 kernelpagesize_kB=\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct numa_maps maps = { { 4711 } };

		if (numa_maps_parse(text_of(cases[i]), &maps) != -EBADMSG)
			fail_msg("accepted: %s", cases[i]);
		assert_int_equal(maps.node_kib[0], 4711);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
