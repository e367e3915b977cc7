/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/failure.h"

#include <inttypes.h>
#include <linux/kvm.h>
#include <string.h>

struct hint {
	const char *what;
	int error; /* negative errno */
	const char *text;
};

static const struct hint hints[] = {
	{ "/dev/kvm", -ENOENT,
	  "load kvm_intel or kvm_amd, or enable virtualisation in the firmware" },
	{ "/dev/kvm", -ENODEV,
	  "load kvm_intel or kvm_amd, or enable virtualisation in the firmware" },
	{ "/dev/kvm", -ENXIO,
	  "load kvm_intel or kvm_amd, or enable virtualisation in the firmware" },
	{ "/dev/kvm", -EACCES, "become a member of the group kvm, or be root" },
	{ "/dev/kvm", -EPERM, "the container or the device cgroup does not let it through" },
	{ "KVM_CREATE_VM", -EBUSY, "another hypervisor (VirtualBox, VMware) holds the CPU" },
	{ "KVM_RUN", -EBUSY, "another hypervisor (VirtualBox, VMware) holds the CPU" },
	{ "thread", -EINVAL, "that CPU is offline or outside the cpuset of this process" },
	{ "thread", -EAGAIN, "the limit of processes and threads is reached (ulimit -u)" },
};

struct exit_name {
	uint32_t reason;
	const char *name;
	const char *about;
};

static const struct exit_name exit_names[] = {
	{ KVM_EXIT_UNKNOWN, "none", "" },
	{ KVM_EXIT_EXCEPTION, "exception", "" },
	{ KVM_EXIT_IO, "io", "" },
	{ KVM_EXIT_HYPERCALL, "hypercall", "" },
	{ KVM_EXIT_DEBUG, "debug", "" },
	{ KVM_EXIT_HLT, "hlt", "" },
	{ KVM_EXIT_MMIO, "mmio", "" },
	{ KVM_EXIT_SHUTDOWN, "shutdown", " (triple fault)" },
	{ KVM_EXIT_FAIL_ENTRY, "fail-entry", " (the processor refused the guest state)" },
	{ KVM_EXIT_INTERNAL_ERROR, "internal-error", "" },
	{ KVM_EXIT_SYSTEM_EVENT, "system-event", "" },
};

int failure_call(struct failure *out, const char *what, int error)
{
	*out = (struct failure){
		.kind = FAILURE_CALL, .what = what, .error = error, .vcpu = -1, .cpu = -1
	};
	return error;
}

static const struct exit_name *find_exit(uint32_t reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(exit_names); i++) {
		if (exit_names[i].reason == reason)
			return &exit_names[i];
	}
	return NULL;
}

const char *failure_exit_name(uint32_t exit_reason)
{
	const struct exit_name *e = find_exit(exit_reason);

	return e ? e->name : "other";
}

static const char *find_hint(const char *what, int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		if (strcmp(hints[i].what, what) == 0 && hints[i].error == error)
			return hints[i].text;
	}
	return NULL;
}

static void print_call(FILE *out, const struct failure *f)
{
	const char *hint = find_hint(f->what, f->error);

	fprintf(out, "%s: %s", f->what, strerror(-f->error));
	if (hint)
		fprintf(out, ": %s", hint);
}

static void print_exit(FILE *out, const struct failure *f)
{
	const struct exit_name *e = find_exit(f->exit_reason);

	fprintf(out, "KVM ended it with exit reason %" PRIu32 " %s%s, detail 0x%" PRIx64,
		f->exit_reason, e ? e->name : "other", e ? e->about : "", f->detail);
	fprintf(out, ", rip 0x%" PRIx64, f->rip);
}

static void print_failure(FILE *out, const struct failure *f)
{
	if (f->vcpu >= 0)
		fprintf(out, "vCPU %d", f->vcpu);
	if (f->vcpu >= 0 && f->cpu >= 0)
		fprintf(out, " on CPU %d", f->cpu);
	if (f->vcpu >= 0)
		fprintf(out, ": ");
	switch (f->kind) {
	case FAILURE_NONE:
		fprintf(out, "no failure");
		break;
	case FAILURE_CALL:
		print_call(out, f);
		break;
	case FAILURE_MISSING:
		fprintf(out, "/dev/kvm: this KVM lacks %s, which the built-in guest needs",
			f->what);
		break;
	case FAILURE_EXIT:
		print_exit(out, f);
		break;
	case FAILURE_FAULT:
		fprintf(out, "the guest stopped on vector %" PRIu64 ", error code 0x%" PRIx64,
			f->vector, f->code);
		fprintf(out, ", rip 0x%" PRIx64, f->rip);
		break;
	case FAILURE_STUCK:
		fprintf(out, "made no progress: does something of higher priority hold the CPU?");
		break;
	}
}

char *failure_text(const struct failure *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_failure(out, f);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
