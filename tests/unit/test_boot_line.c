/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/boot_line.h"
#include "tests/lib/check.h"

static void changes_are_merged(void **state)
{
	static const struct {
		const char *line, *changes, *expected;
	} cases[] = {
		{ "quiet", "iommu=pt", "quiet iommu=pt" },
		{ "iommu=soft quiet iommu=off", "iommu=pt", "iommu=pt quiet" },
		{ "a nosmt b", "-nosmt", "a b" },
		{ "isolcpus=1-3 a", "-isolcpus", "a" },
		{ "pci=nomsi pci=noaer", "-pci=nomsi", "pci=noaer" },
		{ "vfio-pci.ids=1:2", "vfio_pci.ids=3:4", "vfio_pci.ids=3:4" },
		{ "x=\"a b\" y", "y=1", "x=\"a b\" y=1" },
		{ "hugepagesz=1G hugepages=14 q", "hugepagesz=1G hugepages=12",
		  "q hugepagesz=1G hugepages=12" },
		{ "hugepagesz=2M hugepages=8 hugepagesz=1G hugepages=14",
		  "hugepagesz=1G hugepages=12",
		  "hugepagesz=2M hugepages=8 hugepagesz=1G hugepages=12" },
		{ "default_hugepagesz=1G hugepagesz=1G hugepages=14", "hugepages=12",
		  "hugepages=12 default_hugepagesz=1G hugepagesz=1G hugepages=14" },
		{ "hugepages=512 a", "hugepages=6144", "hugepages=6144 a" },
		{ "isolcpus=0-3 nohz_full=1", "isolcpus=domain,1-4\nnohz_full=1-4 rcu_nocbs=1-4",
		  "isolcpus=domain,1-4 nohz_full=1-4 rcu_nocbs=1-4" },
		{ "", "a b=c", "a b=c" },
		{ "  a   b ", "", "a b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		const char *text = boot_line_merge(&a, cases[i].line, cases[i].changes);

		assert_string_equal(text, cases[i].expected);
	}
}

static void differences_are_changes(void **state)
{
	static const struct {
		const char *from, *to, *expected;
	} cases[] = {
		{ "a b=1 c", "a c b=2 d=\"x y\"", "b=2 d=\"x y\" -b=1" },
		{ "a", "a", "" },
		{ "", "a b", "a b" },
		{ "a  b", "", "-a -b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		const char *text = boot_line_difference(&a, cases[i].from, cases[i].to);

		assert_string_equal(text, cases[i].expected);
	}
}

static void values_are_found(void **state)
{
	static const struct {
		const char *line, *key, *expected;
	} cases[] = {
		{ "a=1 b a=2", "a", "2" },
		{ "a=1 b a=2", "b", "" },
		{ "a=1", "c", NULL },
		{ "x=\"1 2\" y", "x", "1 2" },
		{ "vfio-pci.ids=1:2", "vfio_pci.ids", "1:2" },
		{ "a -- b=1", "b", NULL },
		{ "", "a", NULL },
		{ "ab=1", "a", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		const char *value = boot_line_value(&a, cases[i].line, cases[i].key);

		if (cases[i].expected)
			assert_string_equal(value, cases[i].expected);
		else
			assert_null(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(changes_are_merged),
					    cmocka_unit_test(values_are_found),
					    cmocka_unit_test(differences_are_changes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
