/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_parts.h - the parts of the setup probe. Each fills its members of *f and notes gaps; all
 * return 0 or -ENOMEM.
 */
#ifndef PROBES_SETUP_PARTS_H
#define PROBES_SETUP_PARTS_H

#include "facts/setup.h"
#include "probes/probe.h"

/* DMI, microcode, vulnerabilities, cpu_flags. */
int setup_read_firmware(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* qemu_version, libvirt_version, has_swtpm, is_proxmox. */
int setup_read_versions(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* boot_loader, boot_config, boot_cmdline. */
int setup_read_boot(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* initramfs and its members. */
int setup_read_initramfs(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* modprobe, scripts, modules. */
int setup_read_modprobe(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* qemu_conf, hugetlbfs_mount, has_libvirt_hook. */
int setup_read_libvirt(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* services, tuned_profile and the groups of the user who asks. */
int setup_read_people(struct probe_env *env, struct setup_facts *f) MUST_CHECK;
/* watchdogs, disks, slab_debug, has_slab_merging. */
int setup_read_devices(struct probe_env *env, struct setup_facts *f) MUST_CHECK;

#endif
