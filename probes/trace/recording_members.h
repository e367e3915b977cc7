/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_members.h - which threads of a recording are a guest's: all events once, in the first
 * pass over it.
 *
 * A vCPU is who has kvm_entry, kvm_exit, kvm_userspace_exit or kvm_vcpu_wakeup, under any name, and
 * who is called as QEMU calls its vCPUs. Others are told by their names alone, as the kernel and
 * QEMU give them: "IO iothread1", "vhost-4711", "kvm-pit/4711", and the program's own.
 */
#ifndef PROBES_TRACE_RECORDING_MEMBERS_H
#define PROBES_TRACE_RECORDING_MEMBERS_H

#include "probes/trace/index.h"
#include "probes/trace/machine.h"

enum { RECORDING_THREADS_MAX = 4096 };

struct found_thread;

struct member_finder {             /* { 0 } and member_finder_init() */
	struct trace_index by_pid; /* of threads that may be the guest's */
	struct found_thread *threads;
	size_t n_threads;
	struct trace_index unnamed; /* vCPU numbers of events that tell no thread */
	struct trace_member *members;
	char (*names)[16]; /* of the members */
	size_t n_members;
	uint64_t n_events, n_unplaced;     /* unplaced: no time, or no CPU */
	uint64_t n_of_kind[N_TRACE_KINDS]; /* of those with both */
	bool has_rt;                       /* threads that only a PREEMPT_RT kernel has */
	/* after member_finder_finish() */
	size_t n_vcpus, n_unnumbered, n_untold, n_too_many;
	bool is_shared; /* several threads have the same vCPU number */
};

void member_finder_init(struct member_finder *f);
void member_finder_release(struct member_finder *f);
/* 0 or -ENOMEM. */
int member_finder_event(struct member_finder *f, const struct trace_event *e) MUST_CHECK;
/* Fills members, by role, number and thread. 0 or -ENOMEM. */
int member_finder_finish(struct member_finder *f) MUST_CHECK;

#endif
