/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEST_SOURCES: probes/setup_boot.c probes/setup_devices.c probes/setup_files.c
 * TEST_SOURCES: probes/setup_firmware.c probes/setup_initramfs.c probes/setup_libvirt.c
 * TEST_SOURCES: probes/setup_loaders.c probes/setup_modprobe.c probes/setup_people.c
 * TEST_SOURCES: probes/setup_versions.c probes/processes.c tests/lib/tree.c
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/kernel.h"
#include "probes/setup_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/probe_env.h"
#include "tests/lib/tree.h"

typedef int part_fn(struct probe_env *env, struct setup_facts *f);

struct run {
	struct probe_fixture x;
	struct setup_facts f;
};

static void run_release(struct run *run)
{
	probe_fixture_release(&run->x);
}
#define auto_run auto_cleanup(run_release)

static void look(struct run *run, const struct tree *tree, part_fn *part)
{
	probe_fixture_init(&run->x, tree, "setup");
	run->f = (struct setup_facts){ 0 };
	assert_int_equal(part(&run->x.env, &run->f), 0);
}

static void check_strs(const struct fact_strs *f, const char *want)
{
	char all[512] = "";
	size_t n = 0;

	assert_true(f->known);
	for (size_t i = 0; i < f->n; i++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i ? " " : "", f->v[i]);
	assert_string_equal(all, want);
}

/* Nothing of it may be known of a tree that holds nothing. */
static void test_empty(void **state)
{
	static part_fn *const parts[] = { setup_read_firmware, setup_read_versions,
					  setup_read_boot,     setup_read_initramfs,
					  setup_read_modprobe, setup_read_libvirt,
					  setup_read_people,   setup_read_devices };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		static const struct setup_facts nothing;
		auto_run struct run run;

		look(&run, *state, parts[i]);
		assert_memory_equal(&run.f, &nothing, sizeof(nothing));
	}
}

static void test_firmware(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "sys/class/dmi/id/bios_vendor", "AMI\n");
	tree_file(tree, "sys/class/dmi/id/bios_version", "2.D2\n");
	tree_file(tree, "sys/class/dmi/id/bios_date", "04/20/2021\n");
	tree_file(tree, "sys/class/dmi/id/board_name", "Z370\n");
	tree_file(tree, "sys/class/dmi/id/product_uuid", "secret\n");
	tree_file(tree, "sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
	tree_file(tree, "sys/devices/system/cpu/vulnerabilities/old_microcode", "Vulnerable\n");
	tree_file(tree, "proc/cpuinfo",
		  "processor\t: 0\nmicrocode\t: 0xea\nflags\t: fpu vmx xyz svmx\n");
	look(&run, tree, setup_read_firmware);
	assert_true(fact_is(&run.f.bios_date, "2021-04-20"));
	assert_true(fact_is(&run.f.board, "Z370"));
	assert_true(fact_is(&run.f.microcode, "0xea"));
	assert_true(run.f.has_smbios.known && run.f.has_smbios.v);
	assert_true(run.f.is_microcode_old.known && run.f.is_microcode_old.v);
	assert_string_equal(setting_value(&run.f.vulnerabilities, "meltdown"), "Mitigation: PTI");
	check_strs(&run.f.cpu_flags, "vmx");
}

static void test_microcode_unknown(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "sys/devices/system/cpu/vulnerabilities/old_microcode",
		  "Unknown (running under hypervisor)\n");
	tree_file(tree, "sys/class/dmi/id/bios_date", "odd\n");
	look(&run, tree, setup_read_firmware);
	assert_false(run.f.is_microcode_old.known);
	assert_true(fact_is(&run.f.bios_date, "odd"));
	assert_int_equal(n_gaps(&run.x, "setup.bios_version"), 1);
	assert_int_equal(n_gaps(&run.x, "setup.cpu_flags"), 1);
}

struct boot_case {
	const char *files[5][2]; /* path, text; NULL: a directory */
	const char *loader, *config, *cmdline;
};

static const struct boot_case boots[] = {
	{ { { "etc/kernel/proxmox-boot-uuids", "ABCD-1234\n" },
	    { "etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n" },
	    { "etc/default/grub", "GRUB_CMDLINE_LINUX=quiet\n" },
	    { "boot/grub", NULL } },
	  "proxmox-boot-tool",
	  "/etc/kernel/cmdline",
	  "boot=zfs iommu=pt" },
	{ { { "etc/default/grub",
	      "GRUB_CMDLINE_LINUX=\"a=1\"\nGRUB_CMDLINE_LINUX_DEFAULT='quiet'\n" },
	    { "etc/default/grub.d/x.cfg",
	      "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT iommu=pt\"\n" },
	    { "boot/grub", NULL } },
	  "grub",
	  "/etc/default/grub",
	  "a=1 quiet iommu=pt" },
	/* Fedora: GRUB reads boot entries. */
	{ { { "etc/default/grub", "GRUB_CMDLINE_LINUX=\"rhgb quiet\"\n" },
	    { "boot/grub2/grub.cfg", "" },
	    { "boot/loader/entries/x.conf", "options other\n" } },
	  "grub",
	  "/etc/default/grub",
	  "rhgb quiet" },
	{ { { "run/ostree-booted", "" },
	    { "boot/loader/entries/ostree-1.conf", "options one\n" },
	    { "boot/loader/entries/ostree-2.conf", "options root=UUID=x two ostree=/ostree/y\n" },
	    { "etc/default/grub", "GRUB_CMDLINE_LINUX=no\n" } },
	  "ostree",
	  "/boot/loader/entries/ostree-2.conf",
	  "two" },
	{ { { "efi/loader/loader.conf", "default a*\n" },
	    { "efi/loader/entries/arch.conf", "options root=x rw\noptions iommu=pt\n" },
	    { "efi/loader/entries/zen.conf", "options no\n" } },
	  "systemd-boot",
	  "/efi/loader/entries/arch.conf",
	  "rw iommu=pt" },
	{ { { "boot/loader/entries/a-1.conf", "options one\n" },
	    { "boot/loader/entries/a-10.conf", "options ten\n" },
	    { "boot/loader/entries/a-99-fallback.conf", "options no\n" } },
	  "systemd-boot",
	  "/boot/loader/entries/a-10.conf",
	  "ten" },
	{ { { "etc/kernel/cmdline", "# why\nquiet\niommu=pt\n" }, { "boot/loader/entries", NULL } },
	  "systemd-boot",
	  "/etc/kernel/cmdline",
	  "quiet iommu=pt" },
	/* What it said when it started the host is worth more than files that are left. */
	{ { { "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", "sd" },
	    { "etc/default/grub", "GRUB_CMDLINE_LINUX=no\n" },
	    { "boot/grub", NULL },
	    { "boot/loader/entries/a.conf", "options yes\n" } },
	  "systemd-boot",
	  "/boot/loader/entries/a.conf",
	  "yes" },
	{ { { "boot/limine.conf", "/x\n  cmdline: quiet\n" } },
	  "limine",
	  "/boot/limine.conf",
	  "quiet" },
	{ { { "etc/default/limine", "KERNEL_CMDLINE[default]=\"quiet\"\n" },
	    { "boot/limine.conf", "cmdline: no\n" } },
	  "limine",
	  "/etc/default/limine",
	  "quiet" },
	{ { { "boot/refind_linux.conf", "\"Boot\" \"ro quiet\"\n" } },
	  "refind",
	  "/boot/refind_linux.conf",
	  "ro quiet" },
	{ { { "boot", NULL } }, "unknown", NULL, NULL },
};

static void check_str(const struct fact_str *f, const char *want)
{
	assert_int_equal(f->known, want != NULL);
	if (want)
		assert_string_equal(f->v, want);
}

static void test_boot(void **state)
{
	static const char info[] = "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0\0\0";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(boots); i++) {
		auto_run struct run run;
		void *fresh;

		tree_setup(&fresh);
		for (size_t k = 0; boots[i].files[k][0]; k++) {
			const char *path = boots[i].files[k][0], *text = boots[i].files[k][1];

			if (!text)
				tree_dir(fresh, path);
			else if (!strcmp(text, "sd"))
				tree_bytes(fresh, path, info, sizeof(info) - 1);
			else
				tree_file(fresh, path, text);
		}
		look(&run, fresh, setup_read_boot);
		check_str(&run.f.boot_loader, boots[i].loader);
		check_str(&run.f.boot_config, boots[i].config);
		check_str(&run.f.boot_cmdline, boots[i].cmdline);
		tree_teardown(&fresh);
	}
}

static void test_mkinitcpio(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/mkinitcpio.conf",
		  "MODULES=(vfio_pci\n vfio)\nFILES=(/home/ann/x.sh)\nHOOKS=\"base udev\"\n");
	tree_file(tree, "etc/mkinitcpio.conf.d/vfio.conf", "MODULES+=(i915)\n");
	look(&run, tree, setup_read_initramfs);
	check_str(&run.f.initramfs, "mkinitcpio");
	check_strs(&run.f.initramfs_modules, "vfio_pci vfio i915");
	check_strs(&run.f.initramfs_files, "~/x.sh");
	check_strs(&run.f.initramfs_hooks, "base udev");
	assert_false(run.f.is_initramfs_stale.known);
}

static void test_initramfs_tools(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/initramfs-tools/initramfs.conf", "MODULES=most\n");
	tree_file(tree, "etc/initramfs-tools/modules", "# none\nvfio\nvfio_pci ids=1:2\n\n");
	look(&run, tree, setup_read_initramfs);
	check_str(&run.f.initramfs, "initramfs-tools");
	check_strs(&run.f.initramfs_modules, "vfio vfio_pci");
	assert_false(run.f.initramfs_hooks.known);
}

static void test_dracut(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/initramfs-tools/modules", "left\n");
	tree_file(tree, "usr/bin/dracut", "");
	tree_file(tree, "etc/dracut.conf.d/a.conf", "force_drivers+=\" vfio_pci \"\n");
	tree_file(tree, "usr/lib/dracut/dracut.conf.d/a.conf", "add_drivers+=\" hidden \"\n");
	tree_file(tree, "usr/lib/dracut/dracut.conf.d/b.conf",
		  "add_drivers+=\" vfio \"\ninstall_items+=\" /a \"\n");
	look(&run, tree, setup_read_initramfs);
	check_str(&run.f.initramfs, "dracut");
	check_strs(&run.f.initramfs_modules, "vfio vfio_pci");
	check_strs(&run.f.initramfs_files, "/a");
}

static void set_age(const struct tree *tree, const char *path, time_t mtime_s)
{
	const struct timespec times[] = { { .tv_sec = mtime_s }, { .tv_sec = mtime_s } };

	assert_int_equal(utimensat(tree->fd, path, times, 0), 0);
}

/* As on the machine itself: times of a copy say nothing. */
static void look_live(struct run *run, const struct tree *tree, struct sysroot *root, part_fn *part)
{
	*root = tree->root;
	root->is_live = root->is_whole = true;
	probe_fixture_init(&run->x, tree, "setup");
	run->x.env.root = root;
	run->f = (struct setup_facts){ 0 };
	assert_int_equal(part(&run->x.env, &run->f), 0);
}

static void test_stale(void **state)
{
	static const struct {
		const char *image;
		time_t image_s, config_s;
		bool is_known, is_stale;
	} cases[] = {
		{ "boot/initrd.img-6.1.0", 1000, 900, true, false },
		{ "boot/initrd.img-6.1.0", 1000, 1100, true, true },
		/* FAT */
		{ "boot/initrd.img-6.1.0", 1000, 1001, true, false },
		{ "boot/initramfs-linux-zen.img", 1000, 1100, true, true },
		{ "boot/initramfs-linux-fallback.img", 1000, 1100, false, false },
		{ "boot/initrd.img-5.0.0", 1000, 1100, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sysroot root;
		auto_run struct run run;
		void *fresh;

		tree_setup(&fresh);
		tree_file(fresh, "proc/sys/kernel/osrelease", "6.1.0\n");
		tree_file(fresh, cases[i].image, "");
		tree_file(fresh, "etc/mkinitcpio.conf", "");
		tree_file(fresh, "etc/modprobe.d/vfio.conf", "");
		set_age(fresh, cases[i].image, cases[i].image_s);
		set_age(fresh, "etc/mkinitcpio.conf", 1);
		set_age(fresh, "etc/modprobe.d/vfio.conf", cases[i].config_s);
		look_live(&run, fresh, &root, setup_read_initramfs);
		assert_int_equal(run.f.is_initramfs_stale.known, cases[i].is_known);
		assert_int_equal(run.f.is_initramfs_stale.v, cases[i].is_stale);
		tree_teardown(&fresh);
	}
}

/* What is not on this machine is not there: lists are empty, nothing is a gap. */
static void test_live_absent(void **state)
{
	struct sysroot root;
	auto_run struct run run;

	look_live(&run, *state, &root, setup_read_modprobe);
	assert_true(run.f.modprobe.known && run.f.scripts.known && run.f.modules.known);
	assert_null(run.x.env.gaps);
	run_release(&run);
	look_live(&run, *state, &root, setup_read_libvirt);
	assert_true(run.f.qemu_conf.known && run.f.has_libvirt_hook.known);
	assert_null(run.x.env.gaps);
	run_release(&run);
	look_live(&run, *state, &root, setup_read_devices);
	assert_true(run.f.watchdogs.known && run.f.disks.known);
	assert_false(run.f.slab_debug.known);
	assert_null(run.x.env.gaps);
	run_release(&run);
	look_live(&run, *state, &root, setup_read_boot);
	check_str(&run.f.boot_loader, "unknown");
}

static void test_modprobe(void **state)
{
	const struct tree *tree = *state;
	const struct setup_modprobe *lines;
	const struct setup_script *scripts;
	auto_run struct run run;

	tree_file(tree, "etc/modprobe.d/a.conf",
		  "install vfio-pci /usr/local/bin/a.sh; true\ninstall kvm /usr/local/bin/b.sh\n"
		  "install nouveau /bin/false\ninstall i915 /opt/none/c.sh\noptions usbcore x=1\n"
		  "softdep usbcore pre: vfio-pci\n");
	tree_file(tree, "etc/modprobe.d/readme", "options kvm ignored=1\n");
	tree_file(tree, "usr/lib/modprobe.d/a.conf", "options kvm hidden=1\n");
	tree_file(tree, "usr/lib/modprobe.d/b.conf", "blacklist nvidiafb\n");
	tree_file(tree, "usr/local/bin/a.sh", "");
	assert_int_equal(fchmodat(tree->fd, "usr/local/bin/a.sh", 0755, 0), 0);
	tree_file(tree, "proc/modules", "vfio_pci 1 0 - Live 0x0\next4 1 0 - Live 0x0\nkvm 1 0\n");
	look(&run, tree, setup_read_modprobe);
	lines = run.f.modprobe.v;
	assert_int_equal(run.f.modprobe.n, 6);
	check_str(&lines[0].module, "vfio_pci");
	check_str(&lines[4].text, "pre: vfio-pci");
	check_str(&lines[5].path, "/usr/lib/modprobe.d/b.conf");
	scripts = run.f.scripts.v;
	assert_int_equal(run.f.scripts.n, 3);
	check_str(&scripts[0].path, "/usr/local/bin/a.sh");
	assert_true(scripts[0].is_present.v && scripts[0].is_executable.v);
	assert_true(scripts[1].is_present.known && !scripts[1].is_present.v);
	assert_false(scripts[1].is_executable.known);
	/* The directory was not captured: nothing is known of the script. */
	assert_false(scripts[2].is_present.known);
	check_strs(&run.f.modules, "vfio_pci kvm");
}

/* Nobody wrote it by hand. */
static void test_huge_config(void **state)
{
	const struct tree *tree = *state;
	const size_t n = 512u << 10;
	auto_free char *text = calloc(1, n + 1);
	auto_run struct run run;

	assert_non_null(text);
	memset(text, '\n', n);
	tree_file(tree, "etc/libvirt/qemu.conf", text);
	look(&run, tree, setup_read_libvirt);
	assert_false(run.f.qemu_conf.known);
	assert_int_equal(n_gaps(&run.x, "setup.qemu_conf"), 1);
}

static void test_libvirt(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/libvirt/qemu.conf",
		  "user = \"ann\"\ngroup = \"kvm\"\nvnc_password = \"secret\"\n"
		  "hugetlbfs_mount = [\"/a\", \"/b\"]\nsecurity_driver = \"none\"\n"
		  "cgroup_device_acl = [ \"/dev/input/by-id/usb-X_S3RIAL-event-kbd\" ]\n");
	tree_file(tree, "etc/libvirt/hooks/qemu", "#!/bin/sh\n");
	look(&run, tree, setup_read_libvirt);
	assert_int_equal(run.f.qemu_conf.n, 5);
	assert_string_equal(setting_value(&run.f.qemu_conf, "user"), "someone");
	assert_string_equal(setting_value(&run.f.qemu_conf, "group"), "kvm");
	assert_string_equal(setting_value(&run.f.qemu_conf, "cgroup_device_acl"),
			    "[/dev/input/by-id/*]");
	check_str(&run.f.hugetlbfs_mount, "[/a, /b]");
	assert_true(run.f.has_libvirt_hook.known && !run.f.has_libvirt_hook.v);
	assert_int_equal(fchmodat(tree->fd, "etc/libvirt/hooks/qemu", 0755, 0), 0);
	run_release(&run);
	look(&run, tree, setup_read_libvirt);
	assert_true(run.f.has_libvirt_hook.v);
}

/* A hook may be one of several; a host with libvirt and no qemu.conf has its defaults. */
static void test_libvirt_defaults(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/libvirt/hooks/qemu.d/10-pin", "#!/bin/sh\n");
	assert_int_equal(fchmodat(tree->fd, "etc/libvirt/hooks/qemu.d/10-pin", 0755, 0), 0);
	look(&run, tree, setup_read_libvirt);
	assert_true(run.f.qemu_conf.known);
	assert_int_equal(run.f.qemu_conf.n, 0);
	assert_true(run.f.has_libvirt_hook.v);
}

static void test_people(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "proc/1/comm", "systemd\n");
	tree_file(tree, "proc/20/comm", "tuned\n");
	tree_file(tree, "proc/30/comm", "numad\n");
	tree_file(tree, "proc/40/comm", "scx_lavd\n");
	tree_file(tree, "proc/50/comm", "tuned\n");
	tree_dir(tree, "proc/60");
	tree_file(tree, "etc/tuned/active_profile", "virtual-host\n");
	look(&run, tree, setup_read_people);
	check_strs(&run.f.services, "numad scx_lavd tuned");
	check_str(&run.f.tuned_profile, "virtual-host");
	assert_false(run.f.is_in_kvm_group.known);
}

static void test_devices(void **state)
{
	const struct tree *tree = *state;
	const struct setup_watchdog *watchdogs;
	const struct setup_block *disks;
	auto_run struct run run;

	tree_file(tree, "sys/class/watchdog/watchdog0/identity", "iTCO_wdt\n");
	tree_file(tree, "sys/block/nvme0n1/queue/scheduler", "[none] mq-deadline bfq\n");
	tree_file(tree, "sys/block/nvme0n1/queue/rotational", "0\n");
	tree_file(tree, "sys/block/sda/queue/scheduler", "none\n");
	tree_file(tree, "sys/block/loop0/queue/scheduler", "none\n");
	tree_dir(tree, "sys/kernel/slab/:0000064");
	tree_file(tree, "sys/kernel/slab/kmalloc-64/sanity_checks", "1\n");
	tree_file(tree, "sys/kernel/slab/kmalloc-64/red_zone", "0\n");
	tree_file(tree, "sys/kernel/slab/kmalloc-64/poison", "1\n");
	tree_file(tree, "sys/kernel/slab/kmalloc-64/store_user", "0\n");
	look(&run, tree, setup_read_devices);
	watchdogs = run.f.watchdogs.v;
	check_str(&watchdogs[0].identity, "iTCO_wdt");
	disks = run.f.disks.v;
	assert_int_equal(run.f.disks.n, 2);
	check_str(&disks[0].scheduler, "none");
	check_str(&disks[1].scheduler, "none");
	assert_true(disks[0].is_rotational.known && !disks[0].is_rotational.v);
	assert_false(disks[1].is_rotational.known);
	check_strs(&run.f.slab_debug, "sanity_checks poison");
	assert_true(run.f.has_slab_merging.v);
}

static void test_versions(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "var/lib/dpkg/status",
		  "Package: pve-qemu-kvm\nStatus: install ok installed\nVersion: 8.1.5-3\n\n"
		  "Package: pve-manager\nStatus: install ok installed\nVersion: 8.1.4\n\n");
	tree_dir(tree, "usr/bin");
	look(&run, tree, setup_read_versions);
	check_str(&run.f.qemu_version, "8.1.5");
	assert_false(run.f.libvirt_version.known);
	assert_true(run.f.is_proxmox.v);
	assert_true(run.f.has_swtpm.known && !run.f.has_swtpm.v);
	assert_int_equal(n_gaps(&run.x, "setup.qemu_version"), 0);
}

/* Of a captured tree without its packages only a kernel of Proxmox tells. */
static void test_proxmox_kernel(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_file(tree, "etc/os-release", "ID=debian\n");
	look(&run, tree, setup_read_versions);
	assert_false(run.f.is_proxmox.known);
	assert_int_equal(n_gaps(&run.x, "setup.qemu_version"), 1);
	run_release(&run);
	tree_file(tree, "proc/sys/kernel/osrelease", "6.5.13-1-pve\n");
	look(&run, tree, setup_read_versions);
	assert_true(run.f.is_proxmox.v);
}

static void test_versions_pacman(void **state)
{
	const struct tree *tree = *state;
	auto_run struct run run;

	tree_dir(tree, "var/lib/pacman/local/qemu-system-x86-firmware-9.2.0-1");
	tree_dir(tree, "var/lib/pacman/local/qemu-system-x86-9.2.0-1");
	tree_dir(tree, "var/lib/pacman/local/libvirt-1:10.0.0-1");
	tree_file(tree, "usr/bin/swtpm", "");
	tree_dir(tree, "etc");
	look(&run, tree, setup_read_versions);
	check_str(&run.f.qemu_version, "9.2.0");
	check_str(&run.f.libvirt_version, "10.0.0");
	assert_true(run.f.has_swtpm.v);
	assert_true(run.f.is_proxmox.known && !run.f.is_proxmox.v);
}

#define T(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_empty),
		T(test_firmware),
		T(test_microcode_unknown),
		cmocka_unit_test(test_boot),
		T(test_mkinitcpio),
		T(test_initramfs_tools),
		T(test_dracut),
		cmocka_unit_test(test_stale),
		T(test_live_absent),
		T(test_modprobe),
		T(test_huge_config),
		T(test_libvirt),
		T(test_libvirt_defaults),
		T(test_people),
		T(test_devices),
		T(test_versions),
		T(test_proxmox_kernel),
		T(test_versions_pacman),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
