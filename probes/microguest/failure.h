/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failure.h - why the built-in guest could not start or go on, and one line about it for people.
 */
#ifndef PROBES_MICROGUEST_FAILURE_H
#define PROBES_MICROGUEST_FAILURE_H

#include "core/base.h"

enum failure_kind {
	FAILURE_NONE,
	FAILURE_CALL,    /* what failed with error; vcpu and cpu when it was about one */
	FAILURE_MISSING, /* KVM here lacks what */
	FAILURE_EXIT,    /* KVM ended a vCPU: exit_reason, detail, rip */
	FAILURE_FAULT,   /* exception in the guest: vector, code, rip */
	FAILURE_STUCK,   /* a vCPU does not get on */
};

struct failure {
	enum failure_kind kind;
	const char *what;     /* static text: "/dev/kvm", "KVM_CREATE_VM", … */
	int error;            /* negative errno */
	int vcpu;             /* -1: not about one */
	int cpu;              /* -1: not pinned, or not about one */
	uint32_t exit_reason; /* KVM_EXIT_* */
	uint64_t detail;      /* suberror of an internal error, hardware reason of a failed entry */
	uint64_t vector;
	uint64_t code;
	uint64_t rip;
};

/* Notes what failed with the error; returns error, so that it ends a function. */
int failure_call(struct failure *out, const char *what, int error);

/* "shutdown", "internal-error", …; "none" for KVM_EXIT_UNKNOWN (0), "other" for those not listed.
 */
const char *failure_exit_name(uint32_t exit_reason);

/*
 * One line, no newline, with what to do about it where that is known: "/dev/kvm: No such file or
 * directory: load kvm_intel …". Caller frees; NULL: no memory.
 */
char *failure_text(const struct failure *f);

#endif
