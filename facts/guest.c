/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/guest.h"

/* clang-format off */
#define F(member) FIELD(struct guest_thread, member)
static const struct fact_field thread_fields[] = {
	{ F(tid), FACT_U64, FACT_NOT_COMPARED, "", "thread id" },
	{ F(comm), FACT_STR, FACT_NOT_COMPARED, "", "thread name", .pseudonym = "task" },
	{ F(role), FACT_STR, FACT_NOT_COMPARED, "", "vcpu, emulator, iothread, vhost, worker or other", .privacy = FACT_OPEN },
	{ F(vcpu), FACT_U64, FACT_NOT_COMPARED, "", "number of the vCPU" },
	{ F(affinity), FACT_CPUS, FACT_SETTING, "", "CPUs it may run on" },
	{ F(policy), FACT_STR, FACT_SETTING, "", "scheduling policy", .privacy = FACT_OPEN },
	{ F(rt_priority), FACT_U64, FACT_SETTING, "", "real-time priority" },
	{ F(last_cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU it ran on last" },
};
#undef F
#define F(member) FIELD(struct guest_backing, member)
static const struct fact_field backing_fields[] = {
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "KernelPageSize of the mapping" },
	{ F(size_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "size of such mappings" },
	{ F(resident_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "of it in memory" },
	{ F(anon_huge_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "of it in transparent huge pages" },
	{ F(is_hugetlb), FACT_BOOL, FACT_SETTING, "", "reserved huge pages" },
};
#undef F
#define F(member) FIELD(struct guest_process, member)
static const struct fact_field process_fields[] = {
	{ F(pid), FACT_U64, FACT_NOT_COMPARED, "", "process id" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "name of the guest", .privacy = FACT_PSEUDONYM, .pseudonym = "guest" },
	{ F(kind), FACT_STR, FACT_SETTING, "", "qemu, builtin or other", .privacy = FACT_OPEN },
	{ F(manager), FACT_STR, FACT_SETTING, "", "libvirt, proxmox or plain", .privacy = FACT_OPEN },
	{ F(program), FACT_STR, FACT_SETTING, "", "program that runs it" },
	{ F(argv), FACT_STRS, FACT_NOT_COMPARED, "", "its arguments" },
	{ F(threads), FACT_LIST, FACT_NOT_COMPARED, "", "its threads", &guest_thread_schema },
	{ F(backing), FACT_LIST, FACT_NOT_COMPARED, "", "what guest memory is made of", &guest_backing_schema },
	{ F(locked_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "VmLck" },
	{ F(swap_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "VmSwap" },
	{ F(start_ticks), FACT_U64, FACT_NOT_COMPARED, "ticks", "start time since boot" },
};
#undef F
/* clang-format on */

const struct schema guest_thread_schema = { "thread", "A thread of a guest",
					    sizeof(struct guest_thread), thread_fields,
					    ARRAY_SIZE(thread_fields) };
const struct schema guest_backing_schema = { "backing", "Guest memory of one page size",
					     sizeof(struct guest_backing), backing_fields,
					     ARRAY_SIZE(backing_fields) };
const struct schema guest_process_schema = { "guest", "A running guest",
					     sizeof(struct guest_process), process_fields,
					     ARRAY_SIZE(process_fields) };

#define F(member) FIELD(struct guest_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(guests), FACT_LIST, FACT_NOT_COMPARED, "", "running guests", &guest_process_schema },
};
/* clang-format on */

const struct schema guest_schema = { "guest", "Running guests", sizeof(struct guest_facts), fields,
				     ARRAY_SIZE(fields) };
