/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parsers of configuration files: modprobe.d, shell variables, qemu.conf, packages, loaders. */
#include <string.h>

#include "core/arena.h"
#include "probes/parse/boot_config.h"
#include "probes/parse/modprobe_conf.h"
#include "probes/parse/package.h"
#include "probes/parse/personal.h"
#include "probes/parse/qemu_conf.h"
#include "probes/parse/shell_vars.h"
#include "tests/lib/check.h"

static void assert_text(struct text t, const char *want)
{
	assert_int_equal(t.len, strlen(want));
	if (t.len)
		assert_memory_equal(t.at, want, t.len);
}

static void test_modprobe(void **state)
{
	struct text t = text_of("# comment\n\noptions vfio-pci ids=10de:1b81,10de:10f0\n"
				"install vfio-pci \\\n\t/sbin/x.sh; \\\n  modprobe -i vfio-pci\n"
				"blacklist iTCO_wdt\nalone\n  softdep nvidia pre: vfio-pci\n"
				"options kvm a=1\\");
	static const struct {
		const char *command, *module, *rest;
	} want[] = {
		{ "options", "vfio_pci", "ids=10de:1b81,10de:10f0" },
		{ "install", "vfio_pci", "/sbin/x.sh; modprobe -i vfio-pci" },
		{ "blacklist", "iTCO_wdt", "" },
		{ "softdep", "nvidia", "pre: vfio-pci" },
		{ "options", "kvm", "a=1" },
	};
	auto_arena struct arena a = { 0 };
	struct modprobe_line line;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(modprobe_conf_next(&t, &line));
		assert_text(line.command, want[i].command);
		assert_string_equal(modprobe_name(&a, line.module), want[i].module);
		assert_string_equal(modprobe_rest(&a, line.rest), want[i].rest);
	}
	assert_false(modprobe_conf_next(&t, &line));
	assert_true(modprobe_name_is(text_of("vfio-pci"), "vfio_pci"));
	assert_true(modprobe_name_is(text_of("vfio-pci"), "vfio*"));
	assert_true(modprobe_name_is(text_of("vfio"), "vfio*"));
	assert_false(modprobe_name_is(text_of("vfi"), "vfio*"));
	assert_false(modprobe_name_is(text_of("vfio"), "vfio_pci"));
	assert_false(modprobe_name_is(text_of("vfio_pci"), "vfio"));
}

static void test_shell(void **state)
{
	static const struct {
		const char *text, *name, *value;
	} cases[] = {
		{ "A=b", "A", "b" },
		{ "A=b c", "A", "b" },
		{ "A=\"b c\" # d", "A", "b c" },
		{ "A='b $B c'", "A", "b $B c" },
		{ "A=\"b \\\"c\\\" \\n\"", "A", "b \"c\" \\n" },
		{ "A=x\nA=\"$A y\"", "A", "x y" },
		{ "A=x\nA=\"${A}y\"", "A", "xy" },
		{ "A=\"${A:-y}\"", "A", "${A:-y}" },
		{ "A=\"$(id)\"", "A", "$(id)" },
		{ "A=\" x \"\nA+=\" y \"", "A", " x  y " },
		{ "A=(b c)", "A", "b c" },
		{ "A=( b\n# no\n 'c d'\n\t\"e\" ) B=1", "A", "b c d e" },
		{ "A=()", "A", "" },
		{ "A=(b '' c)", "A", "b c" },
		{ "A=(b\nA=c", "A", "b A=c" },
		{ "#A=b\n  A=c", "A", "c" },
		{ "export A=b", "A", "b" },
		{ "if true; then A=b; fi", "A", NULL },
		{ "A =b", "A", NULL },
		{ "A[k]=\"v\"\nA[k]+=\" w\"", "A[k]", "v w" },
		{ "A=a\\\nb", "A", "ab" },
		{ "A=\"open", "A", "open" },
		{ "A=b;B=c", "B", "c" },
		{ "", "A", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		static struct shell_vars vars;
		const char *value;

		vars = (struct shell_vars){ 0 };
		assert_int_equal(shell_vars_parse(&vars, &a, text_of(cases[i].text)), 0);
		value = shell_vars_get(&vars, cases[i].name);
		if (!value || !cases[i].value)
			assert_true(!value && !cases[i].value);
		else
			assert_string_equal(value, cases[i].value);
	}
}

/* A value that doubles on each line, and more variables than there is room for. */
static void test_shell_bounds(void **state)
{
	auto_arena struct arena a = { 0 };
	static struct shell_vars vars;
	auto_free char *text = malloc(400 * 16);
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < 64; i++)
		n += (size_t)snprintf(text + n, 16, i ? "A=$A$A\n" : "A=xy\n");
	for (unsigned i = 0; i < 200; i++)
		n += (size_t)snprintf(text + n, 16, "B%u=1\n", i);
	assert_int_equal(shell_vars_parse(&vars, &a, text_make(text, n)), 0);
	assert_int_equal(strlen(shell_vars_get(&vars, "A")), SHELL_VALUE_MAX);
	assert_int_equal(vars.n, SHELL_VARS_MAX);
	assert_null(shell_vars_get(&vars, "B199"));
}

static void test_qemu_conf(void **state)
{
	struct text t =
		text_of("# user = \"no\"\nnographics_allow_host_audio = 1\n"
			"user = \"someone\" # your user\ngroup='kvm'\n"
			"cgroup_device_acl = [\n  \"/dev/null\", # [not] this\n"
			"  \"/dev/a]b\",'/dev/x' ]\nodd line\n= 3\nlong = \"\"\"a\n\"b\"\"\"\n"
			"empty = \"\"\nopen = \"x\nlast = [ \"y");
	static const struct {
		const char *name, *value;
		bool is_list;
	} want[] = {
		{ "nographics_allow_host_audio", "1", false },
		{ "user", "someone", false },
		{ "group", "kvm", false },
		{ "cgroup_device_acl", "\n  \"/dev/null\", # [not] this\n  \"/dev/a]b\",'/dev/x' ",
		  true },
		{ "long", "a\n\"b", false },
		{ "empty", "", false },
		{ "open", "x", false },
		{ "last", " \"y", true },
	};
	static const char *const items[] = { "/dev/null", "/dev/a]b", "/dev/x" };
	struct qemu_conf_setting s;
	struct text item;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(qemu_conf_next(&t, &s));
		assert_text(s.name, want[i].name);
		assert_text(s.value, want[i].value);
		assert_int_equal(s.is_list, want[i].is_list);
		if (strcmp(want[i].name, "cgroup_device_acl") != 0)
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(items); k++) {
			assert_true(qemu_conf_item(&s.value, &item));
			assert_text(item, items[k]);
		}
		assert_false(qemu_conf_item(&s.value, &item));
	}
	assert_false(qemu_conf_next(&t, &s));
}

static void test_packages(void **state)
{
	static const char status[] =
		"Package: qemu-system-x86-doc\nStatus: install ok installed\nVersion: 1\n\n"
		"Package: qemu-system-x86\nStatus: install ok installed\nDepends: libc6\n"
		"Version: 1:7.2+dfsg-7+deb12u5\n\n"
		"Package: libvirt0\nStatus: deinstall ok config-files\nVersion: 9.0.0-4\n\n"
		"Package: cut\nStatus: install ok installed";
	static const struct {
		const char *version, *number;
	} numbers[] = {
		{ "1:7.2+dfsg-7+deb12u5", "7.2" },
		{ "9.2.0-5", "9.2.0" },
		{ "QEMU emulator version 9.2.0 (Debian 1:9.2.0+ds-5)", "9.2.0" },
		{ "libvirtd (libvirt) 9.0.0", "9.0.0" },
		{ "8.", "8" },
		{ "none", NULL },
		{ "", NULL },
	};
	struct text v;

	(void)state;
	assert_true(package_dpkg(text_of(status), "qemu-system-x86", &v));
	assert_text(v, "1:7.2+dfsg-7+deb12u5");
	assert_false(package_dpkg(text_of(status), "libvirt0", &v));
	assert_false(package_dpkg(text_of(status), "cut", &v));
	assert_false(package_dpkg(text_of(status), "libc6", &v));
	assert_true(package_apk(text_of("C:x\nP:qemu\nV:9.1.2-r1\n\nP:b\nV:2\n"), "qemu", &v));
	assert_text(v, "9.1.2-r1");
	assert_true(package_folder(text_of("libvirt-1:10.0.0-1"), "libvirt", &v));
	assert_text(v, "1:10.0.0-1");
	assert_false(package_folder(text_of("libvirt-python-1:10.0.0-1"), "libvirt", &v));
	assert_false(package_folder(text_of("libvirt-"), "libvirt", &v));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		assert_int_equal(package_number(text_of(numbers[i].version), &v),
				 numbers[i].number != NULL);
		if (numbers[i].number)
			assert_text(v, numbers[i].number);
	}
}

static void test_personal(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "/home/ann/bin/x.sh", "~/bin/x.sh" },
		{ "a=/home/ann,b=/home/bob", "a=~,b=~" },
		{ "/home/", "/home/" },
		{ "root=UUID=1b2c3d4e-1111-2222-3333-444455556666 ro", "root=UUID=UUID ro" },
		{ "1b2c3d4e-1111-2222-3333-4444555566667",
		  "1b2c3d4e-1111-2222-3333-4444555566667" },
		{ "mac=52:54:00:12:34:56.", "mac=MAC." },
		{ "/dev/disk/by-id/ata-DISK_S3RIAL-part1 x", "/dev/disk/by-id/* x" },
		{ "/dev/input/by-path/", "/dev/input/by-path/" },
		{ "0000:01:00.0", "0000:01:00.0" },
		{ "", "" },
	};
	auto_arena struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(personal_hide(&a, text_of(cases[i].text)), cases[i].want);
}

static void test_boot(void **state)
{
	static const char info[] = "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0\0\0";
	struct text entry = text_of("title Arch\noptions root=UUID=x rw\n# options no\n"
				    "options quiet\n");
	struct text limine =
		text_of("/Arch\n  kernel_path: boot():/vmlinuz\n  cmdline: quiet a=b\n");
	struct text refind = text_of("# x\n\"Boot\" \"ro quiet\"\n\"cut\n");
	auto_arena struct arena a = { 0 };
	struct text args;

	(void)state;
	assert_true(boot_entry_options(&entry, &args));
	assert_text(args, "root=UUID=x rw");
	assert_true(boot_entry_options(&entry, &args));
	assert_text(args, "quiet");
	assert_false(boot_entry_options(&entry, &args));
	assert_true(limine_cmdline(&limine, &args));
	assert_text(args, "quiet a=b");
	assert_false(limine_cmdline(&limine, &args));
	assert_true(refind_options(&refind, &args));
	assert_text(args, "ro quiet");
	assert_false(refind_options(&refind, &args));
	assert_true(loader_conf_value(text_of("timeout 3\ndefault  arch-*\n"), "default", &args));
	assert_text(args, "arch-*");
	assert_false(loader_conf_value(text_of("defaults x\n"), "default", &args));
	assert_string_equal(boot_args_clean(&a, text_of(" root=/dev/sda2  quiet $tuned iommu=pt\n"
							"resume=UUID=x initrd=\\a.img")),
			    "quiet iommu=pt");
	assert_string_equal(loader_info_name(text_make(info, sizeof(info) - 1)), "systemd-boot");
	assert_null(loader_info_name(text_of("abc")));
	assert_null(loader_info_name(text_of("abcdsystemd-boot")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modprobe),     cmocka_unit_test(test_shell),
		cmocka_unit_test(test_shell_bounds), cmocka_unit_test(test_qemu_conf),
		cmocka_unit_test(test_packages),     cmocka_unit_test(test_personal),
		cmocka_unit_test(test_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
