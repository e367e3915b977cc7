/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel_settings.h - module parameters and sysctls that rules need. */
#ifndef PROBES_KERNEL_SETTINGS_H
#define PROBES_KERNEL_SETTINGS_H

#include "facts/kernel.h"
#include "probes/probe.h"

/*
 * Fills params and sysctls with those that are there. A module that is not loaded and a sysctl that
 * this kernel does not have are no gaps; a file that cannot be read is. 0 or -ENOMEM.
 */
int kernel_settings_read(struct probe_env *env, struct kernel_facts *f) MUST_CHECK;

#endif
