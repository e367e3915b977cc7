/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_config.h - kernel arguments in the configuration of boot loaders.
 *
 * Boot entries: UAPI group, "Boot Loader Specification", type 1: lines "options ARGS", which add
 * up. limine: CONFIG.md of limine, "cmdline: ARGS" ("kernel_cmdline:"; "CMDLINE=" before 8.0).
 * rEFInd: refind_linux.conf, a line of two texts in quotes, the name and the arguments.
 */
#ifndef PROBES_PARSE_BOOT_CONFIG_H
#define PROBES_PARSE_BOOT_CONFIG_H

#include "core/arena.h"
#include "core/text.h"

/*
 * Arguments without those that name a disk or an image (root=, resume=, rd.luks.uuid=, initrd=,
 * BOOT_IMAGE=, ostree=, $variables), with single blanks; UUIDs and names of people are hidden.
 * NULL: no memory.
 */
char *boot_args_clean(struct arena *a, struct text args) MUST_CHECK;

/* Each cuts the next arguments off the front of *rest; views. */
bool boot_entry_options(struct text *rest, struct text *ret_args);
bool limine_cmdline(struct text *rest, struct text *ret_args);
bool refind_options(struct text *rest, struct text *ret_args);
/* Value of the last line "KEY value" of loader.conf, "default"; false: there is none. */
bool loader_conf_value(struct text conf, const char *key, struct text *ret_value);

/*
 * Name of the boot loader out of the EFI variable LoaderInfo (systemd, "Boot Loader Interface"):
 * "systemd-boot", "grub", "refind", "limine"; NULL: another one, or not that variable. bytes: four
 * of attributes, then UTF-16.
 */
const char *loader_info_name(struct text bytes);

#endif
