/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits_emulated.h - does this processor itself run guests here, or does something else? */
#ifndef PROBES_EXITS_EMULATED_H
#define PROBES_EXITS_EMULATED_H

#include "core/arena.h"
#include "core/sysroot.h"
#include "core/text.h"
#include "facts/schema.h"

struct exits_evidence {
	/* flags of /proc/cpuinfo: virtualisation of its own, and whether it is a guest itself */
	struct fact_bool has_vmx_or_svm, has_hypervisor;
	/* module of KVM that is loaded besides kvm and is neither kvm_intel nor kvm_amd */
	struct fact_str module;
	/* A plain instruction (half of DEC, JNZ), picoseconds. */
	struct fact_u64 guest_ps, host_ps;
};

/* A guest's instruction that takes more than so many of the host's is not run by the processor. */
#define EXITS_EMULATED_TIMES 5u

/* Flags of the first processor in the text of /proc/cpuinfo; unknown if it has none. */
void exits_evidence_cpuinfo(struct exits_evidence *evidence, struct text cpuinfo);
/* The first of these names that is a module of KVM's as above. 0 or -ENOMEM. */
int exits_evidence_modules(struct exits_evidence *evidence, struct arena *a, char *const *names,
			   size_t n) MUST_CHECK;

/*
 * Sets is_emulated and, when it is, why: all there is to say for it. Without guest_ps and host_ps
 * they stay unknown unless the flags alone say so. 0 or -ENOMEM.
 */
int exits_evidence_judge(const struct exits_evidence *evidence, struct arena *a,
			 struct fact_bool *is_emulated, struct fact_str *why) MUST_CHECK;

/* The loop of MG_PROGRAM_LOOP, here: picoseconds of one instruction, the least of some turns. */
uint64_t exits_loop_ps(void);

#endif
