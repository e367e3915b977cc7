/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - the fixes of all findings, gathered by where they are written.
 *
 * What costs security is left out (struct tweak.is_trade_off): a plan must not choose that for
 * anybody. The CPUs of the guest are those of the proposed pins where pins are proposed, so that
 * pins, isolation and interrupts speak of the same ones.
 */
#ifndef ANALYZE_PLAN_H
#define ANALYZE_PLAN_H

#include "analyze/engine.h"

struct plan {
	bool has_cpus;
	struct cpus guest, host;
	const char *boot_now;      /* kernel arguments as they are; "": not known */
	const char *boot_next;     /* with the changes; "": nothing changes */
	const char *sysctls;       /* lines of sysctl.d; "": none, as below */
	const char *modprobe;      /* lines of modprobe.d */
	const char *xml_edits;     /* CHANGE_XML */
	const char *guest_changes; /* what to do where no libvirt runs the guest */
	const char *irq_commands;  /* shell commands that move interrupts */
	bool has_reboot;           /* something needs one */
};

/* Whether the finding's fix is in the plan. */
bool plan_has(const struct finding *f);
/* All text in the host's arena. 0 or -ENOMEM. */
int plan_make(struct host *h, const struct findings *f, struct plan *ret_plan) MUST_CHECK;

#endif
