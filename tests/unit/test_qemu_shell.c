/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/qemu_args.h"
#include "probes/parse/qemu_shell.h"
#include "tests/lib/check.h"

/* The words with '|' between them. */
static void check(const char *text, const char *want)
{
	auto_arena struct arena a = { 0 };
	/* A copy of its size, so that a sanitizer sees a read behind the last byte. */
	auto_free char *copy = malloc(strlen(text) + 1);
	struct fact_strs args = { 0 };
	const char *is = "";

	assert_non_null(copy);
	memcpy(copy, text, strlen(text));
	assert_int_equal(qemu_shell_split(text_make(copy, strlen(text)), &a, &args), 0);
	assert_true(args.known);
	for (size_t i = 0; i < args.n; i++) {
		is = arena_printf(&a, "%s%s%s", is, i ? "|" : "", args.v[i]);
		assert_non_null(is);
	}
	if (strcmp(is, want) != 0)
		fail_msg("%s\n  gives %s\n  not   %s", text, is, want);
}

static void test_variables(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "RAM=8G\nkvm -m $RAM", "kvm|-m|8G" },
		{ "RAM=8G; kvm -m ${RAM},slots=2", "kvm|-m|8G,slots=2" },
		{ "RAM='8 G' # memory\nkvm -m \"$RAM\" -name $RAM", "kvm|-m|8 G|-name|8|G" },
		{ "export A=1 B=2\nkvm -smp $A,cores=$B", "kvm|-smp|1,cores=2" },
		{ "A=1\nB=\"$A$A\"\nkvm $B", "kvm|11" },
		{ "A=1\nA=2\nkvm $A", "kvm|2" },
		/* not known, or not written for us to know */
		{ "kvm -m $RAM ${RAM} $1 $? $", "kvm|-m|$RAM|${RAM}|$1|$?|$" },
		{ "kvm -m ${RAM:-4G} ${X-y} ${Z:=w} ${", "kvm|-m|4G|y|${Z:=w}|${" },
		{ "kvm -smp $(nproc --all),x `uname -r`", "kvm|-smp|$(nproc--all),x|`uname|-r`" },
		{ "kvm -smp $(( $(nproc) / 2 )) $(never", "kvm|-smp|$(($(nproc)/2))|$(never" },
		{ "A=1\nkvm '$A' \\$A \"\\$A\"", "kvm|$A|$A|$A" },
		/* options collected piece by piece */
		{ "OPTS=\"\"\nOPTS=\"$OPTS -m 8G\"\nOPTS=\"$OPTS -cpu host,kvm=off\"\n"
		  "sudo qemu-system-x86_64 $OPTS -S",
		  "qemu-system-x86_64|-m|8G|-cpu|host,kvm=off|-S" },
		{ "O='-m 8G'\nO+=' -S'\nkvm $O", "kvm|-m|8G|-S" },
		{ "a=(-m 8G)\na+=(-name 'a b') # x\na+=(\n -S # no )\n)\nkvm \"${a[@]}\" -x",
		  "kvm|-m|8G|-name|a b|-S|-x" },
		{ "a=()\nkvm \"${a[@]}\" ${a[*]} $a -x", "kvm|-x" },
		{ "a=(b c)\nkvm $a -x", "kvm|b|-x" },
		{ "if [ -e /x ]; then A=1; else B=2; fi\nkvm $A $B", "kvm|1|2" },
		{ "A=1\nkvm A=2 -x $A", "kvm|A=2|-x|1" },
		{ "Q=/usr/bin/qemu-system-x86_64\nexec $Q -S", "/usr/bin/qemu-system-x86_64|-S" },
		{ "O=\"-smp $(( 2 * N )),cores=2\"\nkvm $O -S", "kvm|-smp|$((2*N)),cores=2|-S" },
		{ "a=(never ends", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(cases[i].text, cases[i].want);
}

static void test_commands(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "modprobe kvm ignore_msrs=1\nqemu-system-x86_64 -m 8G -S\nkillall qemu-kvm",
		  "qemu-system-x86_64|-m|8G|-S" },
		{ "which qemu-kvm || exit\nqemu-kvm \\\n # -old x \\\n -m 8G \\\n -S &\necho -x",
		  "qemu-kvm|-m|8G|-S" },
		{ "taskset -c 1-3 chrt -f 1 qemu-kvm -S", "qemu-kvm|-S" },
		{ "[Service]\nExecStart=/usr/bin/qemu-kvm -S \\\n  -m 1G\nRestart=no",
		  "/usr/bin/qemu-kvm|-S|-m|1G" },
		{ "qemu-kvm -S\n-m 8G\n\"-name\" x\nnext -y", "qemu-kvm|-S|-m|8G|-name|x" },
		{ "-m 8G \\\n-S", "-m|8G|-S" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(cases[i].text, cases[i].want);
}

/* Which texts are for a shell at all. */
static void test_recognised(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "RAM=8G\nqemu-kvm -m $RAM", 3 },
		{ "args=(\n-m 8G\n)\nqemu-kvm \"${args[@]}\"\n", 3 },
		{ "A=b\nqemu-kvm\n-name\nmy kvm box\n-m\n8G", 6 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		struct fact_strs args;

		assert_int_equal(qemu_args_split(text_of(cases[i].text), &a, &args), 0);
		if (args.n != cases[i].n)
			fail_msg("%s: %zu", cases[i].text, args.n);
	}
}

/* Values that grow without end take neither time nor memory without end. */
static void test_hostile(void **state)
{
	static const char *const pieces[] = { "A=\"$A$A\"\n", "A+=$A\n", "a+=(${a[@]} x)\n",
					      "${a",          "$(",      "\"${a[@]",
					      "a=(",          "kvm -" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		static const char start[] = "A=xxxxxxxx\na=(y z)\n", end[] = "\nkvm $A ${a[@]} -S";
		const size_t n = strlen(pieces[i]), count = 200000 / n;
		auto_arena struct arena a = { .max = 256u << 20 };
		auto_free char *text = malloc(sizeof(start) + n * count + sizeof(end));
		struct fact_strs args;
		char *at = text;

		assert_non_null(text);
		at = stpcpy(at, start);
		for (size_t k = 0; k < count; k++)
			at = stpcpy(at, pieces[i]);
		stpcpy(at, end);
		assert_int_equal(qemu_shell_split(text_of(text), &a, &args), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_recognised),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
