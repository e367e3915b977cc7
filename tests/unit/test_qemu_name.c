/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "probes/parse/qemu_name.h"
#include "tests/lib/check.h"

/* Arguments as in /proc/PID/cmdline: "a\0b" is "a", "b", each ended by NUL. */
/* clang-format off */
#define ARGS(s) { s, sizeof(s) }
#define NONE { NULL, 0 }
/* clang-format on */

static void test_is_emulator(void **state)
{
	static const struct {
		struct text cmdline;
		const char *comm;
		bool want;
	} cases[] = {
		{ ARGS("/usr/bin/qemu-system-x86_64\0-name\0win10"), "qemu-system-x86\n", true },
		{ ARGS("qemu-system-x86_64"), "qemu-system-x86", true },
		{ ARGS("/usr/bin/qemu-system-aarch64"), "worker", true },
		{ ARGS("/usr/libexec/qemu-kvm\0-name\0guest=a"), "qemu-kvm", true },
		{ ARGS("/usr/bin/kvm\0-id\000100\0-name\0win"), "kvm", true },
		{ ARGS("/usr/bin/qemu\0--enable-kvm"), "qemu", true },
		{ ARGS("/usr/bin/kvm-spice\0-M\0pc"), "kvm-spice", true },
		{ ARGS("/nix/store/x/bin/.qemu-system-x86_64-wrapped\0-m\0001"), "", true },
		/* argv[0] renamed, and the other way round */
		{ ARGS("gaming\0-machine\0q35\0-m\0008G"), "qemu-system-x86", true },
		{ ARGS("gaming\0-machine\0q35\0-m\0008G"), "qemu:gaming", false },
		{ ARGS("/usr/bin/qemu-system-x86_64\0-m\0001"), "qemu:gaming", true },
		/* not a guest */
		{ ARGS("kvm"), "kvm", false },
		{ ARGS("/opt/tool/kvm\0switch\0002"), "kvm", false },
		{ ARGS("/usr/bin/qemu-img\0convert"), "qemu-img", false },
		{ ARGS("/usr/bin/qemu-nbd\0-c\0/dev/nbd0"), "qemu-nbd", false },
		{ ARGS("/usr/sbin/qemu-ga\0-m\0virtio-serial"), "qemu-ga", false },
		{ ARGS("qemu-storage-daemon\0--blockdev"), "qemu-storage-da", false },
		{ ARGS("/usr/bin/qemu-x86_64\0-cpu\0max\0/bin/true"), "qemu-x86_64", false },
		{ ARGS("vim\0qemu-system-x86_64"), "vim", false },
		{ ARGS("/bin/sh\0/usr/bin/kvm\0-m\0001"), "sh", false },
		{ ARGS("sudo\0qemu-system-x86_64\0-m\0001"), "sudo", false },
		{ ARGS("/usr/bin/qemu-system-x86_64/\0-m\0001"), "x", false },
		/* asked for what it can do; of several types the last counts */
		{ ARGS("/usr/bin/qemu-system-x86_64\0-S\0-machine\0none,accel=kvm:tcg"), "",
		  false },
		{ ARGS("/usr/libexec/qemu-kvm\0-M\0none"), "qemu-kvm", false },
		{ ARGS("qemu-system-x86_64\0--machine\0type=none"), "", false },
		{ ARGS("qemu-system-x86_64\0-M\0pc\0-machine\0none"), "", false },
		{ ARGS("qemu-system-x86_64\0-M\0none\0-machine\0q35"), "", true },
		{ ARGS("qemu-system-x86_64\0-M\0q35\0-machine\0usb=off"), "", true },
		{ ARGS("qemu-system-x86_64\0-vga\0none\0-machine"), "", true },
		{ ARGS("qemu-system-x86_64\0-machine\0\0-m\0001"), "", true },
		/* kernel threads, and processes that have ended */
		{ NONE, "kvm-pit/1234", false },
		{ NONE, "kvm", false },
		{ NONE, "kvm-nx-lpage-re", false },
		{ NONE, "qemu-system-x86", true },
		{ NONE, "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (qemu_is_emulator(cases[i].cmdline, text_of(cases[i].comm)) != cases[i].want)
			fail_msg("case %zu: %s", i, cases[i].cmdline.at);
	}
}

static void test_guest_name(void **state)
{
	static const struct {
		struct text cmdline;
		const char *want; /* NULL: it has none */
	} cases[] = {
		{ ARGS("q\0-name\0win10"), "win10" },
		{ ARGS("q\0--name\0win10\0-S"), "win10" },
		{ ARGS("q\0-name\0guest=win10,debug-threads=on"), "win10" },
		{ ARGS("q\0-name\0win10,debug-threads=on"), "win10" },
		{ ARGS("q\0-name\0debug-threads=on,guest=win10"), "win10" },
		{ ARGS("q\0-name\0process=qemu:a,guest=b"), "b" },
		{ ARGS("q\0-name\0guest=a,,b,debug-threads=on"), "a,b" },
		{ ARGS("q\0-name\0a,,,,b"), "a,,b" },
		{ ARGS("q\0-name\0a b"), "a b" },
		{ ARGS("q\0-name\0guest=a=b"), "a=b" },
		{ ARGS("q\0-name\0old\0-name\0new"), "new" },
		{ ARGS("q\0-name\0old\0-name\0debug-threads=on"), "old" },
		{ ARGS("q\0-name\0-name"), "-name" },
		{ ARGS("q\0-name\0,"), NULL },
		{ ARGS("q\0-name\0,guest=x"), "x" },
		{ ARGS("q\0-name\0a,"), "a" },
		{ ARGS("q\0-name\0a,debug-threads"), "a" },
		{ ARGS("q\0-name\0"), NULL },
		{ ARGS("q\0-name"), NULL },
		{ ARGS("q\0-name\0guest="), NULL },
		{ ARGS("q\0-name\0debug-threads=on"), NULL },
		{ ARGS("q\0-m\0001"), NULL },
		{ NONE, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *name = NULL;
		const int r = qemu_guest_name(cases[i].cmdline, &name);

		if (!cases[i].want) {
			assert_int_equal(r, -ENOENT);
			assert_null(name);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(name, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_emulator),
		cmocka_unit_test(test_guest_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
