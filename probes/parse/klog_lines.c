/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/klog_lines.h"

#include <string.h>

#include "probes/parse/klog.h"
#include "probes/parse/klog_names.h"

/* "microcode:" and others come before the banner since the kernel loads microcode early. */
#define N_LINES_BEFORE_BANNER 32u

/* What of a line is the value. */
enum klog_keep {
	KEEP_DIFFERENT, /* all different values */
	KEEP_LAST,      /* a setting: what was said last is true */
	KEEP_APART,     /* an event for each value */
	KEEP_TASK,      /* as KEEP_DIFFERENT; NAME/PID or NAME:PID: the name */
};

struct klog_kind {
	const char *kind;
	const char *prefix;   /* the message begins with it */
	const char *holds[2]; /* and holds these */
	enum klog_name device;
	const char *after, *until; /* the value stands between these; until NULL: the rest */
	const char *value;         /* or is this */
	enum klog_keep keep;
};

/* The first row that fits a line is its kind; a kind with several wordings has several rows. */
/* clang-format off */
static const struct klog_kind kinds[] = {
	/* arch/x86/kernel/tsc.c, tsc_sync.c, kernel/time/clocksource.c */
	{ "tsc-unstable", "tsc: Marking TSC unstable", { 0 }, NAME_NONE, "due to " },
	{ "tsc-unstable", "Marking TSC unstable", { 0 }, NAME_NONE, "due to " },
	{ "tsc-unstable", "TSC found unstable after boot", { 0 }, NAME_NONE, .value = "found after boot" },
	{ "tsc-unstable", "clocksource: ", { "Marking clocksource 'tsc" }, NAME_NONE, .value = "clocksource watchdog" },
	{ "tsc-unstable", "Clocksource tsc unstable", { 0 }, NAME_NONE, .value = "clocksource watchdog" },
	{ "tsc-unstable", "Measured ", { "cycles TSC warp between CPUs" }, NAME_NONE, .value = "warp between CPUs" },
	{ "tsc-unstable", "kvm: SMP vm created on host with unstable TSC", { 0 }, NAME_NONE, .value = "kvm" },
	{ "tsc-adjust", NULL, { "TSC ADJUST" }, NAME_NONE, "TSC ADJUST", ":" },
	{ "clocksource-delay", "clocksource: ", { "read-back delay of" }, NAME_NONE },
	{ "clocksource-switch", "clocksource: Switched to clocksource ", { 0 }, NAME_NONE, "clocksource: Switched to clocksource ", .keep = KEEP_LAST },
	{ "clocksource-switch", "Switched to clocksource ", { 0 }, NAME_NONE, "to clocksource ", .keep = KEEP_LAST },
	{ "clocksource-switch", "Switching to clocksource ", { 0 }, NAME_NONE, "to clocksource ", .keep = KEEP_LAST },
	/* arch/x86/kernel/hpet.c */
	{ "hpet-disabled", NULL, { "HPET dysfunctional in PC10", "Force disabled" }, NAME_NONE, .value = "deep idle states stop it" },
	{ "hpet-disabled", NULL, { "Will disable the HPET for this platform" }, NAME_NONE, .value = "not reliable" },

	/* drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/init.c */
	{ "remapping-on", "DMAR-IR: Enabled IRQ remapping", { 0 }, NAME_NONE, " in ", " mode", .keep = KEEP_LAST },
	{ "remapping-on", "Enabled IRQ remapping", { 0 }, NAME_NONE, " in ", " mode", .keep = KEEP_LAST },
	{ "remapping-on", "AMD-Vi: Interrupt remapping enabled", { 0 }, NAME_NONE },
	{ "remapping-off", NULL, { "You are vulnerable to irq-injection attacks" }, NAME_NONE },
	{ "remapping-off", "AMD-Vi: Disabling interrupt remapping", { 0 }, NAME_NONE },
	{ "posted-interrupts", "AMD-Vi: Virtual APIC enabled", { 0 }, NAME_NONE, .value = "vAPIC" },
	{ "posted-interrupts", "AMD-Vi: virtual APIC enabled", { 0 }, NAME_NONE, .value = "vAPIC" },
	/* arch/x86/kvm/svm/avic.c; "SVM:" before 5.18 */
	{ "avic-enabled", "kvm_amd: AVIC enabled", { 0 }, NAME_NONE, .value = "AVIC" },
	{ "avic-enabled", "kvm_amd: x2AVIC enabled", { 0 }, NAME_NONE, .value = "x2AVIC" },
	{ "avic-enabled", "SVM: AVIC enabled", { 0 }, NAME_NONE, .value = "AVIC" },
	/* drivers/vfio/vfio_iommu_type1.c: refused; drivers/iommu/iommufd/device.c: let through */
	{ "remapping-unsupported", NULL, { "No interrupt remapping support", "allow_unsafe_interrupts" }, NAME_NONE },
	{ "remapping-unsafe", NULL, { "MSI interrupts are not secure", "allow_unsafe_interrupts" }, NAME_PCI },
	/* drivers/iommu/iommu.c; before 5.15 each driver in its own words */
	{ "iommu-domain-type", "iommu: Default domain type:", { 0 }, NAME_NONE, "domain type:", " (", .keep = KEEP_LAST },
	{ "iommu-invalidation", "iommu: DMA domain TLB invalidation policy:", { 0 }, NAME_NONE, "policy:", " mode", .keep = KEEP_LAST },
	{ "iommu-invalidation", "AMD-Vi: Lazy IO/TLB flushing enabled", { 0 }, NAME_NONE, .value = "lazy", .keep = KEEP_LAST },
	{ "iommu-invalidation", "AMD-Vi: IO/TLB flush on unmap enabled", { 0 }, NAME_NONE, .value = "strict", .keep = KEEP_LAST },
	{ "iommu-invalidation", "DMAR: Disable batched IOTLB flush", { 0 }, NAME_NONE, .value = "strict", .keep = KEEP_LAST },
	/* The patch that is not in mainline. */
	{ "acs-override", NULL, { "PCIe ACS overrides enabled" }, NAME_NONE },
	/* drivers/iommu/intel/dmar.c, drivers/iommu/amd/iommu.c */
	{ "remapping-fault", NULL, { "INTR-REMAP", "Request device" }, NAME_PCI, "fault reason " },
	{ "dmar-fault", NULL, { "Request device [", "fault addr" }, NAME_PCI, "[", "]" },
	{ "amd-vi-event", NULL, { "Event logged [" }, NAME_PCI, "Event logged [", " " },
	/* drivers/iommu/intel/iommu.c, drivers/iommu/iommu.c */
	{ "vfio-rmrr", NULL, { "Device is ineligible for IOMMU domain attach" }, NAME_PCI },
	{ "vfio-rmrr", NULL, { "Firmware has requested this device have a 1:1 IOMMU mapping" }, NAME_PCI },

	/* drivers/vfio, drivers/pci/pci.c, the vendor-reset module */
	{ "vfio-reset-fail", "vfio-pci ", { "; giving up" }, NAME_PCI, .value = "not ready after the reset" },
	{ "vfio-reset-fail", "vfio-pci ", { "change power state" }, NAME_PCI, .value = "stuck in its power state" },
	{ "vfio-reset-fail", "vfio-pci ", { "failed to reset device" }, NAME_PCI, .value = "failed to reset" },
	{ "vfio-reset-fail", "vfio-pci ", { "reset anyway" }, NAME_PCI, .value = "transactions pending" },
	{ "vfio-reset-fail", NULL, { "vfio_bar_restore", "reset recovery" }, NAME_PCI, .value = "lost its BARs" },
	{ "vfio-bar", "vfio-pci ", { "BAR ", "can't reserve" }, NAME_PCI, "BAR ", ":" },
	{ "vfio-probe-fail", "vfio-pci ", { "probe with driver vfio-pci failed with error" }, NAME_PCI, "error " },
	{ "vfio-probe-fail", "vfio-pci: probe of ", { "failed with error" }, NAME_PCI, "error " },
	{ "vfio-noiommu", NULL, { "Adding kernel taint for vfio-noiommu" }, NAME_PCI },
	{ "vfio-memlock", "vfio_pin_pages", { "RLIMIT_MEMLOCK (" }, NAME_NONE, "RLIMIT_MEMLOCK (", ")", .keep = KEEP_LAST },
	/* Mainline only returns ENOSPC; QEMU's words reach logs that hold both. */
	{ "dma-entry-limit", "vfio_dma_do_map", { "entries" }, NAME_NONE },
	{ "dma-entry-limit", NULL, { "VFIO_MAP_DMA", "No space left on device" }, NAME_NONE },

	/* arch/x86/kernel/cpu/bus_lock.c (before: intel.c) */
	{ "split-lock", NULL, { "#AC: ", " took a split_lock trap" }, NAME_NONE, "#AC: ", " took a", .keep = KEEP_TASK },
	{ "split-lock", NULL, { "#AC: ", " fatal split_lock trap" }, NAME_NONE, "#AC: ", " fatal", .keep = KEEP_TASK },
	{ "split-lock", NULL, { "#AC: ", " bogus split_lock trap" }, NAME_NONE, "#AC: ", " bogus", .keep = KEEP_TASK },
	{ "bus-lock", NULL, { "#DB: ", " took a bus_lock trap" }, NAME_NONE, "#DB: ", " took a", .keep = KEEP_TASK },
	/* arch/x86/kvm/x86.c: vcpu_unimpl(), kvm_pr_unimpl_wrmsr() */
	{ "msr-ignored", "kvm", { " ignored rdmsr: " }, NAME_NONE, " ignored ", " data" },
	{ "msr-ignored", "kvm", { " ignored wrmsr: " }, NAME_NONE, " ignored ", " data" },
	{ "msr-unhandled", "kvm", { " unhandled rdmsr: " }, NAME_NONE, " unhandled ", " data" },
	{ "msr-unhandled", "kvm", { " unhandled wrmsr: " }, NAME_NONE, " unhandled ", " data" },
	{ "msr-unhandled", "kvm", { "Unhandled RDMSR(" }, NAME_NONE, "Unhandled ", " =" },
	{ "msr-unhandled", "kvm", { "Unhandled WRMSR(" }, NAME_NONE, "Unhandled ", " =" },
	{ "kvm-disabled", "kvm: disabled by bios", { 0 }, NAME_NONE },
	{ "kvm-disabled", NULL, { "VMX (outside TXT) disabled by BIOS" }, NAME_NONE },
	{ "kvm-disabled", "kvm", { "(by BIOS) in MSR" }, NAME_NONE },
	/* drivers/pci/pcie/aer.c: the line about the device that erred, not the one of its root port */
	{ "pcie-aer", NULL, { "PCIe Bus Error: severity=Correct" }, NAME_PCI, .value = "corrected", .keep = KEEP_APART },
	{ "pcie-aer", NULL, { "PCIe Bus Error: severity=Uncorrect" }, NAME_PCI, .value = "uncorrected", .keep = KEEP_APART },

	/* FW_BUG of include/linux/printk.h */
	{ "firmware-bug", NULL, { "[Firmware Bug]: " }, NAME_PCI, "[Firmware Bug]: " },
	/* init/main.c, mm/mm_init.c, arch/x86/kernel/cpu/microcode */
	{ "unknown-parameters", "Unknown kernel command line parameters \"", { 0 }, NAME_NONE, "parameters \"", "\", will", .keep = KEEP_LAST },
	{ "mem-auto-init", "mem auto-init: ", { 0 }, NAME_NONE, "auto-init: ", .keep = KEEP_LAST },
	{ "microcode", "microcode: ", { "updated early to revision " }, NAME_NONE, "revision ", ",", .keep = KEEP_LAST },
	{ "microcode", "microcode: Current revision: ", { 0 }, NAME_NONE, "revision: ", .keep = KEEP_LAST },
	{ "microcode", "microcode: ", { "patch_level=" }, NAME_NONE, "patch_level=", .keep = KEEP_LAST },
	/* kernel/rcu/tree_nocb.h, kernel/time/tick-sched.c, mm/hugetlb.c */
	{ "rcu-offload", NULL, { "Offload RCU callbacks from CPUs: " }, NAME_NONE, "CPUs: ", ".", .keep = KEEP_LAST },
	{ "nohz-full", "NO_HZ: Full dynticks CPUs: ", { 0 }, NAME_NONE, "CPUs: ", ".", .keep = KEEP_LAST },
	{ "hugetlb-short", "HugeTLB: allocating ", { "Only allocated" }, NAME_NONE, "allocating " },

	/* kernel/irq/spurious.c, kernel/irq/manage.c */
	{ "irq-nobody-cared", "irq ", { ": nobody cared" }, NAME_IRQ },
	{ "irq-mismatch", "genirq: Flags mismatch irq ", { 0 }, NAME_PCI, "irq ", "." },
	/* kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h */
	{ "soft-lockup", NULL, { "BUG: soft lockup - CPU#" }, NAME_CPU, "! [", "]", .keep = KEEP_TASK },
	{ "hard-lockup", NULL, { "detected hard LOCKUP on cpu " }, NAME_CPU },
	{ "hung-task", "INFO: task ", { " blocked for more than " }, NAME_NONE, "INFO: task ", " blocked for", .keep = KEEP_TASK },
	{ "rcu-stall", "rcu: INFO: ", { "detected stall" }, NAME_NONE },
	{ "rcu-stall", "rcu: INFO: ", { "self-detected stall" }, NAME_NONE },
	{ "oom-kill", NULL, { "Killed process ", "total-vm:" }, NAME_NONE, " (", ")" },
	/* kernel/sched/rt.c, kernel/events/core.c, arch/x86/kernel/nmi.c, kernel/workqueue.c */
	{ "rt-throttling", NULL, { "sched: RT throttling activated" }, NAME_NONE },
	{ "perf-slow", "perf: interrupt took too long", { 0 }, NAME_NONE, "(", ")", .keep = KEEP_LAST },
	{ "perf-slow", "perf interrupt took too long", { 0 }, NAME_NONE, "(", ")", .keep = KEEP_LAST },
	{ "nmi-handler", "INFO: NMI handler (", { "took too long to run" }, NAME_NONE, "(", ")" },
	{ "workqueue-hog", "workqueue: ", { " hogged CPU for " }, NAME_NONE, "workqueue: ", " hogged" },
	/* arch/x86/kernel/cpu/mce/therm_throt.c, drivers/thermal/intel/therm_throt.c */
	{ "cpu-throttled", NULL, { "Core temperature", "above threshold" }, NAME_CPU, .value = "core" },
	{ "cpu-throttled", NULL, { "Package temperature", "above threshold" }, NAME_CPU, .value = "package" },
};
/* clang-format on */

static bool fits(const struct klog_kind *k, struct text message)
{
	if (k->prefix && !text_starts(message, k->prefix))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(k->holds) && k->holds[i]; i++) {
		if (!text_find(message, k->holds[i]))
			return false;
	}
	return true;
}

static const struct klog_kind *find_kind(struct text message)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (fits(&kinds[i], message))
			return &kinds[i];
	}
	return NULL;
}

static struct text from(struct text t, const char *at)
{
	return text_make(at, t.len - (size_t)(at - t.at));
}

/* "CPU 3/KVM/1234", "kworker/0:1:77": the name without the number of the process. */
static struct text without_pid(struct text task)
{
	size_t n = task.len;

	while (n > 0 && task.at[n - 1] >= '0' && task.at[n - 1] <= '9')
		n--;
	if (n > 1 && n < task.len && (task.at[n - 1] == '/' || task.at[n - 1] == ':'))
		return text_make(task.at, n - 1);
	return task;
}

static struct text find_value(const struct klog_kind *k, struct text message)
{
	const char *at = k->after ? text_find(message, k->after) : NULL;
	struct text value;
	const char *end;

	if (k->value)
		return text_of(k->value);
	if (!at)
		return text_make(NULL, 0);
	value = from(message, at + strlen(k->after));
	end = k->until ? text_find(value, k->until) : NULL;
	if (end)
		value.len = (size_t)(end - value.at);
	value = text_trim(value);
	if (k->keep == KEEP_TASK)
		value = without_pid(value);
	value.len = (size_t)u64_min(value.len, KLOG_VALUE_MAX);
	return value;
}

static bool same(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

static void add_value(struct klog_event *e, enum klog_keep keep, struct text value)
{
	if (value.len == 0)
		return;
	if (keep == KEEP_LAST)
		e->n_values = 0;
	for (size_t i = 0; i < e->n_values; i++) {
		if (same(e->values[i], value))
			return;
	}
	if (e->n_values < KLOG_VALUES_MAX)
		e->values[e->n_values++] = value;
}

/* The event of this kind and device; one without a device when there are too many. */
static struct klog_event *find_event(struct klog_lines *lines, const struct klog_kind *k,
				     const char *device, struct text value)
{
	size_t n_of_kind = 0;

	for (size_t i = 0; i < lines->n_events; i++) {
		struct klog_event *e = &lines->events[i];

		if (strcmp(e->kind, k->kind) != 0)
			continue;
		n_of_kind++;
		if (!strcmp(e->device, device) &&
		    (k->keep != KEEP_APART || (e->n_values == 1 && same(e->values[0], value))))
			return e;
	}
	if (n_of_kind >= KLOG_DEVICES_MAX && *device)
		return find_event(lines, k, "", value);
	if (lines->n_events == KLOG_EVENTS_MAX)
		return NULL;
	lines->events[lines->n_events] = (struct klog_event){ .kind = k->kind };
	memcpy(lines->events[lines->n_events].device, device, strlen(device) + 1);
	return &lines->events[lines->n_events++];
}

static void add_line(struct klog_lines *lines, struct text line, struct text message)
{
	const struct klog_kind *k = find_kind(message);
	char device[KLOG_DEVICE_SIZE] = "";
	struct klog_event *e;
	struct text value;
	uint64_t us;

	if (!k)
		return;
	klog_name_find(message, k->device, device);
	value = find_value(k, message);
	e = find_event(lines, k, device, value);
	if (!e)
		return;
	add_value(e, k->keep, value);
	if (klog_time(text_make(line.at, (size_t)(message.at - line.at)), &us)) {
		e->first_us = e->n == 0 ? us : e->first_us;
		e->has_time = e->n == 0 || e->has_time;
		e->last_us = us;
	} else {
		e->has_time = false;
	}
	e->n++;
	e->line = text_make(message.at, (size_t)u64_min(message.len, KLOG_LINE_MAX));
}

void klog_lines_parse(struct text log, struct klog_lines *ret_lines)
{
	struct text line;
	size_t n = 0;

	ret_lines->is_complete = false;
	ret_lines->n_events = 0;
	while (text_next_line(&log, &line)) {
		const struct text message = klog_message(line);

		/*
		 * A time of 0 does not tell: the clock stands still while the first screens of
		 * lines are written, and a ring may have lost half of them.
		 */
		if (n++ < N_LINES_BEFORE_BANNER && text_starts(message, "Linux version "))
			ret_lines->is_complete = true;
		if (message.len)
			add_line(ret_lines, line, message);
	}
}

bool klog_is_event(struct text message)
{
	return message.len && find_kind(message);
}

const char *klog_kind_name(size_t i)
{
	for (size_t row = 0; row < ARRAY_SIZE(kinds); row++) {
		if (row > 0 && !strcmp(kinds[row].kind, kinds[row - 1].kind))
			continue;
		if (i-- == 0)
			return kinds[row].kind;
	}
	return NULL;
}
