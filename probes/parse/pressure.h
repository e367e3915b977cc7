/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pressure.h - /proc/pressure/{cpu,memory,io}: "some avg10=0.12 avg60=0.00 avg300=0.00 total=4711"
 * and a line "full …" (of cpu since 5.13). Source: Documentation/accounting/psi.rst.
 */
#ifndef PROBES_PARSE_PRESSURE_H
#define PROBES_PARSE_PRESSURE_H

#include "core/text.h"

/*
 * Share of the last 10 s of the line of that name, "some" or "full", in permille, rounded: 0,
 * -ENOENT (no such line), -EBADMSG (not a percentage with two digits behind the point).
 */
int pressure_avg10(struct text text, const char *name, uint64_t *ret_permille) MUST_CHECK;

#endif
