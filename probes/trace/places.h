/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * places.h - what a guest talks to at a port or an address: devices of the PC that QEMU and KVM
 * emulate.
 *
 * Sources: QEMU hw/i386/{pc,pc_piix,pc_q35,microvm}.c, hw/acpi/{piix4,ich9}.c, the IBM PC/AT.
 */
#ifndef PROBES_TRACE_PLACES_H
#define PROBES_TRACE_PLACES_H

#include "core/arena.h"

/* One number for both: a port as it is, memory by its page with this bit on top. */
#define PLACE_MEMORY (UINT64_C(1) << 63)

enum place {
	PLACE_OTHER,
	PLACE_PM_TIMER,
	PLACE_RTC,
	PLACE_PIT,
	PLACE_PS2,
	PLACE_HPET,
	PLACE_PIC,
	PLACE_IOAPIC,
	PLACE_LAPIC,
	PLACE_SERIAL,
	PLACE_IDE,
	PLACE_VGA,
	PLACE_PCI,
	PLACE_ACPI,
	PLACE_VMPORT,
	PLACE_SMI,
	PLACE_FW_CFG,
	PLACE_DEBUG,
	PLACE_TPM,
	PLACE_FLASH,
	PLACE_POST
};

uint64_t place_of_port(uint64_t port);
uint64_t place_of_memory(uint64_t address);
enum place place_kind(uint64_t number);
/* "port 0x608 (PM timer)", "0xfed00000 (HPET)"; NULL: no memory. */
const char *place_name(struct arena *a, uint64_t number);

#endif
