/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_emulated.c */
#include <string.h>

#include "probes/exits_emulated.h"
#include "tests/lib/check.h"

#define KNOWN(x)        \
	{               \
		true, x \
	}

/* clang-format off */
static const struct {
	struct exits_evidence evidence;
	bool is_known, is_emulated;
	const char *why; /* NULL: unknown */
} rows[] = {
	/* a host as hosts are */
	{ { KNOWN(true), KNOWN(false), { 0 }, KNOWN(160), KNOWN(150) }, true, false, NULL },
	/* just not five times */
	{ { KNOWN(true), KNOWN(false), { 0 }, KNOWN(759), KNOWN(151) }, true, false, NULL },
	{ { KNOWN(true), KNOWN(true), { 0 }, KNOWN(160), KNOWN(150) }, true, true,
	  "this host is a guest itself (flag hypervisor): the hypervisor below handles exits first" },
	{ { KNOWN(false), KNOWN(true), KNOWN("kvm_pvm"), KNOWN(290123), KNOWN(150) }, true, true,
	  "KVM runs guests though the processor offers neither vmx nor svm (kvm_pvm); a plain "
	  "instruction takes 290.1 ns in the guest and 0.1 ns outside" },
	{ { KNOWN(false), KNOWN(true), { 0 }, { 0 }, { 0 } }, true, true,
	  "KVM runs guests though the processor offers neither vmx nor svm" },
	/* flags of a processor that has it, and yet something executes for it */
	{ { KNOWN(true), KNOWN(false), { 0 }, KNOWN(50000), KNOWN(1250) }, true, true,
	  "a plain instruction takes 50.0 ns in the guest and 1.2 ns outside" },
	{ { { 0 }, { 0 }, { 0 }, KNOWN(50000), KNOWN(1250) }, true, true,
	  "a plain instruction takes 50.0 ns in the guest and 1.2 ns outside" },
	/* not enough to say that all is well */
	{ { KNOWN(true), KNOWN(false), { 0 }, { 0 }, KNOWN(150) }, false, false, NULL },
	{ { { 0 }, { 0 }, { 0 }, KNOWN(160), KNOWN(150) }, false, false, NULL },
	{ { { 0 }, { 0 }, { 0 }, { 0 }, { 0 } }, false, false, NULL },
};
/* clang-format on */

static void test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_arena struct arena a = { 0 };
		struct fact_bool is_emulated = { 0 };
		struct fact_str why = { 0 };

		assert_int_equal(exits_evidence_judge(&rows[i].evidence, &a, &is_emulated, &why),
				 0);
		assert_int_equal(is_emulated.known, rows[i].is_known);
		assert_int_equal(is_emulated.v, rows[i].is_emulated);
		assert_int_equal(why.known, rows[i].why != NULL);
		if (rows[i].why)
			assert_string_equal(why.v, rows[i].why);
	}
}

static void test_cpuinfo(void **state)
{
	static const struct {
		const char *text;
		bool is_known, has_own, has_hypervisor;
	} cases[] = {
		{ "processor\t: 0\nflags\t\t: fpu vmx sse\n", true, true, false },
		{ "processor\t: 0\nflags\t\t: fpu svm hypervisor\n", true, true, true },
		{ "processor\t: 0\nflags\t\t: fpu svm_lock hypervisor\n", true, false, true },
		{ "processor\t: 0\nvmx flags\t: vnmi\nflags\t\t: fpu\n", true, false, false },
		{ "processor\t: 0\nFeatures\t: fp\n", false, false, false },
		{ "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct exits_evidence e = { 0 };

		exits_evidence_cpuinfo(&e, text_of(cases[i].text));
		assert_int_equal(e.has_vmx_or_svm.known, cases[i].is_known);
		assert_int_equal(e.has_vmx_or_svm.v, cases[i].has_own);
		assert_int_equal(e.has_hypervisor.v, cases[i].has_hypervisor);
	}
}

static int find_module(struct exits_evidence *e, struct arena *a, const char *names)
{
	struct text rest = text_of(names), word;
	char *list[8];
	size_t n = 0;

	while (text_next_word(&rest, &word) && n < ARRAY_SIZE(list))
		list[n++] = arena_strndup(a, word.at, word.len);
	return exits_evidence_modules(e, a, list, n);
}

static void test_modules(void **state)
{
	auto_arena struct arena a = { 0 };
	struct exits_evidence e = { 0 };

	(void)state;
	assert_int_equal(find_module(&e, &a, "kvm kvm_amd kvm_intel kvmgt vfio"), 0);
	assert_false(e.module.known);
	assert_int_equal(find_module(&e, &a, "kvm kvm_amd kvm_pvm"), 0);
	assert_true(fact_is(&e.module, "kvm_pvm"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_cpuinfo),
		cmocka_unit_test(test_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
