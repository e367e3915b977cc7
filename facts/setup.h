/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup.h - how the host is set up: firmware, versions, boot loader, initramfs, modules, libvirt,
 * services. */
#ifndef FACTS_SETUP_H
#define FACTS_SETUP_H

#include "facts/schema.h"

struct setup_modprobe {          /* A line of modprobe.d */
	struct fact_str path;    /* file */
	struct fact_str command; /* options, install, softdep, blacklist or alias */
	struct fact_str module;  /* module, with _ for - */
	struct fact_str text;    /* the rest of the line */
};

struct setup_script {                   /* A program that modprobe is to run */
	struct fact_str path;           /* path */
	struct fact_bool is_present;    /* it exists */
	struct fact_bool is_executable; /* it may be executed */
};

struct setup_watchdog {           /* A watchdog device */
	struct fact_str name;     /* device */
	struct fact_str identity; /* what it calls itself */
};

struct setup_block {                    /* A disk of the host */
	struct fact_str name;           /* sda, nvme0n1 */
	struct fact_str scheduler;      /* I/O scheduler in use */
	struct fact_bool is_rotational; /* it is a hard disk */
};

struct setup_facts {
	struct fact_str bios_vendor;       /* vendor of the firmware */
	struct fact_str bios_version;      /* version of the firmware */
	struct fact_str bios_date;         /* date of the firmware, as year-month-day */
	struct fact_str board;             /* vendor and name of the board */
	struct fact_bool has_smbios;       /* the firmware has SMBIOS tables */
	struct fact_str microcode;         /* microcode revision */
	struct fact_bool is_microcode_old; /* the kernel knows a newer one */
	struct fact_list
		vulnerabilities; /* /sys/devices/system/cpu/vulnerabilities; struct setting_fact */
	struct fact_strs cpu_flags;       /* CPU flags that rules need, out of /proc/cpuinfo */
	struct fact_str qemu_version;     /* installed QEMU */
	struct fact_str libvirt_version;  /* installed libvirt */
	struct fact_bool is_proxmox;      /* Proxmox VE */
	struct fact_str boot_loader;      /* grub, systemd-boot, proxmox-boot-tool, ostree, limine,
					     refind or unknown */
	struct fact_str boot_config;      /* file that holds the kernel arguments */
	struct fact_str boot_cmdline;     /* kernel arguments as configured for the next boot */
	struct fact_str initramfs;        /* initramfs-tools, dracut, mkinitcpio or booster */
	struct fact_str initramfs_config; /* its configuration */
	struct fact_strs initramfs_modules;  /* modules it is told to include */
	struct fact_strs initramfs_files;    /* files it is told to include */
	struct fact_strs initramfs_hooks;    /* hooks of mkinitcpio */
	struct fact_bool is_initramfs_stale; /* a file of modprobe.d or its configuration is newer
						than the image */
	struct fact_list modprobe;  /* lines of modprobe.d about vfio, kvm and graphics; struct
				       setup_modprobe */
	struct fact_list scripts;   /* programs of install lines; struct setup_script */
	struct fact_strs modules;   /* loaded modules that rules need */
	struct fact_list qemu_conf; /* settings of libvirt's qemu.conf, lists as [a, b]; struct
				       setting_fact */
	struct fact_bool has_libvirt_hook; /* /etc/libvirt/hooks/qemu exists and may be executed */
	struct fact_str hugetlbfs_mount;   /* hugetlbfs_mount of qemu.conf */
	struct fact_str tuned_profile;     /* active profile of tuned */
	struct fact_strs services;  /* running programs that matter here: numad ksmtuned tuned swtpm
				       libvirtd virtqemud … */
	struct fact_bool has_swtpm; /* swtpm is installed */
	struct fact_bool is_in_kvm_group; /* the user who asks is in group kvm; absent for root */
	struct fact_bool is_in_libvirt_group; /* in group libvirt */
	struct fact_list watchdogs;           /* hardware watchdogs; struct setup_watchdog */
	struct fact_list disks;               /* disks; struct setup_block */
	struct fact_strs slab_debug;          /* debug options in force on general purpose slabs:
						 sanity_checks red_zone poison store_user */
	struct fact_bool has_slab_merging;    /* slabs are merged */
};

extern const struct schema setup_modprobe_schema, setup_script_schema, setup_watchdog_schema,
	setup_block_schema, setup_schema;

#endif
