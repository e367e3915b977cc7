/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/trace/reason.h"
#include "probes/trace/text_event.h"
#include "probes/trace/text_scan.h"

#define INTR_INFO_VALID (UINT64_C(1) << 31)

/* Kernels before 5.10 and the plugin of libtraceevent leave the vCPU of kvm_exit out. */
static void set_vcpu(struct text args, struct trace_event *e)
{
	struct text rest;

	e->kvm.vcpu = e->kvm.reason = UINT64_MAX;
	e->kvm.info1 = e->kvm.info2 = e->kvm.interrupt = UINT64_MAX;
	e->kvm.isa = REASON_ISA_UNKNOWN;
	e->kvm.reason_name = NULL;
	if ((!scan_behind_first(args, "vcpu ", &rest) &&
	     !scan_behind_first(args, "vcpu_id=", &rest)) ||
	    !scan_take(&rest, false, &e->kvm.vcpu))
		e->kvm.vcpu = UINT64_MAX;
}

int trace_args_kvm_entry(struct text args, struct trace_strings *s, struct trace_event *e)
{
	(void)s;
	set_vcpu(args, e);
	return 0;
}

/* "EPT_VIOLATION", "UD excp", "48" of kernels that know no name for it */
static void set_reason_word(struct text rest, struct trace_strings *s, struct trace_event *e)
{
	struct text word, next, number;

	if (!text_next_word(&rest, &word))
		return;
	if (text_next_word(&rest, &next) && text_equal(next, "excp"))
		word.len = (size_t)(next.at + next.len - word.at);
	e->kvm.reason_name = trace_string(s, word);
	number = word;
	if (scan_is_digit(word.at[0]) && scan_take(&number, false, &e->kvm.reason) && !number.len)
		return;
	e->kvm.reason = UINT64_MAX;
	if (reason_number(word, REASON_ISA_UNKNOWN, &e->kvm.reason, &e->kvm.isa) < 0)
		e->kvm.reason = UINT64_MAX;
}

/* "exit_reason=48 guest_rip=… isa=1" */
static void set_raw_reason(struct text args, struct trace_event *e)
{
	uint64_t isa;

	if (!scan_number(args, "exit_reason=", &e->kvm.reason))
		return;
	if (scan_number(args, "isa=", &isa) && isa <= REASON_ISA_SVM)
		e->kvm.isa = (int)isa;
	e->kvm.reason_name = reason_name(e->kvm.isa, e->kvm.reason);
}

/* "info A B intr C" in hexadecimal without "0x" (old), "info1 0x… info2 0x… intr_info 0x…" */
static void set_info(struct text args, struct trace_event *e)
{
	uint64_t interrupt = 0;
	struct text rest;

	if (scan_behind_first(args, "info ", &rest)) {
		if (scan_take(&rest, true, &e->kvm.info1)) {
			rest = text_trim(rest);
			if (scan_take(&rest, true, &e->kvm.info2))
				interrupt = e->kvm.info2;
		}
		scan_hex(args, "intr ", &interrupt);
	} else {
		scan_hex(args, "info1 ", &e->kvm.info1);
		scan_hex(args, "info2 ", &e->kvm.info2);
		scan_hex(args, "intr_info ", &interrupt);
		scan_hex(args, "info1=", &e->kvm.info1);
		scan_hex(args, "info2=", &e->kvm.info2);
		scan_hex(args, "intr_info=", &interrupt);
	}
	if (e->kvm.isa == REASON_ISA_VMX && e->kvm.reason == REASON_VMX_EXTERNAL_INTERRUPT &&
	    (interrupt & INTR_INFO_VALID))
		e->kvm.interrupt = interrupt & 0xff;
}

/* Somebody may have cut all of it off: an exit it is nevertheless. */
int trace_args_kvm_exit(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text rest;

	set_vcpu(args, e);
	if (scan_behind_first(args, "reason ", &rest))
		set_reason_word(rest, s, e);
	else
		set_raw_reason(args, e);
	set_info(args, e);
	return 0;
}

/* "reason KVM_EXIT_IO (2)", "reason restart (4)": interrupted by a signal, then it is an errno */
int trace_args_kvm_userspace(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text rest, word;
	uint64_t number;

	set_vcpu(args, e);
	if (!scan_behind_first(args, "reason ", &rest) || !text_next_word(&rest, &word)) {
		if (scan_number(args, "reason=", &e->kvm.reason))
			e->kvm.reason_name = reason_userspace_name(e->kvm.reason);
		return 0;
	}
	e->kvm.reason_name = trace_string(s, word);
	if (text_equal(word, "restart") || text_equal(word, "error"))
		return 0;
	rest = text_trim(rest);
	if (text_starts(rest, "(")) {
		rest = scan_from(rest, 1);
		if (scan_take(&rest, false, &number)) {
			e->kvm.reason = number;
			/* "reason 0x1d (29)": newer than the tool that printed it */
			if (scan_is_digit(word.at[0]) && reason_userspace_name(number))
				e->kvm.reason_name = reason_userspace_name(number);
		}
	}
	return 0;
}

/* "poll time 12345 ns, polling valid", "wait time …" */
int trace_args_kvm_wakeup(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text rest = args, how;

	set_vcpu(args, e);
	if (text_next_word(&rest, &how))
		e->kvm.reason_name = trace_string(s, how);
	if (!scan_number(args, "time ", &e->kvm.info1) && !scan_number(args, "ns=", &e->kvm.info1))
		return -EBADMSG;
	return 0;
}

/* "pio_write at 0x3f8 size 1 count 1 val 0x34", raw "rw=1 port=0x3f8" */
int trace_args_kvm_pio(struct text args, struct trace_strings *s, struct trace_event *e)
{
	uint64_t rw = 0;

	(void)s;
	scan_number(args, "rw=", &rw);
	e->io.is_write = rw || text_starts(args, "pio_write");
	return scan_hex(args, "at ", &e->io.address) || scan_hex(args, "port=", &e->io.address)
		       ? 0
		       : -EBADMSG;
}

/* "mmio write len 4 gpa 0x81111024 val 0x4", "mmio unsatisfied-read …", raw "type=2 gpa=0x…" */
int trace_args_kvm_mmio(struct text args, struct trace_strings *s, struct trace_event *e)
{
	uint64_t type = 0;

	(void)s;
	scan_number(args, "type=", &type);
	e->io.is_write = type == 2 || text_starts(args, "mmio write");
	return scan_hex(args, "gpa ", &e->io.address) || scan_hex(args, "gpa=", &e->io.address)
		       ? 0
		       : -EBADMSG;
}

/* "vcpu 0 rip 0x… address 0x… error_code 0x181", before 6.1 "address fd000 error_code 14" */
int trace_args_kvm_fault(struct text args, struct trace_strings *s, struct trace_event *e)
{
	(void)s;
	set_vcpu(args, e);
	if (!scan_hex(args, "address ", &e->kvm.info1))
		scan_hex(args, "fault_address=", &e->kvm.info1);
	if (!scan_hex(args, "error_code ", &e->kvm.info2))
		scan_hex(args, "error_code=", &e->kvm.info2);
	return 0;
}
