/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irqbalance.h - settings of irqbalance: variables in its environment, and options.
 *
 * Source: irqbalance(1), "ENVIRONMENT VARIABLES"; the files are read by systemd (EnvironmentFile=)
 * or by a shell, so there may be quotes and "export".
 */
#ifndef PROBES_PARSE_IRQBALANCE_H
#define PROBES_PARSE_IRQBALANCE_H

#include "core/cpus.h"
#include "core/text.h"

struct irqbalance {
	bool has_banned;    /* a list or mask of CPUs was given */
	bool is_banned_odd; /* it was not understood; banned is empty */
	struct cpus banned;
	bool is_list; /* IRQBALANCE_BANNED_CPULIST was seen: it wins over the older mask */
	bool is_oneshot;
};

/*
 * Adds what text says to *settings (zeroed by the caller before the first text); what comes later
 * wins. separator: '\n' for a file of settings, '\0' for /proc/PID/environ.
 */
void irqbalance_add_variables(struct irqbalance *settings, struct text t, char separator);
/* The same for options, separated by blanks or NUL. */
void irqbalance_add_options(struct irqbalance *settings, struct text options);

#endif
