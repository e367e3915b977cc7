/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_manager.h - who started a QEMU, as its arguments tell. */
#ifndef PROBES_PARSE_QEMU_MANAGER_H
#define PROBES_PARSE_QEMU_MANAGER_H

#include "facts/schema.h"

/*
 * "libvirt", "proxmox" or "plain". Marks of libvirt are its directories of running domains, the
 * name of its monitor and of its key, or the sandbox together with the long form of -name (a disk
 * below /var/lib/libvirt/images proves nothing); of Proxmox the option -id, which its QEMU alone
 * has.
 */
const char *qemu_manager(const struct fact_strs *args);
/* The number behind -id; false: there is none. */
bool qemu_vmid(const struct fact_strs *args, uint64_t *ret_vmid);

#endif
