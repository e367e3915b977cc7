/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/kvm.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "probes/microguest/image.h"

/*
 * Intel processors without unrestricted guest need three pages for a TSS and one for a page table
 * outside guest memory (api.rst, KVM_SET_TSS_ADDR): just below the firmware's place, as is usual.
 */
#define IDENTITY_MAP_AT 0xfffbc000ull
#define TSS_AT          0xfffbd000ul

#define CPUID_EXTENDED_1               0x80000001u
#define CPUID_EXTENDED_1_EDX_GIB_PAGES (1u << 26)

#define N_CPUID_FIRST 128u
#define N_CPUID_MAX   4096u

struct capability {
	int number;
	const char *name;
};

static const struct capability needed[] = {
	{ KVM_CAP_IRQCHIP, "interrupt controllers in the kernel (KVM_CAP_IRQCHIP)" },
	{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY" },
	{ KVM_CAP_EXT_CPUID, "KVM_CAP_EXT_CPUID" },
	{ KVM_CAP_TSC_DEADLINE_TIMER, "the TSC-deadline timer (KVM_CAP_TSC_DEADLINE_TIMER)" },
};

int kvm_ioctl(int fd, unsigned long request, void *argument)
{
	int r;

	do
		r = ioctl(fd, request, argument);
	while (r < 0 && errno == EINTR);
	return r < 0 ? neg_errno() : r;
}

static bool has_capability(const struct vm *vm, int number)
{
	return kvm_ioctl(vm->kvm_fd, KVM_CHECK_EXTENSION, (void *)(uintptr_t)number) > 0;
}

static int missing(struct failure *out, const char *what)
{
	*out = (struct failure){ .kind = FAILURE_MISSING, .what = what, .vcpu = -1, .cpu = -1 };
	return -EOPNOTSUPP;
}

static int open_device(struct vm *vm, const char *device, struct failure *out)
{
	vm->kvm_fd = open(device, O_RDWR | O_CLOEXEC);
	if (vm->kvm_fd < 0)
		return failure_call(out, device, neg_errno());
	if (kvm_ioctl(vm->kvm_fd, KVM_GET_API_VERSION, NULL) != KVM_API_VERSION)
		return missing(out, "version 12 of its interface");
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!has_capability(vm, needed[i].number))
			return missing(out, needed[i].name);
	}
	return 0;
}

/* The number of entries is not known beforehand: more room until it fits. */
static int read_cpuid(struct vm *vm, struct failure *out)
{
	int r = -E2BIG;

	for (uint32_t n = N_CPUID_FIRST; r == -E2BIG && n <= N_CPUID_MAX; n *= 2) {
		free(vm->cpuid);
		vm->cpuid = calloc(1, sizeof(*vm->cpuid) + n * sizeof(vm->cpuid->entries[0]));
		if (!vm->cpuid)
			return failure_call(out, "memory", -ENOMEM);
		vm->cpuid->nent = n;
		r = kvm_ioctl(vm->kvm_fd, KVM_GET_SUPPORTED_CPUID, vm->cpuid);
	}
	return r < 0 ? failure_call(out, "KVM_GET_SUPPORTED_CPUID", r) : 0;
}

static int create_machine(struct vm *vm, struct failure *out)
{
	uint64_t identity_map = IDENTITY_MAP_AT;
	int r;

	r = kvm_ioctl(vm->kvm_fd, KVM_CREATE_VM, NULL);
	if (r < 0)
		return failure_call(out, "KVM_CREATE_VM", r);
	vm->fd = r;
	if (has_capability(vm, KVM_CAP_SET_IDENTITY_MAP_ADDR)) {
		r = kvm_ioctl(vm->fd, KVM_SET_IDENTITY_MAP_ADDR, &identity_map);
		if (r < 0)
			return failure_call(out, "KVM_SET_IDENTITY_MAP_ADDR", r);
	}
	if (has_capability(vm, KVM_CAP_SET_TSS_ADDR)) {
		r = kvm_ioctl(vm->fd, KVM_SET_TSS_ADDR, (void *)TSS_AT);
		if (r < 0)
			return failure_call(out, "KVM_SET_TSS_ADDR", r);
	}
	r = kvm_ioctl(vm->fd, KVM_CREATE_IRQCHIP, NULL);
	return r < 0 ? failure_call(out, "KVM_CREATE_IRQCHIP", r) : 0;
}

int vm_add_memory(const struct vm *vm, unsigned slot, uint64_t guest_at, void *at, size_t size,
		  struct failure *out)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = guest_at,
		.memory_size = size,
		.userspace_addr = (uintptr_t)at,
	};
	int r = kvm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);

	return r < 0 ? failure_call(out, "KVM_SET_USER_MEMORY_REGION", r) : 0;
}

bool vm_has_gib_pages(const struct vm *vm)
{
	for (uint32_t i = 0; i < vm->cpuid->nent; i++) {
		const struct kvm_cpuid_entry2 *e = &vm->cpuid->entries[i];

		if (e->function == CPUID_EXTENDED_1)
			return e->edx & CPUID_EXTENDED_1_EDX_GIB_PAGES;
	}
	return false;
}

static int create_memory(struct vm *vm, unsigned n_vcpus, struct failure *out)
{
	size_t size = image_size(n_vcpus);
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (at == MAP_FAILED)
		return failure_call(out, "guest memory", neg_errno());
	vm->memory = at;
	vm->memory_size = size;
	r = image_fill(vm->memory, n_vcpus);
	if (r < 0)
		return failure_call(out, "guest image", r);
	return vm_add_memory(vm, 0, 0, at, size, out);
}

int vm_init(struct vm *vm, const char *device, unsigned n_vcpus, struct failure *out)
{
	int r;

	*vm = (struct vm){ .kvm_fd = -1, .fd = -1 };
	r = open_device(vm, device, out);
	if (r < 0)
		return r;
	r = read_cpuid(vm, out);
	if (r < 0)
		return r;
	r = create_machine(vm, out);
	if (r < 0)
		return r;
	r = create_memory(vm, n_vcpus, out);
	if (r < 0)
		return r;
	r = kvm_ioctl(vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, NULL);
	if (r < 0)
		return failure_call(out, "KVM_GET_VCPU_MMAP_SIZE", r);
	vm->run_size = (size_t)r;
	return 0;
}

void vm_release(struct vm *vm)
{
	if (vm->fd >= 0)
		close(vm->fd);
	if (vm->memory)
		munmap(vm->memory, vm->memory_size);
	free(vm->cpuid);
	if (vm->kvm_fd >= 0)
		close(vm->kvm_fd);
	*vm = (struct vm){ .kvm_fd = -1, .fd = -1 };
}
