/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit_kind.h - exits of a vCPU that mean more than their reason: by name, as reason.h has it. */
#ifndef PROBES_TRACE_EXIT_KIND_H
#define PROBES_TRACE_EXIT_KIND_H

#include "core/base.h"

enum exit_kind {
	EXIT_OTHER,
	EXIT_INTERRUPT, /* of the host: its handler comes before the next entry */
	EXIT_NMI,
	EXIT_PORT, /* info1 has the port, in bits 16-31 */
	EXIT_HALT
};

/* NULL: EXIT_OTHER. */
enum exit_kind exit_kind_of(const char *name);
/* What runs on an APIC vector of Linux (arch/x86/include/asm/irq_vectors.h); NULL: a device. */
const char *exit_vector_name(uint64_t vector);

#endif
