/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/image.h"

#include <string.h>

/* Page table entries: present, writable, accessed; dirty and 2 MiB for leaves. */
#define PTE_TABLE 0x23ull
#define PTE_LEAF  0xe3ull
/* The same, not cached. */
#define PTE_DEVICE (PTE_LEAF | 0x18ull)

/* Flat segments, ring 0, present, accessed: 64-bit code, and data. */
#define GDT_CODE 0x00af9b000000ffffull
#define GDT_DATA 0x00cf93000000ffffull

/* IDT gate: present, ring 0, 64-bit interrupt gate (IF is cleared on entry). */
#define GATE_INTERRUPT 0x8eull

/* Task state segment, 64-bit: offset of IST1, and of the I/O map base (behind the limit: none). */
#define TSS_IST1   36
#define TSS_IO_MAP 102
#define TSS_SIZE   104

static void put_u64(uint8_t *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}

size_t image_size(unsigned n_vcpus)
{
	uint64_t need = image_area(n_vcpus);

	need = (need + MG_PAGE_SIZE - 1) / MG_PAGE_SIZE * MG_PAGE_SIZE;
	return (size_t)u64_max(need, MG_MEMORY_MIN);
}

uint64_t image_area(unsigned vcpu)
{
	return MG_AREAS + (uint64_t)vcpu * MG_AREA_SIZE;
}

uint64_t *image_samples(uint8_t *memory, unsigned vcpu)
{
	return (uint64_t *)(void *)(memory + image_area(vcpu) + MG_AREA_RESULT);
}

struct mg_control *image_control(uint8_t *memory, unsigned vcpu)
{
	return (struct mg_control *)(void *)(memory + image_area(vcpu));
}

static void fill_page_tables(uint8_t *memory, size_t size)
{
	put_u64(memory + MG_PML4, MG_PDPT | PTE_TABLE);
	put_u64(memory + MG_PDPT, MG_PD | PTE_TABLE);
	for (uint64_t at = 0; at < size; at += MG_PAGE_SIZE)
		put_u64(memory + MG_PD + at / MG_PAGE_SIZE * 8, at | PTE_LEAF);
	put_u64(memory + MG_PD + MG_MMIO_KERNEL / MG_PAGE_SIZE * 8, MG_MMIO_KERNEL | PTE_DEVICE);
}

void image_map_extra(uint8_t *memory, bool has_gib_pages)
{
	uint8_t *at = memory + MG_PDPT + MG_EXTRA / GIB * 8;

	if (has_gib_pages) {
		put_u64(at, MG_EXTRA | PTE_LEAF);
		return;
	}
	put_u64(at, MG_PD_EXTRA | PTE_TABLE);
	for (uint64_t page = 0; page < MG_EXTRA_SIZE_MAX; page += MG_PAGE_SIZE)
		put_u64(memory + MG_PD_EXTRA + page / MG_PAGE_SIZE * 8,
			(MG_EXTRA + page) | PTE_LEAF);
}

/* ist: 1 for a stack of its own, so that a broken stack is still reported; 0 for none. */
static void fill_gate(uint8_t *memory, unsigned vector, const uint8_t *entry, uint64_t ist)
{
	uint64_t to = MG_CODE + (uint64_t)(entry - mg_payload);
	uint8_t *gate = memory + MG_IDT + vector * 16;

	put_u64(gate, (to & 0xffff) | (uint64_t)MG_CODE_SELECTOR << 16 | ist << 32 |
			      GATE_INTERRUPT << 40 | (to >> 16 & 0xffff) << 48);
	put_u64(gate + 8, to >> 32);
}

static void fill_idt(uint8_t *memory)
{
	for (unsigned v = 0; v < 256; v++)
		fill_gate(memory, v, mg_on_fault + v * MG_STUB_SIZE, 1);
	fill_gate(memory, MG_VECTOR_TIMER, mg_on_timer, 0);
	fill_gate(memory, MG_VECTOR_STAMP, mg_on_stamp, 0);
	fill_gate(memory, MG_VECTOR_ECHO, mg_on_echo, 0);
	fill_gate(memory, MG_VECTOR_SPURIOUS, mg_on_spurious, 0);
}

static void fill_tss(uint8_t *memory, unsigned vcpu)
{
	uint8_t *tss = memory + image_area(vcpu) + MG_AREA_TSS;
	uint16_t io_map = TSS_SIZE;

	put_u64(tss + TSS_IST1, image_area(vcpu) + MG_AREA_FAULT_STACK);
	memcpy(tss + TSS_IO_MAP, &io_map, sizeof(io_map));
}

int image_fill(uint8_t *memory, unsigned n_vcpus)
{
	size_t n_payload = (size_t)(mg_payload_end - mg_payload);

	if (n_vcpus < 1 || n_vcpus > MG_VCPUS_MAX)
		return -EINVAL;
	if (n_payload > MG_CODE_SIZE)
		return -EFBIG;
	memcpy(memory + MG_CODE, mg_payload, n_payload);
	put_u64(memory + MG_GDT + MG_CODE_SELECTOR, GDT_CODE);
	put_u64(memory + MG_GDT + MG_DATA_SELECTOR, GDT_DATA);
	fill_page_tables(memory, image_size(n_vcpus));
	fill_idt(memory);
	for (unsigned v = 0; v < n_vcpus; v++)
		fill_tss(memory, v);
	return 0;
}
