/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/vcpu.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <x86intrin.h>

#include "probes/microguest/image.h"

#define CPUID_1_ECX_X2APIC       (1u << 21)
#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)

#define CR0_PE   (1ull << 0)
#define CR0_MP   (1ull << 1)
#define CR0_ET   (1ull << 4)
#define CR0_NE   (1ull << 5)
#define CR0_WP   (1ull << 16)
#define CR0_AM   (1ull << 18)
#define CR0_PG   (1ull << 31)
#define CR4_PAE  (1ull << 5)
#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)

#define RFLAGS_FIXED 0x2ull

#define SEGMENT_CODE 11 /* execute, read, accessed */
#define SEGMENT_DATA 3  /* read, write, accessed */
#define SEGMENT_TSS  11 /* busy 64-bit task state segment */
#define SEGMENT_LDT  2
#define TSS_LIMIT    103

/* What the host offers, with this vCPU's APIC id, x2APIC and the timer that the payload uses. */
static int set_cpuid(const struct vcpu *vcpu, const struct vm *vm, unsigned number)
{
	size_t size = sizeof(*vm->cpuid) + vm->cpuid->nent * sizeof(vm->cpuid->entries[0]);
	auto_free struct kvm_cpuid2 *own = malloc(size);

	if (!own)
		return -ENOMEM;
	memcpy(own, vm->cpuid, size);
	for (uint32_t i = 0; i < own->nent; i++) {
		struct kvm_cpuid_entry2 *e = &own->entries[i];

		if (e->function == 1) {
			e->ebx = (e->ebx & 0x00ffffff) | number << 24;
			e->ecx |= CPUID_1_ECX_X2APIC | CPUID_1_ECX_TSC_DEADLINE;
		} else if (e->function == 0xb || e->function == 0x1f) {
			e->edx = number;
		}
	}
	return kvm_ioctl(vcpu->fd, KVM_SET_CPUID2, own);
}

static struct kvm_segment flat_segment(uint16_t selector, uint8_t type)
{
	bool is_code = type == SEGMENT_CODE;

	return (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.db = !is_code,
		.s = 1,
		.l = is_code,
		.g = 1,
	};
}

static int set_system_registers(const struct vcpu *vcpu, uint64_t area)
{
	struct kvm_segment data = flat_segment(MG_DATA_SELECTOR, SEGMENT_DATA);
	struct kvm_sregs s;
	int r = kvm_ioctl(vcpu->fd, KVM_GET_SREGS, &s);

	if (r < 0)
		return r;
	s.cs = flat_segment(MG_CODE_SELECTOR, SEGMENT_CODE);
	s.ds = s.es = s.fs = s.gs = s.ss = data;
	s.gs.base = area;
	s.tr = (struct kvm_segment){
		.base = area + MG_AREA_TSS, .limit = TSS_LIMIT, .type = SEGMENT_TSS, .present = 1
	};
	s.ldt = (struct kvm_segment){ .type = SEGMENT_LDT, .unusable = 1 };
	s.gdt = (struct kvm_dtable){ .base = MG_GDT, .limit = MG_DATA_SELECTOR + 7 };
	s.idt = (struct kvm_dtable){ .base = MG_IDT, .limit = 256 * 16 - 1 };
	s.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_PG;
	s.cr3 = MG_PML4;
	s.cr4 = CR4_PAE;
	s.efer = EFER_LME | EFER_LMA;
	return kvm_ioctl(vcpu->fd, KVM_SET_SREGS, &s);
}

static int set_registers(const struct vcpu *vcpu, uint64_t area)
{
	struct kvm_regs regs = { .rip = MG_CODE,
				 .rsp = area + MG_AREA_STACK,
				 .rflags = RFLAGS_FIXED };

	return kvm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

/* All but the boot processor wait for a start-up IPI otherwise. */
static int set_runnable(const struct vcpu *vcpu)
{
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_RUNNABLE };

	return kvm_ioctl(vcpu->fd, KVM_SET_MP_STATE, &state);
}

static int set_up(struct vcpu *vcpu, const struct vm *vm, unsigned number, struct failure *out)
{
	uint64_t area = image_area(number);
	int r;

	r = set_cpuid(vcpu, vm, number);
	if (r < 0)
		return failure_call(out, "KVM_SET_CPUID2", r);
	r = set_system_registers(vcpu, area);
	if (r < 0)
		return failure_call(out, "KVM_SET_SREGS", r);
	r = set_registers(vcpu, area);
	if (r < 0)
		return failure_call(out, "KVM_SET_REGS", r);
	r = set_runnable(vcpu);
	return r < 0 ? failure_call(out, "KVM_SET_MP_STATE", r) : 0;
}

int vcpu_init(struct vcpu *vcpu, const struct vm *vm, unsigned number, struct failure *out)
{
	void *at;
	int r;

	*vcpu = (struct vcpu){ .fd = -1 };
	r = kvm_ioctl(vm->fd, KVM_CREATE_VCPU, (void *)(uintptr_t)number);
	if (r < 0) {
		failure_call(out, "KVM_CREATE_VCPU", r);
		goto failed;
	}
	vcpu->fd = r;
	at = mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (at == MAP_FAILED) {
		r = failure_call(out, "state of the vCPU", neg_errno());
		goto failed;
	}
	vcpu->run = at;
	vcpu->run_size = vm->run_size;
	r = set_up(vcpu, vm, number, out);
	if (r < 0)
		goto failed;
	return 0;

failed:
	out->vcpu = (int)number;
	vcpu_release(vcpu);
	return r;
}

void vcpu_release(struct vcpu *vcpu)
{
	if (vcpu->run)
		munmap(vcpu->run, vcpu->run_size);
	if (vcpu->fd >= 0)
		close(vcpu->fd);
	*vcpu = (struct vcpu){ .fd = -1 };
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* Good to a few permille: it only sizes the rounds of the payload. */
static uint64_t measure_tsc_khz(void)
{
	uint64_t start_ns = clock_ns(CLOCK_MONOTONIC_RAW), start = __rdtsc();
	uint64_t now_ns = start_ns;

	while (now_ns - start_ns < 10 * NS_PER_MS)
		now_ns = clock_ns(CLOCK_MONOTONIC_RAW);
	return (__rdtsc() - start) * NS_PER_MS / (now_ns - start_ns);
}

uint64_t vcpu_tsc_khz(const struct vcpu *vcpu)
{
	int r = kvm_ioctl(vcpu->fd, KVM_GET_TSC_KHZ, NULL);

	return r > 0 ? (uint64_t)r : measure_tsc_khz();
}

int vcpu_allow_signal(const struct vcpu *vcpu, int signal_number)
{
	/* The kernel's signal set: one bit per signal, 64 of them (glibc's is longer). */
	uint64_t blocked = ~(1ull << (signal_number - 1));
	auto_free struct kvm_signal_mask *mask = malloc(sizeof(*mask) + sizeof(blocked));

	if (!mask)
		return -ENOMEM;
	mask->len = sizeof(blocked);
	memcpy(mask->sigset, &blocked, sizeof(blocked));
	return kvm_ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, mask);
}

static uint64_t exit_detail(const struct kvm_run *run)
{
	switch (run->exit_reason) {
	case KVM_EXIT_FAIL_ENTRY:
		return run->fail_entry.hardware_entry_failure_reason;
	case KVM_EXIT_INTERNAL_ERROR:
		return run->internal.suberror;
	case KVM_EXIT_IO:
		return run->io.port;
	case KVM_EXIT_MMIO:
		return run->mmio.phys_addr;
	case KVM_EXIT_SYSTEM_EVENT:
		return run->system_event.type;
	default:
		return 0;
	}
}

int vcpu_enter(const struct vcpu *vcpu)
{
	if (ioctl(vcpu->fd, KVM_RUN, 0) == 0)
		return 0;
	return errno == EAGAIN ? -EINTR : neg_errno();
}

void vcpu_explain(const struct vcpu *vcpu, struct failure *out)
{
	struct kvm_regs regs = { 0 };

	*out = (struct failure){
		.kind = FAILURE_EXIT,
		.vcpu = -1,
		.cpu = -1,
		.exit_reason = vcpu->run->exit_reason,
		.detail = exit_detail(vcpu->run),
	};
	if (kvm_ioctl(vcpu->fd, KVM_GET_REGS, &regs) == 0)
		out->rip = regs.rip;
}

int vcpu_run(const struct vcpu *vcpu, struct failure *out)
{
	int r = vcpu_enter(vcpu);

	if (r == 0)
		vcpu_explain(vcpu, out);
	else if (r != -EINTR)
		failure_call(out, "KVM_RUN", r);
	return r;
}

int vcpu_tsc_offset(const struct vcpu *vcpu, uint64_t *ret_offset)
{
	uint64_t offset = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uintptr_t)&offset,
	};
	int r = kvm_ioctl(vcpu->fd, KVM_GET_DEVICE_ATTR, &attr);

	if (r == 0)
		*ret_offset = offset;
	return r;
}
