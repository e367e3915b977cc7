/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kvm.h - a virtual machine through /dev/kvm, with the memory and devices the payload needs.
 *
 * Source: Documentation/virt/kvm/api.rst. Works with VMX (also without unrestricted guest) and SVM.
 */
#ifndef PROBES_MICROGUEST_KVM_H
#define PROBES_MICROGUEST_KVM_H

#include <linux/kvm.h>

#include "core/base.h"
#include "probes/microguest/failure.h"

struct vm {
	int kvm_fd;
	int fd;
	uint8_t *memory; /* guest-physical 0, shared with the guest */
	size_t memory_size;
	size_t run_size;          /* bytes of struct kvm_run */
	struct kvm_cpuid2 *cpuid; /* what this host offers to guests */
};

/*
 * Opens device (normally "/dev/kvm") and makes a machine with memory, image and interrupt
 * controllers. 0, or a negative errno and *out filled. vm_release() is right after either.
 */
int vm_init(struct vm *vm, const char *device, unsigned n_vcpus, struct failure *out) MUST_CHECK;
void vm_release(struct vm *vm);

/* More memory, of the caller's, at that address of the guest; slot: 1 and up. As vm_init(). */
int vm_add_memory(const struct vm *vm, unsigned slot, uint64_t guest_at, void *at, size_t size,
		  struct failure *out) MUST_CHECK;
/* Guests may have page table entries of 1 GiB. */
bool vm_has_gib_pages(const struct vm *vm);

/* ioctl(2), again when a signal came; its result or a negative errno. argument: pointer or number.
 */
int kvm_ioctl(int fd, unsigned long request, void *argument);

#endif
