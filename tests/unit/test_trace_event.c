/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/trace/reason.h"
#include "probes/trace/text_event.h"
#include "tests/lib/trace.h"

#define NONE UINT64_MAX

/* The payload of one event behind a good line. */
static struct reader read_one(const char *event, bool is_shifted, struct trace_event *ret_event)
{
	const struct trace_text_options options = { .is_shifted = is_shifted, .wants_all = true };
	static char line[512];
	struct reader r;

	snprintf(line, sizeof(line), "a-7 [003] .... 12.345678: %s\n", event);
	r = reader_of(line, strlen(line), options);
	assert_int_equal(next(&r, ret_event), 1);
	return r;
}

static void assert_same(const char *a, const char *want, const char *what)
{
	if ((a || want) && (!a || !want || strcmp(a, want) != 0))
		fail_msg("%s: \"%s\" is not \"%s\"", what, a ? a : "(none)",
			 want ? want : "(none)");
}

static void test_switch(void **state)
{
	static const struct {
		const char *args;
		const char *prev, *next;
		int prev_pid, prev_prio, next_pid, next_prio;
		const char *letters;
		enum trace_task_state state;
	} cases[] = {
		{ "prev_comm=CPU 0/KVM prev_pid=10 prev_prio=120 prev_state=R+ ==> next_comm=b c next_pid=11 "
		  "next_prio=97",
		  "CPU 0/KVM", "b c", 10, 120, 11, 97, "R+", TRACE_TASK_PREEMPTED },
		{ "prev_comm=a prev_pid=1 b prev_pid=10 prev_prio=120 prev_state=D|K ==> next_comm= next_pid=0 "
		  "next_prio=120",
		  "a prev_pid=1 b", NULL, 10, 120, 0, 120, "D|K", TRACE_TASK_BLOCKED },
		{ "prev_comm=a prev_pid=10 prev_prio=120 prev_state=0x402 next_comm=b next_pid=11 next_prio=9",
		  "a", "b", 10, 120, 11, 9, "0x402", TRACE_TASK_SLEEPING },
		{ "kworker/0:1H:31 [100] S ==> trace-cmd:116 [120]", "kworker/0:1H", "trace-cmd",
		  31, 100, 116, 120, "S", TRACE_TASK_SLEEPING },
		{ "a [1]:2 [3] ==> b:31 [100] R ==> c:116 [120]", "a [1]:2 [3] ==> b", "c", 31, 100,
		  116, 120, "R", TRACE_TASK_RUNNABLE },
		{ "task bash:123 [120] (T) ==> swapper:0 [140]", "bash", "swapper", 123, 120, 0,
		  140, "T", TRACE_TASK_STOPPED },
		/* cut off, or odd */
		{ "prev_comm=qemu-system-x86 ...", NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "prev_comm=a prev_pid=10 prev_prio=120 ==> next_comm=b next_pid=11 next_prio=9",
		  NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "prev_comm=a prev_pid=-3 prev_prio=120 prev_state=S ==> next_comm=b next_pid=11 next_prio=9",
		  NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "prev_comm=a prev_pid=99999999999 prev_prio=120 prev_state=S ==> next_comm=b next_pid=11 next_prio=9",
		  NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "a:1 [120] ==> b:2 [120]", NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "a:x [120] S ==> b:2 [120]", NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "a [120] S ==> b:2 [120]", NULL, NULL, 0, 0, 0, 0, NULL, 0 },
		{ "", NULL, NULL, 0, 0, 0, 0, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_event e;
		struct reader r;
		char event[300];

		snprintf(event, sizeof(event), "sched_switch: %s", cases[i].args);
		r = read_one(event, false, &e);
		assert_int_equal(trace_text_stats(r.text)->n_unread[TRACE_SWITCH],
				 !cases[i].letters);
		if (cases[i].letters) {
			assert_int_equal(e.kind, TRACE_SWITCH);
			assert_same(e.sched_switch.prev_comm, cases[i].prev, cases[i].args);
			assert_same(e.sched_switch.next_comm, cases[i].next, cases[i].args);
			assert_same(e.sched_switch.prev_letters, cases[i].letters, cases[i].args);
			assert_int_equal(e.sched_switch.prev_pid, cases[i].prev_pid);
			assert_int_equal(e.sched_switch.prev_prio, cases[i].prev_prio);
			assert_int_equal(e.sched_switch.next_pid, cases[i].next_pid);
			assert_int_equal(e.sched_switch.next_prio, cases[i].next_prio);
			assert_int_equal(e.sched_switch.prev_state, cases[i].state);
		} else {
			assert_int_equal(e.kind, TRACE_OTHER);
		}
		reader_release(&r);
	}
}

static void test_states(void **state)
{
	static const struct {
		const char *letters;
		bool is_shifted, is_to_idle;
		enum trace_task_state state;
	} cases[] = {
		{ "R", false, false, TRACE_TASK_RUNNABLE },
		{ "R", false, true, TRACE_TASK_RUNNABLE },
		{ "R+", false, false, TRACE_TASK_PREEMPTED },
		{ "S", false, false, TRACE_TASK_SLEEPING },
		{ "I", false, false, TRACE_TASK_SLEEPING },
		{ "P", false, false, TRACE_TASK_SLEEPING },
		{ "D", false, false, TRACE_TASK_BLOCKED },
		{ "D|W", false, false, TRACE_TASK_BLOCKED },
		{ "S|T", false, false, TRACE_TASK_SLEEPING },
		{ "t", false, false, TRACE_TASK_STOPPED },
		{ "X", false, false, TRACE_TASK_DEAD },
		{ "x", false, false, TRACE_TASK_DEAD },
		{ "Z", false, false, TRACE_TASK_DEAD },
		{ "?", false, false, TRACE_TASK_UNKNOWN },
		{ "", false, false, TRACE_TASK_UNKNOWN },
		/* numbers, of several kernels */
		{ "0x0", false, false, TRACE_TASK_RUNNABLE },
		{ "0", false, false, TRACE_TASK_RUNNABLE },
		{ "0x1", false, false, TRACE_TASK_SLEEPING },
		{ "2", false, false, TRACE_TASK_BLOCKED },
		{ "0x402", false, false, TRACE_TASK_SLEEPING },
		{ "0x100", false, false, TRACE_TASK_PREEMPTED },
		{ "0x2000", false, false, TRACE_TASK_PREEMPTED },
		{ "0x1000", false, false, TRACE_TASK_PREEMPTED },
		{ "0x80", false, false, TRACE_TASK_SLEEPING },
		{ "0x4", false, false, TRACE_TASK_STOPPED },
		{ "0xg", false, false, TRACE_TASK_UNKNOWN },
		{ "12x", false, false, TRACE_TASK_UNKNOWN },
		/* one letter too far */
		{ "S", true, false, TRACE_TASK_RUNNABLE },
		{ "D", true, false, TRACE_TASK_SLEEPING },
		{ "T", true, false, TRACE_TASK_BLOCKED },
		{ "t", true, false, TRACE_TASK_STOPPED },
		{ "P", true, false, TRACE_TASK_DEAD },
		{ "R+", true, false, TRACE_TASK_PREEMPTED },
		{ "R+", true, true, TRACE_TASK_SLEEPING },
		{ "R", true, true, TRACE_TASK_SLEEPING },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (trace_task_state_of(text_of(cases[i].letters), cases[i].is_shifted,
					cases[i].is_to_idle) != cases[i].state)
			fail_msg("%s, shifted %d, to idle %d", cases[i].letters,
				 cases[i].is_shifted, cases[i].is_to_idle);
	}
}

static void test_sched(void **state)
{
	static const struct {
		const char *event;
		enum trace_kind kind;
		int a, b, c;
		const char *comm;
	} cases[] = {
		{ "sched_waking: comm=CPU 2/KVM pid=2949 prio=120 target_cpu=007", TRACE_WAKING,
		  2949, 7, 0, "CPU 2/KVM" },
		{ "sched_wakeup: comm=a pid=1 prio=120 success=1 target_cpu=001", TRACE_WAKING, 1,
		  1, 0, "a" },
		{ "sched_wakeup_new: CPU 0/KVM:38610 [120] success=1 CPU:026", TRACE_WAKING, 38610,
		  26, 0, "CPU 0/KVM" },
		{ "sched_wakeup: a:10 [120]<CANT FIND FIELD success> CPU:026", TRACE_WAKING, 10, 26,
		  0, "a" },
		{ "sched_waking: comm=qemu-system-x86 pid=11385 ...", TRACE_WAKING, 11385, -1, 0,
		  "qemu-system-x86" },
		{ "sched_waking: comm=qemu", TRACE_OTHER, 0, 0, 0, NULL },
		{ "sched_waking: gone", TRACE_OTHER, 0, 0, 0, NULL },
		{ "sched_migrate_task: comm=a pid=5 prio=120 orig_cpu=15 dest_cpu=14",
		  TRACE_MIGRATE, 5, 15, 14, NULL },
		{ "sched_migrate_task: comm=a pid=5 prio=120 orig_cpu=15", TRACE_OTHER, 0, 0, 0,
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_event e;
		struct reader r = read_one(cases[i].event, false, &e);

		if (e.kind != cases[i].kind)
			fail_msg("%s: kind %d", cases[i].event, e.kind);
		if (e.kind == TRACE_WAKING) {
			assert_int_equal(e.waking.pid, cases[i].a);
			assert_int_equal(e.waking.target_cpu, cases[i].b);
			assert_same(e.waking.comm, cases[i].comm, cases[i].event);
		} else if (e.kind == TRACE_MIGRATE) {
			assert_int_equal(e.migrate.pid, cases[i].a);
			assert_int_equal(e.migrate.from_cpu, cases[i].b);
			assert_int_equal(e.migrate.to_cpu, cases[i].c);
		}
		reader_release(&r);
	}
}

static void test_handlers(void **state)
{
	static const struct {
		const char *event;
		enum trace_kind kind;
		uint64_t number;
		const char *name;
	} cases[] = {
		{ "irq_handler_entry: irq=131 name=vfio-msix[3](0000:01:00.0)", TRACE_IRQ_ENTRY,
		  131, "vfio-msix[3](0000:01:00.0)" },
		{ "irq_handler_entry: irq=9 handler=acpi x", TRACE_IRQ_ENTRY, 9, "acpi x" },
		{ "irq_handler_exit: irq=131 ret=handled", TRACE_IRQ_EXIT, 131, NULL },
		{ "irq_handler_exit: ret=handled", TRACE_OTHER, 0, NULL },
		{ "softirq_entry: vec=7 [action=SCHED]", TRACE_SOFTIRQ_ENTRY, 7, "SCHED" },
		{ "softirq_exit: softirq=1 action=TIMER", TRACE_SOFTIRQ_EXIT, 1, "TIMER" },
		{ "softirq_entry: vec=9", TRACE_SOFTIRQ_ENTRY, 9, "RCU" },
		{ "softirq_entry: vec=10", TRACE_SOFTIRQ_ENTRY, 10, NULL },
		{ "local_timer_entry: vector=236", TRACE_VECTOR_ENTRY, 236, "local_timer" },
		{ "call_function_single_exit: vector=251", TRACE_VECTOR_EXIT, 251,
		  "call_function_single" },
		{ "vector_alloc: vector=3", TRACE_OTHER, 0, NULL },
		{ "local_timer_entry: ", TRACE_OTHER, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_event e;
		struct reader r = read_one(cases[i].event, false, &e);

		if (e.kind != cases[i].kind)
			fail_msg("%s: kind %d", cases[i].event, e.kind);
		if (e.kind != TRACE_OTHER) {
			assert_int_equal(e.irq.irq, cases[i].number);
			assert_same(e.irq.name, cases[i].name, cases[i].event);
		}
		reader_release(&r);
	}
}

static void test_others(void **state)
{
	struct trace_event e;
	struct reader r;

	(void)state;
	r = read_one("nmi_handler: perf_event_nmi_handler() delta_ns: 1234 handled: 1", false, &e);
	assert_int_equal(e.kind, TRACE_NMI);
	assert_int_equal(e.nmi.delta_ns, 1234);
	assert_same(e.nmi.handler, "perf_event_nmi_handler", "nmi");
	reader_release(&r);
	r = read_one(
		"workqueue_execute_start: work struct 00000000f3bb0001: function blk_mq_run_work_fn",
		false, &e);
	assert_int_equal(e.kind, TRACE_WORK_START);
	assert_int_equal(e.work.work, 0xf3bb0001);
	assert_same(e.work.function_name, "blk_mq_run_work_fn", "work");
	reader_release(&r);
	r = read_one("workqueue_execute_end: work=0xf3bb function=0xffffffff81000000", false, &e);
	assert_int_equal(e.kind, TRACE_WORK_END);
	assert_int_equal(e.work.function, 0xffffffff81000000);
	assert_null(e.work.function_name);
	reader_release(&r);
	r = read_one(
		"hrtimer_expire_entry: hrtimer=00000000cafe function=tick_sched_timer now=123456789000",
		false, &e);
	assert_int_equal(e.kind, TRACE_TIMER_ENTRY);
	assert_int_equal(e.timer.timer, 0xcafe);
	assert_int_equal(e.timer.now_ns, UINT64_C(123456789000));
	assert_same(e.timer.function_name, "tick_sched_timer", "timer");
	reader_release(&r);
	r = read_one("cpu_idle: state=4294967295 cpu_id=3", false, &e);
	assert_int_equal(e.kind, TRACE_IDLE);
	assert_int_equal(e.idle.state, NONE);
	reader_release(&r);
	r = read_one("kvm_pio: pio_write at 0x608 size 1 count 1 val 0x34 ", false, &e);
	assert_int_equal(e.kind, TRACE_KVM_PIO);
	assert_int_equal(e.io.address, 0x608);
	assert_true(e.io.is_write);
	reader_release(&r);
	r = read_one("kvm_pio: pio_read  at 0x3f8 ...", false, &e);
	assert_int_equal(e.io.address, 0x3f8);
	assert_false(e.io.is_write);
	reader_release(&r);
	r = read_one("kvm_mmio: mmio unsatisfied-read len 4 gpa 0xfed000f0 val 0x0", false, &e);
	assert_int_equal(e.kind, TRACE_KVM_MMIO);
	assert_int_equal(e.io.address, 0xfed000f0);
	assert_false(e.io.is_write);
	reader_release(&r);
	r = read_one("kvm_mmio: mmio", false, &e);
	assert_int_equal(e.kind, TRACE_OTHER);
	reader_release(&r);
}

static void test_kvm(void **state)
{
	static const struct {
		const char *event;
		enum trace_kind kind;
		uint64_t vcpu, reason;
		int isa;
		const char *name;
		uint64_t info1, info2, interrupt;
	} cases[] = {
		{ "kvm_entry: vcpu 3, rip 0xfff0", TRACE_KVM_ENTRY, 3, NONE, 0, NULL, NONE, NONE,
		  NONE },
		{ "kvm_entry: vcpu_id=3 rip=0xfff0", TRACE_KVM_ENTRY, 3, NONE, 0, NULL, NONE, NONE,
		  NONE },
		{ "kvm_exit: vcpu 2 reason EPT_VIOLATION rip 0x1 info1 0x0000000000000581 info2 0x3 intr_info "
		  "0x800000ec error_code 0x0",
		  TRACE_KVM_EXIT, 2, 48, 1, "EPT_VIOLATION", 0x581, 3, NONE },
		{ "kvm_exit: vcpu 0 reason EXTERNAL_INTERRUPT rip 0x1 info1 0x0 info2 0x0 intr_info 0x800000ec "
		  "error_code 0x0",
		  TRACE_KVM_EXIT, 0, 1, 1, "EXTERNAL_INTERRUPT", 0, 0, 236 },
		{ "kvm_exit: reason EXTERNAL_INTERRUPT rip 0xbf68f16f info 0 800000fd",
		  TRACE_KVM_EXIT, NONE, 1, 1, "EXTERNAL_INTERRUPT", 0, 0x800000fd, 253 },
		{ "kvm_exit: reason VMCALL rip 0x1 info 0 0 intr 0", TRACE_KVM_EXIT, NONE, 18, 1,
		  "VMCALL", 0, 0, NONE },
		{ "kvm_exit: reason EXIT_NPF rip 0x0 info 1680000007 1729a1000", TRACE_KVM_EXIT,
		  NONE, 0x400, 2, "EXIT_NPF", 0x1680000007, 0x1729a1000, NONE },
		{ "kvm_exit: reason EXIT_EXCP_GP rip 0x0 info 6a 0", TRACE_KVM_EXIT, NONE, 0x4d, 2,
		  "EXIT_EXCP_GP", 0x6a, 0, NONE },
		{ "kvm_exit: vcpu 1 reason UD excp rip 0x0 info1 0x0 info2 0x0", TRACE_KVM_EXIT, 1,
		  0x46, 2, "UD excp", 0, 0, NONE },
		{ "kvm_exit: vcpu 1 reason INVALID_STATE FAILED_VMENTRY rip 0x0 info1 0x0 info2 0x0",
		  TRACE_KVM_EXIT, 1, 33, 1, "INVALID_STATE", 0, 0, NONE },
		{ "kvm_exit: reason apic_access rip 0x0", TRACE_KVM_EXIT, NONE, 44, 1,
		  "apic_access", NONE, NONE, NONE },
		{ "kvm_exit: reason PENDING_INTERRUPT rip 0x0", TRACE_KVM_EXIT, NONE, 7, 1,
		  "PENDING_INTERRUPT", NONE, NONE, NONE },
		/* both have it, nobody told which */
		{ "kvm_exit: reason hlt rip 0x0", TRACE_KVM_EXIT, NONE, NONE, 0, "hlt", NONE, NONE,
		  NONE },
		{ "kvm_exit: reason 0x63 rip 0x0", TRACE_KVM_EXIT, NONE, 0x63, 0, "0x63", NONE,
		  NONE, NONE },
		{ "kvm_exit: exit_reason=48 guest_rip=0x1 isa=1 info1=0x2 info2=0x3",
		  TRACE_KVM_EXIT, NONE, 48, 1, "EPT_VIOLATION", 2, 3, NONE },
		{ "kvm_exit", TRACE_KVM_EXIT, NONE, NONE, 0, NULL, NONE, NONE, NONE },
		{ "kvm_userspace_exit: reason KVM_EXIT_IO (2)", TRACE_KVM_USERSPACE, NONE, 2, 0,
		  "KVM_EXIT_IO", NONE, NONE, NONE },
		{ "kvm_userspace_exit: reason 0x1d (29)", TRACE_KVM_USERSPACE, NONE, 29, 0,
		  "KVM_EXIT_X86_RDMSR", NONE, NONE, NONE },
		{ "kvm_userspace_exit: reason restart (4)", TRACE_KVM_USERSPACE, NONE, NONE, 0,
		  "restart", NONE, NONE, NONE },
		{ "kvm_vcpu_wakeup: wait time 12345 ns, polling valid", TRACE_KVM_WAKEUP, NONE,
		  NONE, 0, "wait", 12345, NONE, NONE },
		{ "kvm_vcpu_wakeup: hm", TRACE_OTHER, 0, 0, 0, NULL, 0, 0, 0 },
		{ "kvm_page_fault: vcpu 5 rip 0x7f address 0x0000000113600002 error_code 0x181",
		  TRACE_KVM_FAULT, 5, NONE, 0, NULL, 0x113600002, 0x181, NONE },
		{ "kvm_page_fault: address fc000 error_code 14", TRACE_KVM_FAULT, NONE, NONE, 0,
		  NULL, 0xfc000, 0x14, NONE },
		{ "kvm_nested_vmexit: rip 1 reason EXIT_NPF", TRACE_OTHER, 0, 0, 0, NULL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_event e;
		struct reader r = read_one(cases[i].event, false, &e);

		if (e.kind != cases[i].kind)
			fail_msg("%s: kind %d", cases[i].event, e.kind);
		if (e.kind != TRACE_OTHER) {
			if (e.kvm.vcpu != cases[i].vcpu || e.kvm.reason != cases[i].reason ||
			    e.kvm.isa != cases[i].isa || e.kvm.info1 != cases[i].info1 ||
			    e.kvm.info2 != cases[i].info2 || e.kvm.interrupt != cases[i].interrupt)
				fail_msg(
					"%s: vcpu %llx reason %llx isa %d info %llx %llx interrupt %llx",
					cases[i].event, (unsigned long long)e.kvm.vcpu,
					(unsigned long long)e.kvm.reason, e.kvm.isa,
					(unsigned long long)e.kvm.info1,
					(unsigned long long)e.kvm.info2,
					(unsigned long long)e.kvm.interrupt);
			assert_same(e.kvm.reason_name, cases[i].name, cases[i].event);
		}
		reader_release(&r);
	}
}

static void test_reason_names(void **state)
{
	uint64_t number = 0;
	int isa = 0;

	(void)state;
	assert_string_equal(reason_name(REASON_ISA_VMX, 7), "INTERRUPT_WINDOW");
	assert_string_equal(reason_name(REASON_ISA_VMX, 33 | UINT64_C(1) << 31), "INVALID_STATE");
	assert_string_equal(reason_name(REASON_ISA_SVM, 0x400), "npf");
	assert_null(reason_name(REASON_ISA_VMX, 0x400));
	assert_null(reason_name(REASON_ISA_UNKNOWN, 1));
	assert_string_equal(reason_userspace_name(2), "KVM_EXIT_IO");
	assert_null(reason_userspace_name(1000));
	assert_int_equal(reason_number(text_of("hlt"), REASON_ISA_VMX, &number, &isa), 0);
	assert_int_equal(number, 12);
	assert_int_equal(reason_number(text_of("hlt"), REASON_ISA_SVM, &number, &isa), 0);
	assert_int_equal(number, 0x78);
	assert_int_equal(reason_number(text_of("EXIT_HLT"), REASON_ISA_UNKNOWN, &number, &isa), 0);
	assert_int_equal(number, 0x78);
	assert_int_equal(isa, REASON_ISA_SVM);
	assert_int_equal(reason_number(text_of("nothing"), REASON_ISA_VMX, &number, &isa), -ENOENT);
	assert_int_equal(reason_number(text_of("EXIT_nothing"), REASON_ISA_SVM, &number, &isa),
			 -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switch),       cmocka_unit_test(test_states),
		cmocka_unit_test(test_sched),        cmocka_unit_test(test_handlers),
		cmocka_unit_test(test_others),       cmocka_unit_test(test_kvm),
		cmocka_unit_test(test_reason_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
