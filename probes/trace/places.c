/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/places.h"

#include <inttypes.h>

struct range {
	uint64_t first, last;
	enum place kind;
	const char *name;
};

static const struct range ports[] = {
	{ 0x20, 0x21, PLACE_PIC, "PIC" },
	{ 0x40, 0x43, PLACE_PIT, "PIT" },
	{ 0x60, 0x60, PLACE_PS2, "PS/2" },
	{ 0x61, 0x61, PLACE_PIT, "PIT, speaker" },
	{ 0x64, 0x64, PLACE_PS2, "PS/2" },
	{ 0x70, 0x71, PLACE_RTC, "RTC" },
	{ 0x80, 0x80, PLACE_POST, "POST, delay" },
	{ 0xa0, 0xa1, PLACE_PIC, "PIC" },
	{ 0xb2, 0xb3, PLACE_SMI, "SMI" },
	{ 0x170, 0x177, PLACE_IDE, "IDE" },
	{ 0x1f0, 0x1f7, PLACE_IDE, "IDE" },
	{ 0x2f8, 0x2ff, PLACE_SERIAL, "serial" },
	{ 0x376, 0x376, PLACE_IDE, "IDE" },
	{ 0x3b0, 0x3df, PLACE_VGA, "VGA" },
	{ 0x3f6, 0x3f6, PLACE_IDE, "IDE" },
	{ 0x3f8, 0x3ff, PLACE_SERIAL, "serial" },
	{ 0x402, 0x402, PLACE_DEBUG, "firmware log" },
	{ 0x4d0, 0x4d1, PLACE_PIC, "PIC" },
	{ 0x510, 0x51b, PLACE_FW_CFG, "fw_cfg" },
	/* Base 0x600, that of SeaBIOS and OVMF on i440fx and q35; 0xb000 of older firmware. */
	{ 0x600, 0x607, PLACE_ACPI, "ACPI" },
	{ 0x608, 0x60b, PLACE_PM_TIMER, "PM timer" },
	{ 0x60c, 0x67f, PLACE_ACPI, "ACPI" },
	{ 0xcf8, 0xcff, PLACE_PCI, "PCI configuration" },
	{ 0x5658, 0x5659, PLACE_VMPORT, "VMware port" },
	{ 0xae00, 0xaeff, PLACE_ACPI, "ACPI hotplug" },
	{ 0xb000, 0xb007, PLACE_ACPI, "ACPI" },
	{ 0xb008, 0xb00b, PLACE_PM_TIMER, "PM timer" },
};

static const struct range memory[] = {
	{ 0xa0000, 0xbffff, PLACE_VGA, "VGA" },
	{ 0xb0000000, 0xbfffffff, PLACE_PCI, "PCI configuration" },
	{ 0xfec00000, 0xfec00fff, PLACE_IOAPIC, "I/O APIC" },
	{ 0xfed00000, 0xfed00fff, PLACE_HPET, "HPET" },
	{ 0xfed40000, 0xfed44fff, PLACE_TPM, "TPM" },
	{ 0xfee00000, 0xfee00fff, PLACE_LAPIC, "local APIC" },
	{ 0xff000000, 0xffffffff, PLACE_FLASH, "firmware flash" },
};

static const struct range *find(uint64_t number)
{
	const bool is_memory = number & PLACE_MEMORY;
	const struct range *v = is_memory ? memory : ports;
	const size_t n = is_memory ? ARRAY_SIZE(memory) : ARRAY_SIZE(ports);
	const uint64_t at = number & ~PLACE_MEMORY;

	for (size_t i = 0; i < n; i++) {
		if (at >= v[i].first && at <= v[i].last)
			return &v[i];
	}
	return NULL;
}

uint64_t place_of_port(uint64_t port)
{
	return port & 0xffff;
}

uint64_t place_of_memory(uint64_t address)
{
	return (address & ~(PLACE_MEMORY | 0xfff)) | PLACE_MEMORY;
}

enum place place_kind(uint64_t number)
{
	const struct range *r = find(number);

	return r ? r->kind : PLACE_OTHER;
}

const char *place_name(struct arena *a, uint64_t number)
{
	const struct range *r = find(number);

	return arena_printf(a, "%s0x%" PRIx64 "%s%s%s", number & PLACE_MEMORY ? "" : "port ",
			    number & ~PLACE_MEMORY, r ? " (" : "", r ? r->name : "", r ? ")" : "");
}
