/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: tests/lib/tree.c probes/iommu_groups.c probes/iommu_hardware.c probes/tally.c
 */
#include "probes/iommu_parts.h"
#include "probes/parse/reserved_regions.h"
#include "tests/lib/probe_env.h"

#define GROUPS "sys/kernel/iommu_groups/"

static struct iommu_facts read_tree(struct probe_fixture *x, const struct tree *tree)
{
	struct iommu_facts f = { 0 };

	probe_fixture_init(x, tree, "iommu");
	assert_int_equal(iommu_read_hardware(&x->env, &f), 0);
	assert_int_equal(iommu_read_groups(&x->env, &f), 0);
	return f;
}

static void check_bool(const struct fact_bool *f, bool v)
{
	assert_true(f->known);
	assert_int_equal(f->v, v);
}

/* What is not there is not known, and each has its reason. */
static void test_unknowing(void **state)
{
	static const char *const gaps[] = { "iommu.units",
					    "iommu.groups",
					    "iommu.has_dmar",
					    "iommu.has_ivrs",
					    "iommu.has_interrupt_remapping",
					    "iommu.has_iommufd" };
	struct probe_fixture x;
	const struct iommu_facts f = read_tree(&x, *state);

	assert_false(f.units.known || f.groups.known || f.has_dmar.known || f.has_ivrs.known);
	assert_false(f.has_interrupt_remapping.known || f.has_posted_interrupts.known);
	assert_false(f.has_iommufd.known);
	for (size_t i = 0; i < ARRAY_SIZE(gaps); i++)
		assert_int_equal(n_gaps(&x, gaps[i]), 1);
	probe_fixture_release(&x);
}

/* Empty folders are knowledge. */
static void test_none(void **state)
{
	static const char *const dirs[] = { "sys/class/iommu", "sys/kernel/iommu_groups",
					    "sys/firmware/acpi/tables" };
	struct probe_fixture x;
	struct iommu_facts f;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		tree_dir(*state, dirs[i]);
	tree_file(*state, "dev/null", "");
	tree_file(
		*state, "proc/interrupts",
		"           CPU0\n  1:  5  IO-APIC   1-edge  i8042\n 24: 7  PCI-MSI 1-edge  eth0\n");
	f = read_tree(&x, *state);
	assert_true(f.units.known && f.units.n == 0);
	assert_true(f.groups.known && f.groups.n == 0);
	check_bool(&f.has_dmar, false);
	check_bool(&f.has_ivrs, false);
	check_bool(&f.has_interrupt_remapping, false);
	check_bool(&f.has_iommufd, false);
	assert_false(f.has_posted_interrupts.known);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

static void test_intel(void **state)
{
	const struct iommu_group *groups;
	struct probe_fixture x;
	struct iommu_facts f;

	tree_file(*state, "sys/class/iommu/dmar0/intel-iommu/cap", "8d2078c106f0466\n");
	tree_file(*state, "sys/class/iommu/dmar1/intel-iommu/cap", "d2008c40660462\n");
	tree_file(*state, "sys/firmware/acpi/tables/DMAR", "");
	tree_file(*state, "dev/iommu", "");
	tree_file(
		*state, "proc/interrupts",
		"           CPU0\n  1:  5  IR-IO-APIC   1-edge  i8042\n"
		" 24: 7  IR-PCI-MSIX-0000:01:00.0 1-edge  eth0\n 25: 0  DMAR-MSI 0-edge  dmar0\n");
	tree_file(*state, GROUPS "2/type", "DMA-FQ\n");
	tree_link(*state, "../../../../devices/gone", GROUPS "2/devices/0000:01:00.0");
	tree_link(*state, "../../../../devices/gone", GROUPS "2/devices/0000:01:00.1");
	tree_link(*state, "../../../../devices/gone", GROUPS "2/devices/INTC1055:00");
	tree_file(*state, GROUPS "2/reserved_regions",
		  "0x0000000000000000 0x0000000000000fff direct\n"
		  "0x000000009d800000 0x000000009fffffff direct-relaxable\n"
		  "0x00000000fee00000 0x00000000feefffff msi\nodd\n");
	tree_file(*state, GROUPS "10/type", "identity\n");
	tree_dir(*state, GROUPS "10/devices");
	tree_dir(*state, GROUPS "odd");
	f = read_tree(&x, *state);
	assert_int_equal(f.units.n, 2);
	assert_string_equal(f.units.v[1], "dmar1");
	/* One of the two units cannot. */
	check_bool(&f.has_posted_interrupts, false);
	check_bool(&f.has_dmar, true);
	check_bool(&f.has_ivrs, false);
	check_bool(&f.has_iommufd, true);
	check_bool(&f.has_interrupt_remapping, true);
	assert_true(fact_is(&f.remapping_source, "interrupts"));
	assert_int_equal(f.groups.n, 2);
	groups = f.groups.v;
	assert_int_equal(groups[0].group.v, 2);
	assert_true(fact_is(&groups[0].type, "DMA-FQ"));
	assert_int_equal(groups[0].devices.n, 2);
	assert_string_equal(groups[0].devices.v[1], "0000:01:00.1");
	assert_int_equal(groups[0].reserved.n, 2);
	assert_string_equal(groups[0].reserved.v[0],
			    "0x0000000000000000 0x0000000000000fff direct");
	assert_int_equal(groups[1].group.v, 10);
	assert_true(groups[1].devices.known && groups[1].devices.n == 0);
	assert_false(groups[1].reserved.known);
	assert_int_equal(n_gaps(&x, "iommu.groups.reserved"), 1);
	probe_fixture_release(&x);
}

static void test_posting(void **state)
{
	static const struct {
		const char *cap;
		bool is_known, v;
	} cases[] = {
		{ "8d2078c106f0466\n", true, true }, /* bit 59 */
		{ "d2008c40660462\n", true, false }, { "0x8000000000000000\n", true, false },
		{ "many\n", false, false },          { "\n", false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct probe_fixture x;
		struct iommu_facts f;

		tree_file(*state, "sys/class/iommu/dmar0/intel-iommu/cap", cases[i].cap);
		f = read_tree(&x, *state);
		assert_int_equal(f.has_posted_interrupts.known, cases[i].is_known);
		assert_int_equal(f.has_posted_interrupts.v, cases[i].v);
		assert_int_equal(n_gaps(&x, "iommu.has_posted_interrupts"), !cases[i].is_known);
		probe_fixture_release(&x);
	}
}

/* Chips of other machines tell nothing of remapping; a text that is none is a gap. */
static void test_other_chips(void **state)
{
	static const char *const cases[] = {
		"           CPU0\n 11:  5  GICv3  27 Level  arch_timer\n",
		"           CPU0\nNMI:  5  Non-maskable interrupts\n",
		"no header\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct probe_fixture x;
		struct iommu_facts f;

		tree_file(*state, "proc/interrupts", cases[i]);
		f = read_tree(&x, *state);
		assert_false(f.has_interrupt_remapping.known);
		assert_false(f.remapping_source.known);
		assert_int_equal(n_gaps(&x, "iommu.has_interrupt_remapping"), 1);
		probe_fixture_release(&x);
	}
}

static void test_regions(void **state)
{
	static const char *const odd[] = { "",
					   "0x0",
					   "0x0 0x1",
					   "0x0 0x1 reserved",
					   "x 0x1 msi",
					   "0x0 0x1 msi more",
					   "0x0 0x1 direct-relaxable" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		struct text rest = text_of(odd[i]), line;

		assert_false(reserved_regions_next(&rest, &line));
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		T(test_unknowing), T(test_none),        T(test_intel),
		T(test_posting),   T(test_other_chips), cmocka_unit_test(test_regions),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
