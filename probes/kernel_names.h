/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel_names.h - which settings of the kernel are read, by the probe and by captures. */
#ifndef PROBES_KERNEL_NAMES_H
#define PROBES_KERNEL_NAMES_H

#include <stddef.h>

extern const char *const kernel_params[];  /* "kvm.halt_poll_ns": parameters of modules */
extern const char *const kernel_sysctls[]; /* "vm.swappiness" */
extern const char *const kernel_options[]; /* "NO_HZ_FULL": what it was built with */
extern const size_t n_kernel_params, n_kernel_sysctls, n_kernel_options;

#endif
