/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/route.h"
#include "tests/lib/check.h"

#define HEADER                                                                                \
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT" \
	"                                                       \n"

static void test_routes(void **state)
{
	static const struct {
		const char *interface;
		uint32_t destination, mask;
		bool is_subnet;
	} rows[] = {
		{ "eth0", 0, 0, false },
		{ "eth0", 0x0001a8c0, 0x00ffffff, true },
		{ "eth1", 0x0001a8c0, 0x00ffffff, false }, /* down */
		{ "eth1", 0x050200c0, 0xffffffff, false }, /* one host */
		{ "tun0", 0x0000000a, 0x000000ff, false }, /* behind a gateway */
	};
	struct text rest = text_of(
		HEADER "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0    \n"
		       "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0    \n"
		       "eth1\t0001A8C0\t00000000\t0000\t0\t0\t100\t00FFFFFF\t0\t0\t0    \n"
		       "eth2\t0001A8C0\t00000000\n"
		       "eth1\t050200C0\t00000000\t0005\t0\t0\t100\tFFFFFFFF\t0\t0\t0    \n"
		       "eth3\t10001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
		       "tun0\t0000000A\t0101A8C0\t0003\t0\t0\t4294967295\t000000FF\t0\t0\t0");
	struct route route;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_true(route_next(&rest, &route));
		assert_true(text_equal(route.interface, rows[i].interface));
		assert_int_equal(route.destination, rows[i].destination);
		assert_int_equal(route.mask, rows[i].mask);
		assert_int_equal(route.is_subnet, rows[i].is_subnet);
	}
	assert_false(route_next(&rest, &route));
}

static void test_nothing(void **state)
{
	static const char *const cases[] = { "", "\n", HEADER, "eth0", "eth0 x y z 0 0 0 0\n" };
	struct route route;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i]);

		assert_false(route_next(&rest, &route));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
