/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/qemu_args.h"
#include "tests/lib/check.h"

/* clang-format off */
#define LITERAL(s) { s, sizeof(s) - 1 }
/* clang-format on */

static void test_split(void **state)
{
	static const struct {
		struct text text;
		const char *want[7]; /* up to the first NULL */
	} cases[] = {
		{ LITERAL(""), { NULL } },
		{ LITERAL("\n \n"), { NULL } },
		/* /proc/PID/cmdline */
		{ LITERAL("qemu\0-m\0"
			  "8G\0-append\0\0a b\0"),
		  { "qemu", "-m", "8G", "-append", "", "a b" } },
		{ LITERAL("qemu\0-m\n8\\"), { "qemu", "-m\n8\\" } },
		/* one in a line */
		{ LITERAL("/usr/bin/qemu-kvm\r\n-name\r\n\na name with 'blanks'\n-m"),
		  { "/usr/bin/qemu-kvm", "-name", "a name with 'blanks'", "-m" } },
		{ LITERAL("qemu-system-x86_64"), { "qemu-system-x86_64" } },
		/* typed into a shell */
		{ LITERAL("qemu-system-x86_64 -m 8G"), { "qemu-system-x86_64", "-m", "8G" } },
		{ LITERAL("qemu-kvm \\\n  -m 8G \\\r\n\t-name \"a b\" \\\n"),
		  { "qemu-kvm", "-m", "8G", "-name", "a b" } },
		/* a blank behind the backslash */
		{ LITERAL("qemu-kvm -m\\ \n8G \\\t\n-S\n"), { "qemu-kvm", "-m", "8G", "-S" } },
		/* backslashes that were lost */
		{ LITERAL("$ qemu-kvm -m 8G\n-name a\n\n-S\necho done -x\n"),
		  { "qemu-kvm", "-m", "8G", "-name", "a", "-S" } },
		{ LITERAL("LC_ALL=C \\\nPATH=/bin \\\n/usr/bin/qemu-system-x86_64 \\\n-S \\\n"),
		  { "/usr/bin/qemu-system-x86_64", "-S" } },
		{ LITERAL("#!/bin/sh\nmodprobe vfio-pci && sudo nice kvm -S # comment -x\n-m 1; halt"),
		  { "kvm", "-S", "-m", "1" } },
		{ LITERAL("ExecStart=/usr/bin/qemu-kvm -S | tee log"),
		  { "/usr/bin/qemu-kvm", "-S" } },
		{ LITERAL("qemu-kvm 'a\\b' \"c\\d\\\"e\\\\\" f\\ g h'i'\"j\" ''"),
		  { "qemu-kvm", "a\\b", "c\\d\"e\\", "f g", "hij", "" } },
		{ LITERAL("qemu-kvm 'never ends\n-S"), { "qemu-kvm", "never ends\n-S" } },
		{ LITERAL("qemu-kvm \"never ends\\"), { "qemu-kvm", "never ends" } },
		{ LITERAL("qemu-kvm -S \\"), { "qemu-kvm", "-S" } },
		{ LITERAL("my-wrapper -m 8G"), { "my-wrapper", "-m", "8G" } },
		{ LITERAL("-m 8G \\\n-S"), { "-m", "8G", "-S" } },
		{ LITERAL("# nothing but a comment"), { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		/* A copy of its size, so that a sanitizer sees a read behind the last byte. */
		auto_free char *copy = malloc(cases[i].text.len + !cases[i].text.len);
		struct fact_strs args = { 0 };
		size_t n = 0;

		assert_non_null(copy);
		memcpy(copy, cases[i].text.at, cases[i].text.len);
		assert_int_equal(qemu_args_split(text_make(copy, cases[i].text.len), &a, &args), 0);
		assert_true(args.known);
		for (; n < ARRAY_SIZE(cases[i].want) && cases[i].want[n]; n++) {
			assert_true(n < args.n);
			assert_string_equal(args.v[n], cases[i].want[n]);
		}
		if (args.n != n)
			fail_msg("%zu: %s", i, args.v[n]);
	}
}

static void test_too_big(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_free char *text = calloc(1, QEMU_ARGS_MAX + 1);
	struct fact_strs args = { 0 };

	(void)state;
	assert_non_null(text);
	assert_int_equal(qemu_args_split(text_make(text, QEMU_ARGS_MAX + 1), &a, &args), -EFBIG);
	assert_false(args.known);
	assert_int_equal(qemu_args_split(text_make(text, QEMU_ARGS_MAX), &a, &args), 0);
	assert_int_equal(args.n, QEMU_ARGS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
