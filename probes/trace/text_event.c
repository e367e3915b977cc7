/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/text_event.h"

#include <string.h>

static const struct trace_event_row rows[] = {
	{ "sched_switch", TRACE_SWITCH, trace_args_switch },
	{ "sched_waking", TRACE_WAKING, trace_args_wake },
	{ "sched_wakeup", TRACE_WAKING, trace_args_wake },
	{ "sched_wakeup_new", TRACE_WAKING, trace_args_wake },
	{ "sched_migrate_task", TRACE_MIGRATE, trace_args_migrate },
	{ "irq_handler_entry", TRACE_IRQ_ENTRY, trace_args_irq_entry },
	{ "irq_handler_exit", TRACE_IRQ_EXIT, trace_args_irq_exit },
	{ "softirq_entry", TRACE_SOFTIRQ_ENTRY, trace_args_softirq },
	{ "softirq_exit", TRACE_SOFTIRQ_EXIT, trace_args_softirq },
	{ "nmi_handler", TRACE_NMI, trace_args_nmi },
	{ "workqueue_execute_start", TRACE_WORK_START, trace_args_work },
	{ "workqueue_execute_end", TRACE_WORK_END, trace_args_work },
	{ "hrtimer_expire_entry", TRACE_TIMER_ENTRY, trace_args_timer },
	{ "hrtimer_expire_exit", TRACE_TIMER_EXIT, trace_args_timer },
	{ "cpu_idle", TRACE_IDLE, trace_args_idle },
	{ "kvm_entry", TRACE_KVM_ENTRY, trace_args_kvm_entry },
	{ "kvm_exit", TRACE_KVM_EXIT, trace_args_kvm_exit },
	{ "kvm_userspace_exit", TRACE_KVM_USERSPACE, trace_args_kvm_userspace },
	{ "kvm_vcpu_wakeup", TRACE_KVM_WAKEUP, trace_args_kvm_wakeup },
	{ "kvm_pio", TRACE_KVM_PIO, trace_args_kvm_pio },
	{ "kvm_mmio", TRACE_KVM_MMIO, trace_args_kvm_mmio },
	{ "kvm_page_fault", TRACE_KVM_FAULT, trace_args_kvm_fault },
	/* irq_vectors: those that run a handler, not those that manage vectors */
	{ "local_timer_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "local_timer_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "reschedule_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "reschedule_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "call_function_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "call_function_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "call_function_single_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "call_function_single_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "irq_work_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "irq_work_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "x86_platform_ipi_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "x86_platform_ipi_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "thermal_apic_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "thermal_apic_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "threshold_apic_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "threshold_apic_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "deferred_error_apic_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "deferred_error_apic_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "error_apic_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "error_apic_exit", TRACE_VECTOR_EXIT, trace_args_vector },
	{ "spurious_apic_entry", TRACE_VECTOR_ENTRY, trace_args_vector },
	{ "spurious_apic_exit", TRACE_VECTOR_EXIT, trace_args_vector },
};

const struct trace_event_row *trace_event_find(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (text_equal(name, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

bool trace_event_is_known(struct text name)
{
	return trace_event_find(name) || text_starts(name, "kvm_") || text_starts(name, "sched_");
}

const char *trace_string(struct trace_strings *s, struct text t)
{
	char *at = s->at + s->n;

	if (!t.len || t.len >= s->size - s->n)
		return NULL;
	memcpy(at, t.at, t.len);
	at[t.len] = '\0';
	s->n += t.len + 1;
	return at;
}
