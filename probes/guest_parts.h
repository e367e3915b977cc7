/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_parts.h - the parts of the guest probe: finding the processes that run guests, and what is
 * read of each. All return 0 or -ENOMEM unless it says otherwise; what could not be read is a gap.
 */
#ifndef PROBES_GUEST_PARTS_H
#define PROBES_GUEST_PARTS_H

#include "facts/guest.h"
#include "probes/probe.h"

/* Arguments of a guest longer than this are cut. */
#define GUEST_ARGV_MAX (1u << 20)

/* A process that runs a guest; all in the arena. */
struct guest_found {
	uint32_t pid;
	const char *kind; /* "qemu", "builtin" or "other" */
	struct text
		cmdline; /* arguments, each with a NUL behind it; one byte over the limit: cut */
	struct text comm;
};

/* A kernel thread of its own that serves a guest (kernels before 6.4). */
struct guest_vhost {
	uint32_t tid;
	uint64_t owner; /* process it serves */
};

struct guests_found {
	struct guest_found *v;
	size_t n;
	struct guest_vhost *vhosts;
	size_t n_vhosts;
};

int guests_find(struct probe_env *env, struct guests_found *ret_found) MUST_CHECK;

/* name, manager, program and argv. */
int guest_describe(struct probe_env *env, const struct guest_found *found,
		   struct guest_process *g) MUST_CHECK;
/* threads, with those of vhosts that serve it. */
int guest_read_threads(struct probe_env *env, const struct guest_found *found,
		       const struct guests_found *all, struct guest_process *g) MUST_CHECK;
/* backing, locked_kib and swap_kib. */
int guest_read_memory(struct probe_env *env, uint32_t pid, struct guest_process *g) MUST_CHECK;

/*
 * Threads that run the vCPUs of a process, from KVM's debugfs: tids in the order of the vCPUs, free
 * them. 0 and n 0: it does not tell. Never by the number in the directory's name, which is an APIC
 * id on x86 and has holes.
 */
int guest_vcpu_tids(const struct sysroot *root, uint32_t pid, uint32_t **ret_tids,
		    size_t *ret_n) MUST_CHECK;

#endif
