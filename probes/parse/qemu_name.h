/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_name.h - which processes are system emulators, and the name of their guest.
 *
 * A command line is the text of /proc/PID/cmdline: arguments that each end in NUL (proc(5)).
 * Source of the options: QEMU documentation "-name [guest=]string[,process=string]
 * [,debug-threads=on|off]"; a comma in a value is written twice.
 */
#ifndef PROBES_PARSE_QEMU_NAME_H
#define PROBES_PARSE_QEMU_NAME_H

#include "core/text.h"

/*
 * Is it QEMU running a guest: qemu-system-*, qemu-kvm, or "kvm" and "qemu" with options (Proxmox,
 * Debian, old libvirt)? Tools such as qemu-img and qemu-nbd, user-mode emulators such as
 * qemu-x86_64, shells around QEMU and kernel threads such as kvm-pit are not. comm (the text of
 * /proc/PID/comm) decides where argv[0] was renamed; either text may be empty when it is unknown.
 */
bool qemu_is_emulator(struct text cmdline, struct text comm);

/*
 * A QEMU without a machine has no guest: libvirt starts such ("-machine none") to ask what QEMU can
 * do, and ends them a moment later. qemu_is_emulator() is false for them.
 */
bool qemu_is_without_machine(struct text cmdline);

/* Is that the path of such a program, in a command that is written down? */
bool qemu_is_program(struct text path);

/*
 * Name of the guest, "a,,b" read as "a,b"; of several -name options the last one with a name wins.
 * 0: *ret_name is allocated, caller frees; not cleaned of control characters. -ENOENT: it has no
 * name; -ENOMEM.
 */
int qemu_guest_name(struct text cmdline, char **ret_name) MUST_CHECK;

#endif
