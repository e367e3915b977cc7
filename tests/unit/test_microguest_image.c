/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/microguest/image.h"
#include "tests/lib/check.h"

static uint64_t get_u64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Regions of guest memory, in order: none may reach into the next. */
static void test_layout_regions_are_disjoint(void **state)
{
	static const struct {
		uint64_t at, size;
	} regions[] = {
		{ MG_GDT, MG_DATA_SELECTOR + 8 },
		{ MG_IDT, 256 * 16 },
		{ MG_PML4, 4096 },
		{ MG_PDPT, 4096 },
		{ MG_PD, 4096 },
		{ MG_PD_EXTRA, 4096 },
		{ MG_CODE, MG_CODE_SIZE },
		{ MG_AREAS, sizeof(struct mg_control) },
		{ MG_AREAS + MG_AREA_TSS, 104 },
		{ MG_AREAS + MG_AREA_FAULT_STACK - 0x1000, 0x1000 },
		{ MG_AREAS + MG_AREA_STACK - 0x1000, 0x1000 },
		{ MG_AREAS + MG_AREA_RESULT, MG_SAMPLES_MAX * sizeof(uint64_t) },
		{ MG_AREAS + MG_AREA_SIZE, sizeof(struct mg_control) },
	};

	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_SIZE(regions); i++)
		assert_true(regions[i].at + regions[i].size <= regions[i + 1].at);
	for (size_t i = 2; i < 7; i++)
		assert_int_equal(regions[i].at % 4096, 0);
}

static void test_layout_payload_fits_and_entries_are_inside(void **state)
{
	const uint8_t *entries[] = { mg_on_fault, mg_on_timer, mg_on_stamp, mg_on_echo,
				     mg_on_spurious };

	(void)state;
	assert_in_range(mg_payload_end - mg_payload, 1, MG_CODE_SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_true(entries[i] > mg_payload && entries[i] < mg_payload_end);
	assert_true(mg_on_fault + 256 * MG_STUB_SIZE < mg_payload_end);
}

/* push 0 (6a 00) where the processor pushes no error code, then push vector (68 imm32), then jmp.
 */
static void test_layout_fault_stubs(void **state)
{
	static const uint8_t has_code[] = { 8, 10, 11, 12, 13, 14, 17, 21, 29, 30 };

	(void)state;
	for (unsigned v = 0; v < 256; v++) {
		const uint8_t *stub = mg_on_fault + v * MG_STUB_SIZE;
		bool expects_code = v < 32 && memchr(has_code, (int)v, sizeof(has_code));

		if (!expects_code) {
			assert_int_equal(stub[0], 0x6a);
			assert_int_equal(stub[1], 0x00);
			stub += 2;
		}
		assert_int_equal(stub[0], 0x68);
		assert_int_equal(get_u32(stub + 1), v);
		assert_true(stub[5] == 0xeb || stub[5] == 0xe9);
	}
}

/* The bytes of an instruction are somewhere in the payload. */
static bool payload_has(const void *bytes, size_t n)
{
	return memmem(mg_payload, (size_t)(mg_payload_end - mg_payload), bytes, n) != NULL;
}

/* incq %gs:disp32 is 65 48 ff 04 25 disp32: the offsets that the assembler saw. */
static void test_layout_counters_agree(void **state)
{
	static const size_t counters[] = {
		offsetof(struct mg_control, spins),    offsetof(struct mg_control, halts),
		offsetof(struct mg_control, ticks),    offsetof(struct mg_control, spurious),
		offsetof(struct mg_control, n_stamps),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		uint8_t code[9] = { 0x65, 0x48, 0xff, 0x04, 0x25 };
		uint32_t at = (uint32_t)counters[i];

		memcpy(code + 5, &at, sizeof(at));
		assert_true(payload_has(code, sizeof(code)));
	}
}

/* The table of programs: absolute addresses inside the code, one for each number, most of them
 * different. */
static void test_layout_programs(void **state)
{
	const uint8_t *start = NULL;
	uint64_t seen[MG_N_PROGRAMS];

	(void)state;
	/* The first entry is where rounds begin; the table is the only run of such addresses. */
	for (const uint8_t *at = mg_payload; !start && at + sizeof(seen) <= mg_payload_end;
	     at += 8) {
		bool is_table = true;

		memcpy(seen, at, sizeof(seen));
		for (size_t i = 0; i < MG_N_PROGRAMS; i++)
			is_table &= seen[i] > MG_CODE && seen[i] < MG_CODE + MG_CODE_SIZE;
		start = is_table ? at : NULL;
	}
	assert_non_null(start);
	for (size_t i = 1; i < MG_N_PROGRAMS; i++) {
		if (i == MG_PROGRAM_STAMP)
			assert_int_equal(seen[i], seen[MG_PROGRAM_ECHO]);
		else
			assert_true(seen[i] > seen[i - 1]);
		assert_true(seen[i] - MG_CODE < (uint64_t)(mg_payload_end - mg_payload));
	}
}

static void test_image_map_extra(void **state)
{
	auto_free uint8_t *memory = calloc(1, MG_MEMORY_MIN);
	const uint64_t last = MG_EXTRA + MG_EXTRA_SIZE_MAX - MG_PAGE_SIZE;

	(void)state;
	assert_non_null(memory);
	assert_int_equal(image_fill(memory, 1), 0);
	assert_int_equal(get_u64(memory + MG_PDPT + 4 * 8), 0);
	image_map_extra(memory, true);
	assert_int_equal(get_u64(memory + MG_PDPT + 4 * 8), MG_EXTRA | 0xe3);
	image_map_extra(memory, false);
	assert_int_equal(get_u64(memory + MG_PDPT + 4 * 8), MG_PD_EXTRA | 0x23);
	assert_int_equal(get_u64(memory + MG_PD_EXTRA), MG_EXTRA | 0xe3);
	assert_int_equal(get_u64(memory + MG_PD_EXTRA + 511 * 8), last | 0xe3);
	/* The code behind it is as it was. */
	assert_memory_equal(memory + MG_CODE, mg_payload, 64);
}

static void test_image_samples(void **state)
{
	auto_free uint8_t *memory = calloc(1, MG_MEMORY_MIN);

	(void)state;
	assert_non_null(memory);
	assert_ptr_equal(image_samples(memory, 1),
			 memory + MG_AREAS + MG_AREA_SIZE + MG_AREA_RESULT);
}

static void test_image_size(void **state)
{
	static const struct {
		unsigned n_vcpus;
		size_t size;
	} rows[] = { { 1, 4 * MIB }, { 48, 4 * MIB }, { 49, 6 * MIB }, { MG_VCPUS_MAX, 18 * MIB } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(image_size(rows[i].n_vcpus), rows[i].size);
		assert_true(image_area(rows[i].n_vcpus) <= rows[i].size);
		assert_int_equal(rows[i].size % MG_PAGE_SIZE, 0);
	}
}

static uint64_t gate_target(const uint8_t *memory, unsigned vector)
{
	uint64_t low = get_u64(memory + MG_IDT + vector * 16);
	uint64_t high = get_u64(memory + MG_IDT + vector * 16 + 8);

	assert_int_equal(low >> 16 & 0xffff, MG_CODE_SELECTOR);
	assert_int_equal(low >> 40 & 0xff, 0x8e);
	return (low & 0xffff) | (low >> 48) << 16 | high << 32;
}

static void test_image_fill(void **state)
{
	const unsigned n_vcpus = 50;
	size_t size = image_size(n_vcpus);
	auto_free uint8_t *memory = calloc(1, size);

	(void)state;
	assert_non_null(memory);
	assert_int_equal(image_fill(memory, n_vcpus), 0);
	assert_memory_equal(memory + MG_CODE, mg_payload, mg_payload_end - mg_payload);
	assert_int_equal(gate_target(memory, 13), MG_CODE + (mg_on_fault - mg_payload) + 13 * 16);
	assert_int_equal(gate_target(memory, MG_VECTOR_TIMER),
			 MG_CODE + (mg_on_timer - mg_payload));
	assert_int_equal(gate_target(memory, MG_VECTOR_SPURIOUS),
			 MG_CODE + (mg_on_spurious - mg_payload));
	/* Faults change to the stack of IST1, ticks do not. */
	assert_int_equal(get_u64(memory + MG_IDT + 8 * 16) >> 32 & 7, 1);
	assert_int_equal(get_u64(memory + MG_IDT + MG_VECTOR_TIMER * 16) >> 32 & 7, 0);
	assert_int_equal(get_u64(memory + image_area(49) + MG_AREA_TSS + 36),
			 image_area(49) + MG_AREA_FAULT_STACK);
	/* Mapped one to one up to the end of memory, not further; every table entry is present. */
	assert_int_equal(get_u64(memory + MG_PML4), MG_PDPT | 0x23);
	assert_int_equal(get_u64(memory + MG_PDPT), MG_PD | 0x23);
	assert_int_equal(get_u64(memory + MG_PD + 2 * 8), 2 * MG_PAGE_SIZE | 0xe3);
	assert_int_equal(get_u64(memory + MG_PD + size / MG_PAGE_SIZE * 8), 0);
	/* But for the page of stores that leave the guest: it is not cached, and nothing is there.
	 */
	assert_int_equal(get_u64(memory + MG_PD + 511 * 8), MG_MMIO_KERNEL | 0xfb);
	assert_int_equal(gate_target(memory, MG_VECTOR_STAMP),
			 MG_CODE + (mg_on_stamp - mg_payload));
	assert_int_equal(gate_target(memory, MG_VECTOR_ECHO), MG_CODE + (mg_on_echo - mg_payload));
}

static void test_image_fill_refuses(void **state)
{
	uint8_t unused[1] = { 0 };

	(void)state;
	assert_int_equal(image_fill(unused, 0), -EINVAL);
	assert_int_equal(image_fill(unused, MG_VCPUS_MAX + 1), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout_regions_are_disjoint),
		cmocka_unit_test(test_layout_payload_fits_and_entries_are_inside),
		cmocka_unit_test(test_layout_fault_stubs),
		cmocka_unit_test(test_layout_counters_agree),
		cmocka_unit_test(test_layout_programs),
		cmocka_unit_test(test_image_map_extra),
		cmocka_unit_test(test_image_samples),
		cmocka_unit_test(test_image_size),
		cmocka_unit_test(test_image_fill),
		cmocka_unit_test(test_image_fill_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
