/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcpu.h - one virtual processor, about to enter the payload in 64-bit mode, and running it.
 *
 * Source: Documentation/virt/kvm/api.rst; Intel SDM vol. 3, "Checks on guest segment registers".
 */
#ifndef PROBES_MICROGUEST_VCPU_H
#define PROBES_MICROGUEST_VCPU_H

#include "core/base.h"
#include "probes/microguest/failure.h"
#include "probes/microguest/kvm.h"

struct vcpu {
	int fd;
	struct kvm_run *run; /* shared with KVM */
	size_t run_size;
};

/* vCPU ready to enter the payload in 64-bit mode; as vm_init(). Before vm_release():
 * vcpu_release(). */
int vcpu_init(struct vcpu *vcpu, const struct vm *vm, unsigned number,
	      struct failure *out) MUST_CHECK;
void vcpu_release(struct vcpu *vcpu);

/* Frequency of the guest's time stamp counter; measured here when KVM does not know (TSC unstable).
 */
uint64_t vcpu_tsc_khz(const struct vcpu *vcpu);

/*
 * What is added, modulo 2^64, to the host's time stamp counter to get the guest's, if both run at
 * one rate. Negative errno: this kernel does not tell (Linux 5.16 and newer do).
 */
int vcpu_tsc_offset(const struct vcpu *vcpu, uint64_t *ret_offset) MUST_CHECK;

/* The calling thread's KVM_RUN lets this one signal end it (-EINTR) though the thread blocks it. */
int vcpu_allow_signal(const struct vcpu *vcpu, int signal_number) MUST_CHECK;

/*
 * Runs the vCPU until something is to be told. -EINTR: a signal; 0: it ended for the reason in *out
 * (which vCPU is left to the caller); other errors: KVM_RUN failed, *out filled too.
 */
int vcpu_run(const struct vcpu *vcpu, struct failure *out) MUST_CHECK;

/* Its two parts. Of these, vcpu_enter() alone is KVM_RUN and nothing else: 0, -EINTR, or its error.
 */
int vcpu_enter(const struct vcpu *vcpu) MUST_CHECK;
/* Why vcpu_enter() came back with 0. */
void vcpu_explain(const struct vcpu *vcpu, struct failure *out);

#endif
