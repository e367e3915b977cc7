/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_clock.c - rows about the clocks of the host. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_clock[];

const struct tweak catalogue_clock[] = {
	{
		.id = "clocksource.tsc",
		.section = "System and VM internal clock",
		.title = "Clocksource of the host",
		.claim = "Make sure that Linux uses the TSC as its clocksource.",
		.today = "Right. With hpet or acpi_pm every clock read costs about a microsecond, and "
			 "a TSC marked unstable takes the shared TSC clock from KVM guests as well.",
		.detect = "current_clocksource, available_clocksource, kernel log lines about the TSC",
		.proof = "cost of clock_gettime (p50, p99), TSC order between CPUs, drift against "
			 "CLOCK_MONOTONIC_RAW",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "echo tsc | sudo tee "
			       "/sys/devices/system/clocksource/clocksource0/current_clocksource",
			.persist = "remove clocksource= from the kernel command line, or set "
				   "clocksource=tsc there",
			.undo = "echo {current} | sudo tee "
				"/sys/devices/system/clocksource/clocksource0/current_clocksource",
			.risk = "Only where the kernel offers tsc by itself. Forcing tsc=reliable on a "
				"TSC that is not makes time jump.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/kernel-parameters.html",
			     "https://docs.kernel.org/virt/kvm/x86/timekeeping.html"),
	},
	{
		.id = "clock.tsc-sync",
		.section = "",
		.title = "Agreement of the CPUs on the TSC",
		.claim = "",
		.today = "Firmware that sets the counters of some CPUs apart makes time step back for "
			 "a thread or vCPU that moves; some boards need a firmware update.",
		.detect = "kernel log lines about TSC synchronisation and TSC ADJUST",
		.proof = "two CPUs read the TSC in turn; a later read must never be smaller",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Update the firmware of the board; until then keep the clocksource "
				   "that the kernel falls back to.",
			.risk = "A firmware update can reset overclocking and IOMMU settings.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://docs.kernel.org/virt/kvm/x86/timekeeping.html",
			     "https://github.com/RPCS3/rpcs3/issues/16545"),
	},
	{ .id = NULL },
};
