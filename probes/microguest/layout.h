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
 *	+0x4000  samples of a measuring program, one u64 each
 *
 * What a vCPU does is chosen by mg_control.program. MG_PROGRAM_ROUNDS spins and halts for ever. The
 * others measure in batches: they fill the area of samples from its beginning, and when it is full
 * or window_cycles have passed they write to MG_PORT_BATCH. The host then has the vCPU stopped: it
 * takes the samples, may change what it asks for, and lets it run into the next batch. Nothing is
 * ever overwritten, and what happens between two batches is in neither of them. All times are
 * cycles of the guest's time stamp counter. One sample is:
 *
 *	GAP      time between two reads of the counter in a loop, where it is threshold_cycles or
 *more TIMER    from the deadline of the timer to the first read of the counter in its interrupt,
 *the vCPU executing instructions meanwhile; 0 if it came early HLT      the same, the vCPU halted:
 *the interrupt's are the first instructions after HLT CPUID, PORT, PORT_USER, MMIO, MMIO_USER, MSR
 *		 one such instruction, with the read of the counter on each side of it: CPUID leaf
 *0; OUT to MG_PORT_KERNEL or MG_PORT_USER; a store to MG_MMIO_KERNEL or MG_MMIO_USER; RDMSR of
 *IA32_APIC_BASE, which no KVM lets a guest read by itself IPI      from the write to the interrupt
 *command register until the interrupt that the other vCPU (it runs ECHO) sends back is taken: there
 *and back LOOP     2 * steps instructions (DEC, JNZ) CHASE    16 * steps loads, each from the
 *address that the one before gave
 *
 * ECHO and STAMP take no samples: they spin with interrupts on. ECHO answers each MG_VECTOR_ECHO
 * with a MG_VECTOR_STAMP; at each of these stamp is set to the time and n_stamps goes up, stamp
 * first.
 */
#ifndef PROBES_MICROGUEST_LAYOUT_H
#define PROBES_MICROGUEST_LAYOUT_H

#define MG_GDT       0x1000
#define MG_IDT       0x2000
#define MG_PML4      0x3000
#define MG_PDPT      0x4000
#define MG_PD        0x5000
#define MG_PD_EXTRA  0x6000
#define MG_CODE      0x8000
#define MG_CODE_SIZE 0x8000

#define MG_AREAS            0x100000
#define MG_AREA_SIZE        0x10000
#define MG_AREA_TSS         0x1000
#define MG_AREA_FAULT_STACK 0x3000
#define MG_AREA_STACK       0x4000
#define MG_AREA_RESULT      0x4000

#define MG_SAMPLES_MAX 6144

/* Mapped in pages of 2 MiB; a page directory holds 512. */
#define MG_PAGE_SIZE  0x200000
#define MG_MEMORY_MIN 0x400000

/* No memory there: for accesses that leave the guest. Mapped, as the last page of the first GiB. */
#define MG_MMIO_KERNEL 0x3fe00000
#define MG_MMIO_USER   0x3fe01000

/* Where the memory that CHASE walks through is, in a page of 1 GiB or pages of 2 MiB. */
#define MG_EXTRA          0x100000000
#define MG_EXTRA_SIZE_MAX 0x40000000

/* APIC ids 0 to 254; 255 means all. */
#define MG_VCPUS_MAX 255

/* Selectors: index in the GDT times 8. */
#define MG_CODE_SELECTOR 0x08
#define MG_DATA_SELECTOR 0x10

/* The guest writes to this port when it cannot go on: struct mg_control says why. */
#define MG_PORT_FAULT 0x10

/* A batch is over; and the two ports whose cost is measured. */
#define MG_PORT_BATCH  0x14
#define MG_PORT_KERNEL 0x18
#define MG_PORT_USER   0x1c

#define MG_VECTOR_TIMER    0x40
#define MG_VECTOR_STAMP    0x41
#define MG_VECTOR_ECHO     0x42
#define MG_VECTOR_SPURIOUS 0xff

/* IDT stubs that report a fault: one per vector, this far apart. */
#define MG_STUB_SIZE 16

/* mg_control.program: in the order of the table in payload.S. */
#define MG_PROGRAM_ROUNDS    0
#define MG_PROGRAM_GAP       1
#define MG_PROGRAM_TIMER     2
#define MG_PROGRAM_HLT       3
#define MG_PROGRAM_CPUID     4
#define MG_PROGRAM_PORT      5
#define MG_PROGRAM_PORT_USER 6
#define MG_PROGRAM_MMIO      7
#define MG_PROGRAM_MMIO_USER 8
#define MG_PROGRAM_MSR       9
#define MG_PROGRAM_IPI       10
#define MG_PROGRAM_ECHO      11
#define MG_PROGRAM_STAMP     12
#define MG_PROGRAM_LOOP      13
#define MG_PROGRAM_CHASE     14
#define MG_N_PROGRAMS        15

/* Loads of CHASE in one step. */
#define MG_STEP_LOADS 16

/* Offsets in struct mg_control, checked against it below. */
#define MG_SPIN_CYCLES      0x00
#define MG_HALT_CYCLES      0x08
#define MG_PROGRAM          0x10
#define MG_WINDOW_CYCLES    0x18
#define MG_THRESHOLD_CYCLES 0x20
#define MG_INTERVAL_CYCLES  0x28
#define MG_POINTER          0x30
#define MG_STEPS            0x38
#define MG_SPINS            0x40
#define MG_HALTS            0x48
#define MG_TICKS            0x50
#define MG_SPURIOUS         0x58
#define MG_N_SAMPLES        0x60
#define MG_N_STAMPS         0x68
#define MG_STAMP            0x70
#define MG_IS_READY         0x78
#define MG_FAULT_VECTOR     0x80
#define MG_FAULT_CODE       0x88
#define MG_FAULT_RIP        0x90
#define MG_FAULT_CR2        0x98
#define MG_PEER_ID          0xa0
#define MG_PEER_READY_AT    0xa8
#define MG_BEGIN            0xc0
#define MG_END              0xc8
#define MG_CONTROL_SIZE     0x1000

#ifndef __ASSEMBLER__

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A cache line each for what the host writes, what the guest counts, why it gave up, what the host
 * writes beyond that, and when the batch was. The host writes only while the vCPU does not run,
 * except for the two halves of a round.
 */
struct mg_control {
	/* host to guest: read anew in every round, 0 leaves that half of the round out */
	uint64_t spin_cycles;
	uint64_t halt_cycles;
	uint64_t program;          /* MG_PROGRAM_*; may be another one in each batch */
	uint64_t window_cycles;    /* of a batch; one sample is taken in any case */
	uint64_t threshold_cycles; /* GAP */
	uint64_t interval_cycles;  /* TIMER, HLT: from arming to the deadline */
	uint64_t pointer;          /* CHASE: where it is, also guest to host */
	uint64_t steps;            /* LOOP, CHASE */
	/* guest to host */
	uint64_t spins;     /* spinning begun */
	uint64_t halts;     /* HLT executed, in rounds */
	uint64_t ticks;     /* timer interrupts taken, in rounds */
	uint64_t spurious;  /* spurious APIC interrupts */
	uint64_t n_samples; /* in this batch, so far */
	uint64_t n_stamps;
	uint64_t stamp;
	uint64_t is_ready; /* a measuring program has begun, and will take interrupts */
	/* guest to host, valid after a write to MG_PORT_FAULT */
	uint64_t fault_vector;
	uint64_t fault_code; /* error code pushed by the processor, 0 for vectors without one */
	uint64_t fault_rip;
	uint64_t fault_cr2;
	/* host to guest, of IPI and ECHO */
	uint64_t peer_id;       /* APIC id of the other vCPU */
	uint64_t peer_ready_at; /* guest-physical address of the other one's is_ready */
	uint64_t unused_peer[2];
	/* guest to host: first read of the counter in the batch, and GAP: the last one */
	uint64_t begin;
	uint64_t end;
	uint8_t unused[MG_CONTROL_SIZE - 0xd0];
};

static_assert(offsetof(struct mg_control, spin_cycles) == MG_SPIN_CYCLES, "layout");
static_assert(offsetof(struct mg_control, halt_cycles) == MG_HALT_CYCLES, "layout");
static_assert(offsetof(struct mg_control, program) == MG_PROGRAM, "layout");
static_assert(offsetof(struct mg_control, window_cycles) == MG_WINDOW_CYCLES, "layout");
static_assert(offsetof(struct mg_control, threshold_cycles) == MG_THRESHOLD_CYCLES, "layout");
static_assert(offsetof(struct mg_control, interval_cycles) == MG_INTERVAL_CYCLES, "layout");
static_assert(offsetof(struct mg_control, pointer) == MG_POINTER, "layout");
static_assert(offsetof(struct mg_control, steps) == MG_STEPS, "layout");
static_assert(offsetof(struct mg_control, spins) == MG_SPINS, "layout");
static_assert(offsetof(struct mg_control, halts) == MG_HALTS, "layout");
static_assert(offsetof(struct mg_control, ticks) == MG_TICKS, "layout");
static_assert(offsetof(struct mg_control, spurious) == MG_SPURIOUS, "layout");
static_assert(offsetof(struct mg_control, n_samples) == MG_N_SAMPLES, "layout");
static_assert(offsetof(struct mg_control, n_stamps) == MG_N_STAMPS, "layout");
static_assert(offsetof(struct mg_control, stamp) == MG_STAMP, "layout");
static_assert(offsetof(struct mg_control, is_ready) == MG_IS_READY, "layout");
static_assert(offsetof(struct mg_control, fault_vector) == MG_FAULT_VECTOR, "layout");
static_assert(offsetof(struct mg_control, fault_code) == MG_FAULT_CODE, "layout");
static_assert(offsetof(struct mg_control, fault_rip) == MG_FAULT_RIP, "layout");
static_assert(offsetof(struct mg_control, fault_cr2) == MG_FAULT_CR2, "layout");
static_assert(offsetof(struct mg_control, peer_id) == MG_PEER_ID, "layout");
static_assert(offsetof(struct mg_control, peer_ready_at) == MG_PEER_READY_AT, "layout");
static_assert(offsetof(struct mg_control, begin) == MG_BEGIN, "layout");
static_assert(offsetof(struct mg_control, end) == MG_END, "layout");
static_assert(sizeof(struct mg_control) == MG_CONTROL_SIZE, "layout");
static_assert(MG_AREA_RESULT + MG_SAMPLES_MAX * sizeof(uint64_t) <= MG_AREA_SIZE, "layout");

/* The assembled payload; position independent, copied to MG_CODE, entered at its first byte. */
extern const uint8_t mg_payload[];
extern const uint8_t mg_payload_end[];
/* Interrupt entries inside it; mg_on_fault is 256 stubs of MG_STUB_SIZE bytes. */
extern const uint8_t mg_on_fault[];
extern const uint8_t mg_on_timer[];
extern const uint8_t mg_on_stamp[];
extern const uint8_t mg_on_echo[];
extern const uint8_t mg_on_spurious[];

#endif
#endif
