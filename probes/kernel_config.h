/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel_config.h - the options the running kernel was built with. */
#ifndef PROBES_KERNEL_CONFIG_H
#define PROBES_KERNEL_CONFIG_H

#include "facts/kernel.h"
#include "probes/probe.h"

/*
 * Fills config, config_path and hz from the first that is there of /proc/config.gz,
 * /boot/config-RELEASE and /lib/modules/RELEASE/config; f->release is read before. Options that the
 * file does not set are "n". None there: gaps. 0 or -ENOMEM.
 */
int kernel_config_read(struct probe_env *env, struct kernel_facts *f) MUST_CHECK;

#endif
