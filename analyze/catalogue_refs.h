/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_refs.h - sources that several parts of the catalogue name. */
#ifndef ANALYZE_CATALOGUE_REFS_H
#define ANALYZE_CATALOGUE_REFS_H

#include "analyze/catalogue.h"

/* The list of a row: ends with a NULL. */
#define REFS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define KERNEL_PARAMETERS "https://docs.kernel.org/admin-guide/kernel-parameters.html"
#define DOMAIN_XML        "https://libvirt.org/formatdomain.html"
#define QEMU_HYPERV       "https://www.qemu.org/docs/master/system/i386/hyperv.html"
#define PER_CPU_KTHREADS  "https://docs.kernel.org/admin-guide/kernel-per-CPU-kthreads.html"
#define NO_HZ             "https://docs.kernel.org/timers/no_hz.html"

#endif
