/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmdline.h - the kernel command line (/proc/cmdline), read as the kernel reads it.
 *
 * Words are separated by blanks outside of double quotes; "--" ends what the kernel takes, the rest
 * is for init; '-' and '_' are the same in a name. Sources: next_arg() in lib/cmdline.c,
 * parse_args() in kernel/params.c, Documentation/admin-guide/kernel-parameters.rst.
 */
#ifndef PROBES_PARSE_CMDLINE_H
#define PROBES_PARSE_CMDLINE_H

#include "core/cpus.h"
#include "core/text.h"

struct cmdline_word { /* views into the command line, without the quotes around them */
	struct text name;
	struct text value; /* at is NULL: a word without '=' */
};

/* Cuts one parameter off the front of *rest; false at the end and at "--". */
bool cmdline_next(struct text *rest, struct cmdline_word *ret_word);
/* The kernel's equality of names: "vfio_pci.ids" is "vfio-pci.ids". */
bool cmdline_name_is(struct text name, const char *want);
/* Value of the last parameter of that name, as for parameters that overwrite what came before
 * (clocksource=, rcu_nocbs=, irqaffinity=); false when there is none with a value. */
bool cmdline_last(struct text cmdline, const char *name, struct text *ret_value);
/* The same of the first one (nohz_full=). */
bool cmdline_first(struct text cmdline, const char *name, struct text *ret_value);

/*
 * A CPU list of the command line: cpus_parse_list() and the kernel's "all" and "N" (last CPU).
 * n_cpus is the number of possible CPUs, 0 when it is not known; then a list that needs it is
 * -ENODATA. Else 0, or -EINVAL, -ERANGE, -ENOMEM. Source: bitmap_parselist() in lib/bitmap-str.c.
 */
int cmdline_cpus(struct text value, unsigned n_cpus, struct cpus *ret_set) MUST_CHECK;

enum { ISOLCPUS_NOHZ = 1, ISOLCPUS_DOMAIN = 2, ISOLCPUS_MANAGED_IRQ = 4 };

/*
 * Splits "managed_irq,domain,1-4" into flags and list. Unknown flags are skipped, as the kernel
 * does since 5.6. *ret_flags is 0 for a bare list, which the kernel takes as "domain".
 * Source: housekeeping_isolcpus_setup() in kernel/sched/isolation.c.
 */
void cmdline_isolcpus(struct text value, unsigned *ret_flags, struct text *ret_list);
/* Name of one flag: "managed_irq". */
const char *isolcpus_flag_name(unsigned flag);

#endif
