/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost_parts.h - what lost_make() is made of. */
#ifndef REPORT_LOST_PARTS_H
#define REPORT_LOST_PARTS_H

#include "report/lost.h"

/* Fill their part of a zeroed struct lost that has its window: 0 or -ENOMEM. */
int lost_make_columns(const struct trace_facts *t, struct arena *a, struct lost *l) MUST_CHECK;
int lost_make_marks(const struct trace_facts *t, struct arena *a, struct lost *l) MUST_CHECK;

#endif
