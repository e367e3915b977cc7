/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tasks.h - /proc/PID/task/TID/{stat,status}, and what a thread of a guest is for.
 * Source: proc(5); Documentation/filesystems/proc.rst.
 */
#ifndef PROBES_PARSE_TASKS_H
#define PROBES_PARSE_TASKS_H

#include "core/text.h"
#include "facts/schema.h"

struct task_stat {
	struct text comm; /* may hold blanks, slashes, ')' and newlines */
	char state;       /* "R", "S", "Z" … */
	uint64_t flags;   /* TASK_IS_KERNEL … */
	uint64_t n_major_faults;
	uint64_t cpu_ticks; /* in user mode and in the kernel */
	uint64_t start_ticks;
	bool has_scheduling; /* false: the text is shorter (kernels before 2.6) */
	uint64_t last_cpu, rt_priority, policy;
};

/* Flags of include/linux/sched.h that have kept their values since 2.6.27 (the second one as
 * PF_THREAD_BOUND until 3.10). */
#define TASK_IS_KERNEL 0x00200000u /* PF_KTHREAD */
#define TASK_IS_BOUND  0x04000000u /* PF_NO_SETAFFINITY: nobody may change its affinity */

/* Ticks of a second in /proc: the same on all of x86 and arm64 (USER_HZ). */
#define TASK_TICKS_PER_S 100u

/* 0, or -EBADMSG; the view stays into t. */
int task_stat_parse(struct text t, struct task_stat *ret_stat) MUST_CHECK;

/* "other fifo rr batch idle deadline ext" for policies of sched(7); NULL: a number without name. */
const char *task_policy_name(uint64_t policy);

struct task_status {
	struct fact_cpus affinity; /* Cpus_allowed_list, or Cpus_allowed of old kernels */
	struct fact_u64 locked_kib, swap_kib; /* VmLck, VmSwap: of the process */
	struct fact_u64 effective_uid;        /* second number of Uid */
	struct fact_u64 capabilities;         /* CapEff, a bit each; capabilities(7) */
};

#define TASK_CAP_IPC_LOCK 14u /* bit: may lock any amount of memory */

/* What is not there or odd stays unknown. */
void task_status_parse(struct text t, struct task_status *ret_status);

/*
 * Name that a group of kernel threads shares, a view: "kworker/u" of "kworker/u8:2-events_unbound",
 * "rcuop/" of "rcuop/3". Names with a number in the middle ("irq/131-vfio") are kept.
 */
struct text task_kernel_name(struct text comm);

/* "CPU 3/KVM" as QEMU names its threads with debug-threads=on: KVM's, or of any accelerator. */
bool task_is_kvm_vcpu(struct text comm);
bool task_is_vcpu(struct text comm, uint64_t *ret_vcpu);

/* "vhost-4711": a kernel thread that serves the process 4711 (part of it since kernel 6.4). */
bool task_is_vhost(struct text comm, uint64_t *ret_owner);

/*
 * Role by name: "vcpu", "emulator" (the main thread), "iothread", "vhost", "worker" (QEMU's thread
 * pool, io_uring's workers) or "other".
 */
const char *task_role(struct text comm, bool is_main);

#endif
