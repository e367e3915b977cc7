/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * choice.h - sysfs files that list what can be chosen, with brackets around what is: "always
 * [madvise] never" (transparent huge pages, pcie_aspm policy, block schedulers), or round ones:
 * "none voluntary (full)" (sched/preempt of debugfs; sched_dynamic_show() in kernel/sched/debug.c).
 */
#ifndef PROBES_PARSE_CHOICE_H
#define PROBES_PARSE_CHOICE_H

#include "core/text.h"

/* The word in brackets, a view; false: there is none, or more than one. */
bool choice_parse(struct text text, struct text *ret_word);

#endif
