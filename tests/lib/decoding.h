/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decoding.h - a decoder of the formats of one kernel, and records through it, for tests. */
#ifndef TESTS_LIB_DECODING_H
#define TESTS_LIB_DECODING_H

#include "probes/trace/decode.h"
#include "tests/lib/formats.h"

#define NONE UINT64_MAX

#define SWITCH_FIELDS                                 \
	FORMAT_FIELD("char prev_comm[16]", 8, 16, 0)  \
	FORMAT_FIELD("pid_t prev_pid", 24, 4, 1)      \
	FORMAT_FIELD("int prev_prio", 28, 4, 1)       \
	FORMAT_FIELD("long prev_state", 32, 8, 1)     \
	FORMAT_FIELD("char next_comm[16]", 40, 16, 0) \
	FORMAT_FIELD("pid_t next_pid", 56, 4, 1) FORMAT_FIELD("int next_prio", 60, 4, 1)

/* Linux 4.14 and later; before, bits and letters were others. */
#define REPORT \
	"(((0x0000 | 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0020 | 0x0040) + 1) << 1)"
#define SWITCH_PRINT                                                                               \
	"\nprint fmt: \"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s "   \
	"next_pid=%d next_prio=%d\", REC->prev_comm, REC->prev_pid, REC->prev_prio, "              \
	"(REC->prev_state & (" REPORT " - 1)) ? __print_flags(REC->prev_state & (" REPORT          \
	" - 1), \"|\", { 0x0001, \"S\" }, { 0x0002, \"D\" }, { 0x0004, \"T\" }, { 0x0008, \"t\" "  \
	"}, { 0x0010, \"X\" }, { 0x0020, \"Z\" }, { 0x0040, \"P\" }, { 0x0080, \"I\" }) : \"R\", " \
	"REC->prev_state & " REPORT " ? \"+\" : \"\", REC->next_comm, REC->next_pid, "             \
	"REC->next_prio\n"
#define SWITCH_PRINT_OLD                                                                          \
	"\nprint fmt: \"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s "  \
	"next_pid=%d next_prio=%d\", REC->prev_comm, REC->prev_pid, REC->prev_prio, "             \
	"REC->prev_state & (1024-1) ? __print_flags(REC->prev_state & (1024-1), \"|\", { 1, "     \
	"\"S\"} , { 2, \"D\" }, { 4, \"T\" }, { 8, \"t\" }, { 16, \"Z\" }, { 32, \"X\" }, { 64, " \
	"\"x\" }, { 128, \"K\" }, { 256, \"W\" }, { 512, \"P\" }) : \"R\", REC->prev_state & "    \
	"1024 ? \"+\" : \"\", REC->next_comm, REC->next_pid, REC->next_prio\n"
#define SWITCH_HEAD "name: sched_switch\nID: 300\nformat:\n" COMMON SWITCH_FIELDS

#define WAKE_FIELDS                             \
	FORMAT_FIELD("char comm[16]", 8, 16, 0) \
	FORMAT_FIELD("pid_t pid", 24, 4, 1)     \
	FORMAT_FIELD("int prio", 28, 4, 1) FORMAT_FIELD("int target_cpu", 32, 4, 1)

#define EXIT_FIELDS_54                                    \
	FORMAT_FIELD("unsigned int exit_reason", 8, 4, 0) \
	FORMAT_FIELD("unsigned long guest_rip", 16, 8, 0) \
	FORMAT_FIELD("u32 isa", 24, 4, 0)                 \
	FORMAT_FIELD("u64 info1", 32, 8, 0) FORMAT_FIELD("u64 info2", 40, 8, 0)
#define EXIT_FIELDS_61                                         \
	EXIT_FIELDS_54 FORMAT_FIELD("u32 intr_info", 48, 4, 0) \
		FORMAT_FIELD("u32 error_code", 52, 4, 0)       \
			FORMAT_FIELD("unsigned int vcpu_id", 56, 4, 0)
#define EXIT_FIELDS_618 EXIT_FIELDS_61 FORMAT_FIELD("u64 requests", 64, 8, 0)

static const struct format plain[] = {
	{ "sched", SWITCH_HEAD SWITCH_PRINT },
	{ "sched", FORMAT("sched_waking", 301, WAKE_FIELDS) },
	{ "sched", FORMAT("sched_wakeup", 302, WAKE_FIELDS) },
	{ "sched",
	  FORMAT("sched_migrate_task", 303,
		 FORMAT_FIELD("char comm[16]", 8, 16, 0) FORMAT_FIELD("pid_t pid", 24, 4, 1)
			 FORMAT_FIELD("int prio", 28, 4, 1) FORMAT_FIELD("int orig_cpu", 32, 4, 1)
				 FORMAT_FIELD("int dest_cpu", 36, 4, 1)) },
	{ "irq", FORMAT("irq_handler_entry", 304,
			FORMAT_FIELD("int irq", 8, 4, 1)
				FORMAT_FIELD("__data_loc char[] name", 12, 4, 1)) },
	{ "irq", FORMAT("irq_handler_exit", 305,
			FORMAT_FIELD("int irq", 8, 4, 1) FORMAT_FIELD("int ret", 12, 4, 1)) },
	{ "irq", FORMAT("softirq_entry", 306, FORMAT_FIELD("unsigned int vec", 8, 4, 0)) },
	{ "irq", FORMAT("softirq_exit", 307, FORMAT_FIELD("unsigned int vec", 8, 4, 0)) },
	{ "irq_vectors", FORMAT("local_timer_entry", 308, FORMAT_FIELD("int vector", 8, 4, 1)) },
	{ "irq_vectors", FORMAT("local_timer_exit", 309, FORMAT_FIELD("int vector", 8, 4, 1)) },
	{ "irq_vectors",
	  FORMAT("call_function_single_entry", 310, FORMAT_FIELD("int vector", 8, 4, 1)) },
	{ "irq_vectors",
	  FORMAT("vector_alloc", 311, FORMAT_FIELD("unsigned int vector", 8, 4, 0)) },
	{ "irq_vectors", FORMAT("vector_made_up_entry", 312, FORMAT_FIELD("int vector", 8, 4, 1)) },
	{ "nmi", FORMAT("nmi_handler", 313,
			FORMAT_FIELD("void * handler", 8, 8, 0) FORMAT_FIELD(
				"s64 delta_ns", 16, 8, 1) FORMAT_FIELD("int handled", 24, 4, 1)) },
	{ "workqueue",
	  FORMAT("workqueue_execute_start", 314,
		 FORMAT_FIELD("void * work", 8, 8, 0) FORMAT_FIELD("void * function", 16, 8, 0)) },
	{ "workqueue", FORMAT("workqueue_execute_end", 315, FORMAT_FIELD("void * work", 8, 8, 0)) },
	{ "timer", FORMAT("hrtimer_expire_entry", 316,
			  FORMAT_FIELD("void * hrtimer", 8, 8, 0) FORMAT_FIELD("s64 now", 16, 8, 1)
				  FORMAT_FIELD("void * function", 24, 8, 0)) },
	{ "timer", FORMAT("hrtimer_expire_exit", 317, FORMAT_FIELD("void * hrtimer", 8, 8, 0)) },
	{ "power",
	  FORMAT("cpu_idle", 318,
		 FORMAT_FIELD("u32 state", 8, 4, 0) FORMAT_FIELD("u32 cpu_id", 12, 4, 0)) },
	{ "kvm", FORMAT("kvm_entry", 319, FORMAT_FIELD("unsigned int vcpu_id", 8, 4, 0)) },
	{ "kvm", FORMAT("kvm_exit", 320, EXIT_FIELDS_61) },
	{ "kvm",
	  FORMAT("kvm_userspace_exit", 321,
		 FORMAT_FIELD("__u32 reason", 8, 4, 0) FORMAT_FIELD("int errno", 12, 4, 1)) },
	{ "kvm", FORMAT("kvm_vcpu_wakeup", 322,
			FORMAT_FIELD("__u64 ns", 8, 8, 0) FORMAT_FIELD("bool waited", 16, 1, 0)
				FORMAT_FIELD("bool valid", 17, 1, 0)) },
	{ "kvm", FORMAT("kvm_pio", 323,
			FORMAT_FIELD("unsigned int rw", 8, 4, 0)
				FORMAT_FIELD("unsigned int port", 12, 4, 0)) },
	{ "kvm",
	  FORMAT("kvm_mmio", 324,
		 FORMAT_FIELD("u32 type", 8, 4, 0) FORMAT_FIELD("u32 len", 12, 4, 0)
			 FORMAT_FIELD("u64 gpa", 16, 8, 0) FORMAT_FIELD("u64 val", 24, 8, 0)) },
	{ "kvm", FORMAT("kvm_page_fault", 325,
			FORMAT_FIELD("unsigned int vcpu_id", 8, 4, 0)
				FORMAT_FIELD("unsigned long guest_rip", 16, 8, 0)
					FORMAT_FIELD("u64 fault_address", 24, 8, 0)
						FORMAT_FIELD("u64 error_code", 32, 8, 0)) },
};

struct decoding {
	struct tep_handle *tep;
	struct trace_decoder *decoder;
};

static inline struct decoding decoding_of(const struct format *v, size_t n)
{
	struct decoding d = { .tep = formats_new(v, n) };

	assert_int_equal(trace_decoder_new(d.tep, &d.decoder), 0);
	return d;
}

static inline void decoding_release(struct decoding *d)
{
	trace_decoder_free(d->decoder);
	tep_free(d->tep);
}

static inline bool decode(struct decoding *d, const struct record *r, struct trace_event *e)
{
	/* so that reading beyond it is seen */
	unsigned char *data = malloc(r->size ? r->size : 1);
	bool is_one;

	assert_non_null(data);
	memcpy(data, r->at, r->size);
	is_one = trace_decode(d->decoder, 3, 777, data, r->size, e);
	free(data);
	return is_one;
}

static inline void assert_text(const char *have, const char *want)
{
	if (!want)
		assert_null(have);
	else
		assert_string_equal(have ? have : "(none)", want);
}

#endif
