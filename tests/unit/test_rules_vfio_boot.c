/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

#define PLAIN "/usr/local/bin/vfio-override.sh"

static void a_program_in_place_of_vfio(void **state)
{
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, "vfio.install-hook", VERDICT_UNKNOWN, "setup.modprobe");
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_UNKNOWN, "setup.modprobe");
	vfio_host_set_modprobe(&v, "ids=10de:1b81", NULL);
	check_row(&v.h, "vfio.install-hook", VERDICT_NOT_APPLICABLE, "names no program");
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_NOT_APPLICABLE, "names no program");
	vfio_host_set_modprobe(&v, NULL, PLAIN);
	set_str(&v.h.setup.initramfs, "initramfs-tools");
	check_row(&v.h, "vfio.install-hook", VERDICT_PASS, "by " PLAIN " alone");
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_PASS, "may be executed");
	v.script.is_executable.v = false;
	f = check_row(&v.h, "vfio.override-exec-bit", VERDICT_PROBLEM, "may not be executed");
	check_fix(&f, NULL, "sudo chmod 755 " PLAIN "\nsudo update-initramfs -u");
	v.script.is_executable.known = false;
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_UNKNOWN, "not known");
	v.script.is_present.known = false;
	check_row(&v.h, "vfio.install-hook", VERDICT_UNKNOWN, "not known");
	set_bool(&v.script.is_present, false);
	f = check_row(&v.h, "vfio.install-hook", VERDICT_PROBLEM, "is not there");
	check_fix(&f, NULL, "s/^/#/' /etc/modprobe.d/vfio.conf\nsudo update-initramfs");
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_NOT_APPLICABLE, "not there at all");
	vfio_host_set_modprobe(&v, "ids=10de:1b81", PLAIN);
	check_row(&v.h, "vfio.install-hook", VERDICT_ADVICE, "ids 10de:1b81 in modprobe.d.");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=10de:1b81");
	check_row(&v.h, "vfio.install-hook", VERDICT_ADVICE,
		  "Two mechanisms at once: a program in place of loading vfio-pci, and the ids "
		  "10de:1b81 in modprobe.d and on the command line.");
	v.lines[1].text.v = "/bin/true";
	check_row(&v.h, "vfio.override-exec-bit", VERDICT_NOT_APPLICABLE, "names no script");
	vfio_host_release(&v);
}

static void modules_of_the_initramfs(void **state)
{
	static const char id[] = "vfio.initramfs-modules";
	static const char *modules[] = { "vfio-pci", "vfio_virqfd" };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.initramfs_modules");
	v.h.setup.initramfs_modules = (struct fact_strs){ true, 2, modules };
	set_str(&v.h.setup.initramfs, "mkinitcpio");
	set_str(&v.h.setup.initramfs_config, "/etc/mkinitcpio.conf");
	set_str(&v.h.kernel.release, "6.1.0-13-amd64");
	check_row(&v.h, id, VERDICT_PASS, "is told to hold vfio_pci");
	set_str(&v.h.kernel.release, "6.12.1-arch1-1");
	f = check_row(&v.h, id, VERDICT_ADVICE, "a part of vfio since Linux 6.2");
	check_fix(&f, NULL, "/etc/mkinitcpio.conf\nsudo mkinitcpio -P");
	v.h.setup.initramfs_modules.n = 0;
	check_row(&v.h, id, VERDICT_PASS, "not told to hold");
	vfio_host_set_guest(&v);
	set_driver(&v.f[CARD], "nouveau");
	f = check_row(&v.h, id, VERDICT_ADVICE, "0000:01:00.0 had nouveau before VFIO");
	check_fix(&f, NULL,
		  "MODULES=(vfio_pci vfio vfio_iommu_type1 \"${MODULES[@]}\")' | sudo tee "
		  "-a /etc/mkinitcpio.conf\nsudo mkinitcpio -P");
	set_str(&v.h.setup.initramfs, "initramfs-tools");
	f = check_row(&v.h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "/etc/initramfs-tools/modules\nsudo update-initramfs");
	set_str(&v.h.setup.initramfs, "dracut");
	f = check_row(&v.h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "force_drivers+=\" vfio_pci");
	set_str(&v.h.setup.initramfs, "other");
	f = check_row(&v.h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "load them first");
	memset(&v.h.domain, 0, sizeof(v.h.domain));
	set_driver(&v.f[CARD], NULL);
	set_driver(&v.f[SOUND], NULL);
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	vfio_host_release(&v);
}

static void files_of_the_initramfs(void **state)
{
	static const char id[] = "vfio.initramfs-files";
	static const char *files[] = { PLAIN }, *modules[] = { "vfio_pci" };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_modprobe(&v, NULL, PLAIN);
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.initramfs_files");
	set_str(&v.h.setup.initramfs, "initramfs-tools");
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "by its hooks");
	set_str(&v.h.setup.initramfs, "mkinitcpio");
	set_str(&v.h.setup.initramfs_config, "/etc/mkinitcpio.conf");
	v.h.setup.initramfs_files = (struct fact_strs){ true, 1, files };
	check_row(&v.h, id, VERDICT_PASS, "is put into");
	v.h.setup.initramfs_files.n = 0;
	f = check_row(&v.h, id, VERDICT_ADVICE, "the initramfs does not get it.");
	check_fix(&f, NULL, "echo 'FILES+=('" PLAIN "')' | sudo tee -a /etc/mkinitcpio.conf\n");
	v.h.setup.initramfs_modules = (struct fact_strs){ true, 1, modules };
	check_row(&v.h, id, VERDICT_PROBLEM, "loading vfio_pci there fails");
	set_str(&v.h.setup.initramfs, "dracut");
	f = check_row(&v.h, id, VERDICT_PROBLEM, NULL);
	check_fix(&f, NULL, "install_items+=\" '" PLAIN "' \"");
	vfio_host_release(&v);
}

static void options_reach_the_initramfs(void **state)
{
	static const char id[] = "vfio.modconf-hook";
	static const char *hooks[] = { "base", "udev", "autodetect", "modconf" };
	static const char *modules[] = { "vfio_pci" };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.initramfs");
	set_str(&v.h.setup.initramfs, "dracut");
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "made by dracut");
	set_str(&v.h.setup.initramfs, "mkinitcpio");
	set_str(&v.h.setup.initramfs_config, "/etc/mkinitcpio.conf");
	vfio_host_set_modprobe(&v, "ids=10de:1b81", NULL);
	v.h.setup.initramfs_hooks = (struct fact_strs){ true, 4, hooks };
	check_row(&v.h, id, VERDICT_PASS, "modconf is among");
	v.h.setup.initramfs_hooks.n = 3;
	check_row(&v.h, id, VERDICT_PASS, "nothing that the initramfs loads");
	v.h.setup.initramfs_modules = (struct fact_strs){ true, 1, modules };
	f = check_row(&v.h, id, VERDICT_PROBLEM, "without modprobe.d");
	check_fix(&f, NULL,
		  "echo HOOKS='(''base udev autodetect modconf'')' | sudo tee -a "
		  "/etc/mkinitcpio.conf\nsudo mkinitcpio -P");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=10de:1b81");
	check_row(&v.h, id, VERDICT_PASS, "needs it");
	vfio_host_release(&v);
}

static void a_word_for_dracut(void **state)
{
	static const char id[] = "vfio.rd-driver-pre";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "kernel.cmdline");
	set_str(&v.h.kernel.cmdline, "rd.driver.pre=nvme");
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "not on the command line");
	set_str(&v.h.kernel.cmdline, "quiet rd.driver.pre=vfio_pci,vfio");
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.initramfs");
	set_str(&v.h.setup.initramfs, "dracut");
	check_row(&v.h, id, VERDICT_PASS, "dracut loads");
	set_str(&v.h.setup.initramfs, "mkinitcpio");
	f = check_row(&v.h, id, VERDICT_ADVICE, "mkinitcpio makes the initramfs here");
	check_fix(&f, NULL, "remove rd.driver.pre=vfio_pci,vfio");
	vfio_host_release(&v);
}

static void an_old_initramfs(void **state)
{
	static const char id[] = "initramfs.rebuild";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "setup.is_initramfs_stale");
	set_bool(&v.h.setup.is_initramfs_stale, false);
	check_row(&v.h, id, VERDICT_PASS, "is newer");
	v.h.setup.is_initramfs_stale.v = true;
	set_str(&v.h.setup.initramfs, "dracut");
	f = check_row(&v.h, id, VERDICT_ADVICE, "changed after");
	check_fix(&f, NULL, "sudo dracut --force --regenerate-all");
	vfio_host_release(&v);
}

static void names_of_scripts_are_quoted(void **state)
{
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_modprobe(&v, NULL, PLAIN "$(id)");
	v.script.is_executable.v = false;
	f = check_row(&v.h, "vfio.override-exec-bit", VERDICT_PROBLEM, NULL);
	check_fix(&f, NULL, "sudo chmod 755 '" PLAIN "$(id)'\n");
	vfio_host_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_in_place_of_vfio),
		cmocka_unit_test(modules_of_the_initramfs),
		cmocka_unit_test(files_of_the_initramfs),
		cmocka_unit_test(options_reach_the_initramfs),
		cmocka_unit_test(a_word_for_dracut),
		cmocka_unit_test(an_old_initramfs),
		cmocka_unit_test(names_of_scripts_are_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
