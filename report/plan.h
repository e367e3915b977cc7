/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.h - a plan as files for people to read, change and use; nothing applies them. */
#ifndef REPORT_PLAN_H
#define REPORT_PLAN_H

#include "analyze/plan.h"

struct plan_context {
	struct host *h; /* with the plan's guest, where that was tried */
	const struct findings *findings;
	const struct findings *later; /* with its changes, and with what those ask for */
	size_t n_later;
	const struct plan *plan;
};

struct plan_file {
	const char *name;
	const char *about; /* for the README: what it is and where it goes */
	const char *needs; /* what must happen for it to work */
	bool (*has)(const struct plan_context *c);
	int (*write)(FILE *out, const struct plan_context *c); /* 0 or -errno */
};

/* In the order in which they are to be used; ends with a row whose name is NULL. */
extern const struct plan_file plan_files[];

/* Whether this plan has the file of that name. */
bool plan_has_file(const struct plan_context *c, const char *name);
/* The README: order, what needs a reboot, how to undo, what is left to the user. 0 or -errno. */
int plan_write_readme(FILE *out, const struct plan_context *c) MUST_CHECK;

#endif
