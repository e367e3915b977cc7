/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/rows.h"

#include <fnmatch.h>
#include <string.h>

#include "probes/trace/machine.h"
#include "probes/trace/places.h"

#define ANY UINT64_MAX

/* number: of tasks the role, of io the place. Patterns as in fnmatch(3); NULL: whatever it is. */
struct row {
	enum culprit_class class;
	uint64_t number;
	const char *text, *function;
	const char *ids[ROWS_MAX];
};

/* clang-format off */
static const struct row table[] = {
	/* What measures: names.h says so. */
	{ CULPRIT_TASK, TRACE_ROLE_STRANGER, "vfiobench", NULL, { NULL } },
	{ CULPRIT_TASK, TRACE_ROLE_STRANGER, "vfiobench-[!m]*", NULL, { NULL } },
	{ CULPRIT_TASK, ANY, "kvm-nx-lpage-re*", NULL, { "kthr.nx-recovery" } },
	{ CULPRIT_TASK, TRACE_ROLE_VCPU, NULL, NULL, { "pin.pileup", "pin.vcpupin" } },
	{ CULPRIT_TASK, TRACE_ROLE_EMULATOR, NULL, NULL, { "pin.emulator" } },
	{ CULPRIT_TASK, TRACE_ROLE_IOTHREAD, NULL, NULL, { "pin.iothread" } },
	{ CULPRIT_TASK, TRACE_ROLE_VHOST, NULL, NULL, { "pin.vhost" } },
	{ CULPRIT_TASK, TRACE_ROLE_WORKER, NULL, NULL, { "pin.emulator" } },
	{ CULPRIT_TASK, TRACE_ROLE_OTHER, NULL, NULL, { "pin.emulator" } },
	{ CULPRIT_TASK, ANY, "vhost-*", NULL, { "pin.vhost" } },
	{ CULPRIT_TASK, ANY, "CPU */KVM", NULL, { "pin.pileup" } },
	{ CULPRIT_TASK, ANY, "kworker/*", "wb_workfn", { "wq.cpumask", "vm.dirty" } },
	{ CULPRIT_TASK, ANY, "kworker/*", "vmstat_*", { "vm.stat-interval" } },
	{ CULPRIT_TASK, ANY, "kworker/u*", NULL, { "wq.cpumask" } },
	/* A worker of one CPU works where its work was queued: by an interrupt or a thread there. */
	{ CULPRIT_TASK, ANY, "kworker/*", "blk_mq_*", { "irq.managed", "isol.tasks-on-g" } },
	{ CULPRIT_TASK, ANY, "kworker/*", NULL, { "wq.cpumask", "isol.tasks-on-g" } },
	{ CULPRIT_TASK, ANY, "ksoftirqd/*", NULL, { "softirq.net-block" } },
	{ CULPRIT_TASK, ANY, "rcu*", NULL, { "cpu.rcu-nocbs" } },
	{ CULPRIT_TASK, ANY, "khugepaged", NULL, { "thp.cost-claim", "thp.never" } },
	{ CULPRIT_TASK, ANY, "kcompactd*", NULL, { "thp.cost-claim", "mem.compaction" } },
	{ CULPRIT_TASK, ANY, "kswapd*", NULL, { "mem.swap", "kthr.affinity" } },
	{ CULPRIT_TASK, ANY, "ksmd", NULL, { "mem.ksm" } },
	/* The stopper runs the watchdog every few seconds, and moves threads. */
	{ CULPRIT_TASK, ANY, "migration/*", NULL, { "wdt.lockup", "isol.domain-flag" } },
	{ CULPRIT_TASK, ANY, "watchdog/*", NULL, { "wdt.lockup" } },
	{ CULPRIT_TASK, ANY, "irq/*", NULL, { "irq.threaded", "irq.host-on-g" } },
	{ CULPRIT_TASK, ANY, "irqbalance", NULL, { "irq.irqbalance" } },
	{ CULPRIT_TASK, ANY, "numad", NULL, { "numa.numad" } },
	{ CULPRIT_TASK, ANY, NULL, NULL, { "isol.tasks-on-g" } },

	{ CULPRIT_IRQ, ANY, "vfio-intx*", NULL, { "msi.enabled", "irq.vfio-placement" } },
	{ CULPRIT_IRQ, ANY, "vfio-*", NULL, { "irq.posted", "irq.vfio-placement" } },
	/* Queues of the kernel's own spreading refuse to be moved. */
	{ CULPRIT_IRQ, ANY, "nvme[0-9]*q[0-9]*", NULL, { "irq.managed", "irq.host-on-g" } },
	{ CULPRIT_IRQ, ANY, "virtio[0-9]*-req*", NULL, { "irq.managed", "irq.host-on-g" } },
	{ CULPRIT_IRQ, ANY, NULL, NULL, { "irq.host-on-g" } },

	/* Timers of the guest itself, that KVM runs. */
	{ CULPRIT_VECTOR, ANY, "local_timer", "apic_timer_fn", { "hv.stimer" } },
	{ CULPRIT_VECTOR, ANY, "local_timer", "pit_timer_fn", { "clock.pit-delay" } },
	{ CULPRIT_VECTOR, ANY, "local_timer", "stimer_timer_callback", { NULL } },
	{ CULPRIT_VECTOR, ANY, "local_timer", "watchdog_timer_fn", { "wdt.lockup" } },
	{ CULPRIT_VECTOR, ANY, "local_timer", "hrtimer_wakeup", { "isol.tasks-on-g" } },
	{ CULPRIT_VECTOR, ANY, "local_timer", NULL, { "cpu.nohz-full" } },
	{ CULPRIT_VECTOR, ANY, "reschedule", NULL, { "ipi.sources" } },
	{ CULPRIT_VECTOR, ANY, "call_function*", NULL, { "ipi.sources" } },
	{ CULPRIT_VECTOR, ANY, "irq_work", NULL, { "ipi.sources" } },
	{ CULPRIT_VECTOR, ANY, "thermal_apic", NULL, { "freq.turbo-thermal" } },

	{ CULPRIT_SOFTIRQ, ANY, "RCU", NULL, { "cpu.rcu-nocbs" } },
	{ CULPRIT_SOFTIRQ, ANY, "NET_*", NULL, { "softirq.net-block" } },
	{ CULPRIT_SOFTIRQ, ANY, "BLOCK", NULL, { "softirq.net-block" } },
	{ CULPRIT_SOFTIRQ, ANY, "IRQ_POLL", NULL, { "softirq.net-block" } },
	{ CULPRIT_SOFTIRQ, ANY, "TIMER", NULL, { "cpu.nohz-full", "timer.migration" } },
	{ CULPRIT_SOFTIRQ, ANY, "SCHED", NULL, { "cpu.nohz-full", "isol.domain-flag" } },
	{ CULPRIT_SOFTIRQ, ANY, "TASKLET", NULL, { "irq.host-on-g" } },
	{ CULPRIT_SOFTIRQ, ANY, "HI", NULL, { "irq.host-on-g" } },

	{ CULPRIT_NMI, ANY, "perf_event_nmi*", NULL, { "wdt.lockup" } },

	/* As VMX and as SVM name them. */
	{ CULPRIT_EXIT, ANY, "HLT", NULL, { "kvm.halt-poll" } },
	{ CULPRIT_EXIT, ANY, "hlt", NULL, { "kvm.halt-poll" } },
	{ CULPRIT_EXIT, ANY, "PAUSE_INSTRUCTION", NULL, { "kvm.pause-loop" } },
	{ CULPRIT_EXIT, ANY, "pause", NULL, { "kvm.pause-loop" } },
	{ CULPRIT_EXIT, ANY, "EOI_INDUCED", NULL, { "hv.vapic" } },
	{ CULPRIT_EXIT, ANY, "APIC_*", NULL, { "hv.vapic" } },
	{ CULPRIT_EXIT, ANY, "TPR_BELOW_THRESHOLD", NULL, { "hv.vapic" } },
	{ CULPRIT_EXIT, ANY, "avic_*", NULL, { "hv.vapic", "xml.hv-avic" } },
	{ CULPRIT_EXIT, ANY, "EPT_VIOLATION", NULL, { "mem.prealloc", "kvm.nx-huge-pages" } },
	{ CULPRIT_EXIT, ANY, "npf", NULL, { "mem.prealloc" } },
	{ CULPRIT_EXIT, ANY, "PML_FULL", NULL, { "kvm.dirty-log" } },
	{ CULPRIT_EXIT, ANY, "blocked in the kernel", NULL, { "mem.swap", "mem.prealloc" } },

	{ CULPRIT_IO, PLACE_PM_TIMER, NULL, NULL, { "clock.hypervclock", "hv.stimer" } },
	{ CULPRIT_IO, PLACE_HPET, NULL, NULL, { "clock.hpet-off", "clock.hypervclock" } },
	{ CULPRIT_IO, PLACE_PIT, NULL, NULL, { "clock.pit-delay", "clock.hypervclock" } },
	{ CULPRIT_IO, PLACE_RTC, NULL, NULL, { "clock.rtc-catchup", "hv.stimer" } },
	{ CULPRIT_IO, PLACE_PS2, NULL, NULL, { "input.virtio" } },
	{ CULPRIT_IO, PLACE_IDE, NULL, NULL, { "disk.emulated-bus" } },
	{ CULPRIT_IO, PLACE_IOAPIC, NULL, NULL, { "machine.ioapic-kvm" } },
	{ CULPRIT_IO, PLACE_LAPIC, NULL, NULL, { "hv.vapic" } },
	{ CULPRIT_IO, PLACE_VMPORT, NULL, NULL, { "machine.vmport" } },
	{ CULPRIT_IO, PLACE_SMI, NULL, NULL, { "machine.smm" } },
	{ CULPRIT_IO, PLACE_TPM, NULL, NULL, { "tpm.vtpm" } },

	{ CULPRIT_STEAL, ANY, NULL, NULL, { "host.steal" } },
	{ CULPRIT_THROTTLE, ANY, "throttled", NULL, { "sched.rt-throttle" } },
	{ CULPRIT_RESIDUE, ANY, "idle CPU wakes*", NULL, { "idle.cstates" } },
	{ CULPRIT_RESIDUE, ANY, "SMI", NULL, { "smi.count" } },
};
/* clang-format on */

static bool fits(const char *pattern, const char *text)
{
	return !pattern || (text && fnmatch(pattern, text, 0) == 0);
}

static bool row_fits(const struct row *r, const struct name_key *k)
{
	const uint64_t number = k->class == CULPRIT_IO ? place_kind(k->number) : k->number;

	return r->class == k->class && (r->number == ANY || r->number == number) &&
	       fits(r->text, k->text) && fits(r->function, k->function);
}

void rows_find(const struct name_key *key, const char *ret_rows[ROWS_MAX])
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (row_fits(&table[i], key)) {
			memcpy(ret_rows, table[i].ids, sizeof(table[i].ids));
			return;
		}
	}
}

static void add_row(const char *rows[ROWS_MAX], const char *id)
{
	for (size_t i = 0; i < ROWS_MAX; i++) {
		if (rows[i] && !strcmp(rows[i], id))
			return;
		if (!rows[i]) {
			rows[i] = id;
			return;
		}
	}
}

void rows_add_via(const struct name_key *via, const char *rows[ROWS_MAX])
{
	const char *more[ROWS_MAX] = { NULL };

	rows_find(via, more);
	for (size_t i = 0; i < ROWS_MAX && more[i]; i++)
		add_row(rows, more[i]);
}

const char *rows_id(size_t i)
{
	size_t n = 0;

	for (size_t row = 0; row < ARRAY_SIZE(table); row++) {
		const char *const *ids = table[row].ids;

		for (size_t k = 0; k < ROWS_MAX && ids[k]; k++) {
			if (n++ == i)
				return ids[k];
		}
	}
	return NULL;
}
