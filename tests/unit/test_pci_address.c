/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pci_address.h"
#include "tests/lib/check.h"

static void test_parse(void **state)
{
	static const struct {
		const char *in, *want; /* want NULL: refused */
	} cases[] = {
		{ "0000:01:00.0", "0000:01:00.0" },
		{ "10000:e1:1f.7", "10000:e1:1f.7" },
		{ "ffffffff:ff:1f.7", "ffffffff:ff:1f.7" },
		{ "01:00.0", "0000:01:00.0" },
		{ "2:0.1", "0000:02:00.1" },
		{ "0000:0A:00.0", "0000:0a:00.0" },
		{ "100000000:00:00.0", NULL },
		{ "100:00.0", NULL },
		{ "00:20.0", NULL },
		{ "00:00.8", NULL },
		{ "00:00", NULL },
		{ "00.0", NULL },
		{ ":00.0", NULL },
		{ "01::.0", NULL },
		{ "01:00.", NULL },
		{ "x:01:00.0", NULL },
		{ "0x1:00.0", NULL },
		{ " 01:00.0", NULL },
		{ "0:01:00:00.0", NULL },
		{ "$GPU", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pci_address a = { .domain = 7 };
		char buf[PCI_ADDRESS_SIZE];
		int r = pci_address_parse(text_of(cases[i].in), &a);

		if (!cases[i].want) {
			assert_int_equal(r, -EINVAL);
			assert_int_equal(a.domain, 7);
			continue;
		}
		assert_int_equal(r, 0);
		pci_address_format(&a, buf);
		assert_string_equal(buf, cases[i].want);
	}
}

static void test_find(void **state)
{
	static const struct {
		const char *in, *want; /* want NULL: there is none */
	} cases[] = {
		{ "0000:01:00.0", "0000:01:00.0" },
		{ "ahci[0000:00:1f.2]", "0000:00:1f.2" },
		{ "vfio-msix[3](0000:03:00.0)", "0000:03:00.0" },
		{ "IR-PCI-MSIX-0000:03:00.0", "0000:03:00.0" },
		{ "mlx5_comp0@pci:0000:19:00.0", "0000:19:00.0" },
		{ "i40e-0000:86:00.0:fdir-TxRx-0", "0000:86:00.0" },
		{ "0000:00:20.0 0000:00:1f.0", "0000:00:1f.0" },
		{ "10000:e1:00.0", "10000:e1:00.0" },
		{ "fade0000:e1:00.0", "fade0000:e1:00.0" },
		{ "123456789:e1:00.0", NULL },
		{ "0000:00:1f.22", NULL },
		{ "0000:00:1f", NULL },
		{ "00:1f.2 is an address", NULL },
		{ "ACPI:Ged and others", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pci_address a;
		char buf[PCI_ADDRESS_SIZE];
		bool is_found = pci_address_find(text_of(cases[i].in), &a);

		assert_int_equal(is_found, cases[i].want != NULL);
		if (!is_found)
			continue;
		pci_address_format(&a, buf);
		assert_string_equal(buf, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
