/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reason.h - why a guest left guest mode: names that kernels and tools print, and their numbers.
 *
 * Sources: VMX_EXIT_REASONS and SVM_EXIT_REASONS of <asm/vmx.h> and <asm/svm.h> (tracefs prints
 * those), the kvm plugin of libtraceevent (trace-cmd and perf: "EXIT_NPF" for SVM, old names for
 * VMX), KVM_EXIT_* of <linux/kvm.h>.
 */
#ifndef PROBES_TRACE_REASON_H
#define PROBES_TRACE_REASON_H

#include "core/base.h"
#include "core/text.h"

enum { REASON_ISA_UNKNOWN, REASON_ISA_VMX, REASON_ISA_SVM };

/*
 * Number and instruction set of a printed exit reason ("EPT_VIOLATION", "npf", "EXIT_NPF"). hint:
 * what other lines told, for the few names that both have ("hlt"), else REASON_ISA_UNKNOWN.
 * -ENOENT: no such name, or one that both have and no hint (*ret_isa is then REASON_ISA_UNKNOWN).
 */
int reason_number(struct text name, int hint, uint64_t *ret_number, int *ret_isa) MUST_CHECK;
/* The name that tracefs prints; NULL: none. The number may have flags above bit 15 (VMX). */
const char *reason_name(int isa, uint64_t number);
/* "KVM_EXIT_IO" of 2; NULL: none. */
const char *reason_userspace_name(uint64_t number);

enum { REASON_VMX_EXTERNAL_INTERRUPT = 1 };

#endif
