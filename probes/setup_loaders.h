/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_loaders.h - where each boot loader keeps the kernel arguments.
 *
 * Each sets *ret_path to the file (NULL: none was found) and *ret_args to the arguments as they are
 * written. 0 or -ENOMEM; files that cannot be read are gaps of boot_cmdline.
 */
#ifndef PROBES_SETUP_LOADERS_H
#define PROBES_SETUP_LOADERS_H

#include "probes/probe.h"

typedef int setup_loader_fn(struct probe_env *env, const char **ret_path, const char **ret_args);

setup_loader_fn setup_loader_grub, setup_loader_entries, setup_loader_limine, setup_loader_refind,
	setup_loader_kernel_cmdline;

/* Folders that hold the entries of the Boot Loader Specification, ended by NULL. */
extern const char *const setup_loader_dirs[];

#endif
