/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/change.h"
#include "tests/lib/host.h"

static void check_text(const char *edits, const char *expected)
{
	auto_arena struct arena a = { 0 };

	assert_string_equal(xml_edits_text(&a, edits), expected);
}

static void edits_read_as_xml(void **state)
{
	(void)state;
	check_text("devices/memballoon@model=none",
		   "<devices>\n  <memballoon model='none'/>\n</devices>");
	check_text("iothreads:=1", "<iothreads>1</iothreads>");
	check_text("clock/timer[name=hpet]@present=no",
		   "<clock>\n  <timer name='hpet' present='no'/>\n</clock>");
	check_text(
		"cpu@mode=host-passthrough@check=none\ncpu/cache@mode=passthrough",
		"<cpu mode='host-passthrough' check='none'>\n  <cache mode='passthrough'/>\n</cpu>");
	check_text("features/hyperv/stimer@state=on\nfeatures/hyperv/stimer/direct@state=on\n"
		   "features/vmport@state=off",
		   "<features>\n  <hyperv>\n    <stimer state='on'>\n      <direct state='on'/>\n"
		   "    </stimer>\n  </hyperv>\n  <vmport state='off'/>\n</features>");
	check_text("cputune/vcpupin[vcpu=0]@cpuset=1\ncputune/vcpupin[vcpu=1]@cpuset=7",
		   "<cputune>\n  <vcpupin vcpu='0' cpuset='1'/>\n  <vcpupin vcpu='1' cpuset='7'/>\n"
		   "</cputune>");
	check_text("-devices/input[type=tablet]\n-clock/timer[name=rtc]@track",
		   "without <input type='tablet'>\nwithout track in <timer name='rtc'>");
	check_text("-devices/memballoon/stats", "without <stats> in <memballoon>");
	/* What belongs together stands together, whatever the order it was asked for. */
	check_text("cpu/cache@mode=passthrough\nclock/timer[name=hpet]@present=no\n"
		   "cpu@migratable=off\ncpu@check=none\ncpu/feature[name=invtsc]@policy=require",
		   "<cpu migratable='off' check='none'>\n  <cache mode='passthrough'/>\n"
		   "  <feature name='invtsc' policy='require'/>\n</cpu>\n"
		   "<clock>\n  <timer name='hpet' present='no'/>\n</clock>");
	check_text("cpu@check=none\ncpu@check=full@migratable=off",
		   "<cpu check='full' migratable='off'/>");
	check_text(".@xmlns:qemu=http://libvirt.org/schemas/domain/qemu/1.0",
		   "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'/>");
	check_text("name:=a<b&c", "<name>a&lt;b&amp;c</name>");
}

static void broken_edits_are_refused(void **state)
{
	static const char *const lines[] = {
		"",    "@a=b",   "a/[x=y]@b=c", "a[@b=c",  "a//b@c=d",
		"a@b", "-a@b=c", "a[x]@b=c",    "a@b=cd@", "1/2/3/4/5/6/7/8/9@a=b",
	};
	auto_arena struct arena a = { 0 };
	struct xml_edit e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (xml_edit_parse(lines[i], strlen(lines[i]), &a, &e) != -EINVAL)
			fail_msg("'%s' was taken", lines[i]);
	}
}

static void boot_arguments_in_the_words_of_the_loader(void **state)
{
	static const struct {
		const char *loader, *os, *initramfs, *config, *expected;
	} cases[] = {
		{ NULL, NULL, NULL, NULL, "kernel command line: add a=1 b; remove c" },
		{ "grub", "debian", NULL, NULL,
		  "/etc/default/grub, GRUB_CMDLINE_LINUX_DEFAULT: add a=1 b; remove c\n"
		  "sudo update-grub" },
		{ "grub", "arch", "mkinitcpio", NULL,
		  "/etc/default/grub, GRUB_CMDLINE_LINUX_DEFAULT: add a=1 b; remove c\n"
		  "sudo grub-mkconfig -o /boot/grub/grub.cfg" },
		{ "grub", "fedora", "dracut", NULL,
		  "sudo grubby --update-kernel=ALL --args='a=1 b' --remove-args=c" },
		{ "systemd-boot", "arch", NULL, "/boot/loader/entries/arch.conf",
		  "/boot/loader/entries/arch.conf, line 'options': add a=1 b; remove c" },
		{ "systemd-boot", "pop", NULL, NULL, "sudo kernelstub -a 'a=1 b' -d c" },
		{ "proxmox-boot-tool", "debian", NULL, NULL,
		  "/etc/kernel/cmdline: add a=1 b; remove c\nsudo proxmox-boot-tool refresh" },
		{ "ostree", "fedora", NULL, NULL,
		  "sudo rpm-ostree kargs --append-if-missing=a=1 --append-if-missing=b "
		  "--delete-if-present=c" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fix_template fix = { .change[CHANGE_BOOT] = "a=1 -c b" };
		struct host h;

		host_blank(&h);
		if (cases[i].loader)
			set_str(&h.setup.boot_loader, cases[i].loader);
		if (cases[i].os)
			set_str(&h.kernel.os_id, cases[i].os);
		if (cases[i].initramfs)
			set_str(&h.setup.initramfs, cases[i].initramfs);
		if (cases[i].config)
			set_str(&h.setup.boot_config, cases[i].config);
		assert_int_equal(change_render(&h, &fix), 0);
		assert_string_equal(fix.persist, cases[i].expected);
		assert_non_null(strstr(fix.undo, "reboot"));
		assert_null(fix.now);
		arena_release(&h.arena);
	}
}

static void a_guest_in_the_words_of_its_manager(void **state)
{
	const struct fix_template all = {
		.change = { [CHANGE_XML] = "devices/memballoon@model=none",
			    [CHANGE_PROXMOX] = "qm set 7 --balloon 0",
			    [CHANGE_QEMU] = "without -device virtio-balloon-pci" },
	};
	static const struct {
		const char *manager, *expected;
	} cases[] = {
		{ "libvirt",
		  "sudo virsh edit 'my guest'\n<devices>\n  <memballoon model='none'/>\n</devices>" },
		{ "proxmox", "qm set 7 --balloon 0" },
		{ "plain", "without -device virtio-balloon-pci" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fix_template fix = all;
		struct host h;

		host_blank(&h);
		set_str(&h.domain.name, "my guest");
		set_str(&h.domain.manager, cases[i].manager);
		assert_int_equal(change_render(&h, &fix), 0);
		assert_string_equal(fix.persist, cases[i].expected);
		arena_release(&h.arena);
	}
}

static void settings_keep_their_old_value_for_the_undo(void **state)
{
	struct setting_fact old = { { true, "vm.swappiness" }, { true, "60" } };
	struct fix_template fix = { .change = { [CHANGE_SYSCTL] = "vm.swappiness=10",
						[CHANGE_MODPROBE] = "options kvm ignore_msrs=0" } };
	struct host h;

	(void)state;
	host_blank(&h);
	h.kernel.sysctls = (struct fact_list){ true, 1, &old };
	set_str(&h.setup.initramfs, "dracut");
	assert_int_equal(change_render(&h, &fix), 0);
	assert_string_equal(fix.now, "sudo sysctl -w vm.swappiness=10");
	assert_string_equal(fix.persist,
			    "echo vm.swappiness=10 | sudo tee -a /etc/sysctl.d/99-vfiobench.conf\n"
			    "echo 'options kvm ignore_msrs=0' | sudo tee -a "
			    "/etc/modprobe.d/zz-vfiobench.conf\n"
			    "sudo dracut --force --regenerate-all");
	assert_non_null(strstr(fix.undo, "sudo sysctl -w vm.swappiness=60\n"));
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_read_as_xml),
		cmocka_unit_test(broken_edits_are_refused),
		cmocka_unit_test(boot_arguments_in_the_words_of_the_loader),
		cmocka_unit_test(a_guest_in_the_words_of_its_manager),
		cmocka_unit_test(settings_keep_their_old_value_for_the_undo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
