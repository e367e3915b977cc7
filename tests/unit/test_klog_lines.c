/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/klog_lines.h"
#include "tests/lib/check.h"

static struct klog_lines *parse(const char *log)
{
	struct klog_lines *lines = calloc(1, sizeof(*lines));

	assert_non_null(lines);
	klog_lines_parse(text_of(log), lines);
	return lines;
}

static bool text_is(struct text t, const char *want)
{
	return t.len == strlen(want) && (t.len == 0 || !memcmp(t.at, want, t.len));
}

/* A line of each kind and wording; kind NULL: none of ours. value NULL: it has none. */
static const struct {
	const char *line, *kind, *device, *value;
} rows[] = {
	{ "tsc: Marking TSC unstable due to clocksource watchdog", "tsc-unstable", "",
	  "clocksource watchdog" },
	{ "Marking TSC unstable due to TSC halts in idle", "tsc-unstable", "",
	  "TSC halts in idle" },
	{ "TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'.",
	  "tsc-unstable", "", "found after boot" },
	{ "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc-early' as unstable "
	  "because the skew is too large:",
	  "tsc-unstable", "", "clocksource watchdog" },
	{ "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'hpet' as unstable", NULL,
	  "", NULL },
	{ "Clocksource tsc unstable (delta = -299987842 ns)", "tsc-unstable", "",
	  "clocksource watchdog" },
	{ "Measured 3978592 cycles TSC warp between CPUs, turning off TSC clock.", "tsc-unstable",
	  "", "warp between CPUs" },
	{ "kvm: SMP vm created on host with unstable TSC; guest TSC will not be reliable",
	  "tsc-unstable", "", "kvm" },
	{ "[Firmware Bug]: TSC ADJUST differs: CPU0 -5 --> 0. Restoring", "tsc-adjust", "",
	  "differs" },
	{ "TSC ADJUST compensate: CPU1 observed 13 warp. Adjust: 13", "tsc-adjust", "",
	  "compensate" },
	{ "clocksource: timekeeping watchdog on CPU8: hpet wd-wd read-back delay of 92539ns",
	  "clocksource-delay", "", NULL },
	{ "clocksource: Switched to clocksource tsc", "clocksource-switch", "", "tsc" },
	{ "Switching to clocksource hpet", "clocksource-switch", "", "hpet" },
	{ "hpet: HPET dysfunctional in PC10. Force disabled.", "hpet-disabled", "",
	  "deep idle states stop it" },
	{ "DMAR-IR: Enabled IRQ remapping in x2apic mode", "remapping-on", "", "x2apic" },
	{ "Enabled IRQ remapping in xapic mode", "remapping-on", "", "xapic" },
	{ "AMD-Vi: Interrupt remapping enabled", "remapping-on", "", NULL },
	{ "DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection attacks.",
	  "remapping-off", "", NULL },
	{ "AMD-Vi: Virtual APIC enabled", "posted-interrupts", "", "vAPIC" },
	{ "kvm_amd: x2AVIC enabled", "avic-enabled", "", "x2AVIC" },
	{ "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "
	  "\"allow_unsafe_interrupts\" to enable VFIO IOMMU support on this platform",
	  "remapping-unsupported", "", NULL },
	{ "vfio-pci 0000:01:00.0: MSI interrupts are not secure, they cannot be isolated by the "
	  "platform. Check that platform features like interrupt remapping are enabled. Use the "
	  "\"allow_unsafe_interrupts\" module parameter to override",
	  "remapping-unsafe", "0000:01:00.0", NULL },
	{ "iommu: Default domain type: Passthrough (set via kernel command line)",
	  "iommu-domain-type", "", "Passthrough" },
	{ "iommu: Default domain type: Translated ", "iommu-domain-type", "", "Translated" },
	{ "iommu: DMA domain TLB invalidation policy: strict mode (set via kernel command line)",
	  "iommu-invalidation", "", "strict" },
	{ "AMD-Vi: Lazy IO/TLB flushing enabled", "iommu-invalidation", "", "lazy" },
	{ "AMD-Vi: IO/TLB flush on unmap enabled", "iommu-invalidation", "", "strict" },
	{ "Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA",
	  "acs-override", "", NULL },
	{ "DMAR: [INTR-REMAP] Request device [f0:1f.0] fault index 0x0 [fault reason 0x25] Blocked a "
	  "compatibility format interrupt request",
	  "remapping-fault", "0000:f0:1f.0",
	  "0x25] Blocked a compatibility format interrupt request" },
	{ "DMAR: [INTR-REMAP] Request device [0xc9:0x05.0] fault index 0xa00 [fault reason 0x25] "
	  "Blocked",
	  "remapping-fault", "0000:c9:05.0", "0x25] Blocked" },
	{ "DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xdead000 [fault reason "
	  "0x06] PTE Read access is not set",
	  "dmar-fault", "0000:01:00.0", "DMA Read NO_PASID" },
	{ "DMAR: [DMA Write] Request device [02:00.1] fault addr ff000 [fault reason 05] PTE Write",
	  "dmar-fault", "0000:02:00.1", "DMA Write" },
	{ "vfio-pci 0000:06:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000 address=0x3422 "
	  "flags=0x0050]",
	  "amd-vi-event", "0000:06:00.0", "IO_PAGE_FAULT" },
	{ "AMD-Vi: Event logged [IO_PAGE_FAULT device=0b:00.0 domain=0x0000 address=0x000000fdf8",
	  "amd-vi-event", "0000:0b:00.0", "IO_PAGE_FAULT" },
	{ "AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:00:00.0 pasid=0x00000",
	  "amd-vi-event", "0000:00:00.0", "INVALID_DEVICE_REQUEST" },
	{ "vfio-pci 0000:0b:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR "
	  "requirement.  Contact your platform vendor.",
	  "vfio-rmrr", "0000:0b:00.0", NULL },
	{ "vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up", "vfio-reset-fail",
	  "0000:01:00.0", "not ready after the reset" },
	{ "vfio-pci 0000:01:00.0: not ready 1023ms after FLR; waiting", NULL, "", NULL },
	{ "vfio-pci 0000:5e:00.0: Refused to change power state, currently in D3",
	  "vfio-reset-fail", "0000:5e:00.0", "stuck in its power state" },
	{ "vfio-pci 0000:5e:00.0: Unable to change power state from D3cold to D0, device "
	  "inaccessible",
	  "vfio-reset-fail", "0000:5e:00.0", "stuck in its power state" },
	{ "vfio-pci 0000:06:00.0: AMD_VEGA10: failed to reset device", "vfio-reset-fail",
	  "0000:06:00.0", "failed to reset" },
	{ "vfio-pci 0000:1a:00.0: transaction is not cleared; proceeding with reset anyway",
	  "vfio-reset-fail", "0000:1a:00.0", "transactions pending" },
	{ "vfio_bar_restore: 0000:c2:00.0 reset recovery - restoring bars", "vfio-reset-fail",
	  "0000:c2:00.0", "lost its BARs" },
	{ "vfio-pci 0000:04:00.1: vfio_bar_restore: reset recovery - restoring BARs",
	  "vfio-reset-fail", "0000:04:00.1", "lost its BARs" },
	{ "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]",
	  "vfio-bar", "0000:01:00.0", "1" },
	{ "vfio-pci 0000:00:1c.0: probe with driver vfio-pci failed with error -22",
	  "vfio-probe-fail", "0000:00:1c.0", "-22" },
	{ "vfio-pci: probe of 0000:03:00.0 failed with error -22", "vfio-probe-fail",
	  "0000:03:00.0", "-22" },
	{ "vfio-pci 0000:00:07.0: Adding kernel taint for vfio-noiommu group on device",
	  "vfio-noiommu", "0000:00:07.0", NULL },
	{ "vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded", "vfio-memlock", "", "65536" },
	{ "vfio_dma_do_map: 65535 entries are in use", "dma-entry-limit", "", NULL },
	{ "x86/split lock detection: #AC: CPU 3/KVM/12345 took a split_lock trap at address: 0x7",
	  "split-lock", "", "CPU 3/KVM" },
	{ "x86/split lock detection: #AC: a.exe/7 fatal split_lock trap at address: 0x7",
	  "split-lock", "", "a.exe" },
	{ "x86/split lock detection: #AC: crashing the kernel on kernel split_locks and warning on "
	  "user-space split_locks",
	  NULL, "", NULL },
	{ "x86/split lock detection: #DB: game/9 took a bus_lock trap at address: 0x7", "bus-lock",
	  "", "game" },
	{ "x86/split lock detection: #DB: warning on user-space bus_locks", NULL, "", NULL },
	{ "kvm [1234]: vcpu0, guest rIP: 0xfffff80 ignored rdmsr: 0x611 data 0x0", "msr-ignored",
	  "", "rdmsr: 0x611" },
	{ "kvm: kvm [7]: ignored wrmsr: 0x1d9 data 0x1", "msr-ignored", "", "wrmsr: 0x1d9" },
	{ "kvm [1234]: vcpu0, guest rIP: 0xfffff80 unhandled rdmsr: 0x122", "msr-unhandled", "",
	  "rdmsr: 0x122" },
	{ "kvm: kvm [7]: vcpu1, guest rIP: 0x0 Unhandled WRMSR(0x1d9) = 0x1", "msr-unhandled", "",
	  "WRMSR(0x1d9)" },
	{ "kvm: disabled by bios", "kvm-disabled", "", NULL },
	{ "x86/cpu: VMX (outside TXT) disabled by BIOS", "kvm-disabled", "", NULL },
	{ "pcieport 0000:00:1c.0: AER: Corrected error received: 0000:00:1c.0", NULL, "", NULL },
	{ "nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)",
	  "pcie-aer", "0000:01:00.0", "corrected" },
	{ "igb 0000:09:00.0: AER: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Tra",
	  "pcie-aer", "0000:09:00.0", "uncorrected" },
	{ "DMAR: [Firmware Bug]: RMRR entry for device 02:00.0 is broken", "firmware-bug",
	  "0000:02:00.0", "RMRR entry for device 02:00.0 is broken" },
	{ "Unknown kernel command line parameters \"iommut=pt BOOT_IMAGE=/vmlinuz\", will be passed "
	  "to user space.",
	  "unknown-parameters", "", "iommut=pt BOOT_IMAGE=/vmlinuz" },
	{ "mem auto-init: stack:off, heap alloc:on, heap free:off", "mem-auto-init", "",
	  "stack:off, heap alloc:on, heap free:off" },
	{ "microcode: microcode updated early to revision 0x21, date = 2019-02-13", "microcode", "",
	  "0x21" },
	{ "microcode: Current revision: 0x000000f8", "microcode", "", "0x000000f8" },
	{ "microcode: microcode updated early to new patch_level=0x0a20120a", "microcode", "",
	  "0x0a20120a" },
	{ "rcu: \tOffload RCU callbacks from CPUs: 1-4,7-10.", "rcu-offload", "", "1-4,7-10" },
	{ "rcu: \tOffload RCU callbacks from CPUs: (none).", "rcu-offload", "", "(none)" },
	{ "NO_HZ: Full dynticks CPUs: 1-4,7-10.", "nohz-full", "", "1-4,7-10" },
	{ "HugeTLB: allocating 14 of page size 1.00 GiB failed.  Only allocated 13 hugepages.",
	  "hugetlb-short", "", "14 of page size 1.00 GiB failed.  Only allocated 13 hugepages." },
	{ "irq 16: nobody cared (try booting with the \"irqpoll\" option)", "irq-nobody-cared",
	  "irq16", NULL },
	{ "genirq: Flags mismatch irq 16. 00000000 (vfio-intx(0000:08:00.0)) vs. 00000000 "
	  "(vfio-intx(0000:04:00.0))",
	  "irq-mismatch", "0000:08:00.0", "16" },
	{ "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [CPU 3/KVM:1234]", "soft-lockup",
	  "cpu3", "CPU 3/KVM" },
	{ "watchdog: CPU28: Watchdog detected hard LOCKUP on cpu 28", "hard-lockup", "cpu28",
	  NULL },
	{ "NMI watchdog: Watchdog detected hard LOCKUP on cpu 2", "hard-lockup", "cpu2", NULL },
	{ "INFO: task CPU 0/KVM:77 blocked for more than 120 seconds.", "hung-task", "",
	  "CPU 0/KVM" },
	{ "rcu: INFO: rcu_preempt self-detected stall on CPU", "rcu-stall", "", NULL },
	{ "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:", "rcu-stall", "", NULL },
	{ "Out of memory: Killed process 1234 (qemu-system-x86) total-vm:1kB, anon-rss:1kB",
	  "oom-kill", "", "qemu-system-x86" },
	{ "sched: RT throttling activated", "rt-throttling", "", NULL },
	{ "perf: interrupt took too long (2503 > 2500), lowering kernel.perf_event_max_sample_rate",
	  "perf-slow", "", "2503 > 2500" },
	{ "INFO: NMI handler (perf_event_nmi_handler) took too long to run: 1.234 msecs",
	  "nmi-handler", "", "perf_event_nmi_handler" },
	{ "workqueue: drm_fb_helper_damage_work hogged CPU for >10000us 4 times, consider switching "
	  "to WQ_UNBOUND",
	  "workqueue-hog", "", "drm_fb_helper_damage_work" },
	{ "mce: CPU3: Core temperature above threshold, cpu clock throttled (total events = 1)",
	  "cpu-throttled", "cpu3", "core" },
	{ "CPU11: Package temperature is above threshold, cpu clock is throttled", "cpu-throttled",
	  "cpu11", "package" },
	{ "pci 0000:01:00.0: Adding to iommu group 17", NULL, "", NULL },
	{ "usb 1-2: Product: TSC printer", NULL, "", NULL },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free struct klog_lines *lines = parse(rows[i].line);
		const struct klog_event *e = &lines->events[0];

		if (!rows[i].kind) {
			if (lines->n_events)
				fail_msg("%s: %s", rows[i].line, e->kind);
			continue;
		}
		if (lines->n_events != 1)
			fail_msg("%s: no event", rows[i].line);
		assert_string_equal(e->kind, rows[i].kind);
		assert_string_equal(e->device, rows[i].device);
		assert_int_equal(e->n, 1);
		assert_false(e->has_time);
		if (e->n_values != (rows[i].value != NULL) ||
		    (rows[i].value && !text_is(e->values[0], rows[i].value)))
			fail_msg("%s: another value", rows[i].line);
		assert_int_equal(e->line.len,
				 u64_min(text_trim(text_of(rows[i].line)).len, KLOG_LINE_MAX));
		assert_memory_equal(e->line.at, rows[i].line, e->line.len);
	}
}

/* Every kind of the table is above, but for those that differ by their wording alone. */
static void test_all_kinds(void **state)
{
	size_t n = 0;

	(void)state;
	for (const char *name = klog_kind_name(0); name; name = klog_kind_name(++n)) {
		bool is_tested = false;

		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			is_tested |= rows[i].kind && !strcmp(rows[i].kind, name);
		if (!is_tested)
			fail_msg("%s has no line", name);
		for (size_t i = 0; i < n; i++)
			assert_string_not_equal(klog_kind_name(i), name);
	}
	assert_in_range(n, 40, KLOG_KINDS_MAX);
}

static void test_times(void **state)
{
	static const char log[] =
		"[    0.000000] Linux version 6.1.0 (a@b) (gcc) #1 SMP\n"
		"<4>[   12.000001][  T77] x86/split lock detection: #AC: CPU 0/KVM/7 took a "
		"split_lock trap at address: 0x1\n"
		"<4>[   13.500000] x86/split lock detection: #AC: CPU 1/KVM/8 took a split_lock "
		"trap at address: 0x1\n"
		"<4>[   14.000000] x86/split lock detection: #AC: CPU 0/KVM/7 took a split_lock "
		"trap at address: 0x2\n"
		"Nov 23 10:00:00 host kernel: [   15.000000] sched: RT throttling activated\n"
		"Nov 23 10:00:00 host kernel: irq 16: nobody cared\n";
	auto_free struct klog_lines *lines = parse(log);

	(void)state;
	assert_true(lines->is_complete);
	assert_int_equal(lines->n_events, 3);
	assert_int_equal(lines->events[0].n, 3);
	assert_true(lines->events[0].has_time);
	assert_int_equal(lines->events[0].first_us, 12000001);
	assert_int_equal(lines->events[0].last_us, 14000000);
	assert_int_equal(lines->events[0].n_values, 2);
	assert_true(text_is(lines->events[0].values[1], "CPU 1/KVM"));
	assert_int_equal(lines->events[1].first_us, 15000000);
	assert_false(lines->events[2].has_time);
}

static void test_incomplete(void **state)
{
	auto_free struct klog_lines *ring = parse("[    0.000000] BIOS-e820: x\n");
	auto_free struct klog_lines *empty = parse("");

	(void)state;
	/* The clock stands still at first: a time of 0 does not say that nothing is lost. */
	assert_false(ring->is_complete);
	assert_false(empty->is_complete);
	assert_int_equal(empty->n_events, 0);
}

/* What was said last is true of a setting; two severities are two events. */
static void test_keep(void **state)
{
	auto_free struct klog_lines *last = parse("clocksource: Switched to clocksource tsc-early\n"
						  "clocksource: Switched to clocksource tsc\n");
	auto_free struct klog_lines *apart =
		parse("nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, x\n"
		      "nvme 0000:01:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), x\n"
		      "nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, x\n");

	(void)state;
	assert_int_equal(last->events[0].n_values, 1);
	assert_true(text_is(last->events[0].values[0], "tsc"));
	assert_int_equal(apart->n_events, 2);
	assert_int_equal(apart->events[0].n, 2);
	assert_int_equal(apart->events[1].n, 1);
}

/* Of 40 devices 16 are told apart; the other lines are counted too. */
static void test_bounds(void **state)
{
	static char log[40 * 64 + 20 * 64];
	struct klog_lines *lines;
	uint64_t sum = 0;
	size_t n = 0;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		n += (size_t)snprintf(log + n, sizeof(log) - n,
				      "vfio-pci 0000:%02x:00.0: failed to reset device\n", i);
	for (unsigned i = 0; i < 20; i++)
		n += (size_t)snprintf(log + n, sizeof(log) - n,
				      "INFO: task t%c:1 blocked for more than 1 s\n", 'a' + i);
	lines = parse(log);
	for (size_t i = 0; i < lines->n_events; i++)
		sum += !strcmp(lines->events[i].kind, "vfio-reset-fail") ? lines->events[i].n : 0;
	assert_int_equal(sum, 40);
	assert_int_equal(lines->n_events, KLOG_DEVICES_MAX + 1 + 1);
	assert_string_equal(lines->events[KLOG_DEVICES_MAX].device, "");
	assert_int_equal(lines->events[KLOG_DEVICES_MAX + 1].n, 20);
	assert_int_equal(lines->events[KLOG_DEVICES_MAX + 1].n_values, KLOG_VALUES_MAX);
	free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),  cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_times), cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_keep),  cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
