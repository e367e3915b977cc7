/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * catalogue.h - the guide taken apart: one row per tweak, warning or claim.
 *
 * Ids are never renamed or reused. Fix texts are templates: {G} guest CPUs, {H} host CPUs, {HM} the
 * same as a hex mask, {ALL} online CPUs, {guest} the quoted name of the guest, and what the rule
 * fills in. "{{" is a literal brace.
 */
#ifndef ANALYZE_CATALOGUE_H
#define ANALYZE_CATALOGUE_H

#include "core/base.h"

enum standing { /* of the guide's claim, today */
		STANDING_RIGHT,
		STANDING_OUTDATED,
		STANDING_WRONG,
		STANDING_INCOMPLETE,
		STANDING_BEYOND, /* the guide does not have it */
		N_STANDINGS
};

enum fix_needs {
	NEEDS_NOTHING,
	NEEDS_GUEST_RESTART,
	NEEDS_MODULE_RELOAD,
	NEEDS_REBOOT,
	N_FIX_NEEDS
};

extern const char *const standing_names[N_STANDINGS];
extern const char *const fix_needs_names[N_FIX_NEEDS];

/*
 * What a fix changes, one item per line: the text is made from it in the words of this host
 * (analyze/change.h), and `vfiobench plan` makes files of it.
 */
enum change {
	CHANGE_XML,      /* edits of the domain XML, see analyze/change.h */
	CHANGE_PROXMOX,  /* the same for Proxmox: commands, "qm set {vmid} …" */
	CHANGE_QEMU,     /* the same for plain QEMU: arguments, or words about them */
	CHANGE_BOOT,     /* kernel arguments: "iommu=pt"; "-nosmt": to be taken away */
	CHANGE_SYSCTL,   /* "vm.swappiness=10" */
	CHANGE_MODPROBE, /* lines of modprobe.d: "options kvm ignore_msrs=0" */
	N_CHANGES
};

struct fix_template {
	const char *now;     /* commands for this boot; NULL: there are none */
	const char *persist; /* file and line that survive a reboot; NULL: made from change */
	const char *undo;    /* NULL: made from change, where that can be done */
	const char *risk;    /* NULL: none worth a sentence */
	const char *change[N_CHANGES];
	enum fix_needs needs;
};

struct tweak {
	const char *id;
	const char *section; /* heading of the guide; "" when it is not in the guide */
	const char *title;   /* what is looked at, not the verdict */
	const char *claim;   /* what the guide says, in our words; "" for STANDING_BEYOND */
	const char *today;   /* what is true today */
	const char *detect;  /* how this host is asked */
	const char *proof;   /* the measurement that proves the effect */
	enum standing standing;
	/* Why no rule judges it: what a host cannot see, or what is no question of latency. NULL: a
	 * rule does. */
	const char *unseen;
	/* The fix costs security: a plan leaves it to the user. */
	bool is_trade_off;
	struct fix_template fix;
	const char *const *refs; /* ends with NULL; addresses, or "measured: …" */
};

/* Headings of the guide that have something to say, in its order; ends with a NULL. */
extern const char *const guide_sections[];

extern const struct tweak *const catalogue_parts[]; /* each ends with a row whose id is NULL */
const struct tweak *tweak_find(const char *id);     /* NULL: no such row */
/* Calls fn for each row in the order of the guide until it returns non-zero. */
int tweak_each(int (*fn)(void *arg, const struct tweak *t), void *arg);

#endif
