/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI configuration spaces, byte by byte, from trees and from texts of lspci.
 *
 * TEST_SOURCES: tests/lib/tree.c probes/pci_access.c probes/pci_caps.c probes/pci_express.c
 * TEST_SOURCES: probes/pci_functions.c probes/pci_links.c probes/pci_sysfs.c probes/pci_vectors.c
 * TEST_SOURCES: probes/tally.c
 */
#include "tests/lib/pci.h"

struct space {
	uint8_t b[4096];
};

static void put(struct space *s, size_t at, size_t size, uint64_t v)
{
	for (size_t i = 0; i < size; i++)
		s->b[at + i] = (uint8_t)(v >> (8 * i));
}

/* A capability, and the way to it from the one before ("at" of its next pointer). */
static void put_cap(struct space *s, size_t *next, uint8_t at, uint8_t id)
{
	s->b[*next] = at;
	s->b[at] = id;
	*next = at + 1u;
}

static void put_extended(struct space *s, size_t at, uint16_t id, uint16_t next)
{
	put(s, at, 4, id | 1u << 16 | (uint32_t)next << 20);
}

static void put_header(struct space *s, uint32_t ids, uint32_t class_code)
{
	put(s, 0x00, 4, ids);
	put(s, 0x06, 2, 0x10);
	put(s, 0x08, 4, class_code << 8);
	s->b[0x3d] = 1;
}

/* PCI Express at 0x60: type, what the link can do and does, as (speed code, lanes). */
static void put_express(struct space *s, size_t *next, unsigned type, unsigned can, unsigned does)
{
	put_cap(s, next, 0x60, 0x10);
	put(s, 0x62, 2, type << 4 | 2);
	put(s, 0x64, 4, 1u << 28 | 2); /* function level reset, payload of 512 bytes */
	put(s, 0x68, 2, 1u << 5);      /* 256 bytes */
	put(s, 0x6c, 4, can);
	put(s, 0x70, 2, 2); /* L1 */
	put(s, 0x72, 2, does);
}

#define LINK(speed, lanes) ((speed) | (lanes) << 4)

static struct space make_port(void)
{
	struct space s = { 0 };
	size_t next = 0x34;

	put_header(&s, 0x19018086, 0x060400);
	s.b[0x0e] = 1;
	s.b[0x19] = 1; /* the bus below it */
	s.b[0x1a] = 1;
	put_express(&s, &next, 4, LINK(3, 4), LINK(1, 4));
	put_extended(&s, 0x100, 0x0d, 0); /* ACS */
	put(&s, 0x106, 2, 0x1d);
	return s;
}

static struct space make_gpu(void)
{
	struct space s = { 0 };
	size_t next = 0x34;

	put_header(&s, 0x1b8110de, 0x030000);
	put(&s, 0x04, 2, 0x400); /* interrupt line off */
	put_cap(&s, &next, 0x50, 0x05);
	put(&s, 0x52, 2, 0x81); /* MSI, on */
	put_cap(&s, &next, 0x58, 0x11);
	put(&s, 0x5a, 2, 0x0003); /* MSI-X, off */
	put_express(&s, &next, 0, LINK(3, 16), LINK(1, 4));
	put(&s, 0x8c, 4, 0x1e);               /* up to 16 GT/s, which the old register cannot say */
	put_extended(&s, 0x100, 0x15, 0x140); /* resizable BAR: one, BAR 1, 256 MiB of 8 GiB */
	put(&s, 0x104, 4, 0x3f00u << 4);
	put(&s, 0x108, 4, 1u | 1u << 5 | 8u << 8);
	put_extended(&s, 0x140, 0x1e, 0x180); /* L1 substates: L1.2 on */
	put(&s, 0x148, 4, 0x4);
	put_extended(&s, 0x180, 0x10, 0); /* SR-IOV: 4 of 64 */
	put(&s, 0x188, 2, 1);
	put(&s, 0x18e, 2, 64);
	put(&s, 0x190, 2, 4);
	return s;
}

static void put_config(const struct tree *tree, const char *path, const struct space *s, size_t n)
{
	tree_bytes(tree, path, s->b, n);
}

static void make_pair(const struct tree *tree)
{
	const struct space port = make_port(), gpu = make_gpu();

	put_config(tree, "sys/devices/pci0000:00/" PORT "/config", &port, 4096);
	put_config(tree, "sys/devices/pci0000:00/" PORT "/" GPU "/config", &gpu, 4096);
	tree_link(tree, "../../../devices/pci0000:00/" PORT, DEVICES PORT);
	tree_link(tree, "../../../devices/pci0000:00/" PORT "/" GPU, DEVICES GPU);
}

static void check_gpu(const struct pci_function *gpu)
{
	const struct pci_bar *bars = gpu->bars.v;

	check_u64(&gpu->vendor_id, 0x10de);
	check_u64(&gpu->device_id, 0x1b81);
	check_u64(&gpu->class_code, 0x030000);
	check_u64(&gpu->config_bytes, 4096);
	check_str(&gpu->port, "endpoint");
	check_bool(&gpu->has_intx, true);
	check_bool(&gpu->is_intx_disabled, true);
	check_bool(&gpu->has_msi, true);
	check_bool(&gpu->is_msi_enabled, true);
	check_bool(&gpu->has_msix, true);
	check_bool(&gpu->is_msix_enabled, false);
	check_bool(&gpu->has_flr, true);
	check_str(&gpu->aspm, "l1");
	check_bool(&gpu->has_l1_substates, true);
	check_u64(&gpu->max_payload_bytes, 256);
	check_u64(&gpu->max_payload_supported_bytes, 512);
	check_u64(&gpu->link_speed_mts, 2500);
	check_u64(&gpu->link_width, 4);
	check_u64(&gpu->max_link_speed_mts, 16000);
	check_u64(&gpu->max_link_width, 16);
	check_u64(&gpu->path_speed_mts, 8000);
	check_u64(&gpu->path_width, 4);
	check_str(&gpu->parent, PORT);
	check_u64(&gpu->n_total_vfs, 64);
	check_u64(&gpu->n_vfs, 4);
	check_bool(&gpu->has_acs, false);
	assert_false(gpu->acs_enabled.known);
	assert_int_equal(gpu->bars.n, 1);
	check_u64(&bars[0].index, 1);
	check_u64(&bars[0].size_kib, 256 * 1024);
	check_u64(&bars[0].max_kib, 8 * 1024 * 1024);
	/* Of this tree's machine, whatever this machine knows of such cards. */
	assert_false(gpu->name.known);
}

static void check_port(const struct pci_function *port)
{
	check_str(&port->port, "root-port");
	check_bool(&port->has_acs, true);
	check_u64(&port->acs_enabled, 0x1d);
	check_bool(&port->has_msi, false);
	check_u64(&port->link_width, 4);
	check_u64(&port->n_total_vfs, 0);
	assert_false(port->parent.known);
	assert_false(port->path_width.known);
}

static void test_configuration(void **state)
{
	const struct tree *tree = *state;
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	make_pair(tree);
	list = read_tree(&x, tree, &f);
	check_str(&f.source, "sysfs");
	assert_int_equal(f.functions.n, 2);
	check_port(&list[0]);
	check_gpu(&list[1]);
	assert_int_equal(n_gaps(&x, "pci.functions.config_bytes"), 0);
	/* Nobody captured the drivers of this tree. */
	assert_false(list[1].is_bound.known);
	assert_int_equal(n_gaps(&x, "pci.functions.driver"), 1);
	probe_fixture_release(&x);
}

static void write_hex(FILE *f, const char *name, const struct space *s, size_t n)
{
	fprintf(f, "%s a device", name);
	for (size_t i = 0; i < n; i++) {
		if (i % 16 == 0)
			fprintf(f, "\n%02zx:", i);
		fprintf(f, " %02x", s->b[i]);
	}
	fputs("\n\n", f);
}

/* The same bytes as a text of lspci give the same facts; functions twice count once. */
static void test_text(void **state)
{
	const struct tree *tree = *state;
	const struct space port = make_port(), gpu = make_gpu();
	const struct pci_function *list;
	auto_free char *text = NULL;
	struct probe_fixture x;
	struct pci_facts f;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	write_hex(out, "01:00.0", &gpu, 4096);
	write_hex(out, "00:01.0", &port, 4096);
	write_hex(out, "0000:01:00.0", &gpu, 4096);
	write_hex(out, "02:00.0", &gpu, 300);
	write_hex(out, "03:00.0", &gpu, 80);
	write_hex(out, "04:00.0", &gpu, 48);
	fclose(out);
	tree_file(tree, "lspci.hex", text);
	list = read_tree(&x, tree, &f);
	check_str(&f.source, "dump");
	assert_int_equal(f.functions.n, 5);
	check_port(&list[0]);
	check_gpu(&list[1]);
	check_u64(&list[2].config_bytes, 256);
	check_bool(&list[2].has_msi, true);
	assert_false(list[2].has_acs.known);
	assert_false(list[2].n_total_vfs.known);
	check_u64(&list[3].config_bytes, 64);
	assert_false(list[3].has_msi.known);
	check_str(&list[4].address, "0000:04:00.0");
	assert_false(list[4].config_bytes.known);
	assert_false(list[4].vendor_id.known);
	assert_int_equal(n_gaps(&x, "pci.functions.has_acs"), 1);
	assert_int_equal(n_gaps(&x, "pci.functions.config_bytes"), 2);
	probe_fixture_release(&x);
}

static void test_long_text(void **state)
{
	const struct tree *tree = *state;
	auto_free char *text = NULL;
	struct probe_fixture x;
	struct pci_facts f;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (unsigned i = 0; i < PCI_FUNCTIONS_MAX + 1; i++)
		fprintf(out, "%02x:%02x.%u x\n", i >> 8, i >> 3 & 0x1f, i & 7);
	fclose(out);
	tree_file(tree, "lspci.hex", text);
	(void)read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, PCI_FUNCTIONS_MAX);
	assert_int_equal(n_gaps(&x, "pci.functions"), 2);
	probe_fixture_release(&x);
}

/* What cannot be read is not known: never "no MSI". */
static void test_unprivileged(void **state)
{
	const struct tree *tree = *state;
	struct space gpu = make_gpu();
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	put_config(tree, DEVICES GPU "/config", &gpu, 64);
	put(&gpu, 0x06, 2, 0); /* no list of capabilities: that is known */
	put_config(tree, DEVICES "0000:02:00.0/config", &gpu, 64);
	put_config(tree, DEVICES "0000:03:00.0/config", &gpu, 63);
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 3);
	check_u64(&list[0].config_bytes, 64);
	check_bool(&list[0].is_intx_disabled, true);
	check_bool(&list[0].has_intx, true);
	assert_false(list[0].has_msi.known);
	assert_false(list[0].has_msix.known);
	assert_false(list[0].is_msi_enabled.known);
	assert_false(list[0].is_msix_enabled.known);
	assert_false(list[0].port.known);
	assert_false(list[0].has_flr.known);
	assert_false(list[0].has_acs.known);
	assert_false(list[0].link_width.known);
	check_bool(&list[1].has_msi, false);
	check_bool(&list[1].has_msix, false);
	check_str(&list[1].port, "conventional");
	assert_false(list[2].config_bytes.known);
	assert_int_equal(n_gaps(&x, "pci.functions.config_bytes"), 2);
	probe_fixture_release(&x);
}

/* Gone from the bus: all ones are no answer. Extended capabilities that are all ones neither. */
static void test_silent(void **state)
{
	const struct tree *tree = *state;
	struct space s, gpu = make_gpu();
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	memset(s.b, 0xff, sizeof(s.b));
	put_config(tree, DEVICES "0000:01:00.0/config", &s, 4096);
	memset(gpu.b + 256, 0xff, sizeof(gpu.b) - 256);
	put_config(tree, DEVICES "0000:02:00.0/config", &gpu, 4096);
	list = read_tree(&x, tree, &f);
	assert_false(list[0].config_bytes.known);
	assert_false(list[0].has_msi.known);
	assert_false(list[0].vendor_id.known);
	assert_int_equal(n_gaps(&x, "pci.functions.config_bytes"), 1);
	check_u64(&list[1].config_bytes, 256);
	assert_false(list[1].has_acs.known);
	assert_false(list[1].n_total_vfs.known);
	probe_fixture_release(&x);
}

/* Capabilities that point at one another, at the end and into the header. */
static void test_loops(void **state)
{
	const struct tree *tree = *state;
	struct space s = make_gpu();
	const struct pci_function *list;
	struct probe_fixture x;
	struct pci_facts f;

	s.b[0x61] = 0x50;
	put_extended(&s, 0x180, 0x10, 0x100);
	put_config(tree, DEVICES "0000:01:00.0/config", &s, 4096);
	s.b[0x61] = 0xfc;
	s.b[0xfc] = 0x10; /* a second one that is cut off by the end */
	put_extended(&s, 0x180, 0x0d, 0xffc);
	put_extended(&s, 0xffc, 0x10, 0xffc);
	put_config(tree, DEVICES "0000:02:00.0/config", &s, 4096);
	s.b[0x34] = 0xfc;
	put_config(tree, DEVICES "0000:03:00.0/config", &s, 4096);
	list = read_tree(&x, tree, &f);
	assert_int_equal(f.functions.n, 3);
	check_bool(&list[0].is_msi_enabled, true);
	check_u64(&list[0].n_total_vfs, 64);
	check_bool(&list[1].is_msi_enabled, true);
	assert_false(list[2].port.known);
	assert_false(list[2].link_width.known);
	probe_fixture_release(&x);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)
	const struct CMUnitTest tests[] = {
		T(test_configuration), T(test_text),   T(test_long_text),
		T(test_unprivileged),  T(test_silent), T(test_loops),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
