/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hyperv.h - Hyper-V enlightenments: what each needs, what is lost without it, how it is switched
 * on.
 *
 * Source: https://www.qemu.org/docs/master/system/i386/hyperv.html. What one needs is checked by
 * QEMU since 4.1: it refuses to start without.
 */
#ifndef ANALYZE_HYPERV_H
#define ANALYZE_HYPERV_H

#include "analyze/guest_config.h"

#define HYPERV_CLOCK "hypervclock" /* libvirt has it among the timers */

struct enlightenment {
	const char *id;       /* of the row that judges it; NULL: none */
	const char *name;     /* libvirt's, below <hyperv> */
	const char *flag;     /* QEMU's */
	const char *needs[3]; /* names; ends with NULL or with the array */
	const char *loss;     /* what Windows does without: the end of a sentence */
	bool is_of_ostype;    /* Proxmox switches it on for a guest of type Windows */
};

/* By name; NULL: there is none. */
const struct enlightenment *enlightenment_find(const char *name);
/* By the row of a finding. Never NULL for the rows in the table. */
const struct enlightenment *enlightenment_of(const struct finding *out);

/* For 'applies': an x86 guest under KVM that may be Windows (READ(domain.guest_os) in reads). */
bool hyperv_applies(const struct host *h, struct finding *out);
/* Is it on, the clock among them? */
bool hyperv_has(const struct host *h, const char *name);
/* The names that it needs and that are off, "vpindex and synic"; NULL: none. */
const char *hyperv_lacks(const struct host *h, struct finding *out, const char *name);
/*
 * The changes that switch these on, with all they need, in the words of libvirt, Proxmox and QEMU.
 * NULL ends the names. To be called once per finding.
 */
void hyperv_switch_on(const struct host *h, struct finding *out, const char *const *names);
/* The configuration cannot start, or, of a guest that runs, could not be started so by QEMU >= 4.1.
 */
enum verdict hyperv_refused(const struct host *h);

/* The host's CPU delivers interrupts to vCPUs without an exit: APICv or AVIC is in use by KVM. */
bool host_has_apicv(const struct host *h);
/* KVM was asked and neither is in use. */
bool host_lacks_apicv(const struct host *h);
/* KVM lets guests run guests of their own; false also if that is not known. */
bool host_nests(const struct host *h);

#endif
