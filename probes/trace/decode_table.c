/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/decode_table.h"

#include <string.h>

#include "probes/trace/reason.h"

#define INTR_INFO_VALID (UINT64_C(1) << 31)

static void finish_switch(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	e->comm = e->sched_switch.prev_comm;
	decode_state(decode_states_of(d), raw[0], &e->sched_switch.prev_state,
		     &e->sched_switch.prev_letters);
}

static void finish_softirq(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	static const char *const names[] = { "HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
					     "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU" };

	(void)d, (void)raw;
	e->irq.name = e->irq.irq < ARRAY_SIZE(names) ? names[e->irq.irq] : NULL;
}

static void finish_nmi(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	e->nmi.handler = decode_function(d, raw[0]);
}

static void finish_work(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)raw;
	e->work.function_name = decode_function(d, e->work.function);
}

static void finish_timer(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)raw;
	e->timer.function_name = decode_function(d, e->timer.function);
}

/* (u32)-1 leaves idle */
static void finish_idle(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)d, (void)raw;
	if (e->idle.state == UINT32_MAX)
		e->idle.state = UINT64_MAX;
}

/* Kernels before 5.10 have no intr_info; info2 of VMX then is that. */
static void finish_kvm_exit(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	const uint64_t info = raw[0] == UINT64_MAX ? e->kvm.info2 : raw[0];

	e->kvm.reason_name = decode_exit_reason(d, e->kvm.isa, e->kvm.reason);
	if (e->kvm.isa == REASON_ISA_VMX &&
	    (e->kvm.reason & 0xffff) == REASON_VMX_EXTERNAL_INTERRUPT && info != UINT64_MAX &&
	    (info & INTR_INFO_VALID))
		e->kvm.interrupt = info & 0xff;
}

/* As the print format has it: of an error the reason is not told. */
static void finish_userspace(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	const int64_t error = (int64_t)raw[0];

	(void)d;
	if (error < 0) {
		e->kvm.reason_name = error == -EINTR ? "restart" : "error";
		return;
	}
	e->kvm.reason = raw[1];
	e->kvm.reason_name = reason_userspace_name(raw[1]);
}

static void finish_wakeup(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)d;
	if (raw[0] != UINT64_MAX)
		e->kvm.reason_name = raw[0] ? "wait" : "poll";
}

static void finish_pio(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)d;
	e->io.is_write = raw[0] == 1;
}

/* 0: a read that QEMU has to answer, 1: its answer, 2: a write */
static void finish_mmio(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw)
{
	(void)d;
	e->io.is_write = raw[0] == 2;
}

#define F(name, member, as)                                           \
	{                                                             \
		name, offsetof(struct trace_event, member), as, false \
	}
#define F_MAYBE(name, member, as)                                    \
	{                                                            \
		name, offsetof(struct trace_event, member), as, true \
	}
#define RAW(name, index)                       \
	{                                      \
		name, index, DECODE_RAW, false \
	}
#define RAW_MAYBE(name, index)                \
	{                                     \
		name, index, DECODE_RAW, true \
	}

/* clang-format off */
#define WAKING(name) \
	{ "sched", name, TRACE_WAKING, { \
		F("comm", waking.comm, DECODE_TEXT), \
		F("pid", waking.pid, DECODE_PID), \
		F("target_cpu", waking.target_cpu, DECODE_CPU) } }
#define TIMER_FIELDS \
	F("hrtimer", timer.timer, DECODE_U64), \
	F_MAYBE("function", timer.function, DECODE_U64), \
	F_MAYBE("now", timer.now_ns, DECODE_NS)
#define WORK_FIELDS \
	F("work", work.work, DECODE_U64), \
	F_MAYBE("function", work.function, DECODE_U64)
#define VCPU F_MAYBE("vcpu_id", kvm.vcpu, DECODE_U64)

static const struct decode_row rows[] = {
	{ "sched", "sched_switch", TRACE_SWITCH, {
		F("prev_comm", sched_switch.prev_comm, DECODE_TEXT),
		F("prev_pid", sched_switch.prev_pid, DECODE_PID),
		F("prev_prio", sched_switch.prev_prio, DECODE_INT),
		RAW("prev_state", 0),
		F("next_comm", sched_switch.next_comm, DECODE_TEXT),
		F("next_pid", sched_switch.next_pid, DECODE_PID),
		F("next_prio", sched_switch.next_prio, DECODE_INT) }, finish_switch },
	WAKING("sched_waking"),
	WAKING("sched_wakeup"),
	WAKING("sched_wakeup_new"),
	{ "sched", "sched_migrate_task", TRACE_MIGRATE, {
		F("pid", migrate.pid, DECODE_PID),
		F("orig_cpu", migrate.from_cpu, DECODE_CPU),
		F("dest_cpu", migrate.to_cpu, DECODE_CPU) } },
	{ "irq", "irq_handler_entry", TRACE_IRQ_ENTRY, {
		F("irq", irq.irq, DECODE_U64),
		F_MAYBE("name", irq.name, DECODE_TEXT) } },
	{ "irq", "irq_handler_exit", TRACE_IRQ_EXIT, { F("irq", irq.irq, DECODE_U64) } },
	{ "irq", "softirq_entry", TRACE_SOFTIRQ_ENTRY, { F("vec", irq.irq, DECODE_U64) },
	  finish_softirq },
	{ "irq", "softirq_exit", TRACE_SOFTIRQ_EXIT, { F("vec", irq.irq, DECODE_U64) },
	  finish_softirq },
	{ "irq_vectors", NULL, N_TRACE_KINDS, { F("vector", irq.irq, DECODE_U64) } },
	{ "nmi", "nmi_handler", TRACE_NMI, {
		RAW("handler", 0),
		F("delta_ns", nmi.delta_ns, DECODE_NS) }, finish_nmi },
	{ "workqueue", "workqueue_execute_start", TRACE_WORK_START, { WORK_FIELDS }, finish_work },
	{ "workqueue", "workqueue_execute_end", TRACE_WORK_END, { WORK_FIELDS }, finish_work },
	{ "timer", "hrtimer_expire_entry", TRACE_TIMER_ENTRY, { TIMER_FIELDS }, finish_timer },
	{ "timer", "hrtimer_expire_exit", TRACE_TIMER_EXIT, { TIMER_FIELDS }, finish_timer },
	{ "power", "cpu_idle", TRACE_IDLE, { F("state", idle.state, DECODE_U64) }, finish_idle },
	{ "kvm", "kvm_entry", TRACE_KVM_ENTRY, { VCPU } },
	{ "kvm", "kvm_exit", TRACE_KVM_EXIT, {
		VCPU,
		F("exit_reason", kvm.reason, DECODE_U64),
		F_MAYBE("isa", kvm.isa, DECODE_ISA),
		F_MAYBE("info1", kvm.info1, DECODE_U64),
		F_MAYBE("info2", kvm.info2, DECODE_U64),
		RAW_MAYBE("intr_info", 0) }, finish_kvm_exit },
	{ "kvm", "kvm_userspace_exit", TRACE_KVM_USERSPACE, {
		RAW("errno", 0),
		RAW("reason", 1) }, finish_userspace },
	{ "kvm", "kvm_vcpu_wakeup", TRACE_KVM_WAKEUP, {
		F("ns", kvm.info1, DECODE_U64),
		RAW_MAYBE("waited", 0) }, finish_wakeup },
	{ "kvm", "kvm_pio", TRACE_KVM_PIO, {
		RAW("rw", 0),
		F("port", io.address, DECODE_U64) }, finish_pio },
	{ "kvm", "kvm_mmio", TRACE_KVM_MMIO, {
		RAW("type", 0),
		F("gpa", io.address, DECODE_U64) }, finish_mmio },
	{ "kvm", "kvm_page_fault", TRACE_KVM_FAULT, {
		VCPU,
		F("fault_address", kvm.info1, DECODE_U64),
		F_MAYBE("error_code", kvm.info2, DECODE_U64) } },
};
/* clang-format on */

const struct decode_row *decode_rows(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(rows);
	return rows;
}

bool decode_is_vector(const char *event, enum trace_kind *ret_kind, size_t *ret_len)
{
	const struct text name = text_of(event);

	if (text_starts(name, "vector_"))
		return false;
	if (text_ends(name, "_entry")) {
		*ret_kind = TRACE_VECTOR_ENTRY;
		*ret_len = name.len - strlen("_entry");
	} else if (text_ends(name, "_exit")) {
		*ret_kind = TRACE_VECTOR_EXIT;
		*ret_len = name.len - strlen("_exit");
	} else {
		return false;
	}
	return *ret_len > 0;
}
