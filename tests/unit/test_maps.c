/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "probes/parse/maps.h"
#include "tests/lib/check.h"

static void test_count(void **state)
{
	static const char maps[] =
		"55d0c0a00000-55d0c0b00000 r-xp 00000000 08:02 1234   /usr/bin/qemu-system-x86_64\n"
		"7f0000000000-7f0000021000 rw-s 00000000 00:0f 20737   /[aio] (deleted)\n"
		"7f0000100000-7f0000121000 rw-s 00000000 00:0f 20738   /[aio] (deleted)\n"
		"7f0000200000-7f0000221000 rw-s 00000000 00:0f 20739   /[aio]\n"
		"7f0000300000-7f0000321000 rw-p 00000000 00:00 0 \n"
		"7f0000400000-7f0000421000 r--p 00000000 08:02 77   /tmp/[aio]\n"
		"7f0000500000-7f0000521000 r--p 00000000 08:02 78   /[aio] x\n"
		"/[aio]\n"
		"a b c d e /[aio]";

	(void)state;
	assert_int_equal(maps_count(text_of(maps), "/[aio]"), 4);
	assert_int_equal(maps_count(text_of(maps), "/usr/bin/qemu-system-x86_64"), 1);
	assert_int_equal(maps_count(text_of(maps), "[heap]"), 0);
	assert_int_equal(maps_count(text_of(""), "/[aio]"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
