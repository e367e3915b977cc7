/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of PCI functions tell without root, the ways up to the root, links that lead
 * astray.
 *
 * TEST_SOURCES: tests/lib/tree.c probes/pci_access.c probes/pci_caps.c probes/pci_express.c
 * TEST_SOURCES: probes/pci_functions.c probes/pci_links.c probes/pci_sysfs.c probes/pci_vectors.c
 * TEST_SOURCES: probes/tally.c
 */
#include "tests/lib/pci.h"

/* Without root the files say what the configuration would. */
static void test_files(void **state)
{
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "vendor", "0x10de\n" },
		{ "device", "0x1b81\n" },
		{ "class", "0x030000\n" },
		{ "numa_node", "1\n" },
		{ "driver_override", "vfio-pci\n" },
		{ "boot_vga", "1\n" },
		{ "current_link_speed", "2.5 GT/s PCIe\n" },
		{ "current_link_width", "8\n" },
		{ "max_link_speed", "16.0 GT/s PCIe\n" },
		{ "max_link_width", "16\n" },
		{ "sriov_totalvfs", "7\n" },
		{ "sriov_numvfs", "2\n" },
		{ "reset_method", "flr bus\n" },
		{ "power_state", "D0\n" },
		{ "power/runtime_status", "active\n" },
		{ "power/control", "on\n" },
		{ "d3cold_allowed", "1\n" },
		{ "aer_dev_correctable", "RxErr 1\nTOTAL_ERR_COR 3\n" },
		{ "msi_irqs/40", "msix\n" },
		{ "msi_irqs/41", "msix\n" },
		{ "link/l0s_aspm", "1\n" },
		{ "link/l1_aspm", "1\n" },
		{ "link/l1_2_aspm", "1\n" },
		{ "resource", "0x00000000f6000000 0x00000000f6ffffff 0x0000000000040200\n"
			      "0x000000e000000000 0x000000e00fffffff 0x000000000014220c\n"
			      "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
			      "0x000000f000000000 0x000000f0000000ff 0x000000000014220c\n"
			      "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
			      "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n"
			      "0x00000000f7000000 0x00000000f707ffff 0x0000000000046200\n" },
		{ "resource1_resize", "0000000000007f00\n" },
	};
	const struct tree *tree = *state;
	const struct pci_function *list;
	const struct pci_bar *bars;
	struct probe_fixture x;
	struct pci_facts f;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, DEVICES GPU "/%s", files[i].file) > 0);
		tree_file(tree, path, files[i].text);
	}
	tree_link(tree, "../../../../bus/pci/drivers/vfio-pci", DEVICES GPU "/driver");
	tree_link(tree, "../../../../kernel/iommu_groups/17", DEVICES GPU "/iommu_group");
	tree_link(tree, "../0000:01:00.0", DEVICES "0000:01:10.0/physfn");
	tree_file(tree, DEVICES "0000:01:10.0/vendor", "0x8086\n");
	tree_file(tree, DEVICES "0000:01:10.0/driver_override", "(null)\n");
	tree_file(tree, DEVICES "0000:01:10.0/numa_node", "-1\n");
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 2);
	bars = list[0].bars.v;
	check_u64(&list[0].node, 1);
	check_str(&list[0].driver_override, "vfio-pci");
	check_bool(&list[0].is_boot_vga, true);
	check_u64(&list[0].link_speed_mts, 2500);
	check_u64(&list[0].link_width, 8);
	check_u64(&list[0].max_link_speed_mts, 16000);
	check_u64(&list[0].max_link_width, 16);
	check_u64(&list[0].n_total_vfs, 7);
	check_u64(&list[0].n_vfs, 2);
	assert_int_equal(list[0].reset_methods.n, 2);
	assert_string_equal(list[0].reset_methods.v[1], "bus");
	check_bool(&list[0].has_flr, true);
	check_str(&list[0].runtime_status, "active");
	check_str(&list[0].power_control, "on");
	check_bool(&list[0].is_d3cold_allowed, true);
	check_u64(&list[0].n_correctable, 3);
	check_u64(&list[0].n_vectors, 2);
	check_bool(&list[0].has_msix, true);
	check_bool(&list[0].is_msix_enabled, true);
	check_bool(&list[0].is_msi_enabled, false);
	assert_false(list[0].has_msi.known);
	check_str(&list[0].aspm, "l0s+l1");
	check_bool(&list[0].has_l1_substates, true);
	check_str(&list[0].driver, "vfio-pci");
	check_u64(&list[0].iommu_group, 17);
	assert_int_equal(list[0].bars.n, 3);
	check_u64(&bars[0].size_kib, 16 * 1024);
	assert_false(bars[0].max_kib.known);
	check_u64(&bars[1].index, 1);
	check_u64(&bars[1].size_kib, 256 * 1024);
	check_u64(&bars[1].max_kib, 16 * 1024 * 1024);
	check_u64(&bars[2].index, 3);
	check_u64(&bars[2].size_kib, 1);
	/* Others have drivers and vectors: this one has none. */
	check_str(&list[1].physical_function, GPU);
	check_bool(&list[1].is_bound, false);
	check_u64(&list[1].n_vectors, 0);
	check_bool(&list[1].is_msi_enabled, false);
	assert_false(list[1].has_msi.known);
	assert_false(list[1].driver_override.known);
	assert_false(list[1].node.known);
	assert_int_equal(n_gaps(&x, "pci.functions.driver_override"), 0);
	probe_fixture_release(&x);
}

static void test_odd_files(void **state)
{
	static const struct {
		const char *file, *text, *gap;
	} files[] = {
		{ "vendor", "intel\n", "pci.functions.vendor_id" },
		{ "numa_node", "-2\n", "pci.functions.node" },
		{ "boot_vga", "perhaps\n", "pci.functions.is_boot_vga" },
		{ "current_link_speed", "ludicrous\n", "pci.functions.link_speed_mts" },
		{ "current_link_width", "x4\n", "pci.functions.link_width" },
		{ "power_state", "unknown\n", "pci.functions.power_state" },
		{ "aer_dev_correctable", "\n", "pci.functions.n_correctable" },
		{ "resource", "0x1\n", "pci.functions.bars" },
		{ "msi_irqs/7", "intx\n", "pci.functions.n_vectors" },
		{ "link/l1_aspm", "yes\n", "pci.functions.aspm" },
		{ "iommu_group", "no link\n", "pci.functions.iommu_group" },
	};
	const struct tree *tree = *state;
	struct probe_fixture x;
	struct pci_facts f;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, DEVICES GPU "/%s", files[i].file) > 0);
		tree_file(tree, path, files[i].text);
	}
	(void)read_tree(&x, tree, &f);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (n_gaps(&x, files[i].gap) != 1)
			fail_msg("%s: %zu gaps", files[i].gap, n_gaps(&x, files[i].gap));
	}
	probe_fixture_release(&x);
}

/* Links that lead out of the tree, or nowhere, tell nothing of the machine that looks. */
static void test_astray(void **state)
{
	const struct tree *tree = *state;
	char zeros[257] = "";
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	/* Absolute: the tree's own for us, this machine's for a library that opens names. */
	memset(zeros, '0', sizeof(zeros) - 1);
	tree_link(tree, "/elsewhere", DEVICES "0000:00:02.0");
	tree_file(tree, "elsewhere/config", zeros);
	tree_file(tree, "elsewhere/vendor", "0x10de\n");
	tree_link(tree, "../../../devices/gone", DEVICES "0000:00:03.0");
	tree_dir(tree, DEVICES "0000:00:04.0/config");
	tree_dir(tree, DEVICES "0000:0A:00.0");
	tree_dir(tree, DEVICES "power");
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 3);
	check_u64(&list[0].vendor_id, 0x10de);
	for (size_t i = 0; i < f.functions.n; i++)
		assert_false(list[i].config_bytes.known);
	assert_true(n_gaps(&x, "pci.functions.config_bytes") >= 2);
	assert_true(n_gaps(&x, "pci.functions.vendor_id") >= 1);
	probe_fixture_release(&x);
}

static void put_link(const struct tree *tree, const char *name, const char *can, const char *is,
		     const char *speed)
{
	const struct {
		const char *file, *text;
	} files[] = { { "max_link_width", can },
		      { "current_link_width", is },
		      { "max_link_speed", speed },
		      { "current_link_speed", speed } };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "sys/devices/%s/%s", name, files[i].file) > 0);
		tree_file(tree, path, files[i].text);
	}
}

/* Ports on the way count, but not those without lanes, and not what has no link at all. */
static void test_paths(void **state)
{
	static const char *const where[] = { "pci0000:00/0000:00:01.0",
					     "pci0000:00/0000:00:01.0/0000:01:00.0",
					     "pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:00.0",
					     "pci0000:00/0000:00:02.0",
					     "pci0000:00/0000:00:03.0/pci10000:e0/10000:e0:01.0",
					     "pci0000:00/0000:00:04.0",
					     "pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:10.0" };
	const struct tree *tree = *state;
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	put_link(tree, where[0], "16", "0", "2.5 GT/s PCIe");
	tree_file(tree, "sys/devices/pci0000:00/0000:00:01.0/class", "0x060400\n");
	put_link(tree, where[1], "8", "8", "8.0 GT/s PCIe");
	put_link(tree, where[2], "16", "16", "16.0 GT/s PCIe");
	put_link(tree, where[3], "255", "0", "Unknown");
	put_link(tree, where[4], "4", "4", "8.0 GT/s PCIe");
	put_link(tree, where[5], "0", "0", "2.5 GT/s PCIe");
	put_link(tree, where[6], "8", "0", "Unknown"); /* a virtual function */
	for (size_t i = 0; i < ARRAY_SIZE(where); i++) {
		auto_free char *target = NULL;
		auto_free char *path = NULL;

		assert_true(asprintf(&target, "../../../devices/%s", where[i]) > 0);
		assert_true(asprintf(&path, DEVICES "%s", strrchr(where[i], '/') + 1) > 0);
		tree_link(tree, target, path);
	}
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 7);
	/* 00:01.0, 00:02.0, 00:04.0, 01:00.0, 02:00.0, 02:10.0, 10000:e0:01.0 */
	check_u64(&list[0].link_width, 0);
	assert_false(list[1].link_width.known);
	assert_false(list[2].link_width.known);
	assert_false(list[2].link_speed_mts.known);
	check_u64(&list[3].path_width, 8);
	check_u64(&list[4].path_width, 8);
	check_u64(&list[4].path_speed_mts, 8000);
	check_str(&list[4].parent, "0000:01:00.0");
	assert_false(list[5].link_width.known);
	check_u64(&list[5].max_link_width, 8);
	assert_false(list[6].parent.known);
	assert_false(list[6].path_width.known);
	probe_fixture_release(&x);
}

/* Two functions, each inside the other. */
static void test_endless_path(void **state)
{
	const struct tree *tree = *state;
	struct probe_fixture x;
	struct pci_facts f;

	put_link(tree, "a", "16", "16", "8.0 GT/s PCIe");
	tree_link(tree, "../../../devices/a", "sys/devices/b/0000:01:00.0/0000:02:00.0");
	tree_link(tree, "../../../devices/a", "sys/devices/b/0000:02:00.0/0000:01:00.0");
	tree_link(tree, "../../../devices/b/0000:01:00.0/0000:02:00.0", DEVICES "0000:02:00.0");
	tree_link(tree, "../../../devices/b/0000:02:00.0/0000:01:00.0", DEVICES "0000:01:00.0");
	(void)read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 2);
	probe_fixture_release(&x);
}

static void test_nothing(void **state)
{
	const struct tree *tree = *state;
	struct probe_fixture x;
	struct pci_facts f;

	(void)read_tree(&x, tree, &f);
	assert_false(f.functions.known);
	assert_false(f.source.known);
	assert_int_equal(n_gaps(&x, "pci.functions"), 1);
	probe_fixture_release(&x);
	tree_dir(tree, "sys/bus/pci/devices");
	(void)read_tree(&x, tree, &f);
	assert_true(f.functions.known);
	assert_int_equal(f.functions.n, 0);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

static void test_too_many(void **state)
{
	const struct tree *tree = *state;
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	for (unsigned i = 0; i < PCI_FUNCTIONS_MAX + 8; i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, DEVICES "%04x:%02x:%02x.%u", i >> 12, i >> 8 & 0xf,
				     i >> 3 & 0x1f, i & 7) > 0);
		tree_link(tree, "../gone", path);
	}
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, PCI_FUNCTIONS_MAX);
	check_str(&list[PCI_FUNCTIONS_MAX - 1].address, "0000:0f:1f.7");
	assert_int_equal(n_gaps(&x, "pci.functions"), 1);
	assert_int_equal(n_gaps(&x, "pci.functions.vendor_id"), 1);
	probe_fixture_release(&x);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		T(test_files),        T(test_odd_files), T(test_astray),   T(test_paths),
		T(test_endless_path), T(test_nothing),   T(test_too_many),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
