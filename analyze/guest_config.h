/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_config.h - questions about the guest as it is configured, from XML and arguments alike.
 *
 * Two kinds. Those with a finding are for 'applies' of a rule: they return false with the reason
 * said. The others are plain questions, for judges. What is not written in a configuration is
 * answered with the default of QEMU, and of libvirt above it, only by the functions that say so:
 * https://libvirt.org/formatdomain.html, https://www.qemu.org/docs/master/system/i386/hyperv.html
 */
#ifndef ANALYZE_GUEST_CONFIG_H
#define ANALYZE_GUEST_CONFIG_H

#include "analyze/rule.h"

/* --- for 'applies' --- */

/* The configuration of a guest was read. One that is damaged counts: its facts are unknown. */
bool guest_is_known(const struct host *h, struct finding *out);
/*
 * A guest is configured and it is not known to run something else than Windows. True also when the
 * system is not known: a rule with this in applies has READ(domain.guest_os) in reads, so that its
 * verdict is then unknown and its judge sees Windows only.
 */
bool guest_may_be_windows(const struct host *h, struct finding *out);
/* As above, but false also when the system is not known. Needs no READ(domain.guest_os). */
bool guest_is_windows(const struct host *h, struct finding *out);
/* A guest is configured to which the host passes a PCI function or mediated device through VFIO. */
bool guest_has_vfio(const struct host *h, struct finding *out);
/* A guest is configured, of x86, or of an architecture that is not told. */
bool guest_is_x86(const struct host *h, struct finding *out);

/* Which CPUs are the guest's is known. */
bool guest_cpus_are_known(const struct host *h, struct finding *out);
/* That, and some are left to the host. */
bool guest_has_own_cpus(const struct host *h, struct finding *out);

/* --- plain questions --- */

bool guest_is_configured(const struct host *h);
/* The Apple SMC among QEMU's arguments: only macOS asks for it. */
bool guest_is_macos(const struct host *h);
/* Known by QEMU's arguments alone: what libvirt adds to them is not told. */
bool guest_is_argv(const struct host *h);
/* Known to be "windows", "linux" or "other". */
bool guest_os_is(const struct host *h, const char *os);
/* Known to be "kvm" or "qemu" (emulated). */
bool guest_is_emulated(const struct host *h);
bool guest_passes_through_pci(const struct host *h);

enum guest_answer {
	GUEST_UNKNOWN, /* the configuration, or this part of it, was not read */
	GUEST_ABSENT,  /* not a word about it */
	GUEST_OFF,
	GUEST_ON /* or written with some other value than off */
};

/*
 * A feature by its name in domain.features: "hyperv.relaxed", "kvm.hidden", "vmport", "smm". As it
 * is written; no default fills what is absent. Hyper-V: see guest_enlightenment().
 */
enum guest_answer guest_feature(const struct host *h, const char *name);
/* NULL: absent or unknown. "hyperv.spinlocks.retries" -> "8191", "ioapic.driver" -> "kvm". */
const char *guest_feature_value(const struct host *h, const char *name);
/* The mode of <hyperv> asks for all that the host has: passthrough, or host-model (11.9). */
bool guest_takes_enlightenments(const struct host *h);
/*
 * A Hyper-V enlightenment by libvirt's name below <hyperv>: "relaxed", "stimer.direct". All that
 * the host can do are on in such a mode, whatever else is written. Absent is off: neither
 * QEMU nor libvirt switches one on by itself.
 */
enum guest_answer guest_enlightenment(const struct host *h, const char *name);
/* Some enlightenment is on. */
bool guest_has_enlightenments(const struct host *h);
/*
 * A CPU feature as it is written: require and force are on, disable and forbid off; optional and
 * anything else absent (it depends on the host). What the CPU model brings along is not asked.
 */
enum guest_answer guest_cpu_feature(const struct host *h, const char *name);
/* NULL: absent or unknown. */
const struct domain_timer *guest_timer(const struct host *h, const char *name);
/* present= of a timer; a timer that is written without it is there: GUEST_ON. */
enum guest_answer guest_timer_state(const struct host *h, const char *name);
/*
 * Whether the guest has a timer, with the default where it is not written: on x86 rtc, pit, hpet,
 * tsc and kvmclock are there, hypervclock is not. Of machines other than pc and q35 only what is
 * written is known. Mode passthrough of Hyper-V brings hypervclock.
 */
bool guest_has_timer(const struct host *h, const char *name);
/* KVM shows no signature of its own to the guest: hidden, "kvm=off". */
bool guest_hides_kvm(const struct host *h);
/* The CPU bit "hypervisor" is taken away: the guest looks for no hypervisor at all. */
bool guest_hides_hypervisor(const struct host *h);
/* For the lists domain.graphics, videos, sounds … */
bool guest_list_has(const struct fact_strs *list, const char *name);
/* The configuration gives some vCPU a real-time policy. */
bool guest_wants_real_time(const struct host *h);
/* Policy of a thread or a vCPU: "fifo" or "rr". */
bool is_real_time(const struct fact_str *policy);
/* Every vCPU is pinned, to as many CPUs in all as there are vCPUs: none has to wait for another. */
bool guest_is_pinned_apart(const struct host *h);

/*
 * -1, 0 or 1 as dotted versions compare: 9.0.0 is older than 9.10, "7.2.22 (Debian …)" is 7.2.22;
 * parts that are not there count as 0.
 */
int version_compare(const char *a, const char *b);
/* Known, and older: an unknown version holds nothing back. */
bool version_is_older(const struct fact_str *version, const char *than);
/* Loaded module with this parameter switched on ("Y" or a number above 0); false also if unknown.
 */
bool host_param_is_on(const struct host *h, const char *param);

#endif
