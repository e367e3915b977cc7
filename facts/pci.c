/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/pci.h"

/* clang-format off */
#define F(member) FIELD(struct pci_bar, member)
static const struct fact_field bar_fields[] = {
	{ F(index), FACT_U64, FACT_SETTING, "", "number of the BAR, 0 to 5" },
	{ F(size_kib), FACT_U64, FACT_SETTING, "KiB", "size" },
	{ F(max_kib), FACT_U64, FACT_SETTING, "KiB", "largest size that the resizable BAR offers" },
};
#undef F
#define F(member) FIELD(struct pci_function, member)
static const struct fact_field function_fields[] = {
	{ F(address), FACT_STR, FACT_SETTING, "", "domain:bus:device.function", .privacy = FACT_OPEN },
	{ F(class_code), FACT_U64, FACT_SETTING, "", "class, subclass and interface, as 0x030000" },
	{ F(vendor_id), FACT_U64, FACT_SETTING, "", "vendor" },
	{ F(device_id), FACT_U64, FACT_SETTING, "", "device" },
	{ F(name), FACT_STR, FACT_SETTING, "", "vendor and device in words, from pci.ids", .privacy = FACT_OPEN },
	{ F(driver), FACT_STR, FACT_SETTING, "", "bound driver; absent with is_bound false: none", .privacy = FACT_OPEN },
	{ F(is_bound), FACT_BOOL, FACT_SETTING, "", "a driver is bound" },
	{ F(driver_override), FACT_STR, FACT_SETTING, "", "the only driver it may have", .privacy = FACT_OPEN },
	{ F(iommu_group), FACT_U64, FACT_SETTING, "", "IOMMU group" },
	{ F(node), FACT_U64, FACT_SETTING, "", "NUMA node; absent: the firmware does not tell" },
	{ F(is_boot_vga), FACT_BOOL, FACT_SETTING, "", "the firmware's display" },
	{ F(parent), FACT_STR, FACT_SETTING, "", "bridge above it", .privacy = FACT_OPEN },
	{ F(port), FACT_STR, FACT_SETTING, "", "endpoint, legacy, integrated, root-port, upstream, downstream, bridge or conventional", .privacy = FACT_OPEN },
	{ F(config_bytes), FACT_U64, FACT_NOT_COMPARED, "bytes", "readable bytes of its configuration space: 64, 256 or 4096" },
	{ F(has_msi), FACT_BOOL, FACT_SETTING, "", "it can signal interrupts by messages (MSI)" },
	{ F(has_msix), FACT_BOOL, FACT_SETTING, "", "it can by MSI-X" },
	{ F(is_msi_enabled), FACT_BOOL, FACT_SETTING, "", "MSI is in use" },
	{ F(is_msix_enabled), FACT_BOOL, FACT_SETTING, "", "MSI-X is in use" },
	{ F(is_intx_disabled), FACT_BOOL, FACT_SETTING, "", "its interrupt line is switched off in the command register" },
	{ F(has_intx), FACT_BOOL, FACT_SETTING, "", "it has an interrupt line" },
	{ F(n_vectors), FACT_U64, FACT_SETTING, "", "message vectors that are allocated (msi_irqs)" },
	{ F(link_speed_mts), FACT_U64, FACT_SETTING, "MT/s", "speed of its link now" },
	{ F(link_width), FACT_U64, FACT_SETTING, "lanes", "width of its link now" },
	{ F(max_link_speed_mts), FACT_U64, FACT_SETTING, "MT/s", "speed it can do" },
	{ F(max_link_width), FACT_U64, FACT_SETTING, "lanes", "width it can do" },
	{ F(path_speed_mts), FACT_U64, FACT_SETTING, "MT/s", "speed that every link up to the root port can do" },
	{ F(path_width), FACT_U64, FACT_SETTING, "lanes", "width that every link up to the root port can do" },
	{ F(n_total_vfs), FACT_U64, FACT_SETTING, "", "virtual functions it can have (SR-IOV)" },
	{ F(n_vfs), FACT_U64, FACT_SETTING, "", "virtual functions it has" },
	{ F(physical_function), FACT_STR, FACT_SETTING, "", "of which it is a virtual function", .privacy = FACT_OPEN },
	{ F(bars), FACT_LIST, FACT_SETTING, "", "memory regions", &pci_bar_schema },
	{ F(has_acs), FACT_BOOL, FACT_SETTING, "", "it has access control services" },
	{ F(acs_enabled), FACT_U64, FACT_SETTING, "", "bits of the ACS control register" },
	{ F(aspm), FACT_STR, FACT_SETTING, "", "power states of the link that are switched on: off, l0s, l1 or l0s+l1", .privacy = FACT_OPEN },
	{ F(has_l1_substates), FACT_BOOL, FACT_SETTING, "", "L1.1 or L1.2 is switched on" },
	{ F(reset_methods), FACT_STRS, FACT_SETTING, "", "ways to reset it, in the order in which they are tried", .privacy = FACT_OPEN },
	{ F(has_flr), FACT_BOOL, FACT_SETTING, "", "function level reset" },
	{ F(power_state), FACT_STR, FACT_NOT_COMPARED, "", "D0, D3hot, D3cold", .privacy = FACT_OPEN },
	{ F(runtime_status), FACT_STR, FACT_NOT_COMPARED, "", "active or suspended", .privacy = FACT_OPEN },
	{ F(power_control), FACT_STR, FACT_SETTING, "", "on or auto", .privacy = FACT_OPEN },
	{ F(is_d3cold_allowed), FACT_BOOL, FACT_SETTING, "", "it may lose its power" },
	{ F(max_payload_bytes), FACT_U64, FACT_SETTING, "bytes", "MaxPayload that is set" },
	{ F(max_payload_supported_bytes), FACT_U64, FACT_SETTING, "bytes", "MaxPayload that it can do" },
	{ F(n_correctable), FACT_U64, FACT_NOT_COMPARED, "", "correctable errors since boot (AER)" },
};
#undef F
#define F(member) FIELD(struct pci_facts, member)
static const struct fact_field fields[] = {
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "sysfs, or dump: lspci -xxxx text", .privacy = FACT_OPEN },
	{ F(functions), FACT_LIST, FACT_SETTING, "", "all functions, by address", &pci_function_schema },
	{ F(aspm_policy), FACT_STR, FACT_SETTING, "", "policy of the kernel for link power states", .privacy = FACT_OPEN },
};
#undef F
/* clang-format on */

const struct schema pci_bar_schema = { "bar", "A memory region of a function",
				       sizeof(struct pci_bar), bar_fields, ARRAY_SIZE(bar_fields) };
const struct schema pci_function_schema = { "function", "A PCI function",
					    sizeof(struct pci_function), function_fields,
					    ARRAY_SIZE(function_fields) };
const struct schema pci_schema = { "pci", "PCI functions of the host", sizeof(struct pci_facts),
				   fields, ARRAY_SIZE(fields) };
