/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_tick.c - rows about what keeps the host's time: HPET, watchdog of the TSC, ticks. */
#include "analyze/catalogue_refs.h"

#define CLOCKS     "System and VM internal clock"
#define PARAMETERS "https://docs.kernel.org/admin-guide/kernel-parameters.html"
#define WATCHDOG \
	"https://android-kvm.googlesource.com/linux/+/b50db7095fe002fa3e16605546cba66bf1b68a3e"

extern const struct tweak catalogue_tick[];

const struct tweak catalogue_tick[] = {
	{
		.id = "clock.bios-hpet",
		.section = CLOCKS,
		.title = "HPET of the host",
		.claim = "Disable the HPET in the firmware.",
		.today = "Not needed, and a risk: the guest's HPET is another one, and the host's "
			 "serves to check the TSC where the CPU does not vouch for it. Without it the "
			 "slow acpi_pm does.",
		.detect = "available_clocksource; constant_tsc, nonstop_tsc, tsc_adjust, release of "
			  "the kernel",
		.proof = "cost of clock_gettime; kernel log lines about the TSC",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "Switch the HPET on again in the firmware (High Precision Event "
				   "Timer).",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(WATCHDOG, PARAMETERS),
	},
	{
		.id = "clock.rt-guide",
		.section = CLOCKS,
		.title = "Red Hat's guide to real-time tuning",
		.claim = "See the tuning guide for RHEL 8 for Real Time.",
		.today = "The guides for RHEL 9 and 10 took its place.",
		.detect = "none",
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.unseen = "It is a link to a document; what is in it are rows of their own.",
		.refs = REFS("https://docs.redhat.com/en/documentation/"
			     "red_hat_enterprise_linux_for_real_time/10/html/"
			     "optimizing_rhel_for_real_time_for_low_latency_operation/"
			     "isolating-cpus-using-tuned-profiles-real-time"),
	},
	{
		.id = "clock.tsc-watchdog",
		.section = "",
		.title = "Watchdog of the TSC",
		.claim = "",
		.today = "Where the CPU does not vouch for its TSC the kernel compares it with another "
			 "clock each half second, on one CPU after the other, isolated ones too.",
		.detect = "tsc= on the command line; constant_tsc, nonstop_tsc, tsc_adjust, release "
			  "of the kernel",
		.proof = "timer_expire_entry of clocksource_watchdog on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_BOOT] = "tsc=nowatchdog",
			.risk = "A TSC that goes wrong is then no longer noticed. Not where the kernel "
				"log has complaints about it, and never tsc=reliable on trust.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PARAMETERS, WATCHDOG),
	},
	{
		.id = "clock.skew-tick",
		.section = "",
		.title = "Ticks of all CPUs at one moment",
		.claim = "",
		.today = "The ticks of all CPUs come together and meet at the same locks. On hosts of "
			 "many CPUs with real-time guests skew_tick=1 sets them apart.",
		.detect = "skew_tick on the command line, number of CPUs, real-time vCPUs",
		.proof = "spread of the timer wake-ups of a run",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_BOOT] = "skew_tick=1",
			.risk = "CPUs wake up at different moments: more power.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(PARAMETERS, "source: tuned, profile realtime"),
	},
	{ .id = NULL },
};
