/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - the fixes of all findings, gathered by where they are written.
 *
 * What costs security is left out (struct tweak.is_trade_off): a plan must not choose that for
 * anybody. The CPUs of the guest are those of the proposed pins where pins are proposed, so that
 * pins, isolation and interrupts speak of the same ones.
 *
 * Changes of the guest ask for others: pins for an isolation that follows them, huge pages for
 * pages to be reserved. So a plan is made of two lists of findings where that can be: those of the
 * host as it is, and those of the same host with the edited XML.
 */
#ifndef ANALYZE_PLAN_H
#define ANALYZE_PLAN_H

#include "analyze/engine.h"

struct plan {
	bool has_cpus;
	struct cpus guest, host;
	const char *boot_now;     /* kernel arguments as they are; "": not known */
	const char *boot_next;    /* with the changes; "": nothing changes */
	const char *boot_changes; /* the difference, as in CHANGE_BOOT */
	const char *sysctls;      /* lines of sysctl.d; "": none, as below */
	const char *modprobe;     /* lines of modprobe.d */
	const char *xml_edits;    /* CHANGE_XML, of the host as it is */
	const char *guest_xml; /* a copy of the guest's XML with all edits; filled by the caller */
	const char *guest_changes; /* what to do where no libvirt runs the guest */
	const char *irq_commands;  /* shell commands that move interrupts */
	bool has_reboot;           /* something needs one */
};

/* Whether the finding's fix is in the plan. */
bool plan_has(const struct finding *f);
/*
 * The edits of all findings that are in a plan, in the host's arena; NULL: no memory.
 */
const char *plan_xml_edits(struct host *h, const struct findings *f);
/*
 * first: of the host as it is; later: of the host h, whose guest has the edited XML; NULL: there is
 * none, and h is the host as it is. What the later list cannot tell is as in the first. All text in
 * the arena of h. 0 or -ENOMEM.
 */
int plan_make(struct host *h, const struct findings *first, const struct findings *later,
	      struct plan *ret_plan) MUST_CHECK;
/*
 * The finding of the later list where it asks for something else than the first did: it is there
 * because of the plan's own changes. NULL: it does not.
 */
const struct finding *plan_follows(const struct finding *first, const struct findings *later);

#endif
