/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pci_text.h"
#include "tests/lib/check.h"

static void test_speed(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t mts;
	} cases[] = {
		{ "2.5 GT/s PCIe\n", 0, 2500 },
		{ "5.0 GT/s PCIe", 0, 5000 },
		{ "16.0 GT/s PCIe", 0, 16000 },
		{ "32.0 GT/s PCIe", 0, 32000 },
		{ "8 GT/s", 0, 8000 },
		{ "2.5 GT/s", 0, 2500 },
		{ "Unknown", -ENODATA, 0 },
		{ "Unknown speed", -ENODATA, 0 },
		{ "", -EBADMSG, 0 },
		{ "8", -EBADMSG, 0 },
		{ "8.25 GT/s", -EBADMSG, 0 },
		{ "8. GT/s", -EBADMSG, 0 },
		{ "fast", -EBADMSG, 0 },
		{ "8.0 MT/s", -EBADMSG, 0 },
		{ "99999999999999999999 GT/s", -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t mts = 0;

		assert_int_equal(pci_text_speed(text_of(cases[i].text), &mts), cases[i].r);
		assert_int_equal(mts, cases[i].mts);
	}
}

static void test_resource(void **state)
{
	static const char *const odd[] = {
		"",          "0x0 0x1",     "0x0 0x1 0x2 0x3",
		"0x0 0x1 x", "0x2 0x1 0x0", "0x11111111111111111 0x0 0x0"
	};
	struct pci_resource region;

	(void)state;
	assert_int_equal(pci_text_resource(text_of("0x00000000f6000000 0x00000000f6ffffff "
						   "0x0000000000040200"),
					   &region),
			 0);
	assert_int_equal(region.start, 0xf6000000);
	assert_int_equal(region.end, 0xf6ffffff);
	assert_int_equal(region.flags, 0x40200);
	assert_true(region.flags & PCI_RESOURCE_MEMORY);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		assert_int_equal(pci_text_resource(text_of(odd[i]), &region), -EBADMSG);
}

static void test_correctable(void **state)
{
	uint64_t n;

	(void)state;
	assert_int_equal(pci_text_correctable(text_of("RxErr 3\nBadTLP 0\nTOTAL_ERR_COR 17\n"), &n),
			 0);
	assert_int_equal(n, 17);
	assert_int_equal(pci_text_correctable(text_of("RxErr 3\n"), &n), -EBADMSG);
	assert_int_equal(pci_text_correctable(text_of("TOTAL_ERR_COR x\n"), &n), -EBADMSG);
	assert_int_equal(pci_text_correctable(text_of(""), &n), -EBADMSG);
}

static void test_base(void **state)
{
	(void)state;
	assert_true(text_equal(pci_text_base(text_of("../../bus/pci/drivers/nvme")), "nvme"));
	assert_true(text_equal(pci_text_base(text_of("nvme")), "nvme"));
	assert_true(text_equal(pci_text_base(text_of("/")), ""));
	assert_true(text_equal(pci_text_base(text_of("")), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_resource),
		cmocka_unit_test(test_correctable),
		cmocka_unit_test(test_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
