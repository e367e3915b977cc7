/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/setup.h"

#include "facts/kernel.h"

/* clang-format off */
#define F(member) FIELD(struct setup_modprobe, member)
static const struct fact_field modprobe_fields[] = {
	{ F(path), FACT_STR, FACT_NOT_COMPARED, "", "file", .pseudonym = "path" },
	{ F(command), FACT_STR, FACT_SETTING, "", "options, install, softdep, blacklist or alias", .privacy = FACT_OPEN },
	{ F(module), FACT_STR, FACT_SETTING, "", "module, with _ for -" },
	{ F(text), FACT_STR, FACT_SETTING, "", "the rest of the line" },
};
#undef F
#define F(member) FIELD(struct setup_script, member)
static const struct fact_field script_fields[] = {
	{ F(path), FACT_STR, FACT_SETTING, "", "path", .pseudonym = "path" },
	{ F(is_present), FACT_BOOL, FACT_SETTING, "", "it exists" },
	{ F(is_executable), FACT_BOOL, FACT_SETTING, "", "it may be executed" },
};
#undef F
#define F(member) FIELD(struct setup_watchdog, member)
static const struct fact_field watchdog_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "device", .privacy = FACT_OPEN },
	{ F(identity), FACT_STR, FACT_SETTING, "", "what it calls itself", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct setup_block, member)
static const struct fact_field block_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "sda, nvme0n1", .privacy = FACT_OPEN },
	{ F(scheduler), FACT_STR, FACT_SETTING, "", "I/O scheduler in use", .privacy = FACT_OPEN },
	{ F(is_rotational), FACT_BOOL, FACT_SETTING, "", "it is a hard disk" },
};
#undef F
#define F(member) FIELD(struct setup_facts, member)
static const struct fact_field fields[] = {
	{ F(bios_vendor), FACT_STR, FACT_SETTING, "", "vendor of the firmware", .privacy = FACT_OPEN },
	{ F(bios_version), FACT_STR, FACT_SETTING, "", "version of the firmware", .privacy = FACT_OPEN },
	{ F(bios_date), FACT_STR, FACT_SETTING, "", "date of the firmware, as year-month-day", .privacy = FACT_OPEN },
	{ F(board), FACT_STR, FACT_SETTING, "", "vendor and name of the board", .privacy = FACT_OPEN },
	{ F(has_smbios), FACT_BOOL, FACT_SETTING, "", "the firmware has SMBIOS tables" },
	{ F(microcode), FACT_STR, FACT_SETTING, "", "microcode revision", .privacy = FACT_OPEN },
	{ F(is_microcode_old), FACT_BOOL, FACT_SETTING, "", "the kernel knows a newer one" },
	{ F(vulnerabilities), FACT_LIST, FACT_SETTING, "", "/sys/devices/system/cpu/vulnerabilities", &setting_schema },
	{ F(cpu_flags), FACT_STRS, FACT_SETTING, "", "CPU flags that rules need, out of /proc/cpuinfo", .privacy = FACT_OPEN },
	{ F(qemu_version), FACT_STR, FACT_SETTING, "", "installed QEMU", .privacy = FACT_OPEN },
	{ F(libvirt_version), FACT_STR, FACT_SETTING, "", "installed libvirt", .privacy = FACT_OPEN },
	{ F(is_proxmox), FACT_BOOL, FACT_SETTING, "", "Proxmox VE" },
	{ F(boot_loader), FACT_STR, FACT_SETTING, "", "grub, systemd-boot, proxmox-boot-tool, ostree, limine, refind or unknown", .privacy = FACT_OPEN },
	{ F(boot_config), FACT_STR, FACT_NOT_COMPARED, "", "file that holds the kernel arguments", .pseudonym = "path" },
	{ F(boot_cmdline), FACT_STR, FACT_SETTING, "", "kernel arguments as configured for the next boot" },
	{ F(initramfs), FACT_STR, FACT_SETTING, "", "initramfs-tools, dracut, mkinitcpio or booster", .privacy = FACT_OPEN },
	{ F(initramfs_config), FACT_STR, FACT_NOT_COMPARED, "", "its configuration", .pseudonym = "path" },
	{ F(initramfs_modules), FACT_STRS, FACT_SETTING, "", "modules it is told to include" },
	{ F(initramfs_files), FACT_STRS, FACT_SETTING, "", "files it is told to include", .pseudonym = "path" },
	{ F(initramfs_hooks), FACT_STRS, FACT_SETTING, "", "hooks of mkinitcpio" },
	{ F(is_initramfs_stale), FACT_BOOL, FACT_NOT_COMPARED, "", "a file of modprobe.d or its configuration is newer than the image" },
	{ F(modprobe), FACT_LIST, FACT_SETTING, "", "lines of modprobe.d about vfio, kvm and graphics", &setup_modprobe_schema },
	{ F(scripts), FACT_LIST, FACT_SETTING, "", "programs of install lines", &setup_script_schema },
	{ F(modules), FACT_STRS, FACT_SETTING, "", "loaded modules that rules need", .privacy = FACT_OPEN },
	{ F(qemu_conf), FACT_LIST, FACT_SETTING, "", "settings of libvirt's qemu.conf, lists as [a, b]", &setting_schema },
	{ F(has_libvirt_hook), FACT_BOOL, FACT_SETTING, "", "/etc/libvirt/hooks/qemu exists and may be executed" },
	{ F(hugetlbfs_mount), FACT_STR, FACT_SETTING, "", "hugetlbfs_mount of qemu.conf", .pseudonym = "path" },
	{ F(tuned_profile), FACT_STR, FACT_SETTING, "", "active profile of tuned" },
	{ F(services), FACT_STRS, FACT_SETTING, "", "running programs that matter here: numad ksmtuned tuned swtpm libvirtd virtqemud …", .privacy = FACT_OPEN },
	{ F(has_swtpm), FACT_BOOL, FACT_SETTING, "", "swtpm is installed" },
	{ F(is_in_kvm_group), FACT_BOOL, FACT_SETTING, "", "the user who asks is in group kvm; absent for root" },
	{ F(is_in_libvirt_group), FACT_BOOL, FACT_SETTING, "", "in group libvirt" },
	{ F(watchdogs), FACT_LIST, FACT_SETTING, "", "hardware watchdogs", &setup_watchdog_schema },
	{ F(disks), FACT_LIST, FACT_SETTING, "", "disks", &setup_block_schema },
	{ F(slab_debug), FACT_STRS, FACT_SETTING, "", "debug options in force on general purpose slabs: sanity_checks red_zone poison store_user", .privacy = FACT_OPEN },
	{ F(has_slab_merging), FACT_BOOL, FACT_SETTING, "", "slabs are merged" },
};
#undef F
/* clang-format on */

const struct schema setup_modprobe_schema = { "modprobe", "A line of modprobe.d",
					      sizeof(struct setup_modprobe), modprobe_fields,
					      ARRAY_SIZE(modprobe_fields) };
const struct schema setup_script_schema = { "script", "A program that modprobe is to run",
					    sizeof(struct setup_script), script_fields,
					    ARRAY_SIZE(script_fields) };
const struct schema setup_watchdog_schema = { "watchdog", "A watchdog device",
					      sizeof(struct setup_watchdog), watchdog_fields,
					      ARRAY_SIZE(watchdog_fields) };
const struct schema setup_block_schema = { "block", "A disk of the host",
					   sizeof(struct setup_block), block_fields,
					   ARRAY_SIZE(block_fields) };
const struct schema setup_schema = {
	"setup", "Firmware, versions, boot loader, initramfs, libvirt, services",
	sizeof(struct setup_facts), fields, ARRAY_SIZE(fields)
};
