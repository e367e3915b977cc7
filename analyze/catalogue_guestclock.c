/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_guestclock.c - rows about the clock and the timers of a guest. */
#include "analyze/catalogue_refs.h"

#define HYPERV "https://www.qemu.org/docs/master/system/i386/hyperv.html"
#define CLOCKS "System and VM internal clock"

extern const struct tweak catalogue_guestclock[];

const struct tweak catalogue_guestclock[] = {
	{
		.id = "clock.offset-localtime",
		.section = CLOCKS,
		.title = "Time that the guest's RTC shows",
		.claim = "Windows takes the RTC for local time: set the clock offset to localtime.",
		.today = "Right. (Linux takes it for UTC; the guide's word for that is 'rtc'.)",
		.detect = "offset of <clock>, or base of -rtc; what runs in the guest",
		.proof = "the time the guest shows after a start without network",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "clock@offset=localtime",
				[CHANGE_PROXMOX] = "qm set {vmid} --localtime 1",
				[CHANGE_QEMU] = "-rtc base=localtime",
			},
			.risk = "Not where Windows was told to take the RTC for UTC "
				"(RealTimeIsUniversal).",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "clock.rtc-catchup",
		.section = CLOCKS,
		.title = "Lost ticks of the RTC",
		.claim = "Timer rtc with tickpolicy catchup and track guest.",
		.today = "catchup is right: Windows counts RTC ticks as long as it has no better "
			 "timer. track='guest' is unusual: the RTC then stands still while the guest "
			 "is paused, and stays behind.",
		.detect = "<timer name='rtc'>, or driftfix and clock of -rtc",
		.proof = "drift of the guest's clock over a day",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = {
				[CHANGE_XML] = "clock/timer[name=rtc]@tickpolicy=catchup",
				[CHANGE_PROXMOX] = "qm set {vmid} --ostype win11 # it brings "
						   "driftfix=slew; win10 for older ones",
				[CHANGE_QEMU] = "-rtc base=localtime,driftfix=slew",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "measured: libvirt 9.0 writes clock=vm,driftfix=slew"),
	},
	{
		.id = "clock.pit-delay",
		.section = CLOCKS,
		.title = "Lost ticks of the PIT",
		.claim = "Timer pit with tickpolicy delay.",
		.today = "Right, and the default of QEMU.",
		.detect = "<timer name='pit'>, or -global kvm-pit.lost_tick_policy",
		.proof = "none: guests of today use the PIT while they boot at most",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "clock/timer[name=pit]@tickpolicy=delay",
				[CHANGE_QEMU] = "-global kvm-pit.lost_tick_policy=delay",
				[CHANGE_PROXMOX] =
					"/etc/pve/qemu-server/{vmid}.conf, line args: add -global "
					"kvm-pit.lost_tick_policy=delay (after Proxmox's own discard)",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{
		.id = "clock.tsc-native",
		.section = CLOCKS,
		.title = "Mode of the guest's TSC",
		.claim = "Timer tsc with mode native.",
		.today = "Without effect: libvirt's driver for QEMU passes the mode on to nobody. "
			 "What counts is invtsc, see guestcpu.invtsc.",
		.detect = "mode of <timer name='tsc'>",
		.proof = "QEMU's arguments hold no word of it",
		.standing = STANDING_WRONG,
		.fix = {
			.change[CHANGE_XML] = "-clock/timer[name=tsc]@mode",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: libvirt 9.0, virsh domxml-to-native", DOMAIN_XML),
	},
	{
		.id = "clock.hpet-off",
		.section = CLOCKS,
		.title = "HPET of the guest",
		.claim = "Take the HPET away from the guest.",
		.today = "Right for Windows: as long as it finds no better timer it programs the "
			 "HPET, which QEMU emulates in user space, thousands of exits a second.",
		.detect = "<timer name='hpet'>, -no-hpet or hpet=off; QEMU's default is on; "
			  "a trace of the run",
		.proof = "kvm_mmio events at 0xfed00000 while the guest runs",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "clock/timer[name=hpet]@present=no",
				[CHANGE_PROXMOX] = "qm set {vmid} --ostype win11 # it brings "
						   "-no-hpet; win10 for older ones",
				[CHANGE_QEMU] = "-machine …,hpet=off (QEMU before 5.2: -no-hpet)",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(HYPERV, DOMAIN_XML),
	},
	{
		.id = "clock.kvmclock-off",
		.section = CLOCKS,
		.title = "kvmclock of the guest",
		.claim = "Timer kvmclock with present='no'.",
		.today = "Harmless for Windows, which does not know it. A Linux guest loses the "
			 "clock it would choose.",
		.detect = "<timer name='kvmclock'>, or kvmclock in -cpu; what runs in the guest",
		.proof = "clocksource of the guest",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "-clock/timer[name=kvmclock]",
				[CHANGE_QEMU] = "-cpu: take kvmclock=off away",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "https://docs.kernel.org/virt/kvm/x86/timekeeping.html"),
	},
	{ .id = NULL },
};
