/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout.h - where everything is in the memory of the built-in guest.
 *
 * Read by the compiler (host side) and by the assembler (payload.S). Addresses are guest-physical;
 * the guest maps them one to one. Memory below MG_AREAS is common to all vCPUs and written by the
 * host before they start; above it each vCPU has an area of its own, which GS points at:
 *
 *	+0x0000  struct mg_control: what the host asks for, what the guest has done
 *	+0x1000  task state segment (only for the stack of faults)
 *	+0x2000  stack for faults, growing down from +0x3000
 *	+0x3000  stack, growing down from +0x4000
 *	+0x4000  results of instruments that need more than a counter (a histogram, a ring)
 */
#ifndef PROBES_MICROGUEST_LAYOUT_H
#define PROBES_MICROGUEST_LAYOUT_H

#define MG_GDT       0x1000
#define MG_IDT       0x2000
#define MG_PML4      0x3000
#define MG_PDPT      0x4000
#define MG_PD        0x5000
#define MG_CODE      0x8000
#define MG_CODE_SIZE 0x8000

#define MG_AREAS            0x100000
#define MG_AREA_SIZE        0x10000
#define MG_AREA_TSS         0x1000
#define MG_AREA_FAULT_STACK 0x3000
#define MG_AREA_STACK       0x4000
#define MG_AREA_RESULT      0x4000

/* Mapped in pages of 2 MiB; a page directory holds 512. */
#define MG_PAGE_SIZE  0x200000
#define MG_MEMORY_MIN 0x400000

/* APIC ids 0 to 254; 255 means all. */
#define MG_VCPUS_MAX 255

/* Selectors: index in the GDT times 8. */
#define MG_CODE_SELECTOR 0x08
#define MG_DATA_SELECTOR 0x10

/* The guest writes to this port when it cannot go on: struct mg_control says why. */
#define MG_PORT_FAULT 0x10

#define MG_VECTOR_TIMER    0x40
#define MG_VECTOR_SPURIOUS 0xff

/* IDT stubs that report a fault: one per vector, this far apart. */
#define MG_STUB_SIZE 16

/* Offsets in struct mg_control, checked against it below. */
#define MG_SPIN_CYCLES  0x00
#define MG_HALT_CYCLES  0x08
#define MG_SPINS        0x40
#define MG_HALTS        0x48
#define MG_TICKS        0x50
#define MG_SPURIOUS     0x58
#define MG_FAULT_VECTOR 0x80
#define MG_FAULT_CODE   0x88
#define MG_FAULT_RIP    0x90
#define MG_FAULT_CR2    0x98
#define MG_CONTROL_SIZE 0x1000

#ifndef __ASSEMBLER__

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* A cache line each for what the host writes, what the guest counts, and why it gave up. */
struct mg_control {
	/* host to guest: read anew in every round, 0 leaves that half of the round out */
	uint64_t spin_cycles;
	uint64_t halt_cycles;
	uint64_t unused_host[6];
	/* guest to host */
	uint64_t spins;    /* spinning begun */
	uint64_t halts;    /* HLT executed */
	uint64_t ticks;    /* timer interrupts taken */
	uint64_t spurious; /* spurious APIC interrupts */
	uint64_t unused_guest[4];
	/* guest to host, valid after a write to MG_PORT_FAULT */
	uint64_t fault_vector;
	uint64_t fault_code; /* error code pushed by the processor, 0 for vectors without one */
	uint64_t fault_rip;
	uint64_t fault_cr2;
	uint8_t unused[MG_CONTROL_SIZE - 0xa0];
};

static_assert(offsetof(struct mg_control, spin_cycles) == MG_SPIN_CYCLES, "layout");
static_assert(offsetof(struct mg_control, halt_cycles) == MG_HALT_CYCLES, "layout");
static_assert(offsetof(struct mg_control, spins) == MG_SPINS, "layout");
static_assert(offsetof(struct mg_control, halts) == MG_HALTS, "layout");
static_assert(offsetof(struct mg_control, ticks) == MG_TICKS, "layout");
static_assert(offsetof(struct mg_control, spurious) == MG_SPURIOUS, "layout");
static_assert(offsetof(struct mg_control, fault_vector) == MG_FAULT_VECTOR, "layout");
static_assert(offsetof(struct mg_control, fault_code) == MG_FAULT_CODE, "layout");
static_assert(offsetof(struct mg_control, fault_rip) == MG_FAULT_RIP, "layout");
static_assert(offsetof(struct mg_control, fault_cr2) == MG_FAULT_CR2, "layout");
static_assert(sizeof(struct mg_control) == MG_CONTROL_SIZE, "layout");

/* The assembled payload; position independent, copied to MG_CODE, entered at its first byte. */
extern const uint8_t mg_payload[];
extern const uint8_t mg_payload_end[];
/* Interrupt entries inside it; mg_on_fault is 256 stubs of MG_STUB_SIZE bytes. */
extern const uint8_t mg_on_fault[];
extern const uint8_t mg_on_timer[];
extern const uint8_t mg_on_spurious[];

#endif
#endif
