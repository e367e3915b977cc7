/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "probes/parse/buddyinfo.h"
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

static void test_zones(void **state)
{
	static const char text[] =
		"Node 0, zone      DMA      0      0      0      0      0      1      1      1 "
		"     0      1      3 \n"
		"Node 0, zone    DMA32   5372   2099    821\n"
		"Node 12, zone   Normal      7\n";
	struct text rest = text_of(text);
	struct buddyinfo_zone zone;

	(void)state;
	assert_true(buddyinfo_next(&rest, &zone));
	assert_int_equal(zone.node, 0);
	assert_text(zone.zone, "DMA");
	assert_int_equal(zone.n_orders, 11);
	assert_int_equal(zone.free[4], 0);
	assert_int_equal(zone.free[5], 1);
	assert_int_equal(zone.free[10], 3);
	assert_true(buddyinfo_next(&rest, &zone));
	assert_text(zone.zone, "DMA32");
	assert_int_equal(zone.n_orders, 3);
	assert_int_equal(zone.free[0], 5372);
	assert_int_equal(zone.free[3], 0);
	assert_true(buddyinfo_next(&rest, &zone));
	assert_int_equal(zone.node, 12);
	assert_false(buddyinfo_next(&rest, &zone));
}

/* 65 of them. */
#define EIGHT           " 1 1 1 1 1 1 1 1"
#define TOO_MANY_ORDERS "Node 0, zone DMA" EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT " 1"

static void test_odd_lines(void **state)
{
	static const char *const lines[] = {
		"",
		"Node 0",
		"Node 0, zone",
		"Node 0, zone DMA",
		"Node x, zone DMA 1",
		"Node 0, zone DMA 1 x",
		"Node 0, zone DMA -1",
		"Node 0, zone DMA 99999999999999999999",
		"Node 0 zone DMA 1",
		"Page block order: 9",
		TOO_MANY_ORDERS,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct text rest = text_of(lines[i]);
		struct buddyinfo_zone zone;

		if (buddyinfo_next(&rest, &zone))
			fail_msg("%s", lines[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_odd_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
