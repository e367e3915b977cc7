/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_parts.h - the parts of the domain probe: where a configuration is found. */
#ifndef PROBES_DOMAIN_PARTS_H
#define PROBES_DOMAIN_PARTS_H

#include "facts/domain.h"
#include "probes/probe.h"

/* What there is to parse, in the arena. */
struct domain_text {
	const char *source; /* as in the facts: "libvirt", "file" or "argv"; NULL: nothing found */
	const char *path;   /* for gaps and messages */
	struct text text;
	bool is_argv;    /* else XML */
	bool is_of_user; /* named on the command line */
};

/* Of a running guest: --guest-pid, else the one that runs. Gaps say why there is nothing. */
int domain_of_guest(struct probe_env *env, struct domain_text *ret_text) MUST_CHECK;

/* What the host says of disks and inputs that are configured: domain_disks.c. 0 or -ENOMEM. */
int domain_add_host(struct probe_env *env, struct domain_facts *f) MUST_CHECK;

#endif
