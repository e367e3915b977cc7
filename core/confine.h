/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confine.h - what a program that reads a little and prints the rest does not need. */
#ifndef CORE_CONFINE_H
#define CORE_CONFINE_H

#include "core/base.h"

struct confine {
	uint64_t memory_bytes; /* of address space */
	uint64_t cpu_s;
	bool has_threads; /* it may start threads; processes still not, where seccomp(2) is there */
};

/*
 * This process and the program it becomes, for good: no privileges (user_become_harmless), these
 * limits, no byte written to a file, no core dump, no other process started. Where the kernel has
 * landlock(7), also no file made, removed or opened for writing but /dev/null; and no network
 * (network_namespaces(7)) when we are root. For a child before its exec; 0 or -errno.
 */
int confine_self(const struct confine *c) MUST_CHECK;

#endif
