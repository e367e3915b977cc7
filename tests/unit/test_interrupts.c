/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/interrupts.h"
#include "tests/lib/check.h"

static void assert_text(struct text t, const char *want)
{
	if (!text_equal(t, want))
		fail_msg("\"%.*s\" is not \"%s\"", (int)t.len, t.at, want);
}

/* Lines of kernels of all ages, read under a header of two CPUs. */
static void test_lines(void **state)
{
	static const struct {
		const char *line, *label, *chip, *hwirq, *actions, *device;
	} cases[] = {
		{ "  0:  47  0  IR-IO-APIC-edge      timer", "0", "IR-IO-APIC", "edge", "timer",
		  "" },
		{ "  7:  37  0  IO-APIC-edge    ", "7", "IO-APIC", "edge", "", "" },
		{ "  9:  0  0  IO-APIC-fasteoi   acpi", "9", "IO-APIC", "fasteoi", "acpi", "" },
		{ " 24:  0  0  DMAR_MSI-edge      dmar0", "24", "DMAR_MSI", "edge", "dmar0", "" },
		{ " 39:  1  0  IR-PCI-MSI-edge      0000:00:1f.2", "39", "IR-PCI-MSI", "edge",
		  "0000:00:1f.2", "0000:00:1f.2" },
		{ " 18:  1  0  IR-IO-APIC  18-fasteoi   ehci_hcd:usb5, ahci[0000:00:1f.2]", "18",
		  "IR-IO-APIC", "18-fasteoi", "ehci_hcd:usb5, ahci[0000:00:1f.2]", "0000:00:1f.2" },
		{ " 16:  1  0  IO-APIC  16-fasteoi   ahci[0000:00:17.0], vfio-intx(0000:05:00.0)",
		  "16", "IO-APIC", "16-fasteoi", "ahci[0000:00:17.0], vfio-intx(0000:05:00.0)",
		  "0000:05:00.0" },
		{ "131:  1  0  IR-PCI-MSI 524288-edge      nvme0q0", "131", "IR-PCI-MSI",
		  "524288-edge", "nvme0q0", "0000:01:00.0" },
		{ "132:  1  0  PCI-MSI 13107201-edge      mlx5_comp0@pci:0000:19:00.0", "132",
		  "PCI-MSI", "13107201-edge", "mlx5_comp0@pci:0000:19:00.0", "0000:19:00.0" },
		{ "133:  1  0  PCI-MSI 134742016-edge      x", "133", "PCI-MSI", "134742016-edge",
		  "x", "0001:01:00.0" },
		{ "134:  1  0  PCI-MSI 2047-edge      x", "134", "PCI-MSI", "2047-edge", "x", "" },
		{ " 36:  0 332136 PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0", "36",
		  "PCI-MSIX-0000:00:02.0", "1-edge", "virtio1-req.0", "0000:00:02.0" },
		{ "141:  1  0 IR-PCI-MSIX-0000:03:00.0  113-edge      vfio-msix[3](0000:03:00.0)",
		  "141", "IR-PCI-MSIX-0000:03:00.0", "113-edge", "vfio-msix[3](0000:03:00.0)",
		  "0000:03:00.0" },
		{ "121:  0  0  IR-PCI-MSI-0000:00:1c.0    0-edge      PCIe PME, pciehp", "121",
		  "IR-PCI-MSI-0000:00:1c.0", "0-edge", "PCIe PME, pciehp", "0000:00:1c.0" },
		{ " 24:  1  0  IO-APIC   5-edge      ACPI:Ged", "24", "IO-APIC", "5-edge",
		  "ACPI:Ged", "" },
		{ " 11:  9  9     GICv3  27 Level     arch_timer", "11", "GICv3", "27 Level",
		  "arch_timer", "" },
		{ " 55:  9  9   ITS-MSI 524288 Edge      nvme0q0", "55", "ITS-MSI", "524288 Edge",
		  "nvme0q0", "0000:01:00.0" },
		{ " 56:  9  9  ITS-PCI-MSIX-0000:01:00.0   0 Edge      nvme0q0", "56",
		  "ITS-PCI-MSIX-0000:01:00.0", "0 Edge", "nvme0q0", "0000:01:00.0" },
		{ " 14:  0  0  intel-gpio   18  ELAN0501:00", "14", "intel-gpio", "18",
		  "ELAN0501:00", "" },
		{ " 48:  1  1  xen-percpu    -virq      timer0", "48", "xen-percpu", "-virq",
		  "timer0", "" },
		{ " 60:  1  1   xen-dyn    -event     xenbus", "60", "xen-dyn", "-event", "xenbus",
		  "" },
		{ " 24:  0  5  Hyper-V PCIe MSI 4194304-edge      mlx5_async@pci:8d5a:00:02.0",
		  "24", "Hyper-V PCIe MSI", "4194304-edge", "mlx5_async@pci:8d5a:00:02.0",
		  "8d5a:00:02.0" },
		{ "  5:  0  0    XT-PIC-XT-PIC    uhci_hcd:usb1", "5", "XT-PIC-XT-PIC", "",
		  "uhci_hcd:usb1", "" },
		{ "  5:  0  0  odd name  handler", "5", "odd", "", "name  handler", "" },
		{ "NMI:  0  0   Non-maskable interrupts", "NMI", "", "", "Non-maskable interrupts",
		  "" },
		{ "IPI0: 1  2       Rescheduling interrupts", "IPI0", "", "",
		  "Rescheduling interrupts", "" },
		{ "MCP: 1 2  polls of 0000:00:1f.2", "MCP", "", "", "polls of 0000:00:1f.2", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_interrupts struct interrupts it = { 0 };
		auto_free char *text = NULL;
		struct interrupts_line line;
		struct pci_address a;
		char device[PCI_ADDRESS_SIZE] = "";

		assert_true(asprintf(&text, "  CPU0  CPU1\n%s\n", cases[i].line) > 0);
		assert_int_equal(interrupts_init(&it, text_of(text)), 0);
		assert_true(interrupts_next(&it, &line));
		assert_text(line.label, cases[i].label);
		assert_text(line.chip, cases[i].chip);
		assert_text(line.hwirq, cases[i].hwirq);
		assert_text(line.actions, cases[i].actions);
		assert_non_null(line.counts);
		assert_true(line.has_total);
		assert_int_equal(line.total, line.counts[0] + line.counts[1]);
		if (interrupts_device(&line, &a))
			pci_address_format(&a, device);
		assert_string_equal(device, cases[i].device);
		assert_false(interrupts_next(&it, &line));
		assert_int_equal(it.n_odd, 0);
	}
}

/* CPU 1 and 2 are offline; columns have grown out of their width. */
static void test_columns(void **state)
{
	static const char text[] =
		"            CPU0       CPU3       CPU8191\n"
		"  1:          4 4294967295 12345678901   IO-APIC   1-edge   i8042\n";
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;

	(void)state;
	assert_int_equal(interrupts_init(&it, text_of(text)), 0);
	assert_int_equal(it.n_cpus, 3);
	assert_int_equal(it.cpus[0], 0);
	assert_int_equal(it.cpus[1], 3);
	assert_int_equal(it.cpus[2], 8191);
	assert_true(interrupts_next(&it, &line));
	assert_true(line.is_numbered);
	assert_int_equal(line.irq, 1);
	assert_int_equal(line.counts[0], 4);
	assert_int_equal(line.counts[1], 4294967295u);
	assert_int_equal(line.counts[2], 12345678901u);
	assert_int_equal(line.total, 4ull + 4294967295u + 12345678901u);
}

/* Lines that do not have a number per CPU: counters of the machine, and lines that are cut off. */
static void test_not_per_cpu(void **state)
{
	static const struct {
		const char *header, *line;
		bool is_per_cpu, has_total;
		uint64_t total;
	} cases[] = {
		{ "CPU0 CPU1", "ERR:  5", false, true, 5 },
		{ "CPU0 CPU1", "MIS:  0", false, true, 0 },
		{ "CPU0", "ERR:  5", false, true, 5 },
		{ "CPU0", "Err:  5", false, true, 5 },
		{ "CPU0", "LOC:  5   Local timer interrupts", true, true, 5 },
		{ "CPU0 CPU1", "FIQ:      usb_fiq", false, false, 0 },
		{ "CPU0 CPU1 CPU2", "LOC:  5   6", false, false, 0 },
		{ "CPU0 CPU1", "12:   5", false, false, 0 },
		{ "CPU0 CPU1", "12:   5  16-fasteoi  eth0", false, false, 0 },
		{ "CPU0", "12:   5", true, true, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_interrupts struct interrupts it = { 0 };
		auto_free char *text = NULL;
		struct interrupts_line line;

		assert_true(asprintf(&text, "%s\n%s", cases[i].header, cases[i].line) > 0);
		assert_int_equal(interrupts_init(&it, text_of(text)), 0);
		assert_true(interrupts_next(&it, &line));
		assert_int_equal(line.counts != NULL, cases[i].is_per_cpu);
		assert_int_equal(line.has_total, cases[i].has_total);
		if (line.has_total)
			assert_int_equal(line.total, cases[i].total);
	}
}

static void test_no_header(void **state)
{
	static const char *const texts[] = {
		"",          "\n\n",  "  0:  1  IO-APIC  2-edge  timer\n", "CPU\n", "CPUx\n",
		"CPU8192\n", "PU0\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct interrupts it;

		assert_int_equal(interrupts_init(&it, text_of(texts[i])), -EBADMSG);
	}
}

static void test_odd_lines(void **state)
{
	static const char text[] = "# a comment\n CPU0\n"
				   "no colon\n"
				   ": 1 no label\n"
				   "two words: 1\n"
				   "12: 99999999999999999999  IO-APIC  1-edge x\n"
				   "12: 1125899906842625  IO-APIC  1-edge x\n"
				   "4294967296: 1  IO-APIC  1-edge x\n"
				   "\n"
				   "13: 1125899906842624  IO-APIC  1-edge x\r\n";
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;

	(void)state;
	assert_int_equal(interrupts_init(&it, text_of(text)), 0);
	assert_true(interrupts_next(&it, &line));
	assert_text(line.label, "13");
	assert_text(line.actions, "x");
	assert_int_equal(it.n_odd, 6);
	assert_false(interrupts_next(&it, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),       cmocka_unit_test(test_columns),
		cmocka_unit_test(test_not_per_cpu), cmocka_unit_test(test_no_header),
		cmocka_unit_test(test_odd_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
