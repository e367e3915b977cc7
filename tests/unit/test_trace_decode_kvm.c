/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of KVM's events, of Linux 5.4, 6.1 and 6.18, on Intel and AMD. */
#include "tests/lib/decoding.h"

static struct record exit_record(uint64_t reason, uint64_t isa, uint64_t info2)
{
	struct record r = record_of(320, 10);

	put(&r, 8, reason, 4);
	put(&r, 16, 0xfffff8000000, 8);
	put(&r, 24, isa, 4);
	put(&r, 32, 0x6080003, 8);
	put(&r, 40, info2, 8);
	return r;
}

static void test_kvm_exit(void **state)
{
	static const struct format v54[] = { { "kvm", FORMAT("kvm_exit", 320, EXIT_FIELDS_54) } };
	static const struct format v618[] = { { "kvm", FORMAT("kvm_exit", 320, EXIT_FIELDS_618) } };
	static const struct {
		unsigned kernel;
		uint64_t reason, isa, info2, intr_info;
		uint64_t vcpu, interrupt;
		const char *name;
	} cases[] = {
		/* VMX: the vector of an external interrupt; before 5.10 info2 is intr_info */
		{ 54, 1, 1, 0x800000ec, 0, NONE, 236, "EXTERNAL_INTERRUPT" },
		{ 61, 1, 1, 0, 0x800000ec, 2, 236, "EXTERNAL_INTERRUPT" },
		{ 618, 1, 1, 0, 0x800000fb, 2, 251, "EXTERNAL_INTERRUPT" },
		{ 61, 1, 1, 0x800000ec, 0, 2, NONE, "EXTERNAL_INTERRUPT" },
		{ 61, 1, 1, 0, 0xec, 2, NONE, "EXTERNAL_INTERRUPT" },
		{ 61, 0x80000001, 1, 0, 0x800000ec, 2, 236, "EXTERNAL_INTERRUPT" },
		{ 61, 48, 1, 0, 0x800000ec, 2, NONE, "EPT_VIOLATION" },
		{ 54, 12, 1, 0, 0, NONE, NONE, "HLT" },
		{ 61, 30, 1, 0, 0, 2, NONE, "IO_INSTRUCTION" },
		{ 61, 9999, 1, 0, 0, 2, NONE, NULL },
		/* SVM tells no vector */
		{ 61, 0x60, 2, 0, 0x800000ec, 2, NONE, "interrupt" },
		{ 618, 0x400, 2, 0, 0, 2, NONE, "npf" },
		{ 54, 0x7b, 2, 0, 0x800000ec, NONE, NONE, "io" },
		{ 61, 0x9999, 2, 0, 0, 2, NONE, NULL },
		{ 61, 1, 7, 0, 0x800000ec, 2, NONE, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const unsigned kernel = cases[i].kernel;
		struct decoding d = kernel == 61 ? decoding_of(plain, ARRAY_SIZE(plain))
						 : decoding_of(kernel == 54 ? v54 : v618, 1);
		struct record r = exit_record(cases[i].reason, cases[i].isa, cases[i].info2);
		struct trace_event e;

		if (kernel > 54) {
			put(&r, 48, cases[i].intr_info, 4);
			put(&r, 52, 0, 4);
			put(&r, 56, 2, 4);
		}
		if (kernel > 61)
			put(&r, 64, 0, 8);
		for (unsigned k = 0; k < 2; k++) {
			assert_true(decode(&d, &r, &e));
			assert_int_equal(e.kind, TRACE_KVM_EXIT);
			assert_true(e.kvm.vcpu == cases[i].vcpu);
			assert_true(e.kvm.reason == cases[i].reason);
			assert_int_equal(e.kvm.isa, cases[i].isa <= 2 ? cases[i].isa : 0);
			assert_true(e.kvm.info1 == 0x6080003);
			assert_true(e.kvm.info2 == cases[i].info2);
			if (e.kvm.interrupt != cases[i].interrupt)
				fail_msg("case %zu: interrupt", i);
			assert_text(e.kvm.reason_name, cases[i].name);
		}
		decoding_release(&d);
	}
}

static void test_kvm_userspace(void **state)
{
	static const struct {
		unsigned reason;
		int error;
		uint64_t want;
		const char *name;
	} cases[] = {
		{ 2, 0, 2, "KVM_EXIT_IO" },    { 6, 0, 6, "KVM_EXIT_MMIO" },
		{ 999, 0, 999, NULL },         { 10, -EINTR, NONE, "restart" },
		{ 2, -EFAULT, NONE, "error" },
	};
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct record r = record_of(321, 10);
		struct trace_event e;

		put(&r, 8, cases[i].reason, 4);
		put(&r, 12, (uint32_t)cases[i].error, 4);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.kind, TRACE_KVM_USERSPACE);
		assert_true(e.kvm.reason == cases[i].want);
		assert_true(e.kvm.vcpu == NONE);
		assert_text(e.kvm.reason_name, cases[i].name);
	}
	decoding_release(&d);
}

static void test_kvm_others(void **state)
{
	struct decoding d = decoding_of(plain, ARRAY_SIZE(plain));
	struct record r = record_of(319, 10);
	struct trace_event e;

	(void)state;
	put(&r, 8, 7, 4);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_KVM_ENTRY);
	assert_int_equal(e.kvm.vcpu, 7);
	assert_true(e.kvm.reason == NONE);

	r = record_of(322, 10);
	put(&r, 8, 123456, 8);
	put(&r, 16, 1, 1);
	put(&r, 17, 0, 1);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_KVM_WAKEUP);
	assert_int_equal(e.kvm.info1, 123456);
	assert_string_equal(e.kvm.reason_name, "wait");
	put(&r, 16, 0, 1);
	assert_true(decode(&d, &r, &e));
	assert_string_equal(e.kvm.reason_name, "poll");

	for (unsigned rw = 0; rw < 2; rw++) {
		r = record_of(323, 10);
		put(&r, 8, rw, 4);
		put(&r, 12, 0x608, 4);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.kind, TRACE_KVM_PIO);
		assert_int_equal(e.io.address, 0x608);
		assert_int_equal(e.io.is_write, rw);
	}
	for (unsigned type = 0; type < 3; type++) {
		r = record_of(324, 10);
		put(&r, 8, type, 4);
		put(&r, 12, 4, 4);
		put(&r, 16, 0xfed000f0, 8);
		put(&r, 24, 0, 8);
		assert_true(decode(&d, &r, &e));
		assert_int_equal(e.kind, TRACE_KVM_MMIO);
		assert_int_equal(e.io.address, 0xfed000f0);
		assert_int_equal(e.io.is_write, type == 2);
	}
	r = record_of(325, 10);
	put(&r, 8, 1, 4);
	put(&r, 16, 0, 8);
	put(&r, 24, 0xfd000, 8);
	put(&r, 32, 0x14, 8);
	assert_true(decode(&d, &r, &e));
	assert_int_equal(e.kind, TRACE_KVM_FAULT);
	assert_int_equal(e.kvm.vcpu, 1);
	assert_int_equal(e.kvm.info1, 0xfd000);
	assert_int_equal(e.kvm.info2, 0x14);
	decoding_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kvm_exit),
		cmocka_unit_test(test_kvm_userspace),
		cmocka_unit_test(test_kvm_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
