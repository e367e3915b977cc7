/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.h - running guests as processes: threads, where they may run, what backs their memory. */
#ifndef FACTS_GUEST_H
#define FACTS_GUEST_H

#include "facts/schema.h"

struct guest_thread {
	struct fact_u64 tid;
	struct fact_str comm;
	struct fact_str role; /* vcpu emulator iothread vhost worker other */
	struct fact_u64 vcpu; /* number, for role vcpu */
	struct fact_cpus affinity;
	struct fact_str policy; /* other fifo rr batch idle deadline ext */
	struct fact_u64 rt_priority;
	struct fact_u64 last_cpu; /* where it ran last */
};

struct guest_backing { /* guest memory by the page size that maps it */
	struct fact_u64 page_kib;
	struct fact_u64 size_kib, resident_kib, anon_huge_kib;
	struct fact_bool is_hugetlb;
};

struct guest_process {
	struct fact_u64 pid;
	struct fact_str name;    /* -name of QEMU; pseudonymised in shared reports */
	struct fact_str kind;    /* qemu, builtin, or other: another user of KVM */
	struct fact_str manager; /* libvirt, proxmox or plain: who started it */
	struct fact_str program; /* basename of argv[0] */
	struct fact_strs argv;
	struct fact_list threads; /* struct guest_thread */
	struct fact_list backing; /* struct guest_backing: the largest mappings, guest RAM */
	struct fact_u64 locked_kib, swap_kib; /* VmLck, VmSwap */
	struct fact_u64 start_ticks;          /* field 22 of stat: tells a reused pid */
};

struct guest_facts {
	struct fact_list guests; /* struct guest_process; known and empty: none runs */
};

extern const struct schema guest_schema, guest_process_schema, guest_thread_schema,
	guest_backing_schema;

#endif
